"""Clearance: in the department's own name, none skipped, none by who recorded the application."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from buddyscheme.audit.models import AuditEvent
from buddyscheme.lib.errors import NotAllowed
from buddyscheme.outbox.models import Message
from schemes.actions.buddies import withdraw
from schemes.actions.clearance import ask_again, enter_paper_clearance, sign_clearance
from schemes.forms.clearance import PaperForm, SignForm
from schemes.models import Clearance
from schemes.queries.buddies import standing_of
from schemes.queries.clearance import waiting_for
from tests import cast
from tests.builders import buddies as build

pytestmark = pytest.mark.django_db
ANSWERS = {"decision": "CLEARED", "expires_on": "2027-11-01", "note": ""}
PAPER = {"decision": "12", "decided_on": "2026-11-20", "written_by": "omu@prison.example.test"}


@pytest.fixture(autouse=True)
def _clock(now):
    with time_machine.travel(now, tick=False):
        yield


@pytest.fixture
def buddy(here, lead, wing, now, at_prison):
    with at_prison(here):
        return build.in_checks(here, lead, now, wing=wing)


def url_of(buddy, department="SECURITY"):
    clearance = Clearance.objects.filter(buddy=buddy, department=department).latest("id")
    return reverse("schemes:clearance", args=[buddy.prison_id, clearance.token])


def paper_url(buddy, department="OFFENDER_MANAGEMENT"):
    return reverse("schemes:paper", args=[buddy.prison_id, buddy.token, department])


def test_works(signed_in, buddy, security):
    assert signed_in(security).post(url_of(buddy), ANSWERS).status_code == 302
    clearance = Clearance.objects.get(buddy=buddy, department="SECURITY")
    assert (clearance.decision, clearance.source, clearance.signed_by_id) == ("CLEARED", "ACCOUNT", security.pk)
    buddy.refresh_from_db()
    assert buddy.status == "CHECKS"


def test_three_inputs():
    assert SignForm().count_inputs() == PaperForm().count_inputs() == 3


def test_the_last_signature_brings_the_interview(buddy, lead, now, here, at_prison):
    with at_prison(here):
        buddy = build.cleared(buddy, lead, now)
    assert buddy.status == "INTERVIEW"


def test_none_can_be_skipped(buddy, lead, now, here, at_prison):
    with at_prison(here):
        for clearance in list(Clearance.objects.filter(buddy=buddy).order_by("id"))[:-1]:
            build.signed(clearance, lead, now)
        assert build.fresh(buddy).status == "CHECKS"
        assert standing_of(buddy, now.date()).clearance == "MISSING"


def test_needs_the_permission(signed_in, buddy, lead, officer):
    for user in (lead, officer):
        assert signed_in(user).post(url_of(buddy), ANSWERS).status_code == 403


def test_another_prisons_and_another_departments_are_404(signed_in, buddy, outsider, healthcare):
    assert signed_in(outsider).post(url_of(buddy), ANSWERS).status_code == 404
    assert signed_in(healthcare).post(url_of(buddy), ANSWERS).status_code == 404


def test_a_signatory_signs_for_the_department_that_the_membership_names(signed_in, buddy, here):
    signatory = cast.make_staff("Olga Offender", "SIGNATORY", here, department="OFFENDER_MANAGEMENT")
    client = signed_in(signatory)
    page = client.get(reverse("schemes:clearances", args=[here.code])).content.decode()
    assert page.count("Offender management") >= 1 and ">Security<" not in page
    assert client.post(url_of(buddy, "OFFENDER_MANAGEMENT"), ANSWERS).status_code == 302
    assert client.post(url_of(buddy, "SECURITY"), ANSWERS).status_code == 404


def test_the_list_shows_only_ones_own_and_only_what_waits(signed_in, buddy, security, here, lead, now, at_prison):
    url = reverse("schemes:clearances", args=[here.code])
    assert "Showing 1 to 1 of 1" in " ".join(signed_in(security).get(url).content.decode().split())
    with at_prison(here):
        withdraw(by=cast.acts(lead, here), now=now, buddy=buddy)
        assert not waiting_for(here, {"SECURITY"}).exists()
    assert "Nothing waits for your department." in signed_in(security).get(url).content.decode()


def test_nobody_signs_for_a_person_whose_application_they_recorded(signed_in, here, wing, now, at_prison, lead):
    both = cast.make_staff("Bo Both", "LEAD", here)
    cast.Membership.objects.create(user=both, prison=here, role="SECURITY", starts_on=cast.SINCE)
    with at_prison(here):
        buddy = build.in_checks(here, both, now, wing=wing)
    answer = signed_in(both).post(url_of(buddy), ANSWERS)
    assert answer.status_code == 200 and "somebody else in your department has to sign" in answer.content.decode()
    assert Clearance.objects.get(buddy=buddy, department="SECURITY").decision == "WAITING"


def test_the_action_asks_again_who_signs(buddy, here, lead, now, at_prison):
    clearance = Clearance.objects.get(buddy=buddy, department="SECURITY")
    with at_prison(here), pytest.raises(NotAllowed, match="Only Security may sign"):
        sign_clearance(
            by=cast.acts(lead, here),
            now=now,
            clearance=clearance,
            decision="CLEARED",
            decided_on=now.date(),
            expires_on=now.date() + timedelta(days=9),
        )


@pytest.mark.parametrize("again", [False, True])
def test_refused_after_the_decision(signed_in, buddy, security, here, lead, now, at_prison, again):
    if again:
        signed_in(security).post(url_of(buddy), ANSWERS)
        says = "Security has already answered"
    else:
        with at_prison(here):
            withdraw(by=cast.acts(lead, here), now=now, buddy=buddy)
        says = "no clearance is needed any more"
    answer = signed_in(security).post(url_of(buddy), ANSWERS)
    assert answer.status_code == 200 and says in answer.content.decode()


@pytest.mark.parametrize(
    ("field", "typed", "says"),
    [
        ("decision", "", "Select an answer"),
        ("expires_on", "", "Enter the date on which the clearance runs out"),
        ("expires_on", "2026-11-23", "must run out after the decision"),
        ("expires_on", "2206-11-23", "five years at most"),
        ("expires_on", "2027-02-30", "must be a real date"),
    ],
)
def test_rejects_bad_input(signed_in, buddy, security, field, typed, says):
    answer = signed_in(security).post(url_of(buddy), {**ANSWERS, "note": "Kept words", field: typed})
    assert answer.status_code == 200 and says in answer.content.decode()
    assert "Kept words" in answer.content.decode()
    assert Clearance.objects.get(buddy=buddy, department="SECURITY").decision == "WAITING"


def test_leaves_the_audit_event_without_the_note(signed_in, buddy, security):
    signed_in(security).post(url_of(buddy), {**ANSWERS, "note": "Nobody else’s business"})
    event = AuditEvent.objects.get(code="buddy.clearance_signed")
    assert (event.actor_id, event.person_id) == (security.pk, buddy.person_id)
    assert event.details == {"department": "SECURITY", "decision": "CLEARED"}


def test_paper_is_marked_as_such(signed_in, buddy, lead):
    assert signed_in(lead).post(paper_url(buddy), PAPER).status_code == 302
    clearance = Clearance.objects.get(buddy=buddy, department="OFFENDER_MANAGEMENT")
    assert (clearance.source, clearance.signed_by_id, clearance.decision) == ("PAPER", lead.pk, "CLEARED")
    page = signed_in(lead).get(reverse("schemes:buddy", args=[buddy.prison_id, buddy.token])).content.decode()
    assert "Entered from a dated e-mail or paper" in page


def test_paper_is_not_for_a_department_with_an_account(signed_in, buddy, lead, security):
    answer = signed_in(lead).post(paper_url(buddy, "SECURITY"), PAPER)
    assert "Sid Security signs for Security here" in answer.content.decode()


def test_paper_of_an_unknown_department_is_404(signed_in, buddy, lead):
    assert signed_in(lead).get(paper_url(buddy, "KITCHEN")).status_code == 404


def test_paper_from_the_future_is_refused(signed_in, buddy, lead):
    answer = signed_in(lead).post(paper_url(buddy), {**PAPER, "decided_on": "2026-11-24"})
    assert "must be today or in the past" in answer.content.decode()


def test_a_refusal_on_renewal_stops_visits(here, lead, wing, now, at_prison):
    later = now + timedelta(days=350)
    with at_prison(here):
        buddy = build.active_buddy(here, lead, now, wing=wing)
        with pytest.raises(NotAllowed, match="no clearance to ask for"):
            ask_again(by=cast.acts(lead, here), now=now, buddy=buddy)
        first, *_ = ask_again(by=cast.acts(lead, here), now=later, buddy=buddy)
        assert standing_of(buddy, later.date()).cleared, "the last answer counts until the next"
        enter_paper_clearance(
            by=cast.acts(lead, here),
            now=later,
            buddy=buddy,
            department=first.department,
            decision="REFUSED",
            decided_on=later.date(),
            expires_on=None,
            kind="PAPER",
            written_by="Head of department",
        )
        assert standing_of(buddy, later.date()).clearance == "MISSING"
    assert Message.objects.filter(topic="buddy.stopped", payload__buddy_id=buddy.pk).exists()


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ("decision = 'CLEARED'", "clearance_"),
        ("decision = 'CLEARED', signed_at = now(), signed_by_id = asked_by_id", "clearance_has_dates"),
    ],
)
def test_the_database_holds_it_too(buddy, change, constraint):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE schemes_clearance SET {change} WHERE buddy_id = %s", [buddy.pk])


def test_list_does_not_query_per_row(
    signed_in, security, here, lead, wing, now, at_prison, django_assert_max_num_queries
):
    with at_prison(here):
        for _ in range(12):
            build.in_checks(here, lead, now, wing=wing)
    client = signed_in(security)
    with django_assert_max_num_queries(20):
        client.get(reverse("schemes:clearances", args=[here.code]))


@pytest.mark.parametrize(
    ("kind", "written_by", "sentence"),
    [("TELEPHONE", "Hana Head", "an e-mail or paper"), ("PAPER", "  ", "Enter who wrote")],
)
def test_a_decision_from_outside_says_what_it_was_written_on_and_by_whom(
    buddy, here, lead, now, at_prison, kind, written_by, sentence
):
    with at_prison(here), pytest.raises(NotAllowed, match=sentence):
        enter_paper_clearance(
            by=cast.acts(lead, here), now=now, buddy=buddy, department="OFFENDER_MANAGEMENT", decision="CLEARED",
            decided_on=now.date(), expires_on=now.date() + timedelta(days=100), kind=kind, written_by=written_by,
        )  # fmt: skip
