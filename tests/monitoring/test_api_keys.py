"""Keys of programs: made by the national lead, shown once, kept as a hash, revoked with a reason."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from buddyscheme.accounts.models import Prison, User
from buddyscheme.audit.models import AuditEvent
from monitoring.api.gate import digest_of
from monitoring.models import ApiKey

pytestmark = pytest.mark.django_db
SignedIn = Callable[[User], Client]
MAKE = "/national/keys/make/"
LIST = "/national/keys/"


@pytest.fixture(autouse=True)
def _monday(now: datetime) -> Any:
    with time_machine.travel(now, tick=False):
        yield


def typed(last: date = date(2027, 5, 1), **changes: str) -> dict[str, str]:
    said = {
        "name": "Dashboard of the inspectorate",
        "purpose": "A page for inspectors",
        "contact": "Ira Indigo, ira@inspectorate.example",
        "expires_on-day": str(last.day),
        "expires_on-month": str(last.month),
        "expires_on-year": str(last.year),
    }
    return {**said, **changes}


def secret_of(answer: Any) -> str:
    """The key as the page after the form shows it."""
    return str(answer.context["secret"])


@pytest.fixture
def key(here: Prison, national_lead: User, signed_in: SignedIn) -> ApiKey:
    signed_in(national_lead).post(MAKE, typed())
    return ApiKey.objects.get()


def test_a_key_is_shown_once_and_kept_as_a_hash(here: Prison, national_lead: User, signed_in: SignedIn) -> None:
    client = signed_in(national_lead)
    answer = client.post(MAKE, typed())
    secret = secret_of(answer)
    assert len(secret) > 50
    assert secret in answer.content.decode()
    assert answer["Cache-Control"] == "no-store"
    kept = ApiKey.objects.values().get()
    assert kept["digest"] == digest_of(secret)
    assert not [value for value in kept.values() if secret in str(value)]
    for page in (LIST, f"{LIST}{kept['token']}/"):
        assert secret not in client.get(page).content.decode()


def test_its_page_says_whose_it_is_and_that_it_was_not_used(
    key: ApiKey, national_lead: User, signed_in: SignedIn
) -> None:
    client = signed_in(national_lead)
    assert "Never" in client.get(LIST).content.decode()
    page = client.get(f"{LIST}{key.token}/").content.decode()
    for words in ("Dashboard of the inspectorate", "Ira Indigo", "1 May 2027", "It has not been used", "In use"):
        assert words in page


def test_only_the_national_lead_makes_sees_and_revokes_keys(
    key: ApiKey, inspector: User, lead: User, admin: User, signed_in: SignedIn
) -> None:
    for user in (inspector, lead, admin):
        client = signed_in(user)
        assert client.post(MAKE, typed(name="Another")).status_code == 403
        assert client.get(LIST).status_code == 403
        assert client.get(f"{LIST}{key.token}/").status_code == 403
        assert client.post(f"{LIST}{key.token}/revoke/", {"reason": "Mine"}).status_code == 403
    assert ApiKey.objects.get().revoked_at is None


def test_a_key_that_is_not_there(here: Prison, national_lead: User, signed_in: SignedIn) -> None:
    assert signed_in(national_lead).get(f"{LIST}nothing/").status_code == 404


def test_it_is_revoked_once_with_a_reason(key: ApiKey, national_lead: User, signed_in: SignedIn) -> None:
    client, address = signed_in(national_lead), f"{LIST}{key.token}/revoke/"
    assert "Enter why the key is revoked" in client.post(address, {"reason": " "}).content.decode()
    assert client.post(address, {"reason": "The contract ended"}).status_code == 302
    page = client.get(f"{LIST}{key.token}/").content.decode()
    assert "The contract ended" in page
    assert "Nat National" in page
    assert "Revoked" in client.get(LIST).content.decode()
    assert "revoked already" in client.post(address, {"reason": "Again"}).content.decode()


@pytest.mark.parametrize(
    ("last", "changes", "sentence"),
    [
        (date(2027, 5, 1), {"name": ""}, "Enter which program reads the figures"),
        (date(2027, 5, 1), {"purpose": ""}, "Enter what the figures are used for"),
        (date(2027, 5, 1), {"contact": " "}, "Enter who answers for the program"),
        (date(2026, 11, 23), {}, "The last day must be after today"),
        (date(2027, 11, 25), {}, "A key lasts a year at most: until 24 November 2027"),
    ],
)
def test_answers_that_cannot_be(
    last: date, changes: dict[str, str], sentence: str, here: Prison, national_lead: User, signed_in: SignedIn
) -> None:
    page = signed_in(national_lead).post(MAKE, typed(last, **changes)).content.decode()
    assert sentence in page
    assert not ApiKey.objects.exists()


def test_a_name_is_one_open_keys_alone(key: ApiKey, national_lead: User, signed_in: SignedIn) -> None:
    client = signed_in(national_lead)
    assert "There is a key of this name" in client.post(MAKE, typed()).content.decode()
    client.post(f"{LIST}{key.token}/revoke/", {"reason": "Lost"})
    assert secret_of(client.post(MAKE, typed()))
    assert ApiKey.objects.count() == 2


def test_an_expired_key_says_so_in_the_list(
    key: ApiKey, national_lead: User, signed_in: SignedIn, now: datetime
) -> None:
    with time_machine.travel(now + timedelta(days=200), tick=False):
        assert "Expired" in signed_in(national_lead).get(LIST).content.decode()


def test_making_and_revoking_stand_in_the_audit_without_the_key(
    here: Prison, national_lead: User, signed_in: SignedIn
) -> None:
    client = signed_in(national_lead)
    secret = secret_of(client.post(MAKE, typed()))
    client.post(f"{LIST}{ApiKey.objects.get().token}/revoke/", {"reason": "Lost"})
    made, revoked = AuditEvent.objects.filter(code__startswith="api.").order_by("id")
    assert (made.code, revoked.code) == ("api.key_made", "api.key_revoked")
    assert made.actor_id == national_lead.pk
    assert made.subject_id == str(ApiKey.objects.get().pk)
    assert secret not in str(made.details)
