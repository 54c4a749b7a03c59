"""Named rules about a month's or a quarter's figures: what cannot both be true, and what somebody should look at.

Pure: a picture of the period in, findings out. A finding raises a question to the prison. It never changes a figure.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal

from buddyscheme.lib.dates import Month, Quarter
from monitoring.measures.catalogue import BY_CODE
from monitoring.models.figure import FigureState
from monitoring.statistics import xmr
from monitoring.words import number_words

# Control limits need so many months, and a figure is far out from half the way from centre to limit beyond the limit.
MONTHS_FOR_LIMITS = 12
FAR = 0.5
# Which figures are looked at for being far out: few, so that a lead is asked about what matters.
LIMITED = ("OP-02", "OP-04b", "OP-06a", "OP-07", "OP-09a")
# Nought of these for two quarters running may be silence.
MAY_BE_SILENCE = ("OP-22", "OP-23a", "OP-24a")
WEEKS_IN_MONTH = Decimal("4.35")


@dataclass(frozen=True)
class Said:
    """What one figure says."""

    state: str
    value: Decimal | None = None
    numerator: Decimal | None = None
    denominator: Decimal | None = None

    @property
    def none(self) -> bool:
        return self.state == FigureState.NONE

    @property
    def some(self) -> Decimal:
        """The value, nought where there is none."""
        return self.value or Decimal(0)


@dataclass(frozen=True)
class Costs:
    """What a cost return says, as far as the rules ask."""

    lead_hours: Decimal | None = None
    lead_rate_pence: int | None = None
    staff_hours: Decimal | None = None
    staff_rate_pence: int | None = None


@dataclass(frozen=True)
class Picture:
    """One prison's period. `before` is the quarter or month just before; `earlier` the months before, oldest first."""

    period: Month | Quarter
    over: bool
    figures: Mapping[str, Said]
    before: Mapping[str, Said] = field(default_factory=dict)
    earlier: Mapping[str, Sequence[float]] = field(default_factory=dict)
    costs: Costs | None = None
    has_population: bool = True
    weekly_minutes: int = 0

    def said(self, measure: str) -> Said:
        """A figure of this period; one that is not stored is not yet due."""
        return self.figures.get(measure, Said(FigureState.NOT_YET_DUE))


@dataclass(frozen=True)
class Found:
    """Something a rule noticed: about which measure, in one sentence."""

    measure: str
    words: str


Look = Callable[[Picture], Iterator[Found]]


@dataclass(frozen=True)
class Rule:
    """`contradiction`: both cannot be true, so a quarter is not signed before somebody has answered."""

    code: str
    title: str
    sentence: str
    measures: tuple[str, ...]
    of: type[Month] | type[Quarter]
    look: Look
    contradiction: bool = False


def _no_buddy(picture: Picture) -> Iterator[Found]:
    hours = picture.said("OP-06a").some
    if hours > 0 and picture.said("OP-02").none:
        yield Found("OP-06a", f"{_whole(hours)} hours of support are recorded, and no buddy was active at the end.")


def _no_hours(picture: Picture) -> Iterator[Found]:
    people = picture.said("OP-04b").some
    if people > 0 and picture.said("OP-06a").none:
        yield Found("OP-06a", f"{_people(people)} helped, and no hour of support is recorded.")


def _nothing_planned(picture: Picture) -> Iterator[Found]:
    people, visits = picture.said("OP-04b").some, picture.said("OP-07")
    if people > 0 and visits.state == FigureState.NOT_YET_DUE:
        yield Found("OP-07", f"{_people(people)} helped, and no visit was planned.")


def _over_cap(picture: Picture) -> Iterator[Found]:
    hours, buddies = picture.said("OP-06a").some, picture.said("OP-02").some
    cap = Decimal(picture.weekly_minutes) / 60
    if not buddies or not cap:
        return
    weekly = hours / buddies / WEEKS_IN_MONTH
    if weekly > cap:
        yield Found(
            "OP-06a",
            f"{_one(weekly)} hours of support a week for each active buddy are more than the cap of {_one(cap)}.",
        )


def _reviews(picture: Picture) -> Iterator[Found]:
    held = picture.said("OP-29").numerator or Decimal(0)
    plans = picture.said("OP-04b").some + picture.said("OP-13a").some
    if held > plans:
        yield Found("OP-29", f"{_whole(held)} reviews were held on time, and only {_whole(plans)} people have a plan.")


def _no_rate(picture: Picture) -> Iterator[Found]:
    costs = picture.costs
    if costs is None:
        return
    if costs.lead_hours and costs.lead_rate_pence is None:
        yield Found("CO-02", f"{_one(costs.lead_hours)} hours of the lead are returned without what an hour costs.")
    if costs.staff_hours and costs.staff_rate_pence is None:
        yield Found("CO-03", f"{_one(costs.staff_hours)} hours of other staff are returned without what an hour costs.")


def _silence(picture: Picture) -> Iterator[Found]:
    for code in MAY_BE_SILENCE:
        before = picture.before.get(code)
        if picture.over and picture.said(code).none and before is not None and before.none:
            yield Found(
                code,
                f"{SILENT[code]} for two quarters running. Silence is not safety: say how you know that there were "
                "none.",
            )


SILENT = {
    "OP-22": "No boundary report",
    "OP-23a": "No safeguarding concern",
    "OP-24a": "No fall",
}


def _far_out(picture: Picture) -> Iterator[Found]:
    for code in LIMITED:
        said, earlier = picture.said(code), picture.earlier.get(code, ())
        if not picture.over or said.value is None or len(earlier) < MONTHS_FOR_LIMITS:
            continue
        chart, value = xmr(earlier), float(said.value)
        room = (chart.upper - chart.centre) * FAR
        if room <= 0 or chart.lower - room <= value <= chart.upper + room:
            continue
        measure = BY_CODE[code]
        way = "above" if value > chart.upper else "below"
        yield Found(
            code,
            f"{measure.title}: {number_words(measure, said.value)} is far {way} what the {len(earlier)} months before "
            "lead one to expect.",
        )


def _gap(picture: Picture) -> Iterator[Found]:
    if picture.over and picture.said("OP-04b").state == FigureState.NOT_RETURNED:
        yield Found("OP-07", "The scheme is open, and nothing was entered for this month.")


def _no_costs(picture: Picture) -> Iterator[Found]:
    if picture.over and picture.costs is None:
        yield Found("CO-09", "The costs of this quarter have not been returned.")


def _no_population(picture: Picture) -> Iterator[Found]:
    if picture.over and not picture.has_population:
        yield Found("OP-25a", "How many people the prison held is not entered for any month of this quarter.")


RULES: tuple[Rule, ...] = (
    Rule(
        "NO_BUDDY", "Support without a buddy", "Hours of support are recorded and no buddy is active.",
        ("OP-06a", "OP-02"), Month, _no_buddy, contradiction=True,
    ),
    Rule(
        "NO_HOURS", "People helped without hours", "People are helped and no hour of support is recorded.",
        ("OP-06a", "OP-04b"), Month, _no_hours, contradiction=True,
    ),
    Rule(
        "NO_PLAN", "People helped without planned visits", "People are helped and no visit was planned.",
        ("OP-07", "OP-04b"), Month, _nothing_planned, contradiction=True,
    ),
    Rule(
        "OVER_CAP", "More hours than the cap allows",
        "Support hours a week for each active buddy are over the scheme’s cap.",
        ("OP-06a", "OP-02"), Month, _over_cap, contradiction=True,
    ),
    Rule(
        "REVIEWS", "More reviews than plans", "More reviews were held than people have a plan.",
        ("OP-29", "OP-04b"), Month, _reviews, contradiction=True,
    ),
    Rule(
        "NO_RATE", "Hours without their cost", "Costs are returned with hours and without what an hour costs.",
        ("CO-02", "CO-03"), Quarter, _no_rate, contradiction=True,
    ),
    Rule(
        "SILENCE", "None for two quarters", "Concerns, boundary reports or falls are none for two quarters running.",
        MAY_BE_SILENCE, Quarter, _silence,
    ),
    Rule(
        "FAR_OUT", "Far from what was expected",
        "A figure is beyond its control limits by more than half their distance from the centre. Twelve months before "
        "it are needed.",
        LIMITED, Month, _far_out,
    ),
    Rule("GAP", "Nothing entered", "The scheme is open and a month has no entries.", ("OP-07",), Month, _gap),
    Rule("NO_COSTS", "Costs not returned", "A quarter is over and has no cost return.", ("CO-09",), Quarter, _no_costs),
    Rule(
        "NO_PEOPLE", "Population missing", "A quarter is over and the prison’s population is not entered.",
        ("OP-25a",), Quarter, _no_population,
    ),
)  # fmt: skip
BY_RULE = {rule.code: rule for rule in RULES}
CONTRADICTIONS = tuple(rule.code for rule in RULES if rule.contradiction)


def findings(picture: Picture) -> dict[tuple[str, str], str]:
    """What the rules of this kind of period say: sentences by (rule, measure)."""
    return {
        (rule.code, found.measure): found.words
        for rule in RULES
        if isinstance(picture.period, rule.of)
        for found in rule.look(picture)
    }


def _whole(number: Decimal) -> str:
    return f"{number.quantize(Decimal(1), ROUND_HALF_UP):,}"


def _one(number: Decimal) -> str:
    return f"{number.quantize(Decimal('0.1'), ROUND_HALF_UP).normalize():f}"


def _people(number: Decimal) -> str:
    return "1 person was" if number == 1 else f"{_whole(number)} people were"
