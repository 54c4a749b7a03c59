"""The pages of a match: suggestions, suitability, both answers, pausing and ending."""

from __future__ import annotations

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from buddyscheme.audit.models import AuditEvent
from buddyscheme.lib.dates import london_today
from referrals.models import Consent, Match, Plan
from referrals.queries.matches import proposed
from referrals.queries.suggestions import facts_for
from schemes.actions.keep_apart import keep_apart
from tests.builders.buddies import active_buddy
from tests.builders.referrals import agreed_plan
from tests.builders.schemes import person_in
from tests.builders.visits import planned_on, proposed_match
from tests.cast import acts


@pytest.fixture(autouse=True)
def _clock(now):
    with time_machine.travel(now, tick=False):
        yield


@pytest.fixture
def plan(here, wing, lead, now, at_prison):
    with at_prison(here):
        person = person_in(here, lead, now, wing=wing, landing=1, cell="A1-01")
        return agreed_plan(here, lead, now, person=person, wing=wing)


@pytest.fixture
def buddy(here, wing, lead, now, at_prison, plan):
    with at_prison(here):
        return active_buddy(here, lead, now, wing=wing, landing=2, cell="A2-01", last_name="Baxter")


@pytest.fixture
def match(plan, buddy, here, lead, now, at_prison):
    with at_prison(here):
        return proposed_match(plan, buddy, lead, now)


def url(name, here, *args):
    return reverse(f"referrals:{name}", args=[here.code, *args])


def test_from_suggestion_to_active(plan, buddy, signed_in, lead, here, now, at_prison):
    client = signed_in(lead)
    page = client.get(url("suggestions", here, plan.token)).content.decode()
    suitability = url("suitability", here, plan.token, buddy.token)
    assert suitability in page and "Same wing (15 of 15 points)" in page
    assert "Clearance is in date until" in client.get(suitability).content.decode()
    assert client.post(suitability, {}).status_code == 302
    match = Match.objects.get()
    answers = url("match_agreement", here, match.token)
    page = client.post(answers, {"person_agrees": "yes", "buddy_agrees": "yes"}, follow=True).content.decode()
    assert "The match is active" in page
    match.refresh_from_db()
    assert match.status == "ACTIVE" and match.started_on == london_today(now)
    assert Consent.objects.filter(match=match, scope="NAMED_BUDDY", given=True).exists()
    assert planned_on(plan, london_today(now)).buddy_id == buddy.pk
    assert AuditEvent.objects.filter(code="match.started", person_id=plan.person_id).exists()


def test_a_refusal_needs_no_reason(match, signed_in, lead, here):
    posted = {"person_agrees": "no", "buddy_agrees": "yes"}
    signed_in(lead).post(url("match_agreement", here, match.token), posted)
    match.refresh_from_db()
    assert match.status == "REFUSED" and match.person_agreed_at is None
    assert not Consent.objects.filter(match=match).exists()


def test_both_answers_are_needed(match, signed_in, lead, here):
    page = signed_in(lead).post(url("match_agreement", here, match.token), {"person_agrees": "yes"}).content.decode()
    assert "Select what the buddy said" in page


def test_keep_apart_between_asking_and_saving(match, plan, buddy, signed_in, lead, here, now, at_prison):
    with at_prison(here):
        keep_apart(
            by=acts(lead, here), now=now, prison=here, person=plan.person, other=buddy.person, reason="THREAT",
            restriction="WING",
        )  # fmt: skip
    posted = {"person_agrees": "yes", "buddy_agrees": "yes"}
    page = signed_in(lead).post(url("match_agreement", here, match.token), posted).content.decode()
    assert "A keep-apart record stops this match." in page and "Threat" not in page
    match.refresh_from_db()
    assert match.status == "PROPOSED"


def test_the_unsuitable_are_listed_with_the_words(plan, buddy, signed_in, lead, here, now, at_prison):
    with at_prison(here):
        keep_apart(
            by=acts(lead, here), now=now, prison=here, person=buddy.person, other=plan.person, reason="THREAT",
            restriction="WING",
        )  # fmt: skip
    client = signed_in(lead)
    page = client.get(url("suggestions", here, plan.token)).content.decode()
    assert "Not suitable now" in page and "A keep-apart record stops this match." in page and "hreat" not in page
    page = client.post(url("suitability", here, plan.token, buddy.token), {}).content.decode()
    assert "These two cannot be matched now." in page and not Match.objects.exists()


def test_pause_resume_end(match, plan, signed_in, lead, here, now):
    client = signed_in(lead)
    client.post(url("match_agreement", here, match.token), {"person_agrees": "yes", "buddy_agrees": "yes"})
    client.post(url("match_pause", here, match.token), {"reason": "The buddy is unwell"})
    assert planned_on(plan, london_today(now)).buddy_id is None
    client.post(url("match_resume", here, match.token), {})
    assert planned_on(plan, london_today(now)).buddy_id == match.buddy_id
    page = client.post(url("match_end", here, match.token), {}).content.decode()
    assert "Select why the match ends" in page
    client.post(url("match_end", here, match.token), {"reason": "It did not work between the two"})
    match.refresh_from_db()
    assert match.status == "ENDED" and match.ended_by == lead
    history = client.get(url("plan", here, plan.token)).content.decode()
    assert "It did not work between the two" in history
    page = client.post(url("match_pause", here, match.token), {"reason": "Again"}).content.decode()
    assert "This match has ended." in page


@pytest.mark.parametrize("name", ["match", "match_agreement", "match_pause", "match_resume", "match_end"])
def test_permissions_and_other_prisons(match, signed_in, officer, outsider, here, elsewhere, name):
    assert signed_in(officer).get(url(name, here, match.token)).status_code == 403
    assert signed_in(outsider).get(url(name, elsewhere, match.token)).status_code == 404


def test_a_plan_of_another_prison(plan, buddy, signed_in, outsider, elsewhere):
    assert signed_in(outsider).get(url("suggestions", elsewhere, plan.token)).status_code == 404
    assert signed_in(outsider).get(url("suitability", elsewhere, plan.token, buddy.token)).status_code == 404


def test_the_tile_counts_what_the_list_shows(match, signed_in, lead, here, at_prison):
    page = signed_in(lead).get(f"{url('matches', here)}?status=PROPOSED").content.decode()
    with at_prison(here):
        assert proposed(here).count() == 1
    assert url("match", here, match.token) in page


def test_plans_that_wait_for_a_buddy(plan, signed_in, lead, here):
    assert url("suggestions", here, plan.token) in signed_in(lead).get(url("matches_waiting", here)).content.decode()


def test_facts_of_all_buddies_in_under_fifteen_queries(plan, buddy, here, wing, lead, now, at_prison):
    def queries() -> int:
        with at_prison(here):
            fresh = Plan.objects.select_related("person").get(pk=plan.pk)
            with CaptureQueriesContext(connection) as captured:
                facts_for(here, fresh, "LEAD", london_today(now)).ranked()
        return sum(1 for query in captured if "FROM" in query["sql"])  # beside savepoints and the scope's settings

    few = queries()
    assert few < 15
    with at_prison(here):
        for _ in range(3):
            active_buddy(here, lead, now, wing=wing)
    assert queries() == few
