"""How much each buddy has to do: shown before a cap is reached, refused at the cap."""

from __future__ import annotations

from datetime import timedelta

import pytest

from buddyscheme.lib.dates import london_today
from referrals.models import PlannedVisit
from referrals.queries.workload import in_role, lines
from referrals.rules.workload import Pressure, Workload
from referrals.suitability import longest_run
from referrals.tasks import open_the_day
from schemes.actions.caps import set_buddy_caps
from schemes.models import Clearance
from schemes.rules.caps import Caps
from tests.builders.buddies import active_buddy
from tests.builders.referrals import agreed_plan
from tests.builders.schemes import person_in
from tests.builders.visits import active_match, day_opened, helped, planned_on, visit_of
from tests.cast import acts, make_wing

pytestmark = pytest.mark.django_db
EASY = Workload(
    people=1, second_for=0, people_cap=4, minutes_planned=300, minutes_cap=1200, minutes_worked=60,
    weekdays=frozenset({0, 1}), rest_day=6, days_cap=6, days_in_row=1,
)  # fmt: skip


@pytest.mark.parametrize(
    ("weekdays", "rest", "run"),
    [
        ((), None, 0),
        ((0,), None, 1),
        (range(7), None, 7),
        (range(7), 6, 6),
        ((5, 6, 0), None, 3),
        ((5, 6, 0), 6, 1),
        ((0, 1, 3, 4, 5), None, 3),
    ],
)
def test_runs_of_days_go_round_the_week(weekdays, rest, run):
    assert longest_run(weekdays, rest) == run


@pytest.mark.parametrize(
    ("changes", "pressure"),
    [
        ({}, Pressure.FREE),
        ({"people": 4}, Pressure.FULL),
        ({"people": 5}, Pressure.OVER),
        ({"minutes_planned": 959}, Pressure.FREE),
        ({"minutes_planned": 960}, Pressure.CLOSE),
        ({"minutes_planned": 1200}, Pressure.FULL),
        ({"minutes_worked": 1201}, Pressure.OVER),
        ({"weekdays": frozenset(range(7))}, Pressure.CLOSE),
        ({"days_in_row": 7}, Pressure.OVER),
    ],
)
def test_the_most_pressing_cap_is_said(changes, pressure):
    values = {name: getattr(EASY, name) for name in EASY.__dataclass_fields__}
    assert Workload(**{**values, **changes}).pressure is pressure


def test_the_page_shows_people_hours_and_days(here, wing, lead, now, at_prison, signed_in, at, clock):
    then = now - timedelta(days=4)
    with at_prison(here):
        plan, buddy, _ = helped(here, lead, then, wing=wing)
        for day in range(3):
            moment = then + timedelta(days=day)
            day_opened(here, london_today(moment), moment)
            visit_of(planned_on(plan, london_today(moment)), lead, moment, minutes=20)
        day_opened(here, london_today(now), now)
        visit_of(planned_on(plan, london_today(now)), lead, now, minutes=25)
        (line,) = lines(list(in_role(here)), london_today(now))
    load = line.load
    # Four days ago was a Thursday; on Sunday the buddy rested, so today is the first day of a run.
    assert (load.people, load.minutes_planned, load.minutes_worked, load.days_in_row) == (1, 70, 25, 1)
    assert load.days_planned == 6
    page = signed_in(lead).get(at("workload")).content.decode()
    assert "1 of 4" in page and "1 h 10 min of 20 h" in page and "25 min" in page and "Close to a cap" in page
    assert buddy.person.list_name in page


def test_the_page_by_wing_and_by_cap(here, wing, lead, now, at_prison, signed_in, at, clock):
    with at_prison(here):
        _, close, _ = helped(here, lead, now, wing=wing)
        other = make_wing(here, "B")
        free, away = (active_buddy(here, lead, now, wing=each) for each in (wing, other))
    client = signed_in(lead)

    def shown(**filters):
        answer = client.get(at("workload"), filters)
        assert answer.context["page"].paginator.count == len(answer.context["table"].rows)
        return {row.text for row in answer.context["table"].rows}

    assert shown() == {each.person.list_name for each in (close, free, away)}
    assert shown(caps="CLOSE") == {close.person.list_name}
    assert shown(wing="B") == {away.person.list_name}
    assert shown(caps="FREE", wing=wing.code) == {free.person.list_name}
    assert shown(caps="OVER") == set()


def test_warned_at_eighty_per_cent_and_refused_at_the_cap(here, wing, lead, now, at_prison, signed_in, at, clock):
    with at_prison(here):
        _, buddy, _ = helped(here, lead, now, wing=wing)
        caps = Caps(capacity=2, weekly_minutes=1200, days_in_row=6)
        set_buddy_caps(by=acts(lead, here), now=now, buddy=buddy, caps=caps, rest_day=6)
        plans = [
            agreed_plan(here, lead, now, person=person_in(here, lead, now, wing=wing), wing=wing) for _ in range(2)
        ]
    page = signed_in(lead).get(at("suitability", plans[0].token, buddy.token)).content.decode()
    assert "Helps 1 person of at most 2. This would be close to the cap." in page
    with at_prison(here):
        active_match(plans[0], buddy, lead, now)
    page = signed_in(lead).post(at("suitability", plans[1].token, buddy.token), {}).content.decode()
    assert "Helps 2 people of at most 2." in page and "These two cannot be matched now." in page


def test_on_the_day_of_rest_the_second_buddy_comes_or_nobody(here, wing, lead, now, at_prison, clock):
    today = london_today(now)
    sunday = today + timedelta(days=6)
    with at_prison(here):
        plan, buddy, _ = helped(here, lead, now, wing=wing)
        day_opened(here, sunday, now)
        assert buddy.rest_day == 6 and planned_on(plan, sunday).buddy_id is None
        second = active_buddy(here, lead, now, wing=wing)
        assert second.rest_day == 5
        active_match(plan, second, lead, now, "SECOND")
        day_opened(here, sunday, now)
        assert planned_on(plan, sunday).buddy_id == second.pk
        assert planned_on(plan, today).buddy_id == buddy.pk


def test_another_day_of_rest_changes_today(here, wing, lead, now, at_prison, signed_in, clock):
    from buddyscheme.outbox.relay import drain
    from buddyscheme.scope.transaction import DatabaseRole, scoped

    with at_prison(here):
        plan, buddy, _ = helped(here, lead, now, wing=wing)
    posted = {"capacity": "4", "hours": "20", "days_in_row": "6", "rest_day": "0"}
    answer = signed_in(lead).post(f"/prisons/{here.code}/buddies/{buddy.token}/caps/", posted)
    assert answer.status_code == 302
    with scoped(DatabaseRole.NATIONAL):
        drain()
    assert planned_on(plan, london_today(now)).buddy_id is None


def test_clearance_that_passes_its_day_stops_visits_by_the_calendar_alone(here, wing, lead, now, at_prison, clock):
    """Nobody does anything: the timer's next look finds the day over."""
    with at_prison(here):
        plan, buddy, _ = helped(here, lead, now, wing=wing)
        Clearance.objects.filter(buddy=buddy, department="SECURITY").update(
            decided_on=london_today(now) - timedelta(days=300), expires_on=london_today(now)
        )
    here.switched_on = True
    here.save()
    open_the_day()
    assert planned_on(plan, london_today(now)).buddy_id == buddy.pk  # its last day still counts
    midnight = now.replace(hour=0, minute=1) + timedelta(days=1)
    clock.move_to(midnight)
    open_the_day()
    tomorrow = london_today(midnight)
    assert planned_on(plan, tomorrow).buddy_id is None
    with at_prison(here):
        from referrals.queries.days import uncovered_essential

        assert list(uncovered_essential(here, tomorrow)) == [planned_on(plan, tomorrow)]


def test_a_day_opened_before_follows_too(here, wing, lead, now, at_prison, clock):
    tomorrow = london_today(now) + timedelta(days=1)
    with at_prison(here):
        plan, buddy, _ = helped(here, lead, now, wing=wing)
        day_opened(here, tomorrow, now)
        assert planned_on(plan, tomorrow).buddy_id == buddy.pk
        # A department takes its answer back for tomorrow, past any action that would say so.
        Clearance.objects.filter(buddy=buddy, department="SECURITY").update(
            decided_on=london_today(now) - timedelta(days=300), expires_on=london_today(now)
        )
    clock.move_to(now + timedelta(days=1))
    open_the_day()
    assert PlannedVisit.objects.get(plan=plan, day=tomorrow).buddy_id is None


def test_permission(signed_in, here, officer, trainer, at, clock):
    for user in (officer, trainer):
        assert signed_in(user).get(at("workload")).status_code == 403
