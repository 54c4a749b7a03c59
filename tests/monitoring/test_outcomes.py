"""Asking people how they are: when it is due, that a follow-up follows a start, and how the change is said."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.db import DatabaseError, transaction
from django.test import Client

from buddyscheme.accounts.models import Prison, User
from buddyscheme.audit.models import AuditEvent
from buddyscheme.lib.dates import Quarter
from monitoring.models import Figure, Outcome, OutcomeSetting
from monitoring.outcomes import BY_CODE, INSTRUMENTS, Point, Run, due
from monitoring.outcomes_words import change_words, counted_words
from monitoring.queries.outcomes import pairs_of
from monitoring.rollups import roll_up
from referrals.models import Plan
from tests.builders.visits import helped

pytestmark = pytest.mark.django_db
SignedIn = Callable[[User], Client]
# The help of these tests began on Monday 26 October.
OCTOBER = datetime(2026, 10, 26, 9, 0, tzinfo=UTC)
BEGAN = date(2026, 10, 26)
ANSWERED = {"answer_NEEDS": "2", "answer_DAYS": "3", "answer_LONELY": "2", "proxy": "PERSON", "version": "0"}


def on(day: date) -> dict[str, str]:
    return {"asked_on-day": str(day.day), "asked_on-month": str(day.month), "asked_on-year": str(day.year)}


def answers(day: date, **changes: str) -> dict[str, str]:
    return {**ANSWERED, **on(day), **changes}


@pytest.fixture(autouse=True)
def _monday(now: datetime) -> Any:
    with time_machine.travel(now, tick=False):
        yield


@pytest.fixture
def plan(here: Prison, lead: User, at_prison: Callable[[Prison], Any]) -> Plan:
    """A plan whose help began four weeks ago, on the day."""
    with at_prison(here):
        found, _, _ = helped(here, lead, OCTOBER)
        return found


def url(plan: Plan, point: str, instrument: str = "HELPED") -> str:
    return f"/prisons/ZTA/outcomes/plans/{plan.token}/{instrument}/{point}/"


# When it is due ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "day", "expected"),
    [
        ([], 0, Point.START),
        ([], 14, Point.START),
        ([], 15, None),
        ([Point.START], 27, None),
        ([Point.START], 28, Point.FOUR_WEEKS),
        ([Point.START], 49, Point.FOUR_WEEKS),
        ([Point.START], 50, None),
        ([Point.START, Point.FOUR_WEEKS], 30, None),
        ([], 28, None),
    ],
)
def test_what_is_due_on_which_day(asked: list[Point], day: int, expected: Point | None) -> None:
    found = due(Run(BEGAN, None), asked, BEGAN + timedelta(days=day))
    assert (found.point if found else None) == expected


def test_the_end_is_due_for_two_weeks_after_it() -> None:
    run = Run(BEGAN, BEGAN + timedelta(days=60))
    asked = [Point.START, Point.FOUR_WEEKS]
    for days, expected in ((59, None), (60, Point.END), (74, Point.END), (75, None)):
        found = due(run, asked, BEGAN + timedelta(days=days))
        assert (found.point if found else None) == expected


def test_every_question_and_answer_has_welsh_and_a_value_of_its_own() -> None:
    for instrument in INSTRUMENTS:
        for question in instrument.questions:
            assert question.cy
            assert all(answer.cy for answer in question.answers)
            assert len({answer.value for answer in question.answers}) == len(question.answers)


def test_the_national_score_adds_up_three_answers_and_needs_all_of_them() -> None:
    lonely = BY_CODE["LONELY"]
    assert lonely.score({"COMPANY": 3, "LEFT_OUT": 3, "ISOLATED": 3}) == 9
    assert lonely.score({"COMPANY": 1, "LEFT_OUT": 1, "ISOLATED": 1}) == 3
    assert lonely.score({"COMPANY": 1, "LEFT_OUT": 1}) is None


# Asking ------------------------------------------------------------------------------------------------


def test_the_start_is_on_the_list_until_it_is_asked(
    plan: Plan, lead: User, signed_in: SignedIn, here: Prison, now: datetime
) -> None:
    with time_machine.travel(OCTOBER + timedelta(days=3), tick=False):
        client = signed_in(lead)
        listed = client.get("/prisons/ZTA/outcomes/").content.decode()
        assert plan.person.list_name in listed
        assert "At the start" in listed
        assert client.post(url(plan, "START"), answers(BEGAN + timedelta(days=1))).status_code == 302
        said = Outcome.objects.get()
        assert said.answers == {"NEEDS": 2, "DAYS": 3, "LONELY": 2}
        assert said.recorded_by == lead
        page = client.get("/prisons/ZTA/outcomes/")
        assert [row.due.point for row in page.context["page"] if row.subject == plan] == []


def test_an_answer_may_be_left_out_and_nothing_at_all_is_refused(plan: Plan, lead: User, signed_in: SignedIn) -> None:
    client = signed_in(lead)
    refused = client.post(url(plan, "START"), {"proxy": "PERSON", "version": "0", **on(BEGAN)})
    assert "Record at least one answer" in refused.content.decode()
    client.post(url(plan, "START"), {"answer_NEEDS": "5", "proxy": "PERSON", "version": "0", **on(BEGAN)})
    assert Outcome.objects.get().answers == {"NEEDS": 5}


def test_a_follow_up_before_its_start_is_refused_and_stays_typed(plan: Plan, lead: User, signed_in: SignedIn) -> None:
    client = signed_in(lead)
    page = client.post(url(plan, "FOUR_WEEKS"), answers(date(2026, 11, 23))).content.decode()
    assert "not asked at the start, so there is nothing to compare with" in page
    assert 'value="2026"' in page
    assert not Outcome.objects.exists()


@pytest.mark.parametrize(
    ("point", "day", "sentence"),
    [
        ("START", date(2026, 11, 10), "At the start is from 12 October 2026 to 9 November 2026"),
        ("START", date(2026, 11, 24), "cannot be after today"),
        ("FOUR_WEEKS", date(2026, 11, 12), "After four weeks is from 16 November 2026"),
        ("FOUR_WEEKS", date(2026, 10, 26), "The start was asked on 27 October 2026"),
        ("END", date(2026, 11, 23), "The help has not ended"),
    ],
)
def test_days_that_cannot_be(point: str, day: date, sentence: str, plan: Plan, lead: User, signed_in: SignedIn) -> None:
    client = signed_in(lead)
    if point != "START":
        client.post(url(plan, "START"), answers(date(2026, 10, 27)))
    before = Outcome.objects.count()
    assert sentence in client.post(url(plan, point), answers(day)).content.decode()
    assert Outcome.objects.count() == before


def test_what_cannot_be_asked_yet_is_not_offered(plan: Plan, lead: User, signed_in: SignedIn) -> None:
    with time_machine.travel(OCTOBER + timedelta(days=3), tick=False):
        client = signed_in(lead)
        client.post(url(plan, "START"), answers(BEGAN))
        page = client.get(f"/prisons/ZTA/outcomes/plans/{plan.token}/").content.decode()
        assert "After four weeks" not in page
    page = signed_in(lead).get(f"/prisons/ZTA/outcomes/plans/{plan.token}/").content.decode()
    assert url(plan, "FOUR_WEEKS") in page
    assert url(plan, "LATER") not in page


def test_an_answer_for_the_person_is_marked(plan: Plan, lead: User, signed_in: SignedIn) -> None:
    client = signed_in(lead)
    client.post(url(plan, "START"), answers(BEGAN, proxy="ADVOCATE"))
    assert Outcome.objects.get().proxy == "ADVOCATE"
    page = client.get(f"/prisons/ZTA/outcomes/plans/{plan.token}/").content.decode()
    assert "An advocate, for the person" in page


def test_a_correction_is_the_next_version_and_the_first_stays(plan: Plan, lead: User, signed_in: SignedIn) -> None:
    client = signed_in(lead)
    client.post(url(plan, "START"), answers(BEGAN))
    assert "recorded meanwhile" in client.post(url(plan, "START"), answers(BEGAN)).content.decode()
    client.post(url(plan, "START"), answers(BEGAN, answer_NEEDS="4", version="1"))
    assert list(Outcome.objects.order_by("version").values_list("version", "answers__NEEDS")) == [(1, 2), (2, 4)]
    with pytest.raises(DatabaseError, match="Cannot update"), transaction.atomic():
        Outcome.objects.update(proxy="STAFF")


def test_the_questions_are_there_in_welsh(plan: Plan, lead: User, signed_in: SignedIn) -> None:
    page = signed_in(lead).get(f"{url(plan, 'START')}?lang=cy").content.decode()
    assert "Pa mor aml ydych chi’n teimlo’n unig?" in page


def test_further_questions_are_asked_once_they_are_switched_on(plan: Plan, lead: User, signed_in: SignedIn) -> None:
    client = signed_in(lead)
    said = {"answer_COMPANY": "3", "answer_LEFT_OUT": "2", "answer_ISOLATED": "2", "answer_LONELY": "1"}
    said |= {"proxy": "PERSON", "version": "0", **on(BEGAN)}
    page = client.post(url(plan, "START", "LONELY"), said).content.decode()
    assert "The scheme does not ask these questions" in page
    client.post("/prisons/ZTA/outcomes/settings/", {"switched_on": ["LONELY"], "version": "1"})
    assert OutcomeSetting.objects.get().switched_on == ["LONELY"]
    client.post(url(plan, "START", "LONELY"), said)
    assert Outcome.objects.get().score == 7


def test_a_licensed_score_needs_its_licence_and_a_number(plan: Plan, lead: User, signed_in: SignedIn) -> None:
    client = signed_in(lead)
    score = f"/prisons/ZTA/outcomes/plans/{plan.token}/score/"
    typed = {"licensed": "ASCOT", "score": "0.61", "point": "START", "licence": "Kent 1234", **on(BEGAN)}
    assert "Enter the reference of the licence" in client.post(score, {**typed, "licence": ""}).content.decode()
    assert "Enter the score" in client.post(score, {**typed, "score": "good"}).content.decode()
    client.post(score, typed)
    assert Outcome.objects.get().score == Decimal("0.61")
    assert "ASCOT, at the start" in client.get(f"/prisons/ZTA/outcomes/plans/{plan.token}/").content.decode()


def test_staff_answer_without_a_name(plan: Plan, lead: User, signed_in: SignedIn) -> None:
    client = signed_in(lead)
    said = {"answer_WORKS": "4", **on(date(2026, 11, 20))}
    assert client.post("/prisons/ZTA/outcomes/staff/", said).status_code == 404
    client.post("/prisons/ZTA/outcomes/settings/", {"switched_on": ["STAFF"], "version": "1"})
    client.post("/prisons/ZTA/outcomes/staff/", said)
    assert Outcome.objects.get().person is None


def test_asking_needs_the_permission_and_another_prisons_are_not_there(
    plan: Plan, officer: User, outsider: User, signed_in: SignedIn
) -> None:
    assert signed_in(officer).post(url(plan, "START"), answers(BEGAN)).status_code == 403
    assert signed_in(outsider).post(url(plan, "START"), answers(BEGAN)).status_code == 404


def test_recording_leaves_its_audit_event_without_the_answers(plan: Plan, lead: User, signed_in: SignedIn) -> None:
    signed_in(lead).post(url(plan, "START"), answers(BEGAN))
    event = AuditEvent.objects.get(code="outcomes.recorded")
    assert event.details == {"point": "START", "version": 1}


# Change ------------------------------------------------------------------------------------------------


def test_a_change_is_said_from_ten_people_on_with_its_interval_and_no_cause() -> None:
    before, after = [2.0] * 5 + [3.0] * 5, [4.0] * 5 + [3.0] * 4 + [4.0]
    assert change_words(before[:9], after[:9]) == "Too few to say: 9 asked twice, 10 are needed"
    # Differences: five of 2, four of 0, one of 1: mean 1.1, SD 0.99443, t(9) 2.26216.
    assert change_words(before, after) == "1.1 points up (0.4 to 1.8)"
    assert counted_words(before, after, higher_is_better=True) == "6 better, 4 the same, 0 worse"
    assert counted_words(before, after, higher_is_better=False) == "0 better, 4 the same, 6 worse"
    assert change_words([3.0] * 10, [3.0] * 10) == "No change"


def test_whoever_left_without_a_second_answer_is_lost_and_the_others_wait(
    plan: Plan, here: Prison, lead: User, signed_in: SignedIn, at_prison: Callable[[Prison], Any]
) -> None:
    signed_in(lead).post(url(plan, "START"), answers(BEGAN))
    with at_prison(here):
        pairs = pairs_of(here, "NEEDS", "HELPED", date(2026, 11, 23))
        assert (pairs.before, pairs.lost, pairs.waiting) == ((), 0, 1)
        Plan.objects.filter(pk=plan.pk).update(
            ended_at=datetime(2026, 11, 1, 9, 0, tzinfo=UTC), ended_by=lead, status="ENDED", end_reason="Moved"
        )
        assert pairs_of(here, "NEEDS", "HELPED", date(2026, 11, 15)).lost == 0
        assert pairs_of(here, "NEEDS", "HELPED", date(2026, 11, 16)).lost == 1


def test_figures_of_the_quarter_agree_with_a_fresh_count(
    plan: Plan, here: Prison, lead: User, signed_in: SignedIn
) -> None:
    client = signed_in(lead)
    client.post("/prisons/ZTA/outcomes/settings/", {"switched_on": ["LONELY", "STAFF"], "version": "1"})
    client.post(url(plan, "START"), answers(BEGAN))
    client.post(url(plan, "FOUR_WEEKS"), answers(date(2026, 11, 23), answer_NEEDS="5", answer_LONELY="1"))
    client.post("/prisons/ZTA/outcomes/staff/", {"answer_WORKS": "2", **on(date(2026, 11, 20))})
    score = {"licensed": "ASCOT", "licence": "Kent 1234"}
    path = f"/prisons/ZTA/outcomes/plans/{plan.token}/score/"
    client.post(path, {**score, "point": "START", "score": "0.50", **on(BEGAN)})
    client.post(path, {**score, "point": "FOUR_WEEKS", "score": "0.75", **on(date(2026, 11, 20))})
    roll_up(here.code, Quarter(2026, 4))
    figures = {figure.measure: figure for figure in Figure.objects.filter(period="2026-Q4", breakdown="")}
    assert figures["OU-01a"].value == 0
    assert figures["OU-04a"].value == -1
    assert figures["OU-02"].value == Decimal("0.25")
    assert (figures["OU-06"].numerator, figures["OU-06"].denominator) == (1, 1)
    assert figures["OU-10c"].value == 0
    assert figures["OU-07a"].state == "NOT_YET_DUE"
    call_command("rollup", month="2026-Q4", verify=True, stdout=StringIO())
