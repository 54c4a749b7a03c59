"""Who could help this person: facts in, ordered suggestions with their reasons out.

Pure: no database, no clock, no request. The page that lists suggestions, the suitability page and
the action that saves a match all ask ``check_pair``, so what is shown is what is enforced.

Two kinds of answer, kept apart. A *check* says whether the pair may be matched at all: PASS, WARN
or STOP, with the date of the data behind it; one STOP and the buddy is not suggested. A *reason* is
one part of the score that orders those who may: its points, and the most it could have given.
The person decides; the score only orders the list.

Rules: product rows 10, 13, 30 to 34; nobody may break 1 to 3 (clearance and keep-apart are never
waived); a lapsed module or compact stops a new match; refusal needs no reason. A preferred sex is
not among the facts: nearly all prisons hold one sex, and who may go into whose cell is a matter
for clearance of the wing.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction

# Before clearance or the compact runs out, so that a new match does not begin and stop in a month.
SOON = timedelta(days=28)

ACTIVE, PROBATION = "ACTIVE", "PROBATION"

KEEP_APART_WORDS = "A keep-apart record stops this match."


class Verdict(StrEnum):
    PASS = "PASS"  # noqa: S105 - a verdict, no password
    WARN = "WARN"
    STOP = "STOP"


class Standing(StrEnum):
    """Where clearance or the compact stands."""

    IN_DATE = "IN_DATE"
    LAPSED = "LAPSED"
    MISSING = "MISSING"


class Ended(StrEnum):
    """How an earlier match between the same two people ended."""

    WELL = "WELL"
    NEITHER = "NEITHER"
    BADLY = "BADLY"


class WaiverKind(StrEnum):
    TAKE_OVER = "TAKE_OVER"
    OVERRIDE = "OVERRIDE"


# What a waiver may name beside the code of a module.
COMPACT = "COMPACT"
_NEVER_WAIVED = frozenset({"CLEARANCE", "KEEP_APART"})


@dataclass(frozen=True)
class Waiver:
    """One thing approved to be made good later: ``COMPACT`` or a module code, until ``good_by``.

    Raises ``ValueError`` for clearance and keep-apart, which nobody can waive.
    """

    item: str
    good_by: date
    kind: WaiverKind = WaiverKind.TAKE_OVER

    def __post_init__(self) -> None:
        if self.item in _NEVER_WAIVED:
            raise ValueError("Clearance and keep-apart are never waived.")


@dataclass(frozen=True)
class TaskNeed:
    """A task of the plan: catalogue code, whole minutes a week, modules its buddy must hold."""

    code: str
    minutes_per_week: int
    modules: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        if self.minutes_per_week < 0:
            raise ValueError("A task cannot take less than no time.")


@dataclass(frozen=True)
class Need:
    """What one plan asks of a buddy. Ids are those of buddies."""

    wing: str
    landing: int | None
    tasks: tuple[TaskNeed, ...]
    core_modules: frozenset[str] = frozenset()
    """Modules every buddy of the scheme must hold, whatever the task."""
    languages: frozenset[str] = frozenset()
    """Languages the person understands; empty when nobody has asked."""
    asked_for: frozenset[int] = frozenset()
    refused: frozenset[int] = frozenset()
    """Pairs that either of the two has declined. Who, and why, is not a fact of matching."""
    current: frozenset[int] = frozenset()
    earlier: Mapping[int, Ended] = field(default_factory=dict)
    own_buddy_id: int | None = None
    """The person's own id as a buddy, when they are one."""

    @property
    def minutes_per_week(self) -> int:
        return sum(task.minutes_per_week for task in self.tasks)

    @property
    def modules(self) -> frozenset[str]:
        return self.core_modules.union(*(task.modules for task in self.tasks))


@dataclass(frozen=True)
class Candidate:
    """A buddy of the scheme, as known on ``as_of``. Minutes are per week."""

    buddy_id: int
    status: str
    wing: str
    landing: int | None
    wings_cleared: frozenset[str]
    """Wings beside the buddy's own."""
    live_matches: int
    capacity: int
    minutes_planned: int
    minutes_cap: int
    clearance: Standing
    compact: Standing
    as_of: date
    keep_apart_checked_on: date | None
    keep_apart: bool
    cellmate_keep_apart: bool
    """A record between either person and a cell-mate of the other."""
    stop_alert: bool
    alerts_as_of: date | None
    clearance_until: date | None = None
    compact_until: date | None = None
    modules_in_date: frozenset[str] = frozenset()
    modules_lapsed: frozenset[str] = frozenset()
    waivers: tuple[Waiver, ...] = ()
    languages: frozenset[str] = frozenset()
    shares_cell: bool = False

    def __post_init__(self) -> None:
        if min(self.live_matches, self.capacity, self.minutes_planned, self.minutes_cap) < 0:
            raise ValueError("A buddy's people, places and minutes cannot be less than none.")


@dataclass(frozen=True)
class Labels:
    """Words for codes, for the sentences. A code without a word is shown as it is."""

    wings: Mapping[str, str] = field(default_factory=dict)
    modules: Mapping[str, str] = field(default_factory=dict)
    languages: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Check:
    """One line of the suitability page; ``as_of`` is the date of the data, None without any."""

    code: str
    verdict: Verdict
    words: str
    as_of: date | None


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


def suggest(
    need: Need,
    candidates: Iterable[Candidate],
    *,
    today: date,
    key: Callable[[Candidate], str] = lambda candidate: "",
    weights: Weights = Weights(),
    labels: Labels = Labels(),
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


# --- checks: may these two be matched? -----------------------------------------------------------


def check_pair(need: Need, candidate: Candidate, *, today: date, labels: Labels = Labels()) -> tuple[Check, ...]:
    """Every check, always all of them and always in this order."""
    return (
        _check_status(candidate),
        _check_standing("CLEARANCE", "Clearance", candidate.clearance, candidate, today),
        _check_compact(candidate, today),
        _check_training(need, candidate, today, labels),
        _check_keep_apart(candidate, today),
        _check_alerts(candidate),
        _check_wing(need, candidate, labels),
        _check_capacity(candidate),
        _check_hours(need, candidate),
        _check_language(need, candidate, labels),
        _check_cell(candidate),
        _check_choice(need, candidate),
    )


def _check_status(candidate: Candidate) -> Check:
    if candidate.status == ACTIVE:
        return Check("STATUS", Verdict.PASS, "Active buddy.", candidate.as_of)
    if candidate.status == PROBATION:
        return Check("STATUS", Verdict.WARN, "On probation.", candidate.as_of)
    return Check("STATUS", Verdict.STOP, "Not an active buddy at present.", candidate.as_of)


def _check_standing(code: str, name: str, standing: Standing, candidate: Candidate, today: date) -> Check:
    until = candidate.clearance_until if code == "CLEARANCE" else candidate.compact_until
    if standing is Standing.MISSING:
        return Check(code, Verdict.STOP, f"{name} is missing.", candidate.as_of)
    if standing is Standing.LAPSED or (until is not None and until < today):
        when = f" on {_day(until)}" if until is not None else ""
        return Check(code, Verdict.STOP, f"{name} ran out{when}.", candidate.as_of)
    if until is not None and until < today + SOON:
        return Check(code, Verdict.WARN, f"{name} runs out on {_day(until)}.", candidate.as_of)
    when = f" until {_day(until)}" if until is not None else ""
    return Check(code, Verdict.PASS, f"{name} is in date{when}.", candidate.as_of)


def _check_compact(candidate: Candidate, today: date) -> Check:
    check = _check_standing("COMPACT", "The compact", candidate.compact, candidate, today)
    if check.verdict is not Verdict.STOP:
        return check
    verdict, words = _weigh_waiver(candidate, COMPACT, today)
    if verdict is None:
        return check
    return Check("COMPACT", verdict, f"{check.words} {words}", candidate.as_of)


def _check_training(need: Need, candidate: Candidate, today: date, labels: Labels) -> Check:
    verdict, sentences = Verdict.PASS, []
    for module in sorted(need.modules - candidate.modules_in_date):
        lapsed = module in candidate.modules_lapsed
        sentence = f"{labels.modules.get(module, module)} {'has lapsed' if lapsed else 'is not passed'}."
        waived, words = _weigh_waiver(candidate, module, today)
        sentences.append(f"{sentence} {words}".strip())
        verdict = Verdict.STOP if Verdict.STOP in (verdict, waived or Verdict.STOP) else Verdict.WARN
    words = " ".join(sentences) or "Every module that these tasks need is in date."
    return Check("TRAINING", verdict, words, candidate.as_of)


def _weigh_waiver(candidate: Candidate, item: str, today: date) -> tuple[Verdict | None, str]:
    """WARN under a waiver in force, STOP under one that has ended, None with no waiver at all."""
    waivers = [waiver for waiver in candidate.waivers if waiver.item == item]
    if not waivers:
        return None, ""
    latest = max(waivers, key=lambda waiver: waiver.good_by)
    how = "take-over" if latest.kind is WaiverKind.TAKE_OVER else "override"
    if latest.good_by < today:
        return Verdict.STOP, f"It was to be made good by {_day(latest.good_by)} ({how})."
    return Verdict.WARN, f"To be made good by {_day(latest.good_by)} ({how})."


def _check_keep_apart(candidate: Candidate, today: date) -> Check:
    # One sentence for both kinds: which record it is, or whose, is nobody's business here.
    checked = candidate.keep_apart_checked_on
    if candidate.keep_apart or candidate.cellmate_keep_apart:
        return Check("KEEP_APART", Verdict.STOP, KEEP_APART_WORDS, checked)
    if checked is None:
        return Check("KEEP_APART", Verdict.STOP, "Keep-apart records are not checked yet.", None)
    if checked < today - timedelta(days=1):
        words = f"Keep-apart records were last checked on {_day(checked)}."
        return Check("KEEP_APART", Verdict.WARN, words, checked)
    return Check("KEEP_APART", Verdict.PASS, "No keep-apart record between them.", checked)


def _check_alerts(candidate: Candidate) -> Check:
    as_of = candidate.alerts_as_of
    if candidate.stop_alert:
        return Check("ALERTS", Verdict.STOP, "An alert on the stop list stops this match.", as_of)
    if as_of is None:
        return Check("ALERTS", Verdict.STOP, "Alerts are not checked yet.", None)
    return Check("ALERTS", Verdict.PASS, "No alert on the stop list.", as_of)


def _check_wing(need: Need, candidate: Candidate, labels: Labels) -> Check:
    wing = labels.wings.get(need.wing, need.wing)
    if need.wing == candidate.wing:
        return Check("WING", Verdict.PASS, f"Lives on the same wing ({wing}).", candidate.as_of)
    if need.wing in candidate.wings_cleared:
        return Check("WING", Verdict.PASS, f"Cleared to go to {wing}.", candidate.as_of)
    return Check("WING", Verdict.STOP, f"Not cleared to go to {wing}.", candidate.as_of)


def _check_capacity(candidate: Candidate) -> Check:
    words = f"Helps {_people(candidate.live_matches)} of at most {candidate.capacity}."
    full = candidate.live_matches >= candidate.capacity
    return Check("CAPACITY", Verdict.STOP if full else Verdict.PASS, words, candidate.as_of)


def _check_hours(need: Need, candidate: Candidate) -> Check:
    after = candidate.minutes_planned + need.minutes_per_week
    over = after > candidate.minutes_cap
    words = f"Would be at {_time(after)} a week of at most {_time(candidate.minutes_cap)}."
    return Check("HOURS", Verdict.STOP if over else Verdict.PASS, words, candidate.as_of)


def _check_language(need: Need, candidate: Candidate, labels: Labels) -> Check:
    verdict = Verdict.PASS if need.languages & candidate.languages else Verdict.WARN
    return Check("LANGUAGE", verdict, _language_words(need, candidate, labels), candidate.as_of)


def _check_cell(candidate: Candidate) -> Check:
    if candidate.shares_cell:
        words = "They share a cell. Being locked in together is a separate decision."
        return Check("CELL", Verdict.WARN, words, candidate.as_of)
    return Check("CELL", Verdict.PASS, "They do not share a cell.", candidate.as_of)


def _check_choice(need: Need, candidate: Candidate) -> Check:
    if candidate.buddy_id == need.own_buddy_id:
        words = "Nobody is their own buddy."
    elif candidate.buddy_id in need.current:
        words = "Already matched to this person."
    elif candidate.buddy_id in need.refused:
        # Which of the two said no is left out, so that nobody can be pressed about it.
        words = "This match was declined. No reason is needed."
    else:
        return Check("CHOICE", Verdict.PASS, "Nobody has declined this match.", candidate.as_of)
    return Check("CHOICE", Verdict.STOP, words, candidate.as_of)


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
    return Reason("CAPACITY", f"Room for {_people(spare)}", points, most, Verdict.PASS)


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
    own = _time(candidate.minutes_planned)
    if peers_mean is None:
        words = f"{own} planned a week; nobody to compare with"
        return Reason("LOAD", words, most // 2, most, Verdict.PASS)
    total = peers_mean + candidate.minutes_planned
    share = peers_mean / total if total else Fraction(1)
    words = f"{own} planned a week; others have {_time(round(peers_mean))} on average"
    verdict = Verdict.WARN if candidate.minutes_planned > peers_mean else Verdict.PASS
    return Reason("LOAD", words, int(most * share), most, verdict)


def _training(need: Need, candidate: Candidate, most: int) -> Reason:
    missing = len(need.modules - candidate.modules_in_date)
    if missing:  # only under a waiver, or the check would have stopped the match
        words = f"{_plural(missing, 'module')} still to be made good"
        return Reason("TRAINING", words, 0, most, Verdict.WARN)
    return Reason("TRAINING", "Holds every module the tasks need", most, most, Verdict.PASS)


def _language(need: Need, candidate: Candidate, most: int, labels: Labels) -> Reason:
    words = _language_words(need, candidate, labels).rstrip(".")
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


# --- words ---------------------------------------------------------------------------------------


def _language_words(need: Need, candidate: Candidate, labels: Labels) -> str:
    if not need.languages or not candidate.languages:
        return "Language not recorded."
    shared = sorted(labels.languages.get(code, code) for code in need.languages & candidate.languages)
    return f"Both speak {' and '.join(shared)}." if shared else "No language in common."


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def _time(minutes: int) -> str:
    hours, rest = divmod(minutes, 60)
    if hours and rest:
        return f"{hours} h {rest} min"
    return f"{hours} h" if hours else f"{rest} min"


def _people(number: int) -> str:
    return "1 person" if number == 1 else f"{number} people"


def _plural(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"
