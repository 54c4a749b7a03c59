"""Marking a planned class: there or not, knowledge and practical, everybody on one page with one save; corrections."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from buddyscheme.audit.models import AuditEvent
from buddyscheme.lib.errors import NotAllowed
from tests.builders import buddies as build
from tests.builders import training
from training.models import Attendance, ClassPlace, ModuleResult
from training.queries.results import module_states
from training.rules.results import Mark

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _clock(now):
    with time_machine.travel(now, tick=False):
        yield


@pytest.fixture
def booked(here, trainer, learners, now, at_prison):
    """`booked(3, "T01")`: a class that has begun, and its people."""

    def make(number, code="T01", **fields):
        people = learners(number)
        with at_prison(here):
            return training.class_in(code, here, trainer, now, people=people, **fields), people

    return make


def url(session, query=""):
    return reverse("training:mark_session", args=[session.prison_id, session.token]) + query


def said(people, *answers, practical=()):
    found = {f"outcome-{buddy.token}": answer for buddy, answer in zip(people, answers, strict=True)}
    return {**found, **{f"practical-{b.token}": a for b, a in zip(people, practical, strict=False)}}


def counting(session):
    rows = ModuleResult.objects.filter(session=session, replaced_by=None)
    return {row.buddy_id: row.outcome for row in rows}


def test_works(signed_in, trainer, booked):
    session, people = booked(3)
    answer = signed_in(trainer).post(url(session), said(people, "PASSED", "NOT_YET", "NOT_THERE"))
    assert answer.status_code == 302
    session.refresh_from_db()
    assert (session.status, session.marked_by_id) == ("HELD", trainer.pk)
    assert counting(session) == {people[0].pk: "PASSED", people[1].pk: "NOT_YET"}
    there = dict(Attendance.objects.values_list("buddy_id", "there"))
    assert there == {people[0].pk: True, people[1].pk: True, people[2].pk: False}
    result = ModuleResult.objects.get(buddy=people[0])
    assert (result.assessed_on, result.expires_on) == (date(2026, 11, 23), date(2027, 11, 23))


def test_a_class_of_twelve_is_one_page_and_one_save(signed_in, trainer, booked, practical):
    session, people = booked(12, "T09")
    client = signed_in(trainer)
    page = client.get(url(session, "?fill=passed")).content.decode()
    # Filled in by one press, without script and without saving: two answers for each, all chosen.
    assert page.count("checked") == 24 and not ModuleResult.objects.exists()
    marks = said(people, *["PASSED"] * 12, practical=["PASSED"] * 12)
    with CaptureQueriesContext(connection) as captured:
        assert client.post(url(session), marks).status_code == 302
    assert ModuleResult.objects.filter(outcome="PASSED").count() == 12
    assert len(captured) < 45


def test_passed_when_every_part_is(signed_in, trainer, booked, practical):
    session, people = booked(2, "T09")
    marks = said(people, "PASSED", "PASSED", practical=["NOT_YET", "PASSED"])
    assert signed_in(trainer).post(url(session), marks).status_code == 302
    assert counting(session) == {people[0].pk: "NOT_YET", people[1].pk: "PASSED"}


def test_a_practical_part_cannot_be_left_open(signed_in, trainer, booked, practical):
    session, people = booked(1, "T09")
    page = signed_in(trainer).post(url(session), said(people, "PASSED")).content.decode()
    assert f"Select whether {people[0].person.full_name} passed the practical part" in page
    assert not ModuleResult.objects.exists()


def test_knowledge_that_was_passed_before_is_kept_and_the_module_runs_from_it(
    signed_in, here, trainer, booked, practical, now, at_prison
):
    session, people = booked(1, "T09", days=-10)
    with at_prison(here), pytest.raises(NotAllowed, match="applied on"):
        training.marked(session, trainer, now)
    with at_prison(here):
        training.elsewhere(people[0], "T09", trainer, now)
        later = training.class_in("T09", here, trainer, now, people=people)
    client = signed_in(trainer)
    assert "Passed on 24 October 2026" in client.get(url(later)).content.decode()
    client.post(url(later), said(people, "HELD", practical=["PASSED"]))
    result = ModuleResult.objects.get(session=later)
    assert (result.outcome, result.knowledge_on, result.expires_on) == (
        "PASSED", date(2026, 10, 24), date(2027, 10, 24),
    )  # fmt: skip


def test_a_class_that_has_not_begun_is_refused(signed_in, here, trainer, learners, now, at_prison):
    people = learners(1)
    with at_prison(here):
        session = training.class_in("T01", here, trainer, now, days=1, people=people)
    client = signed_in(trainer)
    says = "This class begins on 24 November 2026 at 09:00. It can be marked once it has begun."
    assert says in client.get(url(session)).content.decode()
    client.post(url(session), said(people, "PASSED"))
    assert not ModuleResult.objects.exists()


def test_marked_again_it_adds_corrections_and_never_duplicates(signed_in, here, trainer, booked, at_prison, now):
    session, people = booked(3)
    client = signed_in(trainer)
    client.post(url(session), said(people, "PASSED", "PASSED", "NOT_THERE"))
    client.post(url(session), said(people, "PASSED", "PASSED", "NOT_THERE"))
    assert (ModuleResult.objects.count(), Attendance.objects.count()) == (2, 3)
    page = client.get(url(session)).content.decode()
    assert "This class has been marked" in page
    client.post(url(session), said(people, "NOT_YET", "NOT_THERE", "PASSED"))
    # One corrected, one taken back, one new; nothing that was recorded is gone.
    assert counting(session) == {people[0].pk: "NOT_YET", people[1].pk: "VOID", people[2].pk: "PASSED"}
    assert ModuleResult.objects.count() == 5
    with at_prison(here):
        states = module_states([buddy.pk for buddy in people], now.date())
    assert [bool(states[buddy.pk].in_date) for buddy in people] == [False, False, True]
    client.post(url(session), said(people, "NOT_YET", "PASSED", "PASSED"))
    assert counting(session)[people[1].pk] == "PASSED"


def test_what_was_passed_before_stands_again_when_a_class_is_taken_back(
    here, lead, trainer, wing, now, at_prison, signed_in
):
    with at_prison(here):
        buddy = build.active_buddy(here, lead, now - timedelta(days=30), wing=wing)
        session = training.class_in("T01", here, trainer, now, people=[buddy])
        training.marked(session, trainer, now, Mark(buddy=buddy, knowledge="NOT_YET"))
        assert "T01" not in module_states([buddy.pk], now.date())[buddy.pk].in_date
        training.marked(session, trainer, now, Mark(buddy=buddy, there=False))
        assert "T01" in module_states([buddy.pk], now.date())[buddy.pk].in_date


def test_somebody_without_a_place_gets_one_while_there_are_any(here, trainer, learners, now, at_prison):
    first, second, third = learners(3)
    with at_prison(here):
        session = training.class_in("T01", here, trainer, now, people=[first], places=2)
        passed = [Mark(buddy=buddy, knowledge="PASSED") for buddy in (first, second, third)]
        with pytest.raises(NotAllowed, match="This class has 2 places and 1 are booked, so there is no place for"):
            training.marked(session, trainer, now, *passed)
        assert ModuleResult.objects.count() == 0
        training.marked(session, trainer, now, *passed[:2])
    assert ClassPlace.objects.filter(session=session).count() == 2


def test_leaves_the_audit_event(signed_in, trainer, booked):
    session, people = booked(2)
    signed_in(trainer).post(url(session), said(people, "PASSED", "NOT_THERE"))
    event = AuditEvent.objects.get(code="training.class_marked")
    assert (event.actor_id, event.details["there"], event.details["absent"]) == (trainer.pk, 1, 1)


def test_everybody_passed_works_for_a_class_that_was_not_planned(signed_in, here, trainer, learners):
    learners(3)
    address = reverse("training:record_class", args=[here.code, "T01"])
    page = signed_in(trainer).get(address, {"fill": "passed"}).content.decode()
    assert page.count("checked") == 3
