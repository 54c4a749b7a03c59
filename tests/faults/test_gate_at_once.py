"""Twenty at once at the gate: hours, an override decided twice, and a suspension between look and save."""

from __future__ import annotations

import pytest

from referrals.actions.matches import propose_match
from referrals.actions.plans import add_task
from referrals.models import Match, PlanTask
from schemes.actions.buddies import suspend
from schemes.actions.caps import set_buddy_caps
from schemes.models import Buddy
from schemes.rules.caps import Caps
from tests.builders import care, referrals
from tests.builders.buddies import active_buddy
from tests.builders.referrals import agreed_plan, task_of
from tests.builders.schemes import person_in
from tests.builders.visits import active_match
from tests.cast import acts
from tests.faults.test_matches_at_once import AT_ONCE, all_at_once, given
from training.actions.overrides import ask_override, decide_override
from training.models import Override

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def plans(here, wing, lead, now, at_prison):
    with at_prison(here):
        return [
            agreed_plan(here, lead, now, person=person_in(here, lead, now, wing=wing), wing=wing)
            for _ in range(AT_ONCE)
        ]


@pytest.fixture
def buddy(here, wing, lead, now, at_prison, plans):
    with at_prison(here):
        return active_buddy(here, lead, now, wing=wing)


def test_hours_are_given_once(plans, buddy, here, lead, now, at_prison):
    """Four people with 70 minutes each; twenty slots of an hour at once, and room for twelve of them."""
    by = acts(lead, here)
    with at_prison(here):
        for plan in plans[:4]:
            active_match(plan, buddy, lead, now)
        caps = Caps(capacity=4, weekly_minutes=1000, days_in_row=6)
        set_buddy_caps(by=by, now=now, buddy=buddy, caps=caps, rest_day=6)
    kinds = [task_of(code) for code in ("MOB-01", "MOB-03", "SOC-01", "DOM-01", "DOM-05")]

    def adding(nth):
        plan, kind = plans[nth % 4], kinds[nth // 4]
        return lambda: add_task(by=by, now=now, plan=plan, task=kind, weekdays=[nth % 5], session="PM", minutes=60)

    results = all_at_once(here, [adding(nth) for nth in range(AT_ONCE)])
    assert len(given(results, PlanTask)) == 12
    assert all("a week of at most 16 h 40 min" in refusal for refusal in given(results, str))


def test_an_override_is_decided_once_and_asked_for_once(plans, buddy, here, lead, delegate, now, at_prison):
    module = care.extra_module()
    with at_prison(here):
        ends_on = now.date().replace(month=12)

    def asking():
        return ask_override(
            by=acts(lead, here), now=now, buddy=buddy, module=module, ends_on=ends_on, reason="The class is later"
        )

    results = all_at_once(here, [asking for _ in range(AT_ONCE)])
    (override,) = given(results, Override)
    by = acts(delegate, here)
    works = [
        lambda nth=nth: decide_override(
            by=by, now=now, override=override, approve=nth % 2 == 0, reason="" if nth % 2 == 0 else "No"
        )
        for nth in range(AT_ONCE)
    ]
    assert len(given(all_at_once(here, works), Override)) == 1


def test_places_stay_right_under_an_override(plans, buddy, here, lead, delegate, now, at_prison):
    module = care.extra_module("X01", "Meals", task="DOM-03")
    referrals.catalogue()
    with at_prison(here):
        care.override_running(buddy, lead, delegate, now, module)
        Buddy.objects.filter(pk=buddy.pk).update(capacity=3)
    by = acts(lead, here)
    works = [lambda plan=plan: propose_match(by=by, now=now, plan=plan, buddy=buddy, why="Asked.") for plan in plans]
    matches = given(all_at_once(here, works), Match)
    assert len(matches) == 3 and all(match.under_override for match in matches)


def test_a_suspension_between_look_and_save(plans, buddy, here, lead, now):
    """Whichever is first: the match is refused, or it stood before the suspension. Never a match after it."""
    by = acts(lead, here)

    def suspending():
        suspend(by=by, now=now, buddy=buddy, reason="Being looked into")
        return Match.objects.filter(buddy=buddy, status__in=Match.LIVE).count()

    works = [
        suspending,
        *[lambda plan=plan: propose_match(by=by, now=now, plan=plan, buddy=buddy, why="Asked.") for plan in plans[:3]],
    ]
    stood, *matched = all_at_once(here, works)
    assert len(given(matched, Match)) == stood
