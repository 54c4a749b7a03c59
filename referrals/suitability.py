"""May these two be matched? The facts about a plan and a buddy, and the checks they must pass.

Pure: no database, no clock, no request. The suitability page, the list of suggestions and the action that saves a
match all ask `check_pair`, so what is shown is what is enforced. A check is PASS, WARN or STOP, with the date of the
data behind it.

Rules of the product: clearance and keep-apart are never waived; a lapsed module or compact stops a new match unless an
approved take-over or override covers it; the caps on people, hours and days in a row hold; refusal needs no reason. A
preferred sex is not among the facts: nearly all prisons hold one sex, and who may go into whose cell is a matter for
clearance of the wing.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

# Before clearance or the compact runs out, so that a new match does not begin and stop in a month.
SOON = timedelta(days=28)

ACTIVE, PROBATION = "ACTIVE", "PROBATION"

KEEP_APART_WORDS = "A keep-apart record stops this match."
ALERT_WORDS = "An alert on the stop list stops this match."


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
    weekdays: frozenset[int] = frozenset()
    """0 is Monday."""
    session: str = ""

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

    @property
    def weekdays(self) -> frozenset[int]:
        return frozenset[int]().union(*(task.weekdays for task in self.tasks))


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
    alerts_as_of: date | None
    clearance_until: date | None = None
    compact_until: date | None = None
    modules_in_date: frozenset[str] = frozenset()
    modules_lapsed: frozenset[str] = frozenset()
    waivers: tuple[Waiver, ...] = ()
    languages: frozenset[str] = frozenset()
    shares_cell: bool = False
    weekdays_planned: frozenset[int] = frozenset()
    """Weekdays of the people they help already."""
    days_cap: int = 6
    rest_day: int | None = 6
    alert_stops: tuple[str, ...] = ()
    """Alerts of either person that stop the match, in words."""
    alert_warnings: tuple[str, ...] = ()
    clashes: tuple[str, ...] = ()
    """Work and appointments of either person at the times of the visits, in sentences."""
    clashes_as_of: date | None = None

    def __post_init__(self) -> None:
        if min(self.live_matches, self.capacity, self.minutes_planned, self.minutes_cap) < 0:
            raise ValueError("A buddy's people, places and minutes cannot be less than none.")


@dataclass(frozen=True)
class Labels:
    """Words for codes, for the sentences. A code without a word is shown as it is."""

    wings: Mapping[str, str] = field(default_factory=dict)
    modules: Mapping[str, str] = field(default_factory=dict)
    languages: Mapping[str, str] = field(default_factory=dict)


NO_LABELS = Labels()


@dataclass(frozen=True)
class Check:
    """One line of the suitability page; ``as_of`` is the date of the data, None without any."""

    code: str
    verdict: Verdict
    words: str
    as_of: date | None


# --- checks: may these two be matched? -----------------------------------------------------------


def check_pair(need: Need, candidate: Candidate, *, today: date, labels: Labels = NO_LABELS) -> tuple[Check, ...]:
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
        _check_days(need, candidate),
        _check_language(need, candidate, labels),
        _check_cell(candidate),
        _check_choice(need, candidate),
        _check_clashes(candidate),
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
        when = f" on {day_words(until)}" if until is not None else ""
        return Check(code, Verdict.STOP, f"{name} ran out{when}.", candidate.as_of)
    if until is not None and until < today + SOON:
        return Check(code, Verdict.WARN, f"{name} runs out on {day_words(until)}.", candidate.as_of)
    when = f" until {day_words(until)}" if until is not None else ""
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
        return Verdict.STOP, f"It was to be made good by {day_words(latest.good_by)} ({how})."
    return Verdict.WARN, f"To be made good by {day_words(latest.good_by)} ({how})."


def _check_keep_apart(candidate: Candidate, today: date) -> Check:
    # One sentence for both kinds: which record it is, or whose, is nobody's business here.
    checked = candidate.keep_apart_checked_on
    if candidate.keep_apart or candidate.cellmate_keep_apart:
        return Check("KEEP_APART", Verdict.STOP, KEEP_APART_WORDS, checked)
    if checked is None:
        return Check("KEEP_APART", Verdict.STOP, "Keep-apart records are not checked yet.", None)
    if checked < today - timedelta(days=1):
        words = f"Keep-apart records were last checked on {day_words(checked)}."
        return Check("KEEP_APART", Verdict.WARN, words, checked)
    return Check("KEEP_APART", Verdict.PASS, "No keep-apart record between them.", checked)


def _check_alerts(candidate: Candidate) -> Check:
    as_of = candidate.alerts_as_of
    if candidate.alert_stops:
        return Check("ALERTS", Verdict.STOP, f"{ALERT_WORDS} {'; '.join(candidate.alert_stops)}.", as_of)
    if as_of is None:
        return Check("ALERTS", Verdict.STOP, "Alerts are not checked yet.", None)
    if candidate.alert_warnings:
        return Check("ALERTS", Verdict.WARN, f"Look at: {'; '.join(candidate.alert_warnings)}.", as_of)
    return Check("ALERTS", Verdict.PASS, "No alert on the stop list.", as_of)


def _check_wing(need: Need, candidate: Candidate, labels: Labels) -> Check:
    wing = labels.wings.get(need.wing, need.wing)
    if need.wing == candidate.wing:
        return Check("WING", Verdict.PASS, f"Lives on the same wing ({wing}).", candidate.as_of)
    if need.wing in candidate.wings_cleared:
        return Check("WING", Verdict.PASS, f"Cleared to go to {wing}.", candidate.as_of)
    return Check("WING", Verdict.STOP, f"Not cleared to go to {wing}.", candidate.as_of)


def _check_capacity(candidate: Candidate) -> Check:
    words = f"Helps {people_words(candidate.live_matches)} of at most {candidate.capacity}."
    full = candidate.live_matches >= candidate.capacity
    if not full and is_close(candidate.live_matches + 1, candidate.capacity):
        words = f"{words} This would be close to the cap."
        return Check("CAPACITY", Verdict.WARN, words, candidate.as_of)
    return Check("CAPACITY", Verdict.STOP if full else Verdict.PASS, words, candidate.as_of)


def is_close(number: int, cap: int) -> bool:
    """From 80 per cent of a cap on it is said, before the cap refuses."""
    return number * 5 >= cap * 4


def _check_hours(need: Need, candidate: Candidate) -> Check:
    after = candidate.minutes_planned + need.minutes_per_week
    words = f"Would be at {time_words(after)} a week of at most {time_words(candidate.minutes_cap)}."
    if after > candidate.minutes_cap:
        return Check("HOURS", Verdict.STOP, words, candidate.as_of)
    close = is_close(after, candidate.minutes_cap)
    return Check("HOURS", Verdict.WARN if close else Verdict.PASS, words, candidate.as_of)


def longest_run(weekdays: Iterable[int], rest_day: int | None = None) -> int:
    """Days one after the other, week after week, when these weekdays are worked and the rest day is kept."""
    worked = [day in set(weekdays) and day != rest_day for day in range(7)]
    if all(worked):
        return 7
    longest = run = 0
    # Twice round, so that a run over Sunday into Monday is seen whole.
    for day in (*worked, *worked):
        run = run + 1 if day else 0
        longest = max(longest, run)
    return longest


def _check_days(need: Need, candidate: Candidate) -> Check:
    """A plan may want somebody every day: on the rest day its second buddy comes, or nobody."""
    run = longest_run(candidate.weekdays_planned | need.weekdays, candidate.rest_day)
    words = f"Would help on {in_a_row_words(run)} of at most {candidate.days_cap}."
    if run > candidate.days_cap:
        return Check("DAYS", Verdict.STOP, words, candidate.as_of)
    before = longest_run(candidate.weekdays_planned, candidate.rest_day)
    last = run == candidate.days_cap and run > before
    return Check("DAYS", Verdict.WARN if last else Verdict.PASS, words, candidate.as_of)


def _check_language(need: Need, candidate: Candidate, labels: Labels) -> Check:
    verdict = Verdict.PASS if need.languages & candidate.languages else Verdict.WARN
    return Check("LANGUAGE", verdict, language_words(need, candidate, labels), candidate.as_of)


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


def _check_clashes(candidate: Candidate) -> Check:
    as_of = candidate.clashes_as_of or candidate.as_of
    if candidate.clashes:
        return Check("CLASHES", Verdict.WARN, " ".join(candidate.clashes), as_of)
    return Check("CLASHES", Verdict.PASS, "No work or appointment of either is on record at these times.", as_of)


# --- words ---------------------------------------------------------------------------------------


def language_words(need: Need, candidate: Candidate, labels: Labels) -> str:
    if not need.languages or not candidate.languages:
        return "Language not recorded."
    shared = sorted(labels.languages.get(code, code) for code in need.languages & candidate.languages)
    return f"Both speak {' and '.join(shared)}." if shared else "No language in common."


def day_words(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def time_words(minutes: int) -> str:
    hours, rest = divmod(minutes, 60)
    if hours and rest:
        return f"{hours} h {rest} min"
    return f"{hours} h" if hours else f"{rest} min"


def in_a_row_words(days: int) -> str:
    return "1 day" if days == 1 else f"{days} days in a row"


def people_words(number: int) -> str:
    return "1 person" if number == 1 else f"{number} people"
