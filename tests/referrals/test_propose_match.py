"""Proposing a match."""

from __future__ import annotations

import pytest

from buddyscheme.audit.models import AuditEvent
from buddyscheme.lib.errors import NotAllowed
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
    cell = "A1-01" if whose == "person" else "A2-01"
    with at_prison(here):
        cellmate = person_in(here, lead, now, wing=wing, landing=1, cell=cell)
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
