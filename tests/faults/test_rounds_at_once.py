"""Fifty rounds of twenty at once: places, one first buddy, one live plan, keep-apart, and one who comes instead.

The world is built once and set back between rounds, so that a round costs little. What a round must leave is checked
after each of them; how the twenty came about it is theirs.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from buddyscheme.lib.dates import london_today
from buddyscheme.lib.errors import NotAllowed
from buddyscheme.scope.transaction import DatabaseRole, scoped
from referrals.actions.matches import propose_match
from referrals.actions.plans import record_wishes
from referrals.actions.schedule import give_cover
from referrals.models import CoverSlot, Match, Plan, Referral
from schemes.actions.keep_apart import keep_apart
from schemes.models import Buddy, KeepApart
from tests.builders.buddies import active_buddy
from tests.builders.referrals import agreed_plan, referral_of, screened
from tests.builders.schemes import person_in
from tests.cast import acts

pytestmark = pytest.mark.django_db(transaction=True)
AT_ONCE, ROUNDS = 20, 50
PLACES = 2
DAILY = (("DOM-03", tuple(range(7)), "AM", 15),)


@dataclass
class World:
    """Plans without a buddy, two buddies, and somebody whose wishes are asked for."""

    plans: list[Plan]
    buddy: Buddy
    other: Buddy
    referral: Referral


@pytest.fixture
def world(here, wing, lead, now, at_prison) -> World:
    with at_prison(here):
        plans = [
            agreed_plan(here, lead, now, person=person_in(here, lead, now, wing=wing), wing=wing, tasks=DAILY)
            for _ in range(4)
        ]
        buddy, other = (active_buddy(here, lead, now, wing=wing) for _ in range(2))
        Buddy.objects.filter(pk=buddy.pk).update(capacity=PLACES)
        referral = screened(referral_of(person_in(here, lead, now, wing=wing), lead, now), lead, now)
    return World(plans, buddy, other, referral)


def works_of(world: World, here: Any, lead: Any, now: Any) -> list[Callable[[], Any]]:
    """What the twenty do: nine ask for two places, one keeps two apart, two give cover, the others ask for wishes."""
    by, first = acts(lead, here), world.plans[0]
    slot = [(london_today(now), "AM")]

    def apart() -> int:
        keep_apart(
            by=by, now=now, prison=here, person=first.person, other=world.buddy.person, reason="THREAT",
            restriction="WING",
        )  # fmt: skip
        return Match.objects.filter(plan=first, status__in=Match.LIVE).count()

    proposed = [first, world.plans[1], world.plans[3]] * 3
    return [
        apart,
        *(
            lambda plan=plan: propose_match(by=by, now=now, plan=plan, buddy=world.buddy, why="Asked.")
            for plan in proposed
        ),
        *(
            lambda buddy=buddy: give_cover(by=by, now=now, plan=world.plans[2], slots=slot, buddy=buddy, agreed=True)
            for buddy in (world.buddy, world.other)
        ),
        *(
            lambda: record_wishes(
                by=by, now=now, referral=world.referral, own_words="Company.", answer="AGREES", share=True
            )
            for _ in range(AT_ONCE - 12)
        ),
    ]


def set_back(world: World, lead: Any, now: Any) -> None:
    """As it was, by the shortest way: what was is of no interest to the next round."""
    ended = {"ended_at": now, "ended_by": lead}
    Match.objects.filter(status__in=Match.LIVE).update(status="ENDED", **ended)
    KeepApart.objects.filter(ended_at__isnull=True).update(**ended)
    CoverSlot.objects.filter(ended_at__isnull=True).update(**ended)
    Plan.objects.filter(person=world.referral.person, status__in=Plan.LIVE).update(status="ENDED", **ended)


def test_fifty_rounds_of_twenty_break_nothing(world, here, lead, now, at_prison) -> None:
    works = works_of(world, here, lead, now)
    assert len(works) == AT_ONCE
    start = Barrier(AT_ONCE)

    def run(work: Callable[[], Any]) -> Any:
        start.wait(30)
        try:
            with scoped(DatabaseRole.WEB, prisons=[here.code]):
                return work()
        except NotAllowed as refusal:
            return str(refusal)

    def close(_: int) -> None:
        start.wait(30)
        connection.close()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        for number in range(ROUNDS):
            # Another order each round: whoever is started first is not always the same.
            turned = works[number % AT_ONCE :] + works[: number % AT_ONCE]
            results = list(pool.map(run, turned))
            before = results[turned.index(works[0])]
            with at_prison(here):
                _check(world, results, before)
                set_back(world, lead, now)
        list(pool.map(close, range(AT_ONCE)))


def _check(world: World, results: list[Any], matched_before: int) -> None:
    live = Match.objects.filter(status__in=Match.LIVE)
    assert live.filter(buddy=world.buddy).count() == len([r for r in results if isinstance(r, Match)]) == PLACES
    assert all(live.filter(plan=plan).count() <= 1 for plan in world.plans)
    # A match of the two who are kept apart stood before the record was made, or there is none.
    assert live.filter(plan=world.plans[0]).count() == matched_before
    assert Plan.objects.filter(person=world.referral.person, status__in=Plan.LIVE).count() == 1
    assert len([r for r in results if isinstance(r, Plan)]) == 1
    assert CoverSlot.objects.filter(ended_at__isnull=True).count() == 1
    assert len([r for r in results if isinstance(r, list)]) == 1
