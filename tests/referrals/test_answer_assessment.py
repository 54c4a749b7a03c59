"""The council's and healthcare's answers, and the plan that is shared with them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from buddyscheme.audit.models import AuditEvent
from referrals.actions.equipment import add_equipment, write_evacuation
from referrals.actions.plans import withdraw_consent
from referrals.models import AssessmentRequest, Consent, Need
from referrals.queries.assessments import days_waiting, unanswered
from tests.builders import referrals as build
from tests.builders.schemes import person_in
from tests.cast import acts
from tests.referrals.test_screen_referral import queries_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


@pytest.fixture
def request_(here, lead, wing, now, at_prison):
    with at_prison(here):
        person = person_in(here, lead, now, wing=wing)
        return build.put_to("COUNCIL", here, lead, now - timedelta(days=12), person)


ANSWERS = {
    "acknowledged_on": "2026-11-12",
    "visited_on": "",
    "decided_on": "2026-11-20",
    "decision": "ELIGIBLE",
    "answer": "Carers will come twice a day.",
    "version": 1,
}


def post(client, at, request_, **changed):
    return client.post(at("assessment_answer", request_.token), ANSWERS | changed)


def test_works(signed_in, council, request_, at):
    answer = post(signed_in(council), at, request_)
    request_.refresh_from_db()
    assert answer["Location"] == at("assessment", request_.token)
    assert (request_.acknowledged_on, request_.decided_on) == (date(2026, 11, 12), date(2026, 11, 20))
    assert (request_.decision, request_.answered_by) == ("ELIGIBLE", council)


def test_needs_the_permission(signed_in, lead, officer, request_, at):
    assert signed_in(lead).get(at("assessment", request_.token)).status_code == 200
    assert post(signed_in(lead), at, request_).status_code == 403
    assert signed_in(officer).get(at("assessments")).status_code == 403


def test_each_body_sees_only_its_own(signed_in, council, healthcare, request_, at):
    assert request_.reference in signed_in(council).get(at("assessments")).content.decode()
    assert "Nothing has been put to you." in signed_in(healthcare).get(at("assessments")).content.decode()
    assert signed_in(healthcare).get(at("assessment", request_.token)).status_code == 404
    assert post(signed_in(healthcare), at, request_).status_code == 404


def test_another_prisons_is_404(signed_in, council, elsewhere, lead, now, at_prison, at):
    with at_prison(elsewhere):
        other = build.put_to("COUNCIL", elsewhere, lead, now)
    assert signed_in(council).get(at("assessment", other.token)).status_code == 404


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"decided_on": "2026-10-01"}, "Date of the decision must be on or after 11 November 2026"),
        ({"decided_on": "2027-01-01"}, "Date of the decision must be on or before 23 November 2026"),
        ({"decided_on": "2026-02-31"}, "Date of the decision must be a real date"),
        ({"decision": ""}, "Select the decision that was made on this date."),
        ({"decided_on": ""}, "Enter the date of the decision."),
        ({"decision": "WILL_HELP"}, "Select one of the answers on the page"),
        ({"visited_on": "2026-11-22"}, "The decision cannot be before the visit."),
        ({"acknowledged_on": "", "decided_on": "", "decision": ""}, "Enter at least one date."),
        ({"answer": "x" * 10_000}, "Shorten the text by 9500 characters"),
    ],
)
def test_rejects_bad_input(signed_in, council, request_, at, changed, sentence):
    page = post(signed_in(council), at, request_, **changed).content.decode()
    assert sentence in page and (changed.get("answer") or "Carers will come twice a day.")[:20] in page
    assert AssessmentRequest.objects.get().answered_at is None


def test_somebody_else_saved_first(signed_in, council, request_, at):
    AssessmentRequest.objects.update(version=4)
    page = post(signed_in(council), at, request_).content.decode()
    assert "Somebody else changed this request" in page and 'name="version" value="4"' in page


def test_days_are_counted(here, request_, now, at_prison):
    with at_prison(here):
        found = unanswered(here, ["COUNCIL"]).get()
        assert days_waiting(found, now.date()) == 12
        found.decided_on = date(2026, 11, 20)
        assert days_waiting(found, now.date()) == 9


def test_a_decision_that_is_put_right_notes_the_needs_once(signed_in, council, request_, at):
    client = signed_in(council)
    post(client, at, request_, decision="NOT_ELIGIBLE")
    assert not Need.objects.filter(source="COUNCIL").exists()
    for version in (2, 3):
        post(client, at, request_, decision="ELIGIBLE", version=version)
    assert [need.category for need in Need.objects.filter(source="COUNCIL")] == ["MEALS"]


def test_decision_has_its_date_in_the_database(request_):
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE referrals_assessmentrequest SET decision = 'ELIGIBLE'")


def test_leaves_the_audit_event(signed_in, council, request_, at):
    post(signed_in(council), at, request_)
    event = AuditEvent.objects.get(code="assessment.answered")
    assert (event.actor_id, event.person_id, event.details["decision"]) == (council.pk, request_.person_id, "ELIGIBLE")


def test_the_shared_plan_while_sharing_stands(signed_in, council, healthcare, here, lead, now, at_prison, at):
    with at_prison(here):
        plan = build.agreed_plan(here, lead, now, outcome="BUDDY_AND_COUNCIL", staff_notes="Staff eyes only.")
    url = at("plan_shared", plan.token)
    page = signed_in(council).get(url).content.decode()
    assert plan.own_words in page and "Collect meals" in page and "Staff eyes only." not in page
    assert "always shared with you" in page and "At risk of falling" in page
    request_ = AssessmentRequest.objects.get()
    assert url in signed_in(council).get(at("assessment", request_.token)).content.decode()
    assert signed_in(healthcare).get(url).status_code == 404
    assert signed_in(council).get(at("plan", plan.token)).status_code == 403
    with at_prison(here):
        sharing = Consent.objects.get(plan=plan, scope="SHARING")
        withdraw_consent(by=acts(lead, here), now=now, consent=sharing)
        write_evacuation(
            by=acts(lead, here), now=now, plan=plan, needs_help=True, how="Two staff walk with him.", staff=2,
            waits_at="The gate of B2", review_on=now.date() + timedelta(days=90),
        )  # fmt: skip
        add_equipment(by=acts(lead, here), now=now, plan=plan, kind="FRAME", owner="PRISON")
        build.unmet_need(here, lead, now, plan.person)
    page = signed_in(council).get(url).content.decode()
    for words in ("Two staff walk with him.", "Walking frame", "Wash a person", "duty to keep the person safe"):
        assert words in page
    assert plan.own_words not in page and "Collect meals" not in page and "has not agreed to it" in page


def test_list_does_not_query_per_row(signed_in, council, here, lead, request_, now, wing, at_prison, at):
    client = signed_in(council)
    few = queries_of(client, at("assessments"))
    with at_prison(here):
        for _ in range(5):
            build.put_to("COUNCIL", here, lead, now, person_in(here, lead, now, wing=wing))
    assert queries_of(client, at("assessments")) == few
