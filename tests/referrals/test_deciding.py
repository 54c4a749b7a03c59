"""People who cannot decide this for themselves: Mental Capacity Act 2005. Nothing is stored as their consent."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from buddyscheme.audit.models import AuditEvent
from buddyscheme.lib.errors import NotAllowed
from referrals.actions.capacity import end_capacity, record_capacity
from referrals.actions.matches import propose_match, record_agreement
from referrals.actions.plans import give_consent, record_wishes, withdraw_consent
from referrals.forms.capacity import CapacityForm
from referrals.models import CapacityRecord, Consent, Match, Plan, PlannedVisit
from referrals.queries import capacity as queries
from tests.builders import referrals as build
from tests.builders.buddies import active_buddy
from tests.builders.schemes import person_in
from tests.cast import acts
from tests.referrals.test_screen_referral import queries_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

ANSWERS = {
    "own_words": "Points at the door and smiles.", "decision": "Whether to have help from a buddy",
    "assessed_by_name": "Olu Adeyemi", "assessed_by_role": "Social worker", "assessed_on": "2026-11-20",
    "cannot": ["RETAIN", "WEIGH"], "best_interests": "Help with meals, because he eats with company.", "share": "yes",
    "consulted": "Jean Carter, daughter\n\nSam Poole, key worker", "advocate": "NAMED",
    "advocate_words": "Ruth Hale", "objects": "no", "review_on": "2027-01-20",
}  # fmt: skip
BASIS = "Decided in the person’s best interests on 23 November 2026"


@pytest.fixture
def referral(here, lead, wing, now, at_prison):
    with at_prison(here):
        build.scheme_open(here, lead, now, wing)
        person = person_in(here, lead, now, wing=wing)
        return build.screened(build.referral_of(person, lead, now), lead, now)


@pytest.fixture
def plan(here, lead, wing, now, at_prison):
    """An active plan that stands on a decision in the person's best interests."""
    with at_prison(here):
        person = person_in(here, lead, now, wing=wing)
        return build.agreed_plan(here, lead, now, person, wing=wing, decided_for=True)


@pytest.fixture
def match(here, lead, wing, plan, now, at_prison):
    """Proposed for that plan."""
    with at_prison(here):
        buddy = active_buddy(here, lead, now, wing=wing)
        return propose_match(by=acts(lead, here), now=now, plan=plan, buddy=buddy, why="Asked.")


def visits_left(plan):
    return PlannedVisit.objects.filter(plan=plan, cancelled_at__isnull=True).count()


def test_a_third_way_beside_yes_and_no(signed_in, lead, referral, at):
    client = signed_in(lead)
    assert at("wishes_capacity", referral.token) in client.get(at("wishes", referral.token)).content.decode()
    answer = client.post(at("wishes_capacity", referral.token), ANSWERS)
    plan, record = Plan.objects.get(), CapacityRecord.objects.get()
    assert answer["Location"] == at("plan_edit", plan.token)
    assert (plan.answer, plan.status, plan.own_words) == ("CANNOT", "WISHES", "Points at the door and smiles.")
    assert record.cannot == ["RETAIN", "WEIGH"]
    assert record.consulted == ["Jean Carter, daughter", "Sam Poole, key worker"]
    assert not Consent.objects.exists()
    page = client.get(at("plan", plan.token)).content.decode()
    assert BASIS in page and "Ruth Hale" in page
    assert AuditEvent.objects.get(code="capacity.recorded").person_id == plan.person_id


def test_nothing_is_ticked_before_the_assessor_ticks_it(signed_in, lead, referral, at):
    page = signed_in(lead).get(at("wishes_capacity", referral.token)).content.decode()
    assert "checked" not in page
    assert CapacityForm(today=date(2026, 11, 23), asks_words=True).count_inputs() <= 14


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"cannot": []}, "Select what the person cannot do"),
        ({"consulted": " \n "}, "Enter who was consulted, or that nobody could be"),
        ({"advocate": "NOT_NEEDED", "advocate_words": ""}, "Enter why no advocate is needed."),
        ({"advocate_words": ""}, "Enter the advocate’s name."),
        ({"assessed_by_name": ""}, "Enter the name of whoever assessed the person"),
        ({"assessed_on": "2026-11-24"}, "must be on or before 23 November 2026"),
        ({"assessed_on": "2026-08-01"}, "must be on or after"),
        ({"review_on": "2027-03-30"}, "must be on or before 23 February 2027"),
        ({"objects": ""}, "Select whether the person showed that they do not want this"),
    ],
)
def test_rejects_what_is_missing(signed_in, lead, referral, at, changed, sentence):
    page = signed_in(lead).post(at("wishes_capacity", referral.token), ANSWERS | changed).content.decode()
    assert sentence in page and "Points at the door and smiles." in page and not Plan.objects.exists()


def test_an_objection_is_recorded_and_stops_the_step(signed_in, lead, here, referral, at_prison, at):
    signed_in(lead).post(at("wishes_capacity", referral.token), ANSWERS | {"objects": "yes"})
    plan, record = Plan.objects.get(), CapacityRecord.objects.get()
    assert (plan.status, record.end, record.objects_to_it) == ("REFUSED", "OBJECTED", True)
    with at_prison(here):
        assert queries.standing(plan) is None


def test_that_somebody_cannot_decide_needs_an_assessment(here, lead, referral, now, at_prison):
    with at_prison(here), pytest.raises(NotAllowed, match="Record who assessed"):
        record_wishes(by=acts(lead, here), now=now, referral=referral, own_words="-", answer="CANNOT")


def test_help_stands_on_the_decision_while_it_stands(signed_in, lead, here, plan, now, at_prison, at):
    assert plan.status == "ACTIVE" and not Consent.objects.exists() and visits_left(plan)
    assert BASIS in signed_in(lead).get(at("plan_print", plan.token)).content.decode()
    with at_prison(here):
        with pytest.raises(NotAllowed, match="Record first that they can decide again"):
            give_consent(by=acts(lead, here), now=now, plan=plan, scope="SUPPORT")
        assert queries.is_shared(plan, queries.standing(plan)) and queries.is_supported(plan)


def test_what_the_person_showed_about_a_buddy_is_kept_and_no_yes(signed_in, lead, plan, match, now, at):
    client, url = signed_in(lead), at("match_agreement", match.token)
    page = client.get(url).content.decode()
    assert "Does the person want this buddy?" not in page and "What did the person show or say" in page
    bad = client.post(url, {"person_showed": "", "objects": "no", "buddy_agrees": "yes"}).content.decode()
    assert "Enter what the person showed or said" in bad
    client.post(url, {"person_showed": "Took his hand.", "objects": "no", "buddy_agrees": "yes"})
    match.refresh_from_db()
    assert (match.status, match.person_agreed_at, match.under_best_interests) == ("ACTIVE", None, True)
    assert not Consent.objects.exists()
    assert PlannedVisit.objects.filter(plan=plan, buddy=match.buddy, cancelled_at__isnull=True).exists()
    assert "What they showed: Took his hand." in client.get(at("match", match.token)).content.decode()
    with pytest.raises(IntegrityError), transaction.atomic():
        Match.objects.filter(pk=match.pk).update(person_agreed_at=now, person_agreed_by=lead)


def test_an_objection_to_a_buddy_refuses_the_match(signed_in, lead, match, at):
    answers = {"person_showed": "Turned away.", "objects": "yes", "buddy_agrees": "yes"}
    signed_in(lead).post(at("match_agreement", match.token), answers)
    match.refresh_from_db()
    assert (match.status, match.person_showed) == ("REFUSED", "Turned away.")


def test_whoever_can_decide_again_is_asked_as_anybody_is(signed_in, lead, here, plan, match, now, at_prison, at):
    with at_prison(here):
        record_agreement(
            by=acts(lead, here), now=now, match=match, person_agrees=True, buddy_agrees=True, person_showed="Smiled."
        )
    record = CapacityRecord.objects.get()
    signed_in(lead).post(at("capacity_regained", record.token), {})
    plan.refresh_from_db()
    match.refresh_from_db()
    assert (plan.status, match.status, visits_left(plan)) == ("PAUSED", "ENDED", 0)
    give = at("consent_give", plan.token, "support")
    assert give in signed_in(lead).get(at("plan", plan.token)).content.decode()
    signed_in(lead).post(give, {})
    with at_prison(here), pytest.raises(NotAllowed, match="ended already"):
        end_capacity(by=acts(lead, here), now=now, capacity=record, objected=False)
    plan.refresh_from_db()
    assert (plan.status, plan.answer) == ("ACTIVE", "AGREES") and visits_left(plan)


@pytest.fixture
def agreed_before(here, lead, wing, now, at_prison):
    """An active plan to which the person agreed; an hour later somebody assessed that they cannot decide any more."""
    with at_prison(here):
        plan = build.agreed_plan(here, lead, now, person_in(here, lead, now, wing=wing), wing=wing)
        at = now + timedelta(hours=1)
        record_capacity(by=acts(lead, here), now=at, plan=plan, assessment=build.assessed(at))
    return plan


def test_an_older_yes_does_not_stand_once_a_decision_has_ended(
    signed_in, lead, here, agreed_before, clock, at_prison, at
):
    clock.shift(timedelta(hours=2))
    plan, client = agreed_before, signed_in(lead)
    client.post(at("capacity_regained", CapacityRecord.objects.get().token), {})
    with at_prison(here):
        assert not queries.is_supported(plan)
    page = client.get(at("plan", plan.token)).content.decode()
    give = at("consent_give", plan.token, "support")
    assert give in page and "To be asked again" in page
    clock.shift(timedelta(minutes=1))
    client.post(give, {})
    plan.refresh_from_db()
    assert plan.status == "ACTIVE" and visits_left(plan)


def test_an_older_yes_does_not_overrule_an_objection(signed_in, lead, here, wing, now, clock, at_prison, at):
    with at_prison(here):
        plan = build.draft_plan(here, lead, now, person_in(here, lead, now, wing=wing), wing=wing)
        later = now + timedelta(hours=1)
        assessment = build.assessed(later, objects=True)
        record_capacity(by=acts(lead, here), now=later, plan=plan, assessment=assessment)
    clock.shift(timedelta(hours=2))
    page = signed_in(lead).post(at("plan_activate", plan.token), {}).content.decode()
    assert "The person does not agree to help from a buddy" in page
    plan.refresh_from_db()
    assert plan.status == "DRAFT"


def test_an_objection_in_a_review_ends_the_match_that_stood_on_the_decision(
    signed_in, lead, here, plan, match, now, at_prison, at
):
    with at_prison(here):
        record_agreement(
            by=acts(lead, here), now=now, match=match, person_agrees=True, buddy_agrees=True, person_showed="Smiled."
        )
    answers = {key: value for key, value in ANSWERS.items() if key != "own_words"} | {"objects": "yes"}
    signed_in(lead).post(at("plan_capacity", plan.token), answers)
    match.refresh_from_db()
    assert (match.status, match.end_reason) == ("ENDED", "The person objected")


def test_an_officer_stops_help_that_the_person_shows_they_do_not_want(signed_in, officer, plan, at):
    record = CapacityRecord.objects.get()
    client = signed_in(officer)
    assert at("capacity_objected", record.token) in client.get(at("helped_person", plan.token)).content.decode()
    assert client.post(at("capacity_objected", record.token), {})["Location"] == at("helped_person", plan.token)
    plan.refresh_from_db()
    assert (plan.status, visits_left(plan)) == ("PAUSED", 0)
    assert client.get(at("plan_capacity", plan.token)).status_code == 403
    assert client.post(at("capacity_regained", record.token), {}).status_code == 403


def test_a_review_takes_the_place_of_the_one_before(signed_in, lead, here, plan, now, at_prison, at):
    answers = {key: value for key, value in ANSWERS.items() if key != "own_words"}
    signed_in(lead).post(at("plan_capacity", plan.token), answers)
    first, second = CapacityRecord.objects.order_by("id")
    assert (first.end, second.end, second.review_on) == ("REPLACED", "", date(2027, 1, 20))
    signed_in(lead).post(at("plan_capacity", plan.token), answers | {"objects": "yes"})
    plan.refresh_from_db()
    assert (plan.status, visits_left(plan)) == ("PAUSED", 0)
    with at_prison(here):
        record_capacity(by=acts(lead, here), now=now, plan=plan, assessment=build.assessed(now))
    plan.refresh_from_db()
    assert plan.status == "ACTIVE" and visits_left(plan)


def test_what_somebody_said_while_they_could_decide_is_not_overruled(here, lead, wing, now, at_prison):
    with at_prison(here):
        plan = build.agreed_plan(here, lead, now, person_in(here, lead, now, wing=wing), wing=wing)
        withdraw_consent(by=acts(lead, here), now=now, consent=Consent.objects.get(plan=plan, scope="SUPPORT"))
        with pytest.raises(NotAllowed, match="withdrew while they could decide"):
            record_capacity(by=acts(lead, here), now=now, plan=plan, assessment=build.assessed(now))


def test_those_to_review_are_listed(signed_in, lead, officer, here, plan, now, at_prison, at):
    client = signed_in(lead)
    assert signed_in(officer).get(at("best_interests")).status_code == 403
    assert "Nothing matches the filters" in client.get(at("best_interests"), {"show": "review"}).content.decode()
    with at_prison(here):
        assert not queries.to_review(here, now.date() + timedelta(days=45)).exists()
        assert list(queries.to_review(here, now.date() + timedelta(days=46))) == [CapacityRecord.objects.get()]
    few = queries_of(client, at("best_interests"))
    with at_prison(here):
        for _ in range(3):
            build.decided_for(here, lead, now)
    assert queries_of(client, at("best_interests")) == few


def test_another_prisons_is_404(signed_in, lead, elsewhere, now, at_prison, at):
    with at_prison(elsewhere):
        other = build.decided_for(elsewhere, lead, now)
        record = CapacityRecord.objects.get()
    assert signed_in(lead).get(at("plan_capacity", other.token)).status_code == 404
    assert signed_in(lead).get(at("wishes_capacity", other.referral.token)).status_code == 404
    for name in ("capacity_regained", "capacity_objected"):
        assert signed_in(lead).post(at(name, record.token), {}).status_code == 404
