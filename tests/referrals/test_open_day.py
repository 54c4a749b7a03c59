"""Opening a day, and plans that change while it is open."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from buddyscheme.accounts.actor import Actor
from buddyscheme.audit.models import AuditEvent
from buddyscheme.lib.dates import day_bounds, london_today
from buddyscheme.lib.errors import NotAllowed
from buddyscheme.outbox.models import Message
from buddyscheme.outbox.relay import drain
from buddyscheme.scope.transaction import DatabaseRole, scoped
from referrals.actions.days import follow_person, open_day, open_days, replan
from referrals.actions.plans import stop_task
from referrals.models import PlannedVisit, PlanTask
from referrals.tasks import open_the_day
from schemes.actions.buddies import reinstate, suspend
from schemes.actions.keep_apart import keep_apart
from schemes.actions.people import end_custody
from schemes.models import Buddy, Clearance, Custody
from tests.builders.buddies import active_buddy, fresh
from tests.builders.directory import away_on
from tests.builders.referrals import agreed_plan
from tests.builders.schemes import person_in
from tests.builders.visits import active_match, day_opened, helped, planned_on, visit_of
from tests.cast import acts

SYSTEM = Actor.system()
THREE = (("DOM-05", (0, 1, 2, 3, 4), "AM", 10), ("DOM-03", (0, 1, 2), "AM", 15), ("SOC-01", (1,), "PM", 30))


@pytest.fixture(autouse=True)
def _clock(now):
    # The handlers of the outbox read the clock themselves.
    with time_machine.travel(now, tick=False):
        yield


@pytest.fixture
def tomorrow(now):
    return london_today(now) + timedelta(days=1)


@pytest.fixture
def pair(here, wing, lead, now, at_prison):
    with at_prison(here):
        return helped(here, lead, now, wing=wing, tasks=THREE)


def test_tasks_of_one_session_are_one_visit(pair, here, tomorrow, now, at_prison):
    plan, buddy, match = pair
    with at_prison(here):
        assert open_day(by=SYSTEM, now=now, prison=here, day=tomorrow) == 2
        morning, afternoon = planned_on(plan, tomorrow), planned_on(plan, tomorrow, "PM")
    assert (morning.tasks, morning.minutes) == (["DOM-03", "DOM-05"], 25)
    assert (afternoon.tasks, afternoon.minutes, afternoon.buddy_id) == (["SOC-01"], 30, buddy.pk)
    assert morning.match_id == match.pk and morning.held_at_start


def test_again_changes_nothing(pair, here, tomorrow, now, at_prison):
    with at_prison(here):
        open_day(by=SYSTEM, now=now, prison=here, day=tomorrow)
        assert open_day(by=SYSTEM, now=now, prison=here, day=tomorrow) == 0
    assert AuditEvent.objects.filter(code="visits.day_opened").count() == 1


def test_a_plan_of_today_is_no_part_of_what_the_day_began_with(pair, here, now, at_prison):
    plan, _, _ = pair
    assert not planned_on(plan, london_today(now)).held_at_start


def test_a_day_that_is_over_is_refused(here, now, at_prison):
    with at_prison(here), pytest.raises(NotAllowed, match="This day is over"):
        open_day(by=SYSTEM, now=now, prison=here, day=london_today(now) - timedelta(days=1))


def test_figures_are_told(pair, here, tomorrow, now, at_prison):
    Message.objects.all().delete()
    with at_prison(here):
        open_day(by=SYSTEM, now=now, prison=here, day=tomorrow)
    assert Message.objects.filter(topic="month.changed", key=f"{here.code}:2026-11").exists()


def test_the_second_buddy_comes_where_the_first_may_not(pair, here, wing, lead, tomorrow, now, at_prison):
    plan, buddy, _ = pair
    with at_prison(here):
        second = active_buddy(here, lead, now, wing=wing)
        active_match(plan, second, lead, now, "SECOND")
        suspend(by=acts(lead, here), now=now, buddy=fresh(buddy), reason="Under investigation")
        open_day(by=SYSTEM, now=now, prison=here, day=tomorrow)
        assert planned_on(plan, tomorrow).buddy_id == second.pk


def test_nobody_comes_without_clearance_in_date(pair, here, lead, tomorrow, now, at_prison):
    plan, buddy, _ = pair
    with at_prison(here):
        day_before = london_today(now) - timedelta(days=1)
        Clearance.objects.filter(buddy=buddy, department="SECURITY").update(
            decided_on=day_before, expires_on=london_today(now)
        )
        open_day(by=SYSTEM, now=now, prison=here, day=tomorrow)
        planned = planned_on(plan, tomorrow)
    assert planned.buddy_id is None and planned.match_id is None


def test_nobody_comes_who_is_kept_apart_by_now(pair, here, lead, tomorrow, now, at_prison):
    plan, buddy, _ = pair
    with at_prison(here):
        by = acts(lead, here)
        keep_apart(
            by=by, now=now, prison=here, person=plan.person, other=buddy.person, reason="THREAT", restriction="WING"
        )
        open_day(by=SYSTEM, now=now, prison=here, day=tomorrow)
        assert planned_on(plan, tomorrow).buddy_id is None


def test_an_open_day_follows_who_may_come(pair, here, lead, tomorrow, now, at_prison):
    plan, buddy, _ = pair
    with at_prison(here):
        by = acts(lead, here)
        open_day(by=SYSTEM, now=now, prison=here, day=tomorrow)
        suspend(by=by, now=now, buddy=fresh(buddy), reason="Under investigation")
        assert open_day(by=SYSTEM, now=now, prison=here, day=tomorrow) == 0
        assert planned_on(plan, tomorrow).buddy_id is None
        reinstate(by=by, now=now, buddy=fresh(buddy), reason="Nothing was found")
        open_day(by=SYSTEM, now=now, prison=here, day=tomorrow)
        assert planned_on(plan, tomorrow).buddy_id == buddy.pk
        keep_apart(
            by=by, now=now, prison=here, person=buddy.person, other=plan.person, reason="THREAT", restriction="WING"
        )
        open_day(by=SYSTEM, now=now, prison=here, day=tomorrow)
        assert planned_on(plan, tomorrow).buddy_id is None


def test_a_stopped_buddy_loses_todays_visits(pair, here, lead, now, at_prison):
    plan, buddy, _ = pair
    today = london_today(now)
    with at_prison(here):
        logged = planned_on(plan, today)
        visit_of(logged, lead, now)
        day_opened(here, today + timedelta(days=1), now)
        suspend(by=acts(lead, here), now=now, buddy=fresh(buddy), reason="Under investigation")
    with scoped(DatabaseRole.NATIONAL):
        drain()
        drain()
    assert planned_on(plan, today).buddy_id == buddy.pk  # what is on record stays
    assert planned_on(plan, today + timedelta(days=1)).buddy_id is None


def test_a_buddy_who_is_released_comes_to_nobody(pair, here, lead, tomorrow, now, at_prison):
    plan, buddy, _ = pair
    with at_prison(here):
        open_day(by=SYSTEM, now=now, prison=here, day=tomorrow)
        custody = Custody.objects.get(person=buddy.person, prison=here)
        end_custody(by=acts(lead, here), now=now, custody=custody, reason="RELEASE")
    with scoped(DatabaseRole.NATIONAL):
        drain()
        drain()
    assert fresh(buddy).status == "LEFT"
    assert planned_on(plan, tomorrow).buddy_id is None


def test_who_has_left_has_no_visits(pair, here, lead, tomorrow, now, at_prison):
    plan, _, _ = pair
    with at_prison(here):
        open_day(by=SYSTEM, now=now, prison=here, day=tomorrow)
        custody = Custody.objects.get(person=plan.person, prison=here)
        end_custody(by=acts(lead, here), now=now, custody=custody, reason="RELEASE")
    with scoped(DatabaseRole.NATIONAL):
        drain()
    assert planned_on(plan, tomorrow).cancelled_at is not None


def test_a_task_that_is_stopped_changes_today_at_once(pair, here, lead, now, at_prison):
    plan, _, _ = pair
    today = london_today(now)
    with at_prison(here):
        task = plan.tasks.get(task="DOM-03")
        stop_task(by=acts(lead, here), now=now, plan_task=task, reason="Eats in the hall now")
        planned = planned_on(plan, today)
        assert (planned.tasks, planned.minutes, planned.cancelled_at) == (["DOM-05"], 10, None)
        stop_task(by=acts(lead, here), now=now, plan_task=plan.tasks.get(task="DOM-05"), reason="Has a flask")
    assert planned_on(plan, today).cancelled_at is not None


def test_replan_without_a_change_leaves_no_trace(pair, here, lead, now, at_prison):
    plan, _, _ = pair
    before = AuditEvent.objects.count()
    with at_prison(here):
        assert replan(by=acts(lead, here), now=now, plan=plan) == 0
    assert AuditEvent.objects.count() == before


def test_many_days_as_they_stood(pair, here, lead, now, at_prison):
    plan, buddy, _ = pair
    today = london_today(now)
    later = day_bounds(today + timedelta(days=5))[0] + timedelta(hours=12)
    with at_prison(here):
        suspend(by=acts(lead, here), now=later, buddy=fresh(buddy), reason="Under investigation")
        days = [today + timedelta(days=n) for n in range(14)]
        open_days(by=SYSTEM, now=later + timedelta(days=60), prison=here, days=days)
        rows = {row.day: row.buddy_id for row in PlannedVisit.objects.filter(plan=plan, session="AM")}
    assert rows[today + timedelta(days=4)] == buddy.pk
    assert rows[today + timedelta(days=7)] is None
    assert today - timedelta(days=1) not in rows and today + timedelta(days=5) not in rows  # Saturday


def test_every_switched_on_prison_is_opened(pair, here, elsewhere, now):
    elsewhere.switched_on = False
    elsewhere.save()
    open_the_day()
    open_the_day()
    assert not PlannedVisit.objects.filter(prison=elsewhere).exists()


def test_it_does_not_query_per_plan(pair, here, wing, lead, tomorrow, now, at_prison):
    def opening(day) -> int:
        with at_prison(here), CaptureQueriesContext(connection) as queries:
            open_day(by=SYSTEM, now=now, prison=here, day=day)
        return len(queries)

    few = opening(tomorrow)
    with at_prison(here):
        for _ in range(4):
            agreed_plan(here, lead, now, person=person_in(here, lead, now, wing=wing), wing=wing)
    assert opening(tomorrow + timedelta(days=1)) == few


DAILY = tuple(
    (code, tuple(range(7)), session, 15) for code, session in (("DOM-03", "AM"), ("SOC-01", "PM"), ("DOM-05", "EV"))
)


@pytest.mark.parametrize("day", [date(2026, 3, 29), date(2026, 10, 25)])
def test_the_days_on_which_the_clocks_change_begin_and_end_by_the_clock_on_the_wall(here, wing, lead, at_prison, day):
    """From half past midnight (in October the day before, by UTC) until half past eleven at night (in March the day
    is an hour shorter). Court until the afternoon, and a task stopped late in the evening.
    """
    begins, ends = day_bounds(day)
    early, late = begins + timedelta(minutes=30), ends - timedelta(minutes=30)
    before, next_day = begins - timedelta(days=3), day + timedelta(days=1)

    def on(which):
        rows = PlannedVisit.objects.filter(plan=plan, day=which)
        return {row.session: row.cancel_reason or row.buddy_id for row in rows}

    with at_prison(here), time_machine.travel(before, tick=False) as clock:
        plan, buddy, _ = helped(here, lead, before, wing=wing, tasks=DAILY)
        Buddy.objects.update(rest_day=3)  # these days are Sundays
        clock.move_to(early)
        assert open_day(by=SYSTEM, now=early, prison=here, day=day) == 3
        assert planned_on(plan, day).held_at_start
        away_on(plan.person, "COURT", lead, early, ends_on=day, ends_session="PM")
        follow_person(by=SYSTEM, now=early, prison=here, person_id=plan.person_id)
        assert on(day) == {"AM": "At court", "PM": "At court", "EV": buddy.pk}
        clock.move_to(late)
        assert open_day(by=SYSTEM, now=late, prison=here, day=day) == 0
        assert open_day(by=SYSTEM, now=late, prison=here, day=next_day) == 3
        stop_task(by=acts(lead, here), now=late, plan_task=PlanTask.objects.get(plan=plan, task="DOM-05"))
        assert on(day) == {"AM": "At court", "PM": "At court", "EV": "No longer in the plan"}
        assert on(next_day) == {"AM": buddy.pk, "PM": buddy.pk, "EV": "No longer in the plan"}
        clock.move_to(ends)
        with pytest.raises(NotAllowed, match="This day is over"):
            open_day(by=SYSTEM, now=ends, prison=here, day=day)
        assert open_day(by=SYSTEM, now=ends, prison=here, day=next_day) == 0
