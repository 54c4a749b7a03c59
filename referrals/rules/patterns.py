"""Patterns that somebody should look at. Pure but for refusals: facts in, findings out.

A rule is a prompt to look, with its numbers as data. It says what happened and never what somebody is; nothing here is
added up over rules or kept as a score. Rows behind a hit that was decided are not counted by its rule again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from statistics import median

from buddyscheme.lib.dates import elapsed
from buddyscheme.lib.errors import NotAllowed, Stale
from buddyscheme.lib.rules import check_transition, twin
from referrals.models import PatternHit, PatternRule

Code, Decision = PatternRule.Code, PatternHit.Decision
Times = Mapping[str, tuple[time, time]]

# For how many days back single entries are looked through; older ones were looked through then.
LOOK_BACK = 28

TRANSITIONS: dict[str, set[str]] = {
    Decision.WAITING: {Decision.DISMISSED, Decision.ACTED},
    Decision.DISMISSED: set(),
    Decision.ACTED: set(),
}


@dataclass(frozen=True)
class Numbers:
    """What a rule counts with: see `words_of`. `changes` says how often somebody has set them."""

    least: int
    within: int
    active: bool = True
    changes: int = 0


# What the two numbers of each rule count, for the page where they are set. An empty one is not asked.
COUNTED: dict[str, tuple[str, str]] = {
    Code.HOURS: ("per cent of the scheme’s median", "days"),
    Code.BURST: ("entries", "minutes"),
    Code.LOCKED_UP: ("entries", "days"),
    Code.ALONE: ("days", ""),
    Code.REFUSALS: ("refusals", "days"),
    Code.AS_PLANNED: ("visits in a row", ""),
}


def words_of(code: str, numbers: Numbers) -> str:
    """The rule's sentence, with its numbers."""
    least, within = numbers.least, numbers.within
    return {
        Code.HOURS: f"Hours over {least / 100:g} times the scheme’s median in {within} days",
        Code.BURST: f"{least} entries or more within {_counted(within, 'minute')}",
        Code.LOCKED_UP: f"{_counted(least, 'entry', 'entries')} or more in {_counted(within, 'day')} for a session "
        "outside the unlock of its day, or with somebody who was away from the prison",
        Code.ALONE: f"{_counted(least, 'day')} in which nobody but one buddy is on record as near the person",
        Code.REFUSALS: f"{_counted(least, 'refusal')} or more in {_counted(within, 'day')}",
        Code.AS_PLANNED: f"{_counted(least, 'visit')} in a row with no exception",
    }[Code(code)]


def _counted(number: int, one: str, many: str = "") -> str:
    return f"{number} {one if number == 1 else many or one + 's'}"


# Hours ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Worked:
    """Minutes of one buddy in the period: all of them, and those of visits that nobody has decided about."""

    buddy_id: int
    minutes: int
    fresh: int


@dataclass(frozen=True)
class Found:
    """What a rule found about one subject, in words that follow the rule's own."""

    subject: int
    words: str


def far_above_others(worked: Sequence[Worked], percent: int) -> list[Found]:
    """Buddies whose undecided minutes alone are over so many per cent of the median of all who worked."""
    middle = median(one.minutes for one in worked) if worked else 0
    return [
        Found(one.buddy_id, f"{in_hours(one.fresh)}. The scheme’s median is {in_hours(middle)}.")
        for one in worked
        if one.fresh * 100 > percent * middle
    ]


def in_hours(minutes: float) -> str:
    """Such as "41 hours 5 minutes"."""
    hours, rest = divmod(round(minutes), 60)
    parts = [_counted(hours, "hour")] if hours else []
    parts += [_counted(rest, "minute")] if rest or not hours else []
    return " ".join(parts)


# Bursts --------------------------------------------------------------------------------------------------


def bursts(moments: Iterable[tuple[datetime, int]], least: int, minutes: int) -> tuple[int, ...]:
    """Of entries as (moment, id): all that lie in a stretch of so many minutes, both ends in, with `least` or more."""
    rows = sorted(moments)
    span = timedelta(minutes=minutes)
    found: dict[int, None] = {}
    start = 0
    for end in range(len(rows)):
        while elapsed(rows[start][0], rows[end][0]) > span:
            start += 1
        if end - start + 1 >= least:
            found |= dict.fromkeys(row for _, row in rows[start : end + 1])
    return tuple(found)


# Locked up -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One visit that is said to have happened, and how it was entered. A wing of None is not known."""

    day: date
    session: str
    wing_id: int | None
    away: str = ""
    """Who was on record as away from the prison: "the buddy"."""


@dataclass(frozen=True)
class Locked:
    """A lock-down of one day: of one wing or (None) of all, for one session or (empty) the whole day."""

    day: date
    wing_id: int | None
    session: str

    def covers(self, day: date, session: str, wing_id: int | None) -> bool:
        """Whether the wing was locked up then."""
        return self.day == day and self.session in ("", session) and self.wing_id in (None, wing_id)


def why_outside(entry: Entry, unlock: Times | None, locked: Iterable[Locked]) -> str:
    """Why the visit does not go with the unlock of its day; empty where it does, or where no regime is known (None).

    A visit keeps its session and not the time of day. When it was entered says nothing: an officer stands beside.
    """
    if entry.away:
        return f"On record as away from the prison: {entry.away}"
    if unlock is None:
        return ""
    if entry.session not in unlock:
        return "No unlock in that session"
    if any(down.covers(entry.day, entry.session, entry.wing_id) for down in locked):
        return "A lock-down in that session"
    return ""


# Nobody else near ----------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Pair:
    """A running match: since when, and when somebody else was last on record as near the person."""

    started_on: date
    first_fresh_on: date | None
    """The first visit of this buddy that nobody has decided about."""
    others_on: date | None
    """The last day with another buddy's visit, help by staff, a review of the plan, or a talk in private."""


def alone_since(pair: Pair, days: int, today: date) -> date | None:
    """The first day of so many days or more on which nobody but the buddy was near; None where it is shorter."""
    if pair.first_fresh_on is None:
        return None
    since = max(pair.started_on, pair.first_fresh_on)
    if pair.others_on is not None:
        since = max(since, pair.others_on + timedelta(days=1))
    return since if since + timedelta(days=days) <= today else None


# What a person decides -----------------------------------------------------------------------------------


def check_can_decide(hit: PatternHit, *, decision: str, words: str, decider_id: int | None) -> None:
    """Once, in words, by somebody whom it is not about."""
    check_transition(TRANSITIONS, hit.decision, decision, "Somebody has decided about this pattern already.")
    if decider_id is None or decider_id == hit.staff_id:
        raise NotAllowed("This pattern is about entries that you made, so somebody else has to decide about it.")
    if not words.strip():
        raise NotAllowed("Enter what you found, and what you decided.", field="words")


def check_numbers(code: str, numbers: Numbers, *, reason: str, before: Numbers, version: int) -> None:
    """Numbers that make sense, something that differs, a reason, and nobody in between."""
    if version != before.changes:
        raise Stale("this rule")
    if code == Code.HOURS and numbers.least < 110:
        raise NotAllowed("Enter at least 110 per cent: half of all buddies are above the median.", field="least")
    if code == Code.BURST and numbers.least < 2:
        raise NotAllowed("Enter at least 2 entries.", field="least")
    if COUNTED[code][1] and not numbers.within:
        raise NotAllowed(f"Enter within how many {COUNTED[code][1]}.", field="within")
    if (numbers.least, numbers.within, numbers.active) == (before.least, before.within, before.active):
        raise NotAllowed("Nothing differs from the rule as it stands. Change what should change, or go back.")
    if not reason.strip():
        raise NotAllowed("Enter why the rule changes.", field="reason")


can_decide = twin(check_can_decide)
