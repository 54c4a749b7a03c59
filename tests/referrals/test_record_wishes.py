"""Asking a person in private what they want."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from buddyscheme.audit.models import AuditEvent
from referrals.actions.plans import end_plan
from referrals.forms.plans import PlanForm, TaskForm, WishesForm
from referrals.models import Consent, Plan
from referrals.queries.referrals import to_ask
from schemes.actions.people import end_custody
from schemes.queries.people import custody_of
from tests.builders import referrals as build
from tests.builders.schemes import person_in
from tests.cast import acts

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
ANSWERS = {"own_words": "I want to eat hot food again.", "answer": "AGREES", "share": "yes"}


@pytest.fixture
def referral(here, lead, wing, now, at_prison):
    with at_prison(here):
        return build.screened(build.referral_of(person_in(here, lead, now, wing=wing), lead, now), lead, now)


def test_works(signed_in, officer, referral, at):
    client = signed_in(officer)
    assert referral.person.list_name in client.get(at("people_to_ask")).content.decode()
    answer = client.post(at("wishes", referral.token), ANSWERS)
    plan = Plan.objects.get()
    assert answer["Location"] == at("people_to_ask")
    assert (plan.status, plan.own_words, plan.asked_by) == ("WISHES", ANSWERS["own_words"], officer)
    assert set(Consent.objects.values_list("scope", "given")) == {("SUPPORT", True), ("SHARING", True)}
    assert "Nobody is waiting to be asked." in client.get(at("people_to_ask")).content.decode()


def test_the_lead_goes_on_to_write(signed_in, lead, referral, at):
    answer = signed_in(lead).post(at("wishes", referral.token), ANSWERS)
    assert answer["Location"] == at("plan_edit", Plan.objects.get().token)


def test_refusal_closes_in_peace_and_can_be_asked_again(signed_in, lead, referral, at):
    client = signed_in(lead)
    client.post(at("wishes", referral.token), ANSWERS | {"answer": "REFUSES", "share": "no"})
    assert Plan.objects.get().status == "REFUSED"
    assert set(Consent.objects.values_list("given", flat=True)) == {False}
    client.post(at("wishes", referral.token), ANSWERS)
    assert set(Plan.objects.values_list("status", flat=True)) == {"REFUSED", "WISHES"}


def test_at_most_twenty_inputs_at_four_tasks(now):
    """Wishes, plan and four tasks; a task's usual minutes and its note are there to be changed, not to be filled in."""
    task = TaskForm(tasks=[])
    needed = [field for field in task if not field.is_hidden and field.field.required]
    plan = PlanForm(today=now.date())
    assert WishesForm().count_inputs() + plan.count_inputs() + 4 * len(needed) <= 20


def test_own_words_are_the_first_question():
    assert next(field.name for field in WishesForm() if not field.is_hidden) == "own_words"


def test_needs_the_permission(signed_in, council, referral, at):
    assert signed_in(council).post(at("wishes", referral.token), ANSWERS).status_code == 403
    assert signed_in(council).get(at("people_to_ask")).status_code == 403


def test_another_prisons_is_404(signed_in, lead, elsewhere, now, at_prison, at):
    with at_prison(elsewhere):
        other = build.screened(build.referral_of(person_in(elsewhere, lead, now), lead, now), lead, now)
    assert signed_in(lead).get(at("wishes", other.token)).status_code == 404


def test_refused_with_a_live_plan(signed_in, lead, referral, at):
    client = signed_in(lead)
    client.post(at("wishes", referral.token), ANSWERS)
    page = client.post(at("wishes", referral.token), ANSWERS | {"own_words": "Typed again."}).content.decode()
    assert "has a plan already" in page and "Typed again." in page and Plan.objects.count() == 1


def test_refused_for_somebody_who_left(signed_in, lead, here, referral, now, at_prison, at):
    with at_prison(here):
        end_custody(by=acts(lead, here), now=now, custody=custody_of(here, referral.person), reason="RELEASE")
    page = signed_in(lead).post(at("wishes", referral.token), ANSWERS).content.decode()
    assert "no longer on this prison’s list" in page and ANSWERS["own_words"] in page


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"own_words": " "}, "Enter what the person said, in their own words"),
        ({"own_words": "y" * 10_000}, "Shorten the text by 9000 characters"),
        ({"answer": ""}, "Select whether the person agrees"),
        ({"share": ""}, "Select yes or no for sharing the plan"),
    ],
)
def test_rejects_bad_input(signed_in, lead, referral, at, changed, sentence):
    assert sentence in signed_in(lead).post(at("wishes", referral.token), ANSWERS | changed).content.decode()


def test_one_live_plan_in_the_database(here, lead, referral, now, at_prison):
    with at_prison(here):
        plan = build.wishes(here, lead, now, referral.person)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO referrals_plan (prison_id, token, reference, status, own_words, answer, asked_at, asked_by_id,"
            " goals, safety_words, staff_notes, evacuation_plan, end_reason, version, referral_id, person_id)"
            " SELECT prison_id, 'x', 'P-2', status, own_words, answer, asked_at, asked_by_id, goals, safety_words,"
            " staff_notes, evacuation_plan, end_reason, version, referral_id, person_id"
            " FROM referrals_plan WHERE id = %s",
            [plan.pk],
        )


def test_leaves_the_audit_events(signed_in, officer, referral, at):
    signed_in(officer).post(at("wishes", referral.token), ANSWERS)
    assert AuditEvent.objects.get(code="plan.wishes_recorded").person_id == referral.person_id
    assert AuditEvent.objects.filter(code="consent.given").count() == 2


def test_a_no_answers_what_repeats_the_referral_and_whoever_left_is_not_asked(
    signed_in, lead, here, wing, referral, now, clock, at_prison, at
):
    with at_prison(here):
        again = build.screened(build.referral_of(referral.person, lead, now), lead, now)
        gone = build.screened(build.referral_of(person_in(here, lead, now, wing=wing), lead, now), lead, now)
        assert set(to_ask(here)) == {referral, again, gone}
        end_custody(by=acts(lead, here), now=now, custody=custody_of(here, gone.person), reason="RELEASE")
    clock.shift(60)
    signed_in(lead).post(at("wishes", again.token), ANSWERS | {"answer": "REFUSES", "share": "no"})
    with at_prison(here):
        assert not to_ask(here).exists()


def test_a_plan_that_ran_meanwhile_answers_the_referral_too(here, lead, wing, now, at_prison):
    later = [now + timedelta(hours=hour) for hour in range(4)]
    with at_prison(here):
        plan = build.agreed_plan(here, lead, later[0], person_in(here, lead, now, wing=wing), wing=wing)
        build.screened(build.referral_of(plan.person, lead, later[1]), lead, later[1])
        end_plan(by=acts(lead, here), now=later[2], plan=plan, reason="Manages alone.")
        assert not to_ask(here).exists()
        new = build.screened(build.referral_of(plan.person, lead, later[3]), lead, later[3])
        assert list(to_ask(here)) == [new]
