"""A task of a plan is left out or moved for some days; the visits follow, and nothing is lost."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
import time_machine
from django.urls import reverse

from buddyscheme.audit.models import AuditEvent
from buddyscheme.lib.dates import day_bounds, london_moment, london_today
from buddyscheme.lib.errors import NotAllowed
from referrals.actions.days import open_days
from referrals.actions.schedule import end_exception, except_slots
from referrals.models import PlannedVisit, SlotException
from referrals.rules.days import PlanFact, SlotChange, Span, TaskFact, visits_of
from tests.builders.visits import helped
from tests.cast import acts

DAILY = (("DOM-03", tuple(range(7)), "AM", 15), ("SOC-01", tuple(range(7)), "PM", 30))
LONG_AGO = datetime(2025, 1, 1, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _clock(now):
    with time_machine.travel(now, tick=False):
        yield


@pytest.fixture
def plan(here, wing, lead, now, at_prison):
    with at_prison(here):
        return helped(here, lead, now, wing=wing, tasks=DAILY)[0]


@pytest.fixture
def change(here, officer, now, at_prison, plan):
    """The company of the afternoon: otherwise, from a day on."""

    def make(codes=("SOC-01",), **changed):
        tasks = list(plan.tasks.filter(task__in=codes))
        values = {"first_on": london_today(now), "session": "", "reason": "A visit"} | changed
        with at_prison(here):
            return except_slots(by=acts(officer, here), now=now, plan=plan, tasks=tasks, **values)

    return make


def planned(plan, day):
    rows = PlannedVisit.objects.filter(plan=plan, day=day, cancelled_at__isnull=True).order_by("session")
    return [(row.session, row.tasks, row.minutes) for row in rows]


def test_left_out_today_and_taken_back(plan, change, here, officer, now, at_prison):
    today = london_today(now)
    [row] = change()
    assert planned(plan, today) == [("AM", ["DOM-03"], 15)]
    with at_prison(here):
        end_exception(by=acts(officer, here), now=now, exception=row)
        with pytest.raises(NotAllowed, match="taken back already"):
            end_exception(by=acts(officer, here), now=now, exception=row)
    assert planned(plan, today) == [("AM", ["DOM-03"], 15), ("PM", ["SOC-01"], 30)]
    assert AuditEvent.objects.filter(code="visits.slot_excepted").count() == 1


def test_moved_to_another_session_joins_what_is_there(plan, change, now):
    change(session="AM")
    assert planned(plan, london_today(now)) == [("AM", ["DOM-03", "SOC-01"], 45)]


def test_a_range_of_days_and_another_day(plan, change, here, now, at_prison):
    today = london_today(now)
    change(first_on=today + timedelta(days=1), last_on=today + timedelta(days=2))
    change(("DOM-03",), first_on=today + timedelta(days=3), session="PM", to_day=today + timedelta(days=4))
    with at_prison(here):
        open_days(by=acts_system(), now=now, prison=here, days=[today + timedelta(days=n) for n in range(1, 6)])
    both = [("AM", ["DOM-03"], 15), ("PM", ["SOC-01"], 30)]
    assert [planned(plan, today + timedelta(days=n)) for n in range(6)] == [
        both,
        both[:1],
        both[:1],
        both[1:],
        [("AM", ["DOM-03"], 15), ("PM", ["DOM-03", "SOC-01"], 45)],
        both,
    ]


def acts_system():
    from buddyscheme.accounts.actor import Actor

    return Actor.system()


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"codes": ()}, "Select at least one task"),
        ({"first_on": date(2020, 1, 1)}, "Enter today or a later day"),
        ({"last_on": date(2020, 1, 1)}, "cannot be before the first day"),
        ({"last_on": "+28"}, "four weeks at most"),
        ({"session": "PM"}, "in that session already"),
        ({"to_day": "+1"}, "Select in which session"),
        ({"session": "AM", "last_on": "+2", "to_day": "+3"}, "Only a single day"),
        ({"reason": " "}, "Enter why"),
    ],
)
def test_what_is_refused(plan, change, now, changed, sentence):
    days = {
        name: london_today(now) + timedelta(days=int(value)) if isinstance(value, str) and value[0] == "+" else value
        for name, value in changed.items()
    }
    with pytest.raises(NotAllowed, match=sentence):
        change(**days)
    assert not SlotException.objects.exists()


def test_two_answers_from_the_unlock_list(plan, here, officer, signed_in, now):
    client = signed_in(officer)
    page = client.get(reverse("referrals:unlock_list", args=[here.code])).content.decode()
    assert "Move or leave out" in page
    address = reverse("referrals:slot_except", args=[here.code, plan.token])
    query = f"?from=today&session=PM&day={london_today(now)}"
    form = client.get(address + query).content.decode()
    task = plan.tasks.get(task="SOC-01")
    assert f'value="{task.token}" checked' in " ".join(form.split())
    answers = {"tasks": [task.token], "first_on": london_today(now).isoformat(), "session": "LEFT_OUT"}
    assert "Enter why" in client.post(address + query, answers).content.decode()
    client.post(address + query, answers | {"reason": "Visit from his sister"})
    assert planned(plan, london_today(now)) == [("AM", ["DOM-03"], 15)]


def test_the_plan_lists_it_and_takes_it_back(plan, change, here, lead, outsider, trainer, signed_in):
    [row] = change()
    page = signed_in(lead).get(reverse("referrals:plan", args=[here.code, plan.token])).content.decode()
    assert "left out. A visit" in page
    week = f"{reverse('referrals:schedule', args=[here.code])}?person={plan.person.token}"
    assert f'href="{week}"' in page
    assert f"The week ahead: {plan.person.full_name}" in signed_in(lead).get(week).content.decode()
    end = reverse("referrals:slot_exception_end", args=[here.code, row.token])
    assert signed_in(trainer).post(end).status_code == 403
    assert signed_in(outsider).post(end).status_code == 404
    signed_in(lead).post(end)
    assert SlotException.objects.get().ended_by == lead


@pytest.mark.parametrize("day", [date(2026, 3, 29), date(2026, 10, 25)])
def test_right_across_both_changes_of_the_clock(day):
    """On the day of 23 hours and on that of 25: what was made before it holds, and what begins that day too."""
    begins, ends = day_bounds(day)
    assert (ends - begins) in (timedelta(hours=23), timedelta(hours=25))
    made = london_moment(day, time(0, 30))
    change = SlotChange(first=day, last=day, session="PM", span=Span(start=made))
    task = TaskFact(
        code="DOM-03", position=1, weekdays=frozenset(range(7)), session="AM", minutes=15,
        starts_on=day - timedelta(days=9), changes=(change,),
    )  # fmt: skip
    always = Span(start=LONG_AGO)
    plan = PlanFact(id=1, person_id=1, span=always, here=(always,), tasks=(task,))

    def sessions(on, at):
        return [one.session for one in visits_of(plan, on, at=at, now=at)]

    last_minute = ends - timedelta(minutes=1)
    assert sessions(day, made - timedelta(minutes=1)) == ["AM"] and sessions(day, made) == ["PM"]
    assert sessions(day, last_minute) == ["PM"] and london_today(last_minute) == day
    assert sessions(day + timedelta(days=1), ends) == ["AM"] and london_today(ends) == day + timedelta(days=1)
