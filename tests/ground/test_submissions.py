"""A posted form is answered once."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from buddyscheme.accounts.models import Prison, User, Wing
from buddyscheme.scope.models import Submission

pytestmark = pytest.mark.django_db
SignedIn = Callable[[User], Client]


def add(client: Client, here: Prison, code: str, key: str):  # type: ignore[no-untyped-def]
    data = {"code": code, "name": f"{code} wing", "landings": "2", "form_key": key}
    return client.post(f"/prisons/{here.code}/wings/add/", data)


def test_misuse_11_posting_twice_makes_one_record_and_gives_the_same_answer(
    admin: User, here: Prison, signed_in: SignedIn
) -> None:
    client = signed_in(admin)
    first, second = add(client, here, "K", "key-1"), add(client, here, "K", "key-1")
    assert first.status_code == second.status_code == 302
    assert first["Location"] == second["Location"]
    assert Wing.objects.filter(code="K").count() == 1


def test_another_form_is_another_submission(admin: User, here: Prison, signed_in: SignedIn) -> None:
    client = signed_in(admin)
    add(client, here, "K", "key-1")
    again = add(client, here, "K", "key-2")
    assert again.status_code == 200
    assert "There is a wing K already" in again.content.decode()


def test_a_refused_form_may_be_mended_and_sent_with_its_key(admin: User, here: Prison, signed_in: SignedIn) -> None:
    client = signed_in(admin)
    assert add(client, here, "", "key-1").status_code == 200
    assert not Submission.objects.exists()
    assert add(client, here, "K", "key-1").status_code == 302


def test_misuse_11_after_a_server_error_the_same_post_makes_one_record(
    admin: User, here: Prison, signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    from buddyscheme.accounts.views import staff

    real = staff.redirect

    def fails(*args: object, **kwargs: object) -> None:
        raise ZeroDivisionError

    client = signed_in(admin)
    client.raise_request_exception = False
    monkeypatch.setattr(staff, "redirect", fails)
    assert add(client, here, "K", "key-1").status_code == 500
    assert not Wing.objects.filter(code="K").exists()
    monkeypatch.setattr(staff, "redirect", real)
    assert add(client, here, "K", "key-1").status_code == 302
    assert Wing.objects.filter(code="K").count() == 1


def test_two_people_may_use_the_same_key(admin: User, here: Prison, signed_in: SignedIn) -> None:
    from tests import cast

    other = cast.make_staff("Ann Other", "ADMIN", here)
    add(signed_in(admin), here, "K", "key-1")
    assert add(signed_in(other), here, "L", "key-1").status_code == 302
    assert Wing.objects.filter(code="L").exists()
