"""Briefings of staff: recorded by wing and day, with the share of each wing's staff by quarter."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import time_machine
from django.urls import reverse

from buddyscheme.audit.models import AuditEvent
from tests import cast
from tests.builders import training
from training.models import StaffBriefing
from training.queries.briefings import last_quarters, shares

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _clock(now):
    with time_machine.travel(now, tick=False):
        yield


def url(here, name="record_briefing"):
    return reverse(f"training:{name}", args=[here.code])


def answers(wing, /, **changes):
    return {
        "wing": wing.token, "held_on": "2026-11-20", "led_by": "Custodial manager", "staff": "20", "briefed": "15",
        **changes,
    }  # fmt: skip


@pytest.mark.parametrize("who", ["lead", "trainer"])
def test_a_briefing_is_recorded_and_its_share_shown(request, signed_in, here, wing, who):
    user = request.getfixturevalue(who)
    client = signed_in(user)
    assert client.post(url(here), answers(wing)).status_code == 302
    kept = StaffBriefing.objects.get()
    assert (kept.wing, kept.staff, kept.briefed, kept.recorded_by) == (wing, 20, 15, user)
    page = client.get(url(here, "briefings")).content.decode()
    assert "75%" in page and "15 of 20" in page and "Custodial manager" in page and "October to December 2026" in page


def test_the_newest_of_a_quarter_counts_and_quarters_stand_apart(here, wing, lead, now, at_prison):
    with at_prison(here):
        for days, briefed in ((60, 3), (30, 8), (1, 10)):
            training.briefing(wing, lead, now - timedelta(days=days), briefed=briefed)
        (share,) = shares(here, last_quarters(now.date()))
    assert [found and found.briefed for found in share.newest] == [None, None, 3, 10]


def test_the_last_four_quarters_cross_the_year():
    assert [quarter.code for quarter in last_quarters(date(2026, 2, 1))] == ["2025-Q2", "2025-Q3", "2025-Q4", "2026-Q1"]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"held_on": "2026-11-24"}, "Date must be today or in the past"),
        ({"held_on": "2020-01-01"}, "Date must be on or after"),
        ({"briefed": "21"}, "Staff briefed must be from 1 to 20"),
        ({"briefed": "0"}, "Enter a whole number from 1 to 300"),
        ({"staff": ""}, "Enter how many staff work on the wing"),
        ({"wing": ""}, "Select the wing"),
        ({"led_by": ""}, "Enter who briefed them"),
    ],
)
def test_rejects_bad_input_and_keeps_what_was_typed(signed_in, here, lead, wing, change, says):
    page = signed_in(lead).post(url(here), answers(wing, **change)).content.decode()
    assert says in page and ("Custodial manager" in page or "led_by" in change)
    assert not StaffBriefing.objects.exists()


def test_a_second_of_the_same_wing_and_day_is_refused(signed_in, here, lead, wing):
    client = signed_in(lead)
    client.post(url(here), answers(wing))
    assert "is recorded already" in client.post(url(here), answers(wing)).content.decode()
    assert StaffBriefing.objects.count() == 1


def test_needs_the_permission_and_anothers_wing_cannot_be_chosen(signed_in, here, elsewhere, officer, lead):
    for name in ("briefings", "record_briefing"):
        assert signed_in(officer).get(url(here, name)).status_code == 403
    theirs = cast.make_wing(elsewhere)
    page = signed_in(lead).post(url(here), answers(theirs)).content.decode()
    assert "Select one of the answers on the page" in page and not StaffBriefing.objects.exists()


def test_leaves_the_audit_event(signed_in, here, lead, wing):
    signed_in(lead).post(url(here), answers(wing))
    event = AuditEvent.objects.get(code="training.staff_briefed")
    assert (event.actor_id, event.details) == (lead.pk, {"wing": wing.pk, "briefed": 15})
