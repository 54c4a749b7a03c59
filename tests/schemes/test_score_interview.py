"""Interviews: written criteria, two scores given apart, the agreed result; nothing after the decision."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.urls import reverse

from buddyscheme.audit.models import AuditEvent
from buddyscheme.lib.errors import NotAllowed
from schemes.actions.buddies import ask_for_checks
from schemes.models import Buddy, Interview, InterviewCriteria, Scheme, ScoreSheet
from schemes.queries.interviews import to_score
from schemes.rules.interviews import DEFAULT_CRITERIA
from tests import cast
from tests.builders import buddies as build

pytestmark = pytest.mark.django_db
RESULT = {"held_on": "2026-11-23", "panel": "Lead, officer", "result": "SUITABLE", "notes": "", "adjustments_made": ""}


@pytest.fixture(autouse=True)
def _clock(now):
    with time_machine.travel(now, tick=False):
        yield


@pytest.fixture
def buddy(here, lead, wing, now, at_prison):
    with at_prison(here):
        return build.at_interview(here, lead, now, wing=wing)


def url(name, *args):
    return reverse(f"schemes:{name}", args=["ZTA", *args])


def sheet(*scores, **more):
    given = scores or (4, 3, 2, 1, 4)
    return {"held_on": "2026-11-23", **{f"score_{i}": str(n) for i, n in enumerate(given)}, "reasons": "", **more}


def test_two_scores_then_the_agreed_result(signed_in, buddy, lead, officer):
    assert signed_in(officer).post(url("score", buddy.token), sheet(reasons="Calm and clear")).status_code == 302
    assert signed_in(lead).post(url("score", buddy.token), sheet(1, 1, 1, 1, 1)).status_code == 302
    page = signed_in(lead).get(url("interview", buddy.token)).content.decode()
    assert "Olu Officer" in page and "Calm and clear" in page and "4 – Shown very well" in page
    answer = RESULT | {"adjustments_made": "Questions in writing"}
    assert signed_in(lead).post(url("interview", buddy.token), answer).status_code == 302
    interview = Interview.objects.get()
    assert interview.criteria.items == list(DEFAULT_CRITERIA) and interview.criteria.version == 1
    assert [one.scored_by_id for one in interview.score_sheets.order_by("place")] == [officer.pk, lead.pk]
    page = signed_in(lead).get(url("buddy", buddy.token)).content.decode()
    assert "Scores given apart" in page and "Questions in writing" in page
    assert "0 of 2 scores" not in page


def test_who_scores_reads_what_makes_it_easier(signed_in, here, wing, lead, officer, now, at_prison):
    with at_prison(here):
        build.scheme_ready(here, lead, now)
        build.two_scores(here, lead, now)
        buddy = build.applied(here, lead, now, wing=wing)
        # As the terminal records it: answers that were tapped, and no words.
        Buddy.objects.filter(pk=buddy.pk).update(easier=["LARGE_PRINT", "MORE_TIME"], adjustments="")
        ask_for_checks(by=cast.acts(lead, here), now=now, buddy=buddy)
        build.cleared(buddy, lead, now)
    for address in (url("interviews"), url("score", buddy.token)):
        page = signed_in(officer).get(address).content.decode()
        assert "Large print" in page and "More time" in page


def test_nobody_is_shown_a_score_before_both_are_in(signed_in, buddy, lead, officer, deputy):
    clean = signed_in(lead).get(url("score", buddy.token)).content.decode()
    signed_in(officer).post(url("score", buddy.token), sheet(1, 1, 1, 1, 1, reasons="Angry words"))
    for user, page in (
        (lead, url("score", buddy.token)),
        (lead, url("interview", buddy.token)),
        (deputy, url("buddy", buddy.token)),
        (deputy, url("interviews")),
        (officer, url("interviews")),
    ):
        shown = signed_in(user).get(page).content.decode()
        assert "Angry words" not in shown and "Scores given apart" not in shown and "1 – Not shown</td>" not in shown
    again = signed_in(lead).get(url("score", buddy.token)).content.decode()
    assert _body(again) == _body(clean), "the second scorer's page is the same, whether or not there is a first score"
    event = AuditEvent.objects.get(code="buddy.interview_scored")
    assert event.details == {"criteria": 1}


def _body(page):
    """What a reader sees: without the form's key and token, which are new each time."""
    return re.sub(r'<input type="hidden"[^>]*>', "", page.split("<main")[1].split("</main>")[0])


def test_the_result_waits_for_both(signed_in, buddy, lead, officer):
    answer = signed_in(lead).post(url("interview", buddy.token), RESULT | {"notes": "Kept words"})
    assert "Neither of the two scores is in yet" in answer.content.decode()
    signed_in(officer).post(url("score", buddy.token), sheet())
    answer = signed_in(lead).post(url("interview", buddy.token), RESULT | {"notes": "Kept words"})
    assert "Only one of the two scores is in yet" in answer.content.decode()
    assert "Kept words" in answer.content.decode()
    assert not Interview.objects.exists()


def test_two_different_people(signed_in, buddy, officer, deputy, lead):
    assert signed_in(officer).post(url("score", buddy.token), sheet()).status_code == 302
    again = signed_in(officer).post(url("score", buddy.token), sheet())
    assert "You have given your scores for this interview" in again.content.decode()
    signed_in(lead).post(url("score", buddy.token), sheet())
    third = signed_in(deputy).post(url("score", buddy.token), sheet())
    assert "Both scores for this interview are in" in third.content.decode()
    one = ScoreSheet.objects.get(scored_by=officer)
    with pytest.raises(IntegrityError, match="score_sheet_two_people"), transaction.atomic():
        ScoreSheet.objects.filter(scored_by=lead).update(scored_by=one.scored_by)


@pytest.mark.parametrize("how", ["offered", "declined", "recorded"])
def test_scores_after_the_decision_are_refused(signed_in, buddy, lead, officer, deputy, now, here, at_prison, how):
    from schemes.actions import buddies as actions

    with at_prison(here):
        for user in (lead, officer):
            build.scored(buddy, user, now)
        build.interviewed(buddy, lead, now, result="NOT_SUITABLE" if how == "declined" else "SUITABLE")
        if how == "offered":
            actions.offer_role(by=cast.acts(lead, here), now=now, buddy=buddy)
        if how == "declined":
            actions.decline(by=cast.acts(lead, here), now=now, buddy=buddy, reason="Not yet")
    answer = signed_in(deputy).post(url("score", buddy.token), sheet(reasons="Kept words"))
    assert "has been made, so no more scores are taken" in answer.content.decode()
    assert "Kept words" in answer.content.decode()
    assert ScoreSheet.objects.count() == 2


def test_another_interview_has_a_later_day(signed_in, buddy, lead, officer, now, here, at_prison):
    with at_prison(here):
        for user in (lead, officer):
            build.scored(buddy, user, now)
        build.interviewed(buddy, lead, now, result="NOT_SUITABLE")
        assert not to_score(here, lead).exists()
    answer = signed_in(lead).post(url("score", buddy.token), sheet())
    assert "For another interview, enter its later date" in answer.content.decode()
    with time_machine.travel(now + timedelta(days=7), tick=False):
        assert signed_in(lead).post(url("score", buddy.token), sheet(held_on="2026-11-30")).status_code == 302
    assert ScoreSheet.objects.filter(interview=None).count() == 1


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"score_0": ""}, "Select a score for “Wants to help others"),
        ({"score_0": "5"}, "Select one of the answers on the page"),
        ({"held_on": "2026-11-24"}, "must be today or in the past"),
    ],
)
def test_rejects_bad_input(signed_in, buddy, officer, change, says):
    answer = signed_in(officer).post(url("score", buddy.token), sheet(reasons="Kept words") | change)
    assert says in answer.content.decode() and "Kept words" in answer.content.decode()
    assert not ScoreSheet.objects.exists()


def test_who_may(signed_in, buddy, security, delegate, outsider, trainer):
    assert signed_in(security).get(url("score", buddy.token)).status_code == 403
    assert signed_in(delegate).get(url("interviews")).status_code == 403
    assert signed_in(outsider).get(url("score", buddy.token)).status_code == 404
    assert signed_in(trainer).get(url("interviews")).status_code == 200


def test_the_list_holds_those_that_wait_for_me(buddy, lead, officer, now, here, at_prison):
    with at_prison(here):
        assert [row.pk for row in to_score(here, officer)] == [buddy.pk]
        build.scored(buddy, officer, now)
        assert not to_score(here, officer).exists()
        assert [row.pk for row in to_score(here, lead)] == [buddy.pk]
        build.scored(buddy, lead, now)
        assert not to_score(here, lead).exists()


def test_the_lead_writes_the_criteria_and_earlier_versions_are_kept(signed_in, buddy, lead, officer, now, here):
    client = signed_in(lead)
    signed_in(officer).post(url("score", buddy.token), sheet())
    change = {"criteria": "Listens\nIs patient\n\n", "two_scores": "yes", "version": Scheme.objects.get().version}
    assert client.post(url("scheme_interview"), change).status_code == 302
    newest = InterviewCriteria.objects.latest("version")
    assert (newest.version, newest.items) == (2, ["Listens", "Is patient"])
    assert "Wants to help others" in client.get(url("score", buddy.token)).content.decode(), "as the first scored"
    assert client.post(url("score", buddy.token), sheet()).status_code == 302
    assert set(ScoreSheet.objects.values_list("criteria__version", flat=True)) == {1}
    assert "2 criteria, scored apart by two members of staff" in client.get(url("scheme")).content.decode()


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("", "Enter at least one criterion"),
        ("Listens\nlistens", "is there twice"),
        ("\n".join(f"Number {n}" for n in range(11)), "Enter from 1 to 10 criteria"),
        ("x" * 151, "at most 150 characters"),
    ],
)
def test_rejects_bad_criteria(signed_in, buddy, lead, typed, says):
    form = {"criteria": typed, "two_scores": "no", "version": Scheme.objects.get().version}
    answer = signed_in(lead).post(url("scheme_interview"), form)
    assert says in answer.content.decode()
    assert Scheme.objects.get().two_scores


def test_a_scheme_without_the_option_agrees_a_result_at_once(signed_in, here, lead, wing, now, at_prison):
    with at_prison(here):
        buddy = build.cleared(build.in_checks(here, lead, now, wing=wing), lead, now)
        with pytest.raises(NotAllowed, match="agrees a result without separate scores"):
            build.scored(buddy, lead, now)
    page = signed_in(lead).get(url("interview", buddy.token)).content.decode()
    assert DEFAULT_CRITERIA[0] in page
    assert signed_in(lead).post(url("interview", buddy.token), RESULT).status_code == 302
    assert Interview.objects.get().criteria.version == 1
