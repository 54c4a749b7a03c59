"""A running match whose buddy lacks a module or the compact: when it is flagged, and what the lead may decide.

Pure but for refusals: facts in, flags out. A flag never ends help: it has a last day by which the lead decides, and
after that day it is overdue.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from buddyscheme.lib.errors import NotAllowed
from buddyscheme.lib.fields import day_in_words
from referrals.models import LapseDecision

Choice = LapseDecision.Choice

# How long the lead has to decide once something has lapsed, or once an earlier decision has run out.
DECIDE_WITHIN = timedelta(days=14)
LONGEST = timedelta(days=90)


@dataclass(frozen=True)
class Lack:
    """One thing that is missing: code, words, and the last day on which it still held, if it ever did."""

    code: str
    words: str
    held_until: date | None = None


@dataclass(frozen=True)
class Decided:
    """The newest decision of a match: what it was about, and until when it holds."""

    choice: str
    lacks: frozenset[str]
    until: date | None
    decided_on: date


@dataclass(frozen=True)
class Standing:
    """Where a flagged match stands: `decided` until a day, or to be decided by `last_day`."""

    decided: Decided | None
    last_day: date

    @property
    def is_decided(self) -> bool:
        """A decision holds today."""
        return self.decided is not None

    def is_overdue(self, today: date) -> bool:
        """The day by which the lead was to decide has passed. Help goes on all the same."""
        return self.decided is None and self.last_day < today


def standing(lacks: Iterable[Lack], newest: Decided | None, *, started_on: date, today: date) -> Standing:
    """A decision holds for what was lacking when it was made, until its day; else the lead decides within 14 days."""
    found = list(lacks)
    codes = {lack.code for lack in found}
    if newest is not None and newest.until is not None and codes <= newest.lacks:
        if newest.until >= today:
            return Standing(newest, newest.until)
        return Standing(None, newest.until + DECIDE_WITHIN)
    since = min(max(lack.held_until or started_on, started_on) for lack in found)
    return Standing(None, since + DECIDE_WITHIN)


def check_can_decide(
    *, lacks: Iterable[Lack], choice: str, until: date | None, reason: str, today: date, tasks: int
) -> None:
    """Something is lacking, a reason, and for keeping or replacing a day within 90 days."""
    if not list(lacks):
        raise NotAllowed("Nothing is lapsed on this match now, so there is nothing to decide.")
    if choice not in Choice.values:
        raise NotAllowed("Select what should happen.", field="choice")
    if not reason.strip():
        raise NotAllowed("Enter the reason for your decision.", field="reason")
    if choice == Choice.STAFF:
        if not tasks:
            raise NotAllowed("No task of this plan needs what has lapsed. Open the plan to see its tasks.")
        return
    if until is None:
        raise NotAllowed("Enter the last day for which the buddy goes on.", field="until")
    if not today <= until <= today + LONGEST:
        raise NotAllowed(f"The last day must be from today to {day_in_words(today + LONGEST)}.", field="until")
