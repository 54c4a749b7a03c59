"""Proposing a match."""

from __future__ import annotations

import pytest

from buddyscheme.audit.models import AuditEvent
from buddyscheme.lib.errors import NotAllowed
from referrals.actions.plans import end_plan
from referrals.models import Match
from schemes.actions.keep_apart import keep_apart
from tests.builders.buddies import active_buddy, fresh, in_training, taken_over
from tests.builders.referrals import agreed_plan, draft_plan
from tests.builders.schemes import person_in
from tests.builders.visits import active_match, proposed_match
from tests.cast import acts


@pytest.fixture
def plan(here, wing, lead, now, at_prison):
    with at_prison(here):
        person = person_in(here, lead, now, wing=wing, landing=1, cell="A1-01", languages=["English"])
        return agreed_plan(here, lead, now, person=person, wing=wing)


@pytest.fixture
def buddy(here, wing, lead, now, at_prison, plan):
    with at_prison(here):
        return active_buddy(here, lead, now, wing=wing, landing=2, cell="A2-01", languages=["English"])


def test_reasons_and_checks_are_kept(plan, buddy, here, lead, now, at_prison):
    with at_prison(here):
        match = proposed_match(plan, buddy, lead, now)
    assert match.status == Match.Status.PROPOSED
    assert {reason["words"] for reason in match.reasons} >= {"Same wing", "1 landing away"}
    assert len(match.checks) == 14
    others = [(check["verdict"], check["words"]) for check in match.checks if check["verdict"] != "PASS"]
    assert others == [("WARN", "Would help on 6 days in a row of at most 6.")], "a task of every day, but for the rest"
    assert not match.under_take_over
    event = AuditEvent.objects.get(code="match.proposed")
    assert event.person_id == plan.person_id and event.details["buddy"] == buddy.pk


def test_who_is_not_suggested_first_is_proposed_with_a_reason(plan, buddy, here, lead, now, at_prison, signed_in, at):
    with at_prison(here):
        other = active_buddy(here, lead, now, languages=["Welsh"])
    client, path = signed_in(lead), at("suitability", plan.token, other.token)
    asked = client.get(path).content.decode()
    name = buddy.person.full_name
    assert f"{name} is suggested first. Why do you choose this buddy?" in asked
    refused = client.post(path, {"why": " "}).content.decode()
    assert f"{name} is suggested first. Why do you choose this buddy?" in refused
    assert f"{name} is suggested first. Enter why you choose this buddy instead." in refused
    assert not Match.objects.exists()
    page = client.post(path, {"why": "They share a faith."}, follow=True).content.decode()
    match = Match.objects.get()
    assert (match.instead_of, match.choice_reason) == (buddy, "They share a faith.")
    words = f"{name} was suggested first. They share a faith."
    assert words in page and words in client.get(at("plan", plan.token)).content.decode()
    event = AuditEvent.objects.get(code="match.chosen")
    assert event.person_id == plan.person_id and event.details["instead_of"] == buddy.pk


def test_why_another_buddy_is_chosen_may_not_be_personal_care(plan, here, lead, now, at_prison, signed_in, at):
    with at_prison(here):
        other = active_buddy(here, lead, now, languages=["Welsh"])
    why = "He already washes him in the shower."
    page = signed_in(lead).post(at("suitability", plan.token, other.token), {"why": why}).content.decode()
    assert "personal care" in page and why in page
    assert not Match.objects.exists()


def test_the_first_suggestion_needs_no_reason_and_keeps_none(plan, buddy, signed_in, lead, at):
    client, path = signed_in(lead), at("suitability", plan.token, buddy.token)
    assert "why" not in client.get(path).context["form"].fields
    client.post(path, {"why": "Not asked for."})
    assert (Match.objects.get().instead_of, Match.objects.get().choice_reason) == (None, "")
    assert not AuditEvent.objects.filter(code="match.chosen").exists()


def test_who_is_asked_for_by_name_is_suggested_before_an_equal(
    plan, buddy, here, wing, lead, now, at_prison, signed_in, at
):
    with at_prison(here):
        other = active_buddy(here, lead, now, wing=wing, landing=2, cell="A2-02", languages=["English"])
    client, path = signed_in(lead), at("asked_for", plan.token)
    listed = lambda: client.get(at("suggestions", plan.token))  # noqa: E731
    last = listed().context["suggestions"][-1]
    wanted = other if other.person.list_name == last["name"] else buddy
    assert "Record a wish" in listed().content.decode()
    client.post(path, {"buddy": wanted.token})
    first = listed().context["suggestions"][0]
    assert first["name"] == wanted.person.list_name
    assert "The person asked for this buddy" in {reason.words for reason in first["reasons"]}
    assert f"asks for {wanted.person.full_name} by name" in listed().content.decode()
    plan.refresh_from_db()
    assert (plan.asked_for, plan.asked_for_by) == (wanted, lead)
    assert AuditEvent.objects.get(code="plan.buddy_asked_for").details["buddy"] == wanted.pk
    client.post(path, {"buddy": ""})
    assert "Record a wish" in listed().content.decode()


def test_nobody_asks_for_somebody_who_is_no_buddy_here_or_on_a_plan_that_ended(
    plan, buddy, here, lead, now, at_prison, signed_in, at
):
    with at_prison(here):
        end_plan(by=acts(lead, here), now=now, plan=plan, reason="No longer needed")
    page = signed_in(lead).post(at("asked_for", plan.token), {"buddy": buddy.token}).content.decode()
    assert "This plan has ended, so nobody is chosen for it." in page
    page = signed_in(lead).post(at("asked_for", plan.token), {"buddy": "nobody"}).content.decode()
    assert "Select one of the answers on the page" in page
    plan.refresh_from_db()
    assert plan.asked_for is None


def test_a_take_over_is_named(plan, here, wing, lead, delegate, now, at_prison):
    with at_prison(here):
        buddy = taken_over(here, lead, delegate, now, wing=wing)
        match = proposed_match(plan, buddy, lead, now)
    assert match.under_take_over


def test_without_modules_a_match_is_refused_in_words(plan, here, wing, lead, now, at_prison):
    with at_prison(here):
        buddy = in_training(here, lead, now, wing=wing)
        with pytest.raises(NotAllowed, match=r"The compact is missing\. Your role is not passed|Not an active buddy"):
            proposed_match(plan, buddy, lead, now)
    assert not Match.objects.exists()


def test_the_recipient_is_not_their_own_buddy(here, wing, lead, now, at_prison):
    with at_prison(here):
        buddy = active_buddy(here, lead, now, wing=wing)
        plan = agreed_plan(here, lead, now, person=buddy.person, wing=wing)
        with pytest.raises(NotAllowed, match="Nobody is their own buddy"):
            proposed_match(plan, buddy, lead, now)


@pytest.mark.parametrize("twisted", [False, True])
def test_keep_apart_stops_it_both_ways(plan, buddy, here, lead, now, at_prison, twisted):
    one, other = (buddy.person, plan.person) if twisted else (plan.person, buddy.person)
    with at_prison(here):
        keep_apart(
            by=acts(lead, here), now=now, prison=here, person=one, other=other, reason="THREAT", restriction="WING"
        )
        with pytest.raises(NotAllowed) as refused:
            proposed_match(plan, buddy, lead, now)
    assert "A keep-apart record stops this match." in str(refused.value)
    assert "hreat" not in str(refused.value)


@pytest.mark.parametrize("whose", ["person", "buddy"])
def test_keep_apart_from_a_cellmate_stops_it(plan, buddy, here, wing, lead, now, at_prison, whose):
    landing = 1 if whose == "person" else 2
    with at_prison(here):
        cellmate = person_in(here, lead, now, wing=wing, landing=landing, cell=f"A{landing}-01")
        other = buddy.person if whose == "person" else plan.person
        keep_apart(
            by=acts(lead, here), now=now, prison=here, person=cellmate, other=other, reason="OTHER", restriction="CELL"
        )
        with pytest.raises(NotAllowed, match="A keep-apart record stops this match"):
            proposed_match(plan, buddy, lead, now)


def test_a_full_buddy_is_refused(plan, buddy, here, wing, lead, now, at_prison):
    with at_prison(here):
        buddy.capacity = 1
        buddy.save(update_fields=["capacity"])
        second = agreed_plan(here, lead, now, person=person_in(here, lead, now, wing=wing), wing=wing)
        active_match(plan, buddy, lead, now)
        with pytest.raises(NotAllowed, match="Helps 1 person of at most 1"):
            proposed_match(second, fresh(buddy), lead, now)


def test_one_first_buddy_and_one_second(plan, buddy, here, wing, lead, now, at_prison):
    with at_prison(here):
        active_match(plan, buddy, lead, now)
        with pytest.raises(NotAllowed, match="Already matched"):
            proposed_match(plan, buddy, lead, now, "SECOND")
        another = active_buddy(here, lead, now, wing=wing)
        with pytest.raises(NotAllowed, match="has a first buddy already"):
            proposed_match(plan, another, lead, now)
        assert proposed_match(plan, another, lead, now, "SECOND").part == "SECOND"


def test_a_second_buddy_needs_a_first(plan, buddy, here, lead, now, at_prison):
    with at_prison(here), pytest.raises(NotAllowed, match="Choose the first buddy before the second"):
        proposed_match(plan, buddy, lead, now, "SECOND")


def test_a_draft_has_no_buddy(here, wing, lead, now, at_prison, buddy):
    with at_prison(here):
        draft = draft_plan(here, lead, now, wing=wing)
        with pytest.raises(NotAllowed, match="Make the plan active"):
            proposed_match(draft, buddy, lead, now)


def test_who_was_declined_is_not_asked_again(plan, buddy, here, lead, now, at_prison):
    from referrals.actions.matches import record_agreement

    with at_prison(here):
        match = proposed_match(plan, buddy, lead, now)
        record_agreement(by=acts(lead, here), now=now, match=match, person_agrees=False, buddy_agrees=True)
        with pytest.raises(NotAllowed, match="This match was declined"):
            proposed_match(plan, buddy, lead, now)
