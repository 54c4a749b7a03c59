"""Who could help this person: facts in, ordered suggestions with their reasons out.

Pure, as `suitability` is, which says who may be matched at all: one STOP and a buddy is not suggested. A *reason* is
one part of the score that orders the rest: its points, and the most it could have given. The person decides; the
score only orders the list.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from referrals.suitability import (
    ACTIVE,
    COMPACT,
    KEEP_APART_WORDS,
    NO_LABELS,
    PROBATION,
    Candidate,
    Check,
    Ended,
    Labels,
    Need,
    Standing,
    TaskNeed,
    Verdict,
    Waiver,
    WaiverKind,
    check_pair,
    language_words,
    people_words,
    time_words,
)

__all__ = [
    "ACTIVE",
    "COMPACT",
    "KEEP_APART_WORDS",
    "PROBATION",
    "Candidate",
    "Check",
    "Ended",
    "Labels",
    "Need",
    "Ranking",
    "Reason",
    "Standing",
    "Suggestion",
    "TaskNeed",
    "Verdict",
    "Waiver",
    "WaiverKind",
    "Weights",
    "check_pair",
    "suggest",
]


@dataclass(frozen=True)
class Reason:
    """One part of the score: ``weight`` points of at most ``most``; WARN if it speaks against."""

    code: str
    words: str
    weight: int
    most: int
    verdict: Verdict


@dataclass(frozen=True)
class Suggestion:
    """One buddy with every check, and the reasons if no check stops the match."""

    buddy_id: int
    reasons: tuple[Reason, ...]
    checks: tuple[Check, ...]

    @property
    def score(self) -> int:
        return sum(reason.weight for reason in self.reasons)

    @property
    def most(self) -> int:
        return sum(reason.most for reason in self.reasons)

    @property
    def stops(self) -> tuple[Check, ...]:
        return tuple(check for check in self.checks if check.verdict is Verdict.STOP)

    @property
    def warnings(self) -> tuple[Check, ...]:
        return tuple(check for check in self.checks if check.verdict is Verdict.WARN)

    @property
    def suitable(self) -> bool:
        return not self.stops


@dataclass(frozen=True)
class Ranking:
    """``suggestions`` best first; ``unsuitable`` with the words of what stops each."""

    suggestions: tuple[Suggestion, ...]
    unsuitable: tuple[Suggestion, ...]

    def ahead_of(self, buddy_id: int) -> Suggestion | None:
        """The first suggestion where it has more points than this buddy. Equal points are no choice against it."""
        own = next((one for one in self.suggestions if one.buddy_id == buddy_id), None)
        first = self.suggestions[0] if self.suggestions else None
        return first if own is not None and first is not None and first.score > own.score else None


@dataclass(frozen=True)
class Weights:
    """The most points each reason gives; a scheme may hold its own."""

    same_wing: int = 15
    landings: int = 15
    per_landing: int = 5
    """Points lost for each landing between the two."""
    capacity: int = 15
    load: int = 15
    training: int = 10
    language: int = 15
    earlier: int = 10
    preference: int = 20


STANDARD = Weights()


def suggest(
    need: Need,
    candidates: Iterable[Candidate],
    *,
    today: date,
    key: Callable[[Candidate], str] = lambda candidate: "",
    weights: Weights = STANDARD,
    labels: Labels = NO_LABELS,
) -> Ranking:
    """Every candidate, checked; those whom nothing stops, ordered by score.

    Equal scores: fewer warnings first, then fewer minutes planned, then ``key``, then the id, so
    the order never depends on the order of the input. More load never lifts a buddy in the list.
    Raises ``ValueError`` when one buddy is given twice.
    """
    pool = sorted(candidates, key=lambda candidate: (key(candidate), candidate.buddy_id))
    if len({candidate.buddy_id for candidate in pool}) != len(pool):
        raise ValueError("One buddy is in the list twice.")
    good: list[tuple[tuple[int, int, int], Suggestion]] = []
    unsuitable: list[Suggestion] = []
    for candidate in pool:
        checks = check_pair(need, candidate, today=today, labels=labels)
        if any(check.verdict is Verdict.STOP for check in checks):
            unsuitable.append(Suggestion(candidate.buddy_id, (), checks))
            continue
        reasons = _reasons(need, candidate, _peers_mean(candidate, pool), weights, labels)
        found = Suggestion(candidate.buddy_id, reasons, checks)
        good.append(((-found.score, len(found.warnings), candidate.minutes_planned), found))
    good.sort(key=lambda pair: pair[0])  # stable: what is equal stays in the order of key and id
    return Ranking(tuple(found for _, found in good), tuple(unsuitable))


# --- reasons: who first? -------------------------------------------------------------------------


def _reasons(
    need: Need,
    candidate: Candidate,
    peers_mean: Fraction | None,
    weights: Weights,
    labels: Labels,
) -> tuple[Reason, ...]:
    return (
        _same_wing(need, candidate, weights.same_wing),
        _landings(need, candidate, weights),
        _spare(candidate, weights.capacity),
        _load(candidate, peers_mean, weights.load),
        _training(need, candidate, weights.training),
        _language(need, candidate, weights.language, labels),
        _earlier(need, candidate, weights.earlier),
        _preference(need, candidate, weights.preference),
    )


def _same_wing(need: Need, candidate: Candidate, most: int) -> Reason:
    if need.wing == candidate.wing:
        return Reason("SAME_WING", "Same wing", most, most, Verdict.PASS)
    return Reason("SAME_WING", "Another wing", 0, most, Verdict.WARN)


def _landings(need: Need, candidate: Candidate, weights: Weights) -> Reason:
    most = weights.landings
    if need.wing != candidate.wing:
        return Reason("LANDINGS", "Not on the same wing, so no landings counted", 0, most, Verdict.WARN)
    if need.landing is None or candidate.landing is None:
        return Reason("LANDINGS", "Landing not known", 0, most, Verdict.WARN)
    apart = abs(need.landing - candidate.landing)
    words = f"{_plural(apart, 'landing')} away" if apart else "Same landing"
    return Reason("LANDINGS", words, max(0, most - weights.per_landing * apart), most, Verdict.PASS)


def _spare(candidate: Candidate, most: int) -> Reason:
    spare = candidate.capacity - candidate.live_matches
    points = most * spare // candidate.capacity
    return Reason("CAPACITY", f"Room for {people_words(spare)}", points, most, Verdict.PASS)


def _peers_mean(candidate: Candidate, pool: Iterable[Candidate]) -> Fraction | None:
    """Mean minutes planned of the *other* buddies at work; None when there is no other.

    Without the candidate's own minutes, so that more of them can only lower the candidate and lift
    the rest.
    """
    minutes = [
        peer.minutes_planned
        for peer in pool
        if peer.buddy_id != candidate.buddy_id and peer.status in (ACTIVE, PROBATION)
    ]
    return Fraction(sum(minutes), len(minutes)) if minutes else None


def _load(candidate: Candidate, peers_mean: Fraction | None, most: int) -> Reason:
    """Points fall from all (nothing planned) over half (as much as the others) towards none."""
    own = time_words(candidate.minutes_planned)
    if peers_mean is None:
        words = f"{own} planned a week; nobody to compare with"
        return Reason("LOAD", words, most // 2, most, Verdict.PASS)
    total = peers_mean + candidate.minutes_planned
    share = peers_mean / total if total else Fraction(1)
    words = f"{own} planned a week; others have {time_words(round(peers_mean))} on average"
    verdict = Verdict.WARN if candidate.minutes_planned > peers_mean else Verdict.PASS
    return Reason("LOAD", words, int(most * share), most, verdict)


def _training(need: Need, candidate: Candidate, most: int) -> Reason:
    missing = len(need.modules - candidate.modules_in_date)
    if missing:  # only under a waiver, or the check would have stopped the match
        words = f"{_plural(missing, 'module')} still to be made good"
        return Reason("TRAINING", words, 0, most, Verdict.WARN)
    return Reason("TRAINING", "Holds every module the tasks need", most, most, Verdict.PASS)


def _language(need: Need, candidate: Candidate, most: int, labels: Labels) -> Reason:
    words = language_words(need, candidate, labels).rstrip(".")
    if need.languages & candidate.languages:
        return Reason("LANGUAGE", words, most, most, Verdict.PASS)
    return Reason("LANGUAGE", words, 0, most, Verdict.WARN)


def _earlier(need: Need, candidate: Candidate, most: int) -> Reason:
    ended = need.earlier.get(candidate.buddy_id)
    if ended is Ended.WELL:
        return Reason("EARLIER", "An earlier match ended well", most, most, Verdict.PASS)
    if ended is Ended.BADLY:
        return Reason("EARLIER", "An earlier match did not work", -most, most, Verdict.WARN)
    words = "Matched before" if ended is Ended.NEITHER else "Not matched before"
    return Reason("EARLIER", words, 0, most, Verdict.PASS)


def _preference(need: Need, candidate: Candidate, most: int) -> Reason:
    if candidate.buddy_id in need.asked_for:
        return Reason("PREFERENCE", "The person asked for this buddy", most, most, Verdict.PASS)
    return Reason("PREFERENCE", "No wish for this buddy recorded", 0, most, Verdict.PASS)


def _plural(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"
