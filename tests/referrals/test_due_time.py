"""Urgent referrals have a time by which they must be screened, by the clock of the prison."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from buddyscheme.lib.dates import london_time
from referrals.models import Referral
from referrals.rules.referrals import due_at, due_in_words, is_late
from tests.builders import referrals as build
from tests.builders.schemes import person_in

pytestmark = pytest.mark.usefixtures("clock")


@pytest.mark.parametrize(
    ("made", "due"),
    [
        ("2026-11-23T02:00", "2026-11-23T17:00"),
        ("2026-11-23T16:59", "2026-11-23T17:00"),
        ("2026-11-23T17:00", "2026-11-24T12:00"),
        ("2026-11-23T23:30", "2026-11-24T12:00"),
        # The clocks go forward on 29 March and back on 25 October: UTC is an hour away from London in between.
        ("2026-03-28T22:00", "2026-03-29T11:00"),
        ("2026-03-29T10:00", "2026-03-29T16:00"),
        ("2026-10-24T21:00", "2026-10-25T12:00"),
        ("2026-10-25T00:30", "2026-10-25T17:00"),
    ],
)
def test_due_by_the_end_of_the_day_or_the_next_midday(made: str, due: str) -> None:
    """Both in UTC."""
    at = datetime.fromisoformat(f"{made}:00+00:00")
    found = due_at(Referral.Urgency.URGENT, at)
    assert found is not None and found.astimezone(UTC) == datetime.fromisoformat(f"{due}:00+00:00")
    assert london_time(found).hour in (12, 17)
    assert due_at(Referral.Urgency.SOON, at) is None


@pytest.mark.parametrize(
    ("now", "words", "late"),
    [
        ("2026-11-23T10:00", "Due today at 17:00", False),
        ("2026-11-23T17:00", "Due today at 17:00", False),
        ("2026-11-23T17:30", "Late by less than an hour", True),
        ("2026-11-23T19:05", "Late by 2 hours", True),
        ("2026-11-25T09:00", "Late by 1 day", True),
    ],
)
def test_in_words(now: str, words: str, late: bool) -> None:
    due = datetime(2026, 11, 23, 17, tzinfo=UTC)
    referral = Referral(status="RECEIVED", urgency="URGENT", due_at=due)
    at = datetime.fromisoformat(f"{now}:00+00:00")
    assert (due_in_words(referral, at), is_late(referral, at)) == (words, late)
    referral.status = "PROGRESSED"
    assert due_in_words(referral, at) == "" and not is_late(referral, at)


def test_one_of_the_evening_is_due_tomorrow() -> None:
    referral = Referral(status="RECEIVED", due_at=datetime(2026, 11, 24, 12, tzinfo=UTC))
    assert due_in_words(referral, datetime(2026, 11, 23, 18, tzinfo=UTC)) == "Due tomorrow at 12:00"


@pytest.mark.django_db
def test_late_ones_stand_first_and_are_counted(signed_in, lead, here, wing, now, at_prison, at) -> None:
    with at_prison(here):
        build.referral_of(person_in(here, lead, now, wing=wing), lead, now)
        due = build.referral_of(person_in(here, lead, now, wing=wing), lead, now, urgency="URGENT")
        yesterday = now - timedelta(days=1)
        late = build.referral_of(person_in(here, lead, now, wing=wing), lead, yesterday, urgency="URGENT")
    client = signed_in(lead)
    page = client.get(at("referrals")).content.decode()
    assert page.index(late.reference) < page.index(due.reference)
    assert "Due today at 17:00" in page and "Late by " in page
    only = client.get(at("referrals") + "?show=late").content.decode()
    assert late.reference in only and due.reference not in only
    assert "1 urgent and past their time" in client.get(f"/prisons/{here.code}/").content.decode()
