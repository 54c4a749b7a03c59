"""Confirming a wing's week: which visits do not fit, which three are drawn, and when it may be done. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256

from buddyscheme.lib.dates import week_of
from buddyscheme.lib.errors import NotAllowed
from buddyscheme.lib.rules import twin
from referrals.models import Visit

DRAWN = 3
FAR_OVER, FAR_UNDER = 2, 2
"""Minutes are far from the plan over twice it, or under half of it."""


@dataclass(frozen=True, kw_only=True)
class VisitFacts:
    """One visit as it was first entered: whether it fits is said of that, so that a correction hides nothing."""

    planned_id: int
    outcome: str
    minutes: int
    planned_minutes: int
    late: bool = False
    early: bool = False
    """Said to have happened before people were unlocked for its session."""
    extra_help: bool = False
    locked_down: bool = False
    buddy_stopped: bool = False


def misfits(facts: VisitFacts) -> list[str]:
    """Why a visit does not fit, in words; empty where it does. A reason to look, not a reproach."""
    happened = facts.outcome != Visit.Outcome.NOT_DONE
    why = {
        "Done while the buddy was suspended or had left": happened and facts.buddy_stopped,
        "Done during a lock-down": happened and facts.locked_down,
        "Not done": not happened,
        "Partly done": facts.outcome == Visit.Outcome.PARTLY,
        "Over twice the planned minutes": happened and facts.minutes > FAR_OVER * facts.planned_minutes,
        "Under half the planned minutes": happened and facts.minutes * FAR_UNDER < facts.planned_minutes,
        "Extra help was given": facts.extra_help,
        "Recorded before its session began": happened and facts.early,
        "Entered on a later day": facts.late,
    }
    return [words for words, holds in why.items() if holds]


@dataclass(frozen=True)
class Sorted:
    """Planned-visit ids of a week: those that do not fit with why, the three drawn, and the rest."""

    misfits: dict[int, list[str]] = field(default_factory=dict)
    drawn: tuple[int, ...] = ()
    rest: tuple[int, ...] = ()


def sort_week(visits: Iterable[VisitFacts], *, seed: str) -> Sorted:
    """Those that do not fit come first; of the rest three are drawn.

    The lot is a hash of the seed (wing and week) and the visit, so the page draws the same three every time it is
    opened, and nobody chooses whom to ask.
    """
    odd: dict[int, list[str]] = {}
    fitting: list[int] = []
    for facts in visits:
        why = misfits(facts)
        if why:
            odd[facts.planned_id] = why
        else:
            fitting.append(facts.planned_id)
    lots = sorted(fitting, key=lambda pk: sha256(f"{seed}:{pk}".encode()).digest())
    return Sorted(odd, tuple(lots[:DRAWN]), tuple(sorted(lots[DRAWN:])))


def check_can_confirm(week_starts_on: date, *, today: date, confirmed: bool, visits: int) -> None:
    """A whole week, over, with visits in it, once."""
    if week_starts_on.weekday() != 0:
        raise NotAllowed("A week starts on a Monday. Choose the week from the list.")
    if week_starts_on >= week_of(today).monday:
        raise NotAllowed("This week is not over yet. Visits can be looked at now; confirm the week from Monday.")
    if confirmed:
        raise NotAllowed("This week is confirmed already. Later corrections are kept with each visit.")
    if not visits:
        raise NotAllowed("Nothing is recorded for this wing in this week, so there is nothing to confirm.")


can_confirm = twin(check_can_confirm)


def check_can_look(visit_ids: Collection[int], known: Collection[int]) -> None:
    """Only visits of this wing and week are looked at on its page."""
    if set(visit_ids) - set(known):
        raise NotAllowed("A visit on this page has changed in the meantime. Check the visits again, then confirm.")


def check_can_ask(*, held_here: bool, person_fits: bool) -> None:
    """The person whose plan it is, while they are here."""
    if not person_fits:
        raise NotAllowed("This visit belongs to somebody else’s plan. Open it again from the list.")
    if not held_here:
        raise NotAllowed("This person has left the prison, so nobody can ask them here.")
