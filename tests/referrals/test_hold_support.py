"""Court, hospital and temporary release hold the support; a buddy who is away is not waited for."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine

from buddyscheme.accounts.actor import Actor
from buddyscheme.audit.models import AuditEvent
from buddyscheme.lib.dates import london_today
from buddyscheme.outbox.relay import drain
from buddyscheme.scope.transaction import DatabaseRole, scoped
from referrals.actions.days import open_day
from referrals.models import Match, Plan
from schemes.actions.absences import cancel_absence, come_back
from tests.builders.directory import away_on
from tests.builders.visits import day_opened, helped, planned_on, visit_of
from tests.cast import acts

TWO = (("DOM-03", tuple(range(7)), "AM", 15), ("SOC-01", tuple(range(7)), "EV", 30))


@pytest.fixture(autouse=True)
def _clock(now):
    with time_machine.travel(now, tick=False):
        yield


@pytest.fixture
def today(now):
    return london_today(now)


@pytest.fixture
def pair(here, lead, now, at_prison, today):
    with at_prison(here):
        plan, buddy, _ = helped(here, lead, now.replace(day=2), tasks=TWO)
        day_opened(here, today, now)
    return plan, buddy


def relayed() -> None:
    with scoped(DatabaseRole.NATIONAL):
        drain()


def test_court_holds_the_visits_and_the_plan_and_match_stay(pair, here, lead, now, at_prison, today) -> None:
    plan, _ = pair
    with at_prison(here):
        away_on(plan.person, "COURT", lead, now)
    relayed()
    visit = planned_on(plan, today)
    assert visit.cancelled_at is not None and visit.cancel_reason == "At court" and visit.buddy_id is None
    assert Plan.objects.get(pk=plan.pk).status == "ACTIVE"
    assert Match.objects.get(plan=plan).status == "ACTIVE"
    assert AuditEvent.objects.filter(code="absence.recorded", person_id=plan.person_id).count() == 1
    tomorrow = today + timedelta(days=1)
    with at_prison(here):
        open_day(by=Actor.system(), now=now, prison=here, day=tomorrow)
    later = planned_on(plan, tomorrow)
    assert later.cancel_reason == "At court" and not later.held_at_start, "no visit is owed on that day"
    assert planned_on(plan, today).held_at_start, "this day had begun when it became known"


def test_planning_goes_on_from_the_session_in_which_they_are_back(pair, here, lead, now, at_prison, today) -> None:
    plan, buddy = pair
    with at_prison(here):
        absence = away_on(plan.person, "HOSPITAL", lead, now)
    relayed()
    assert planned_on(plan, today, "EV").cancel_reason == "In hospital"
    with at_prison(here):
        come_back(by=acts(lead, here), now=now, absence=absence, back_on=today, back_session="EV")
    relayed()
    assert planned_on(plan, today).cancel_reason == "In hospital"
    evening = planned_on(plan, today, "EV")
    assert (evening.cancelled_at, evening.cancel_reason, evening.buddy_id) == (None, "", buddy.pk)


def test_an_absence_that_is_over_holds_no_later_day(pair, here, lead, now, at_prison, today) -> None:
    plan, buddy = pair
    tomorrow = today + timedelta(days=1)
    with at_prison(here):
        away_on(plan.person, "COURT", lead, now, ends_on=today)
        open_day(by=Actor.system(), now=now, prison=here, day=tomorrow)
    assert planned_on(plan, tomorrow).buddy_id == buddy.pk


def test_taken_back_the_visits_are_planned_again(pair, here, lead, now, at_prison, today) -> None:
    plan, buddy = pair
    with at_prison(here):
        absence = away_on(plan.person, "COURT", lead, now)
        # The timer's look comes before the message, and finds the same.
        open_day(by=Actor.system(), now=now, prison=here, day=today)
        assert planned_on(plan, today).cancel_reason == "At court"
        cancel_absence(by=acts(lead, here), now=now, absence=absence)
        open_day(by=Actor.system(), now=now, prison=here, day=today)
    assert planned_on(plan, today).buddy_id == buddy.pk
    relayed()
    assert planned_on(plan, today).cancelled_at is None


def test_nobody_comes_while_the_buddy_is_away(pair, here, lead, now, at_prison, today) -> None:
    plan, buddy = pair
    with at_prison(here):
        away_on(buddy.person, "HOSPITAL", lead, now, ends_on=today, ends_session="PM")
    relayed()
    morning, evening = planned_on(plan, today), planned_on(plan, today, "EV")
    assert morning.buddy_id is None and morning.cancelled_at is None
    assert evening.buddy_id == buddy.pk


def test_an_appointment_in_the_prison_holds_nothing(pair, here, lead, now, at_prison, today) -> None:
    plan, buddy = pair
    with at_prison(here):
        away_on(plan.person, "HEALTHCARE", lead, now, session="AM", ends_on=today)
    relayed()
    assert planned_on(plan, today).buddy_id == buddy.pk


def test_a_visit_that_is_recorded_stays(pair, here, lead, now, at_prison, today) -> None:
    plan, _ = pair
    with at_prison(here):
        visit_of(planned_on(plan, today), lead, now)
        away_on(plan.person, "COURT", lead, now)
    relayed()
    assert planned_on(plan, today).cancelled_at is None
    assert planned_on(plan, today, "EV").cancel_reason == "At court"
