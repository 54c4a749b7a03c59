"""Screening a referral; the list and the page of referrals."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from buddyscheme.audit.models import AuditEvent
from referrals.forms.referrals import ScreenForm
from referrals.models import AssessmentRequest, Referral, UnmetNeed
from referrals.queries import referrals as queries
from referrals.rules.council import route_of
from tests.builders import referrals as build
from tests.builders.schemes import person_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


@pytest.fixture
def referral(here, lead, wing, now, at_prison):
    with at_prison(here):
        return build.referral_of(person_in(here, lead, now, wing=wing), lead, now)


def post(client, at, referral, **answers):
    return client.post(at("screen", referral.token), {"version": 1, "reason": "", "outcome": "BUDDY", **answers})


@pytest.mark.parametrize(
    ("outcome", "bodies"),
    [
        ("BUDDY", set()),
        ("COUNCIL", {"COUNCIL"}),
        ("HEALTHCARE", {"HEALTHCARE"}),
        ("BUDDY_AND_COUNCIL", {"COUNCIL"}),
        ("BUDDY_AND_HEALTHCARE", {"HEALTHCARE"}),
    ],
)
def test_works(signed_in, lead, referral, at, now, outcome, bodies):
    answer = post(signed_in(lead), at, referral, outcome=outcome)
    referral.refresh_from_db()
    assert answer["Location"] == at("referral", referral.token)
    assert (referral.status, referral.outcome, referral.screened_by) == ("PROGRESSED", outcome, lead)
    asked = AssessmentRequest.objects.all()
    assert {request.body for request in asked} == bodies
    assert all(request.asked_on == now.date() for request in asked)


def test_asks_at_most_three_things():
    assert ScreenForm(council="the council").count_inputs() <= 3


def test_not_progressed_needs_a_reason(signed_in, lead, referral, at):
    page = post(signed_in(lead), at, referral, outcome="NONE").content.decode()
    assert "Enter why the referral is not progressed" in page
    post(signed_in(lead), at, referral, outcome="NONE", reason="Left for hospital for good")
    referral.refresh_from_db()
    assert (referral.status, referral.outcome_reason) == ("NOT_PROGRESSED", "Left for hospital for good")


@pytest.fixture
def of_care(here, lead, wing, now, at_prison):
    """Made four days ago, of somebody who needs washing too."""
    with at_prison(here):
        build.catalogue()
        person = person_in(here, lead, now, wing=wing)
        return build.referral_of(person, lead, now - timedelta(days=4), need_areas=["MEALS", "PERSONAL"])


@pytest.mark.parametrize("care", [[], ["PRO-03", "GIVEN"]])
def test_which_personal_care_is_not_given_is_asked(signed_in, lead, of_care, at, care):
    client = signed_in(lead)
    assert "Which personal care does the person not get?" in client.get(at("screen", of_care.token)).content.decode()
    page = post(client, at, of_care, care=care).content.decode()
    assert "Select the personal care that the person does not get" in page and 'name="care"' in page
    of_care.refresh_from_db()
    assert of_care.status == "RECEIVED" and not UnmetNeed.objects.exists()


def test_each_kind_becomes_an_unmet_need_known_since_the_referral(signed_in, lead, of_care, now, at):
    client = signed_in(lead)
    post(client, at, of_care, care=["PRO-03", "PRO-07"])
    known = now.date() - timedelta(days=4)
    assert set(UnmetNeed.objects.values_list("task", "known_on")) == {("PRO-03", known), ("PRO-07", known)}
    page = client.get(at("referral", of_care.token)).content.decode()
    assert "Not given: recorded as unmet, and its days are counted" in page
    assert AuditEvent.objects.filter(code="unmet_need.opened", person_id=of_care.person_id).count() == 2


def test_that_somebody_gives_it_is_recorded_instead(signed_in, lead, of_care, at):
    client = signed_in(lead)
    post(client, at, of_care, outcome="NONE", reason="Healthcare does all of it.", care=["GIVEN"])
    of_care.refresh_from_db()
    assert of_care.personal_care == "GIVEN" and not UnmetNeed.objects.exists()
    assert "gives it already" in client.get(at("referral", of_care.token)).content.decode()


def test_a_need_that_is_on_record_is_not_asked_again(signed_in, lead, here, of_care, now, at_prison, at):
    with at_prison(here):
        build.unmet_need(here, lead, now, of_care.person)
    client = signed_in(lead)
    assert "Which personal care" not in client.get(at("screen", of_care.token)).content.decode()
    post(client, at, of_care)
    of_care.refresh_from_db()
    assert of_care.personal_care == "UNMET" and UnmetNeed.objects.count() == 1


def test_personal_care_that_only_a_repeat_names_is_not_lost(
    signed_in, lead, council, here, referral, now, at_prison, at
):
    with at_prison(here):
        build.catalogue()
        again = build.referral_of(referral.person, lead, now, need_areas=["PERSONAL"], source="HEALTHCARE")
    client = signed_in(lead)
    page = post(client, at, referral, outcome="COUNCIL", with_repeats="on").content.decode()
    assert "Select the personal care that the person does not get" in page
    post(client, at, referral, outcome="COUNCIL", with_repeats="on", care=["PRO-03"])
    again.refresh_from_db()
    assert (again.status, again.personal_care) == ("PROGRESSED", "UNMET") and UnmetNeed.objects.count() == 1
    request = AssessmentRequest.objects.get()
    page = signed_in(council).get(at("assessment", request.token)).content.decode()
    assert "Meals and water<br>Washing, dressing, toilet or other personal care" in page


def test_council_by_name_and_law(signed_in, lead, here, referral, at):
    page = signed_in(lead).get(at("screen", referral.token)).content.decode()
    assert "Testshire Council" in page and "Care Act 2014, section 76" in page
    here.nation = "WALES"
    assert route_of(here).law == "Social Services and Well-being (Wales) Act 2014, Part 11"


def test_needs_the_permission(signed_in, officer, referral, at):
    assert post(signed_in(officer), at, referral).status_code == 403
    assert signed_in(officer).get(at("referrals")).status_code == 403
    assert signed_in(officer).get(at("referral", referral.token)).status_code == 403


def test_another_prisons_is_404(signed_in, outsider, elsewhere, lead, now, at_prison, at, referral):
    assert post(signed_in(outsider), at, referral).status_code == 404
    with at_prison(elsewhere):
        other = build.referral_of(person_in(elsewhere, lead, now), lead, now)
    for name in ("referral", "screen"):
        assert signed_in(lead).get(at(name, other.token)).status_code == 404


def test_refused_a_second_time(signed_in, lead, referral, at):
    post(signed_in(lead), at, referral)
    page = post(signed_in(lead), at, referral, outcome="COUNCIL", version=2).content.decode()
    assert "has been screened already" in page and not AssessmentRequest.objects.exists()


def test_somebody_else_saved_first(signed_in, lead, referral, at):
    Referral.objects.filter(pk=referral.pk).update(version=5)
    page = post(signed_in(lead), at, referral, reason="Typed at length").content.decode()
    assert "Somebody else changed this referral" in page and "Typed at length" in page
    assert 'name="version" value="5"' in page


def test_leaves_the_audit_events(signed_in, lead, referral, at):
    post(signed_in(lead), at, referral, outcome="BUDDY_AND_COUNCIL")
    assert AuditEvent.objects.get(code="referral.screened").details["outcome"] == "BUDDY_AND_COUNCIL"
    assert AuditEvent.objects.filter(code="assessment.asked").count() == 1


def test_reading_is_recorded(signed_in, lead, referral, at):
    assert referral.reason in signed_in(lead).get(at("referral", referral.token)).content.decode()
    assert AuditEvent.objects.get(code="viewed").person_id == referral.person_id


def test_urgent_ones_come_first_and_tiles_agree(signed_in, lead, here, referral, now, wing, at_prison, at):
    with at_prison(here):
        urgent = build.referral_of(person_in(here, lead, now, wing=wing), lead, now, urgency="URGENT")
        build.screened(build.referral_of(person_in(here, lead, now, wing=wing), lead, now), lead, now)
        assert list(queries.to_screen(here)) == [urgent, referral]
        assert queries.to_ask(here).count() == 1
    page = signed_in(lead).get(at("referrals"), {"status": "RECEIVED"}).content.decode()
    assert page.index(urgent.reference) < page.index(referral.reference) and page.count("referral R-") == 2


def test_empty_list(signed_in, lead, at):
    assert "Nobody has been referred yet." in signed_in(lead).get(at("referrals")).content.decode()


def test_list_does_not_query_per_row(signed_in, lead, here, referral, now, wing, at_prison, at):
    client = signed_in(lead)
    few = queries_of(client, at("referrals"))
    with at_prison(here):
        for _ in range(6):
            build.referral_of(person_in(here, lead, now, wing=wing), lead, now)
    assert queries_of(client, at("referrals")) == few


def queries_of(client, url):
    client.get(url)
    with CaptureQueriesContext(
        connection,
    ) as found:
        client.get(url)
    return len(found)
