"""Rates with their history, the notice for prisoners, how pay is counted, and bands of buddies without a post."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
import time_machine
from django.db import DatabaseError, transaction
from django.test import Client

from buddyscheme.accounts.models import Prison, User, Wing
from buddyscheme.audit.models import AuditEvent
from monitoring.models import PayBand, PayRate, PaySetting
from tests.builders import pay
from tests.builders.buddies import active_buddy

pytestmark = pytest.mark.django_db
SignedIn = Callable[[User], Client]
RATES = "/prisons/ZTA/pay/rates/"
TYPED = {
    "band": "4", "name": "Enhanced", "session_pence": "0.80", "week_pence": "", "valid_from": "2026-10-01",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _monday(now: datetime) -> Any:
    with time_machine.travel(now, tick=False):
        yield


def typed(**changes: str) -> dict[str, str]:
    return {**TYPED, **changes}


def test_the_lead_starts_a_rate_in_pounds_and_it_is_kept_in_pence(
    here: Prison, lead: User, signed_in: SignedIn
) -> None:
    client = signed_in(lead)
    assert client.post(f"{RATES}add/", typed(week_pence="£2")).status_code == 302
    rate = PayRate.objects.get()
    assert (rate.band, rate.session_pence, rate.week_pence, rate.valid_from) == (4, 80, 200, date(2026, 10, 1))
    page = client.get(RATES).content.decode()
    assert "£0.80 a session and £2.00 a week" in page
    assert "next by 1 October 2027" in page


def test_a_rate_is_never_changed_a_new_one_follows(here: Prison, lead: User, signed_in: SignedIn) -> None:
    client = signed_in(lead)
    client.post(f"{RATES}add/", typed())
    client.post(f"{RATES}add/", typed(session_pence="0.90", valid_from="2026-11-02"))
    client.get(RATES)  # Shows what was saved, with both amounts.
    page = client.get(RATES).content.decode()
    assert page.index("£0.90") < page.index("£0.80")
    assert "In force" in page
    assert "Ended" in page
    with pytest.raises(DatabaseError, match="Cannot update"), transaction.atomic():
        PayRate.objects.update(session_pence=1)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"session_pence": "-0.80"}, "cannot be below nought"),
        ({"session_pence": "0.805"}, "whole pence"),
        ({"session_pence": "eighty"}, "in pounds and pence"),
        ({"session_pence": "1000.01"}, "£1,000.00 or less"),
        ({"session_pence": ""}, "an amount for a session, an amount for a week, or both"),
        ({"band": "11"}, "Select one of the answers"),
        ({"name": ""}, "Enter what the prison calls this band"),
        ({"band": "5", "valid_from": "2024-01-01"}, "A rate must begin on or after"),
        ({"band": "5", "valid_from": "2028-01-01"}, "A rate must begin on or before"),
        ({"valid_from": "2026-09-01"}, "The last rate of band 4 runs from 7 September 2026"),
        ({"valid_from": "2026-09-07"}, "A new rate must begin after that day"),
    ],
)
def test_a_rate_that_cannot_be_says_why_and_keeps_what_was_typed(
    here: Prison,
    lead: User,
    now: datetime,
    signed_in: SignedIn,
    at_prison: Callable[[Prison], Any],
    changes: dict[str, str],
    sentence: str,
) -> None:
    with at_prison(here):
        pay.rate(here, lead, now)
    answer = signed_in(lead).post(f"{RATES}add/", typed(**{"name": "Kept words", **changes}))
    page = answer.content.decode()
    assert answer.status_code == 200
    assert sentence in page
    assert "Kept words" in page or changes.get("name") == ""
    assert PayRate.objects.count() == 1


def test_a_review_that_is_late_is_said(
    here: Prison, lead: User, now: datetime, signed_in: SignedIn, at_prison: Callable[[Prison], Any]
) -> None:
    with at_prison(here):
        pay.rate(here, lead, now, valid_from=date(2025, 1, 6))
    assert "The yearly review was due by 6 January 2026" in signed_in(lead).get(RATES).content.decode()
    assert "was due by 6 January 2026" in signed_in(lead).get("/prisons/ZTA/pay/").content.decode()
    with at_prison(here):
        pay.settings(here, lead, now, reviewed_on=date(2026, 11, 2))
    assert "next by 2 November 2027" in signed_in(lead).get(RATES).content.decode()


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ["What buddies are paid here", "A class does not count"]),
        ("cy", ["Cyflog cyfeillion yma", "gyfieithydd"]),
    ],
)
def test_the_notice_shows_what_holds_today_and_what_comes(
    here: Prison,
    lead: User,
    now: datetime,
    signed_in: SignedIn,
    at_prison: Callable[[Prison], Any],
    language: str,
    words: list[str],
) -> None:
    with at_prison(here):
        pay.rate(here, lead, now)
        pay.rate(here, lead, now, session_pence=90, valid_from=date(2026, 12, 7))
        pay.rate(here, lead, now, band=5, session_pence=120)
    page = signed_in(lead).get(f"{RATES}notice/?lang={language}").content.decode()
    for each in (*words, "£0.80", "£0.90", "£1.20"):
        assert each in page
    assert (
        AuditEvent.objects.filter(code="record.printed", actor_id=lead.pk).exists()
        or AuditEvent.objects.filter(details__page="pay rates").exists()
    )


def test_how_pay_is_counted_is_saved_once_and_a_second_save_is_noticed(
    here: Prison, lead: User, signed_in: SignedIn
) -> None:
    client = signed_in(lead)
    said = {"weeks": "4", "classes_count": "yes", "version": "1"}
    assert client.post("/prisons/ZTA/pay/settings/", said).status_code == 302
    setting = PaySetting.objects.get()
    assert (setting.weeks, setting.classes_count) == (4, True)
    again = client.post("/prisons/ZTA/pay/settings/", {**said, "weeks": "1"})
    assert "Somebody else changed these settings" in again.content.decode()
    setting.refresh_from_db()
    assert setting.weeks == 4


def test_bands_of_buddies_without_a_post_are_said_on_one_page(
    here: Prison, lead: User, wing: Wing, now: datetime, signed_in: SignedIn, at_prison: Callable[[Prison], Any]
) -> None:
    with at_prison(here):
        first, second = (active_buddy(here, lead, now, wing=wing) for _ in range(2))
    client = signed_in(lead)
    assert "2 buddies have no post and no band" in client.get("/prisons/ZTA/pay/").content.decode()
    client.post("/prisons/ZTA/pay/bands/", {f"band-{first.token}": "4", f"band-{second.token}": ""})
    assert list(PayBand.objects.values_list("buddy_id", "band")) == [(first.pk, 4)]
    assert "1 buddy has no post and no band" in client.get("/prisons/ZTA/pay/").content.decode()


def test_the_delegate_reads_and_does_not_enter(here: Prison, delegate: User, signed_in: SignedIn) -> None:
    client = signed_in(delegate)
    assert client.get(RATES).status_code == 200
    assert b"Start a rate" not in client.get(RATES).content
    assert client.get(f"{RATES}notice/").status_code == 200
    for path in (f"{RATES}add/", "/prisons/ZTA/pay/settings/", "/prisons/ZTA/pay/bands/"):
        assert client.get(path).status_code == 403


def test_another_prisons_rates_are_not_there(here: Prison, outsider: User, signed_in: SignedIn) -> None:
    assert signed_in(outsider).get(RATES).status_code == 404


def test_a_rate_leaves_an_audit_event(here: Prison, lead: User, signed_in: SignedIn) -> None:
    signed_in(lead).post(f"{RATES}add/", typed())
    event = AuditEvent.objects.get(code="pay.rate_added")
    assert (event.actor_id, event.prison_code, event.details["band"]) == (lead.pk, here.code, 4)
