"""Alerts and clashes before a match, and running matches that are looked at again."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from buddyscheme.audit.models import AuditEvent
from buddyscheme.lib.dates import london_today
from buddyscheme.lib.errors import NotAllowed
from buddyscheme.outbox.relay import drain
from buddyscheme.scope.transaction import DatabaseRole, scoped
from referrals.clashes import newest
from referrals.models import Match, MatchStop, Plan
from referrals.queries.suggestions import facts_for
from referrals.tasks import look_again_at_matches
from schemes.actions.alerts import end_alert
from schemes.actions.keep_apart import keep_apart
from schemes.actions.people import move_cell
from schemes.models import Buddy, WeeklyActivity
from schemes.queries.people import custody_of
from tests.builders.buddies import active_buddy, as_owner
from tests.builders.directory import alert_on, away_on, weekly_of
from tests.builders.referrals import agreed_plan
from tests.builders.schemes import person_in
from tests.builders.visits import day_opened, helped, planned_on, proposed_match
from tests.cast import acts
from tests.meta.test_constraints import copy_of

STOPPED = "/prisons/ZTA/matches/stopped/"


@pytest.fixture(autouse=True)
def _clock(now):
    with time_machine.travel(now, tick=False):
        yield


@pytest.fixture
def pair(here, lead, now, at_prison):
    with at_prison(here):
        plan, buddy, _ = helped(here, lead, now.replace(day=2))
        day_opened(here, london_today(now), now)
    return plan, buddy


@pytest.fixture
def two(here, wing, lead, now, at_prison):
    with at_prison(here):
        plan = agreed_plan(here, lead, now, person=person_in(here, lead, now, wing=wing, landing=1), wing=wing)
        return plan, active_buddy(here, lead, now, wing=wing)


def relayed() -> None:
    with scoped(DatabaseRole.NATIONAL):
        drain()


def check_of(plan, buddy, code, now):
    fresh = Plan.objects.select_related("person").get(pk=plan.pk)
    checks = facts_for(plan.prison, fresh, "LEAD", london_today(now)).checks(buddy.pk)
    return next(check for check in checks if check.code == code)


@pytest.mark.parametrize(
    ("whose", "code", "verdict", "words"),
    [
        ("buddy", "ROP", "STOP", "Risk to older people (buddy)"),
        ("helped", "ROP", "WARN", "Look at: Risk to older people (helped)."),
        ("buddy", "DOCGM", "WARN", "An alert that is not shared with the person (buddy)"),
        ("helped", "PEEP", "PASS", "No alert on the stop list."),
    ],
)
def test_an_alert_passes_warns_or_stops_by_its_meaning(
    whose, code, verdict, words, here, lead, now, at_prison, two
) -> None:
    plan, buddy = two
    with at_prison(here):
        alert_on(buddy.person if whose == "buddy" else plan.person, code, lead, now)
        found = check_of(plan, buddy, "ALERTS", now)
        assert found.verdict == verdict and words in found.words and found.as_of == london_today(now)
        if verdict == "STOP":
            with pytest.raises(NotAllowed, match="An alert on the stop list"):
                proposed_match(plan, buddy, lead, now)


def test_work_and_court_at_the_time_of_visits_are_said(here, lead, now, signed_in, at_prison, two) -> None:
    plan, buddy = two
    with at_prison(here):
        weekly_of(buddy.person, lead, now, weekdays=[0, 2], session="AM")
        weekly_of(buddy.person, lead, now, weekdays=[1], session="PM")
        day = london_today(now) + timedelta(days=3)
        away_on(plan.person, "COURT", lead, now, starts_on=day, ends_on=day)
        found = check_of(plan, buddy, "CLASHES", now)
    assert found.verdict == "WARN" and found.as_of == london_today(now)
    assert found.words == (
        "The buddy has work on Monday and Wednesday, in the morning. "
        "The person is elsewhere on 26 November, in the morning: court."
    )
    page = signed_in(lead).get(f"/prisons/ZTA/plans/{plan.token}/match/{buddy.token}/").content.decode()
    assert "The buddy has work on Monday and Wednesday" in page


def test_a_clash_of_today_stands_on_the_unlock_list(here, lead, officer, now, signed_in, at_prison, pair) -> None:
    plan, buddy = pair
    today = london_today(now)
    with at_prison(here):
        weekly_of(buddy.person, lead, now, weekdays=[today.weekday()], session="AM")
        away_on(plan.person, "HEALTHCARE", lead, now, session="AM", ends_on=today)
        alert_on(plan.person, "PEEP", lead, now)
        alert_on(plan.person, "HA", lead, now)
    page = signed_in(officer).get("/prisons/ZTA/today/").content.decode()
    assert page.count("Person: healthcare appointment") == 1 and page.count("Buddy: work") == 1
    assert "Personal emergency evacuation plan" in page and "ACCT" not in page


def test_whoever_is_at_court_is_listed_as_away(here, lead, officer, now, signed_in, at_prison, pair) -> None:
    plan, _ = pair
    with at_prison(here):
        away_on(plan.person, "COURT", lead, now)
    relayed()
    page = signed_in(officer).get("/prisons/ZTA/today/").content.decode()
    assert "Not in the prison" in page and "morning, at court" in page


def test_a_new_alert_stops_the_match_and_its_visits_until_it_ends(
    here, lead, security, now, signed_in, at_prison, pair
) -> None:
    plan, buddy = pair
    today = london_today(now)
    with at_prison(here):
        alert = alert_on(buddy.person, "RDP", security, now)
    relayed()
    assert planned_on(plan, today).buddy_id is None
    browser = signed_in(lead)
    page = browser.get(STOPPED).content.decode()
    assert "Looked at again: stopped because of an alert on the stop list" in page
    match = Match.objects.get(plan=plan)
    assert match.status == "ACTIVE"
    assert "Looked at again: stopped because" in browser.get(f"/prisons/ZTA/matches/{match.token}/").content.decode()
    assert AuditEvent.objects.filter(code="match.stopped", person_id=plan.person_id).count() == 1
    with at_prison(here):
        end_alert(by=acts(security, here), now=now, prison=here, alert=alert)
    relayed()
    assert planned_on(plan, today).buddy_id == buddy.pk
    assert "Nothing stops a running match" in browser.get(STOPPED).content.decode()


def test_a_new_cell_mate_who_is_kept_apart_stops_the_match(here, lead, security, now, at_prison, pair) -> None:
    plan, buddy = pair
    with at_prison(here):
        other = person_in(here, lead, now, wing=custody_of(here, plan.person).wing, landing=1, cell="A1-99")
        keep_apart(
            by=acts(security, here), now=now, prison=here, person=other, other=buddy.person, reason="THREAT",
            restriction="CELL",
        )  # fmt: skip
    relayed()
    assert not MatchStop.objects.exists()
    with at_prison(here):
        place = custody_of(here, plan.person)
        move_cell(
            by=acts(lead, here), now=now, custody=custody_of(here, other), wing=place.wing, landing=1, cell=place.cell
        )
    relayed()
    assert MatchStop.objects.get(cleared_at=None).code == "KEEP_APART"
    assert planned_on(plan, london_today(now)).buddy_id is None


def test_each_night_finds_what_no_message_told(here, lead, now, at_prison, pair) -> None:
    _, buddy = pair
    with at_prison(here):
        alert_on(buddy.person, "ROP", lead, now)
    look_again_at_matches()
    look_again_at_matches()
    assert MatchStop.objects.filter(cleared_at=None).count() == 1


def test_suggestions_of_sixty_buddies_need_fewer_than_fifteen_queries(here, lead, now, at_prison, two) -> None:
    plan, buddy = two
    people = [
        copy_of(buddy.person, prison_number=f"Z9{number:03d}ZA", last_name=f"Bulk{number}") for number in range(60)
    ]
    with as_owner():
        people = type(buddy.person).objects.bulk_create(people)
        custody = custody_of(here, buddy.person)
        type(custody).objects.bulk_create(copy_of(custody, person=person) for person in people)
        Buddy.objects.bulk_create(
            copy_of(buddy, person=person, reference=f"B-9{number:03d}") for number, person in enumerate(people)
        )
    with at_prison(here):
        fresh = Plan.objects.select_related("person").get(pk=plan.pk)
        with CaptureQueriesContext(connection) as captured:
            ranking = facts_for(here, fresh, "LEAD", london_today(now)).ranked()
    assert len(ranking.suggestions) + len(ranking.unsuitable) >= 61
    asked = [query["sql"] for query in captured if "FROM" in query["sql"]]
    assert len(asked) < 15, "\n".join(asked)


def test_a_fact_of_half_past_midnight_in_summer_is_of_that_day() -> None:
    row = WeeklyActivity(recorded_at=datetime(2026, 7, 1, 23, 30, tzinfo=UTC))
    assert newest([row]) == date(2026, 7, 2)
