"""The council clock: limits of the scheme, what is waited for, letters, the council’s plan, and people who left."""

from __future__ import annotations

import itertools
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from buddyscheme.audit.models import AuditEvent
from referrals.handlers import custody_ended
from referrals.models import AssessmentChase, AssessmentRequest
from referrals.queries import assessments as queries
from referrals.rules.assessments import step_waited_for
from schemes.actions.people import end_custody
from schemes.models import Scheme
from schemes.queries.people import custody_of
from tests.builders import referrals as build
from tests.builders.schemes import person_in
from tests.cast import acts

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
BODIES = ["COUNCIL", "HEALTHCARE"]


@pytest.fixture
def person(here, lead, wing, now, at_prison):
    with at_prison(here):
        build.scheme_open(here, lead, now, wing)
        return person_in(here, lead, now, wing=wing)


@pytest.fixture
def request_(here, lead, person, now, at_prison):
    """Put to the council on 11 November, twelve days ago."""
    with at_prison(here):
        return build.put_to("COUNCIL", here, lead, now - timedelta(days=12), person)


def decided(request_, **dates):
    values = {"decided_on": date(2026, 11, 20), "decision": "ELIGIBLE", **dates}
    AssessmentRequest.objects.filter(pk=request_.pk).update(**values)
    request_.refresh_from_db()
    return request_


def leave(person, here, lead, when):
    custody = custody_of(here, person)
    end_custody(by=acts(lead, here), now=when, custody=custody, reason="RELEASE")
    custody_ended(here.code, {"custody": custody.pk, "user": lead.pk})
    return custody


def test_the_query_and_the_rule_agree_on_what_is_waited_for(here, lead, person, request_, now, at_prison):
    day = date(2026, 11, 20)
    with at_prison(here):
        health = build.put_to("HEALTHCARE", here, lead, now, person)
        told = ("", "ELIGIBLE", "NOT_ELIGIBLE")
        for ack, seen, decision, plan, closed in itertools.product((0, 1), (0, 1), told, (0, 1), (0, 1)):
            if plan and decision != "ELIGIBLE":
                continue
            values = {
                "acknowledged_on": day if ack else None,
                "visited_on": day if seen else None,
                "decision": decision,
                "decided_on": day if decision else None,
                "plan_received_on": day if plan else None,
                "closed_on": day if closed else None,
                "close_reason": "Left" if closed else "",
            }
            AssessmentRequest.objects.filter(pk=request_.pk).update(**values)
            row = queries.with_clock(queries.assessments_of(here, ["COUNCIL"]), now.date()).get()
            assert row.step == (step_waited_for(row) or ""), values
        AssessmentRequest.objects.filter(pk=health.pk).update(decision="WILL_HELP", decided_on=now.date())
        assert queries.with_clock(queries.assessments_of(here, ["HEALTHCARE"]), now.date()).get().step == ""


def test_days_are_counted_against_the_limits_of_the_scheme(signed_in, lead, here, request_, now, at_prison, at):
    with at_prison(here):
        found = queries.to_chase(here, BODIES, now.date()).get()
        assert (found.waited, found.limit, found.step) == (12, 7, "ACKNOWLEDGE")
        AssessmentRequest.objects.update(acknowledged_on=date(2026, 11, 12))
        assert not queries.to_chase(here, BODIES, now.date()).exists()
        assert queries.to_chase(here, BODIES, date(2026, 12, 10)).get().limit == 28
    page = signed_in(lead).get(at("assessments")).content.decode()
    assert "In time" in page and "Received, waits for the person to be seen" in page
    Scheme.objects.update(council_visit_days=11)
    page = signed_in(lead).get(at("assessments"), {"state": "chase"}).content.decode()
    assert "Late" in page and request_.reference in page


def test_the_list_to_chase_is_one_query(here, request_, now, at_prison, django_assert_num_queries):
    with at_prison(here), django_assert_num_queries(1):
        assert len(queries.to_chase(here, BODIES, now.date())) == 1


def test_a_letter_is_logged_and_taken_off_the_list(signed_in, lead, here, request_, now, at_prison, at):
    client = signed_in(lead)
    answer = client.post(at("assessment_chase", request_.token))
    chase = AssessmentChase.objects.get()
    assert answer["Location"] == at("chase_letter", chase.token)
    assert (chase.step, chase.waited, chase.printed_by) == ("ACKNOWLEDGE", 12, lead)
    page = client.get(answer["Location"]).content.decode()
    assert "Testshire Council, adult social care" in page and "Care Act 2014, section 76" in page
    assert "That was 12 days ago." in page and "within 7 days. It has taken 12." in page and "before" not in page
    page = client.get(at("assessment", request_.token)).content.decode()
    assert "by Lena Lead, after 12 days: answer that it has come" in page
    client.post(at("assessment_chase", request_.token))
    assert AssessmentChase.objects.count() == 1
    assert "A letter was printed today." in client.get(at("assessment", request_.token)).content.decode()
    with at_prison(here):
        assert not queries.to_chase(here, BODIES, now.date() + timedelta(days=6)).exists()
        assert queries.to_chase(here, BODIES, now.date() + timedelta(days=7)).exists()
    assert AuditEvent.objects.get(code="assessment.chased").person_id == request_.person_id


def test_a_second_letter_says_when_the_first_was(signed_in, lead, here, request_, now, at_prison, at):
    with at_prison(here):
        build.chased(request_, lead, now - timedelta(days=9))
        last = build.chased(request_, lead, now)
    page = signed_in(lead).get(at("chase_letter", last.token)).content.decode()
    assert "We wrote about this before: first on 14 November 2026." in page


def test_a_welsh_prison_writes_in_both_languages_by_its_own_law(signed_in, lead, here, request_, at):
    here.nation, here.council = "WALES", "Cyngor Sir Brawf"
    here.save(update_fields=["nation", "council"])
    answer = signed_in(lead).post(at("assessment_chase", request_.token))
    page = signed_in(lead).get(answer["Location"]).content.decode()
    assert "Cyngor Sir Brawf, gofal cymdeithasol i oedolion" in page and "Rhan 11" in page
    assert "Social Services and Well-being (Wales) Act 2014, Part 11" in page and "Care Act" not in page
    assert "Ar 11 Tachwedd 2026 gofynnom" in page


def test_healthcare_is_asked_in_its_own_words_and_without_a_law(signed_in, lead, here, person, now, at_prison, at):
    with at_prison(here):
        asked = build.put_to("HEALTHCARE", here, lead, now - timedelta(days=4), person)
    answer = signed_in(lead).post(at("assessment_chase", asked.token))
    page = signed_in(lead).get(answer["Location"]).content.decode()
    assert "Healthcare at Testwick" in page and "within 3 days. It has taken 4." in page
    assert "The law" not in page and "Council" not in page


def test_the_plan_comes_after_eligible_and_lead_or_council_enter_it(signed_in, lead, council, request_, at):
    url, early = at("assessment_plan", request_.token), {"plan_received_on": "2026-11-20", "version": 1}
    assert "Record that first." in signed_in(lead).post(url, early).content.decode()
    decided(request_)
    page = signed_in(lead).get(at("assessment", request_.token)).content.decode()
    assert "Eligible, waits for the council’s plan" in page and "3 days of 28" in page
    bad = signed_in(council).post(url, {"plan_received_on": "2026-11-19", "version": 1}).content.decode()
    assert "must be on or after 20 November 2026" in bad
    signed_in(council).post(url, {"plan_received_on": "2026-11-22", "version": 1})
    request_.refresh_from_db()
    assert request_.plan_received_on == date(2026, 11, 22)
    with pytest.raises(IntegrityError), transaction.atomic():
        AssessmentRequest.objects.update(decision="NOT_ELIGIBLE")


def test_a_letter_about_the_plan_names_the_day_of_the_decision(signed_in, lead, request_, at):
    decided(request_)
    answer = signed_in(lead).post(at("assessment_chase", request_.token))
    page = signed_in(lead).get(answer["Location"]).content.decode()
    assert "On 20 November 2026 you decided that the person is eligible." in page and "Today is day 3." in page


def test_needs_the_permission_and_the_prison(signed_in, council, lead, elsewhere, request_, now, at_prison, at):
    assert signed_in(council).post(at("assessment_chase", request_.token)).status_code == 403
    with at_prison(elsewhere):
        other = build.put_to("COUNCIL", elsewhere, lead, now)
        letter = build.chased(other, lead, now)
    for name, token in (("assessment_chase", other.token), ("assessment_plan", other.token)):
        assert signed_in(lead).post(at(name, token)).status_code == 404
    assert signed_in(lead).get(at("chase_letter", letter.token)).status_code == 404


def test_a_request_of_somebody_who_left_is_closed_and_never_counts_as_answered(
    signed_in, lead, council, here, person, request_, now, at_prison, at
):
    with at_prison(here):
        custody = leave(person, here, lead, now - timedelta(days=1))
        custody_ended(here.code, {"custody": custody.pk, "user": lead.pk})
        request_.refresh_from_db()
        assert (request_.closed_on, request_.close_reason) == (
            date(2026, 11, 22),
            "Left this prison on 22 November 2026",
        )
        assert queries.days_waiting(request_, date(2026, 12, 31)) == 11
        assert not queries.unanswered(here, BODIES).exists() and not queries.decided(here, BODIES).exists()
        assert list(queries.closed_undecided(here, BODIES)) == [request_]
        assert not queries.to_chase(here, BODIES, date(2027, 1, 1)).exists()
    client = signed_in(lead)
    assert "Closed" in client.get(at("assessments"), {"state": "closed"}).content.decode()
    assert request_.reference not in client.get(at("assessments"), {"state": "decided"}).content.decode()
    client.post(at("assessment_chase", request_.token))
    assert "This request is closed: Left this prison" in client.get(at("assessment", request_.token)).content.decode()
    late = {"decided_on": "2026-11-23", "decision": "ELIGIBLE", "version": 2}
    page = signed_in(council).post(at("assessment_answer", request_.token), late).content.decode()
    assert "when the request was closed" in page
    assert AuditEvent.objects.filter(code="assessment.closed").count() == 1


def test_what_has_come_to_its_end_is_not_closed(here, lead, person, request_, now, at_prison):
    decided(request_, decision="NOT_ELIGIBLE")
    with at_prison(here):
        leave(person, here, lead, now)
    request_.refresh_from_db()
    assert request_.closed_on is None


def test_limits_are_the_schemes_own(signed_in, lead, officer, person, here):
    url = f"/prisons/{here.code}/scheme/limits/"
    assert signed_in(officer).get(url).status_code == 403
    client, version = signed_in(lead), Scheme.objects.get().version
    answers = {
        "council_ack_days": 5, "council_visit_days": 20, "council_decide_days": 30, "council_plan_days": 14,
        "health_ack_days": 2, "health_visit_days": 5, "health_decide_days": 10, "version": version,
    }  # fmt: skip
    page = client.post(url, answers | {"council_visit_days": 4}).content.decode()
    assert "Enter at least 5 days, as for the step before it." in page
    assert "Enter a whole number from 1 to 180" in client.post(url, answers | {"health_ack_days": 0}).content.decode()
    client.post(url, answers)
    assert Scheme.objects.get().council_decide_days == 30
    assert "Council: answers in 5 days" in client.get(f"/prisons/{here.code}/scheme/").content.decode()
