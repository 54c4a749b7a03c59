"""A second referral of the same person is noticed, linked, and looked at together with the first."""

from __future__ import annotations

import pytest

from referrals.models import AssessmentRequest, Referral
from tests.builders import referrals as build
from tests.builders.schemes import person_in
from tests.referrals.test_make_referral import ANSWERS, NUMBER, begin

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


@pytest.fixture
def person(here, lead, wing, now, at_prison):
    with at_prison(here):
        return person_in(here, lead, now, NUMBER, wing=wing)


def to_answers(client, at):
    begin(client, at)
    client.post(at("refer_questions"), ANSWERS)
    return client.get(at("refer_answers")).content.decode()


@pytest.mark.parametrize(("pressed", "linked"), [({}, True), ({"new": "1"}, False)], ids=["repeat", "new"])
def test_it_asks_whether_this_is_new(signed_in, lead, here, person, now, at_prison, at, pressed, linked):
    with at_prison(here):
        first = build.referral_of(person, lead, now)
    client = signed_in(lead)
    page = to_answers(client, at)
    assert "Is this new?" in page and at("referral", first.token) in page
    client.post(at("refer_answers"), pressed)
    second = Referral.objects.exclude(pk=first.pk).get()
    assert second.repeats == (first if linked else None)
    for one, other in ((first, second), (second, first)):
        assert other.reference in client.get(at("referral", one.token)).content.decode()


def test_nothing_is_asked_for_a_first_one(signed_in, officer, person, at):
    assert "Is this new?" not in to_answers(signed_in(officer), at)


def test_a_plan_that_runs_is_noticed(signed_in, officer, lead, here, wing, person, now, at_prison, at):
    with at_prison(here):
        plan = build.agreed_plan(here, lead, now, person, wing=wing)
    client = signed_in(officer)
    page = to_answers(client, at)
    assert plan.reference in page and at("plan", plan.token) not in page, "an officer reads no plans"
    client.post(at("refer_answers"), {})
    assert Referral.objects.latest("id").repeats == plan.referral


def test_two_officers_who_press_at_once_are_both_kept(signed_in, officer, lead, person, at):
    one, two = signed_in(officer), signed_in(lead)
    to_answers(one, at)
    assert "Is this new?" not in to_answers(two, at)
    one.post(at("refer_answers"), {})
    two.post(at("refer_answers"), {})
    first, second = Referral.objects.order_by("id")
    assert (first.repeats, second.repeats) == (None, first)
    assert {first.referred_by, second.referred_by} == {officer, lead}


def test_one_outcome_for_what_says_the_same(signed_in, lead, here, person, now, at_prison, at):
    with at_prison(here):
        first = build.referral_of(person, lead, now)
        again = build.referral_of(person, lead, now, source="HEALTHCARE")
        other = build.referral_of(person, lead, now, new=True)
    client = signed_in(lead)
    page = client.get(at("screen", first.token)).content.decode()
    assert "that repeat this one" in page and again.reference in page
    client.post(at("screen", first.token), {"outcome": "COUNCIL", "reason": "", "version": 1, "with_repeats": "on"})
    outcomes = dict(Referral.objects.values_list("pk", "outcome"))
    assert outcomes == {first.pk: "COUNCIL", again.pk: "COUNCIL", other.pk: ""}
    assert AssessmentRequest.objects.count() == 1, "nothing is put to the council twice"


def test_the_tick_is_not_there_without_repeats(signed_in, lead, here, person, now, at_prison, at):
    with at_prison(here):
        first = build.referral_of(person, lead, now)
    assert "that repeat this one" not in signed_in(lead).get(at("screen", first.token)).content.decode()
