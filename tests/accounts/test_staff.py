"""Roles, wings and the audit: pages of the administrator and of the data protection officer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
import time_machine
from django.test import Client

from buddyscheme.accounts.models import Membership, Prison, User, Wing
from buddyscheme.audit.models import AuditEvent

pytestmark = pytest.mark.django_db
SignedIn = Callable[[User], Client]


@pytest.fixture(autouse=True)
def _monday(now: datetime) -> Any:
    with time_machine.travel(now, tick=False):
        yield


def give(client: Client, here: Prison, **fields: str) -> Any:
    data = {
        "email": "new.officer@example.test",
        "name": "Nia New",
        "role": "OFFICER",
        "department": "",
        "starts_on": "2026-11-23",
        "ends_on": "",
        **fields,
    }
    return client.post(f"/prisons/{here.code}/staff/give/", data)


def test_the_administrator_gives_a_new_account_a_role(admin: User, here: Prison, signed_in: SignedIn) -> None:
    client = signed_in(admin)
    assert give(client, here).status_code == 302
    held = Membership.objects.get(user__email="new.officer@example.test")
    assert (held.prison_id, held.role, held.starts_on) == (here.code, "OFFICER", date(2026, 11, 23))
    assert not held.user.has_usable_password()
    assert "Nia New" in client.get(f"/prisons/{here.code}/staff/").content.decode()


def test_an_account_of_another_prison_gets_a_role_here_too(
    admin: User, outsider: User, here: Prison, signed_in: SignedIn
) -> None:
    give(signed_in(admin), here, email=outsider.email.upper())
    assert Membership.objects.filter(user=outsider, prison=here).count() == 1


def test_giving_a_role_needs_the_permission(lead: User, here: Prison, signed_in: SignedIn) -> None:
    assert give(signed_in(lead), here).status_code == 403


def test_another_prisons_staff_are_not_there(outsider: User, here: Prison, signed_in: SignedIn) -> None:
    assert give(signed_in(outsider), here).status_code == 404


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"role": "INSPECTOR"}, "There is a problem"),
        ({"role": ""}, "Select a role"),
        ({"email": "nobody"}, "Enter an e-mail address"),
        ({"ends_on": "2026-11-01"}, "The last day must be on or after the first day"),
        ({"starts_on": "2026-02-30"}, "real date"),
    ],
)
def test_bad_input_gets_a_sentence_and_nothing_is_lost(
    admin: User, here: Prison, signed_in: SignedIn, fields: dict[str, str], sentence: str
) -> None:
    answer = give(signed_in(admin), here, **fields)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert sentence in page
    assert "Nia New" in page
    assert not Membership.objects.filter(user__name="Nia New").exists()


def test_nobody_gives_themselves_a_role(admin: User, here: Prison, signed_in: SignedIn) -> None:
    answer = give(signed_in(admin), here, email=admin.email)
    assert "You cannot give yourself a role" in answer.content.decode()


def test_a_role_ends_at_once(admin: User, officer: User, here: Prison, signed_in: SignedIn) -> None:
    held = officer.memberships.get()
    url = f"/prisons/{here.code}/staff/{held.token}/end/"
    assert "Olu Officer" in signed_in(admin).get(url).content.decode()
    assert signed_in(admin).post(url, {"form_key": "k"}).status_code == 302
    assert signed_in(officer).get(f"/prisons/{here.code}/").status_code == 404


def test_nobody_ends_their_own_role(admin: User, here: Prison, signed_in: SignedIn) -> None:
    url = f"/prisons/{here.code}/staff/{admin.memberships.get().token}/end/"
    assert "You cannot end your own role" in signed_in(admin).post(url, {"form_key": "k"}).content.decode()


def test_a_wing_is_added_once(admin: User, here: Prison, signed_in: SignedIn) -> None:
    client = signed_in(admin)
    data = {"code": "hb1", "name": "House block 1", "landings": "3"}
    assert client.post(f"/prisons/{here.code}/wings/add/", data).status_code == 302
    assert Wing.objects.get(prison=here).code == "HB1"
    assert "There is a wing HB1 already" in client.post(f"/prisons/{here.code}/wings/add/", data).content.decode()


def test_what_the_administrator_does_is_audited(admin: User, here: Prison, signed_in: SignedIn) -> None:
    give(signed_in(admin), here)
    codes = list(AuditEvent.objects.filter(actor_id=admin.pk, prison_code=here.code).values_list("code", flat=True))
    assert {"account.user_added", "membership.given"} <= set(codes)


def test_the_data_protection_officer_sees_who_did_what(
    admin: User, dpo: User, here: Prison, signed_in: SignedIn
) -> None:
    give(signed_in(admin), here)
    page = signed_in(dpo).get(f"/prisons/{here.code}/audit/").content.decode()
    assert "Ada Admin" in page
    assert "gave somebody a role" in page
    only = signed_in(dpo).get(f"/prisons/{here.code}/audit/?code=account.user_added").content.decode()
    assert "added an account" in only
    assert AuditEvent.objects.filter(actor_id=dpo.pk, code="viewed").count() == 2


def test_the_audit_is_for_the_data_protection_officer_alone(lead: User, here: Prison, signed_in: SignedIn) -> None:
    assert signed_in(lead).get(f"/prisons/{here.code}/audit/").status_code == 403


def test_a_prison_that_is_not_switched_on_explains_itself(
    lead: User, admin: User, here: Prison, signed_in: SignedIn
) -> None:
    Prison.objects.filter(code=here.code).update(switched_on=False)
    answer = signed_in(lead).get(f"/prisons/{here.code}/people/")
    assert answer.status_code == 302
    assert answer["Location"] == f"/prisons/{here.code}/"
    assert signed_in(lead).get(answer["Location"]).status_code == 200
    assert signed_in(admin).get(f"/prisons/{here.code}/staff/").status_code == 200
