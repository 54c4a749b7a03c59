"""How a release tells each kind of measure: the counts that stand behind a figure, and the figure made of them.

Pure. Why each is told so stands in record 35. Everything that is shown is made from the protected counts alone, but
for a median and a mean: of these the counts say whether they may be shown at all.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_UP, Decimal

from monitoring.disclosure import Bounds, Protected, State, median_is_shown, protect_mean
from monitoring.disclosure.audit_web import Shown
from monitoring.disclosure.figures import SMALLEST_SHOWN, TOO_FEW
from monitoring.measures.definition import NOT_REACHED, Kind, Measure, Parts, Told

COUNTED, AMOUNT, PEOPLE, STEPS = "counted", "amount", "behind it", "steps of £200"
PART, REST, WHOLE = "the part", "the rest", "the whole"
STEP = Decimal(200)
"""Pounds that one person may be paid in a quarter. Money is protected in steps of this, as people are."""
DAYS_A_MONTH = Decimal("30.4375")
# The amount below these is published in another unit as well: a month of help is so many days of it.
SMALLER_UNITS = {"CO-11": DAYS_A_MONTH}
CENT = Decimal("0.01")

LAYERS: dict[Told, tuple[str, ...]] = {
    Told.COUNT: (COUNTED,),
    Told.SHARE: (PART, REST, WHOLE),
    Told.RATE: (COUNTED, AMOUNT),
    Told.FULL_TIME: (COUNTED,),
    Told.MEDIAN: (PEOPLE,),
    Told.MEAN: (PEOPLE,),
    Told.MONEY: (STEPS,),
    Told.UNIT_COST: (STEPS, AMOUNT),
    Told.AS_IT_IS: (),
    Told.NOT: (),
}
# Where nobody was due there is nothing to count: that is nought people, and nought is hidden with the small ones.
NOUGHT_IS_A_COUNT = (Told.COUNT, Told.SHARE, Told.RATE, Told.MEDIAN, Told.MEAN)


def layers(measure: Measure) -> tuple[str, ...]:
    """The names of the counts behind a figure."""
    return LAYERS[measure.told]


def behind(measure: Measure, parts: Parts | None) -> tuple[Decimal, ...]:
    """The exact counts behind a figure, in the order of its layers; nought where nothing was due."""
    if parts is None:
        return (Decimal(0),) * len(layers(measure))
    above, below = parts.numerator, parts.denominator or Decimal(0)
    match measure.told:
        case Told.SHARE:
            return above, below - above, below
        case Told.RATE:
            return above, below
        case Told.FULL_TIME:
            return (above / below if below else Decimal(0),)
        case Told.MEDIAN | Told.MEAN:
            return (Decimal(parts.n),)
        case Told.MONEY:
            return (above / STEP,)
        case Told.UNIT_COST:
            return above / STEP, below * _unit(measure)
        case Told.AS_IT_IS | Told.NOT:
            return ()
    return (above,)


def withheld(measure: Measure, parts: Parts | None) -> bool:
    """Whether a figure may not be shown although its counts may be."""
    if measure.told is Told.MEDIAN:
        return parts is None or not median_is_shown(parts.n)
    return measure.told is Told.MEAN and not _mean(measure, parts).shown


def _mean(measure: Measure, parts: Parts | None) -> Protected:
    return TOO_FEW if parts is None else protect_mean(parts.numerator, parts.n, measure.furthest)


def together(measure: Measure, all_parts: Sequence[Parts | None]) -> Parts | None:
    """The nation's exact parts from those of its prisons: of a wait all waits, of a fact how many prisons have it."""
    there = [parts for parts in all_parts if parts is not None]
    if not there:
        return None
    if measure.told is Told.MEDIAN:
        assert measure.typical is not None
        return measure.typical(wait for parts in there for wait in parts.waits)
    if measure.kind is Kind.FACT:
        first = sum(parts.value == min(measure.facts) for parts in there)
        return Parts(Decimal(first), Decimal(len(there)), len(there), Decimal(first) / len(there))
    if measure.told is Told.AS_IT_IS and measure.kind is not Kind.RATIO:
        return None
    below = [parts.denominator for parts in there if parts.denominator is not None]
    return Parts(
        sum((parts.numerator for parts in there), Decimal(0)),
        sum(below, Decimal(0)) if below else None,
        sum(parts.n for parts in there),
    )


def figure_of(measure: Measure, shown: Sequence[Protected], parts: Parts | None) -> Protected:
    """The figure from its protected counts, hidden with any of them; and of medians and means from the exact parts."""
    if measure.told is Told.AS_IT_IS:
        return _as_it_is(measure, parts)
    if withheld(measure, parts) or not all(one.shown for one in shown):
        return TOO_FEW
    numbers = [one.value for one in shown if one.value is not None]
    match measure.told:
        case Told.SHARE:
            return _quotient(numbers[0], numbers[2], 1)
        case Told.RATE:
            return _quotient(numbers[0], numbers[1], measure.per)
        case Told.MEDIAN:
            assert parts is not None
            return _median(parts, numbers[0])
        case Told.MEAN:
            return _mean(measure, parts)
        case Told.MONEY:
            return Protected(State.VALUE, numbers[0] * STEP)
        case Told.UNIT_COST:
            above, below = numbers[0] * STEP, numbers[1] / _unit(measure)
            return Protected(State.VALUE, (above / below).quantize(CENT, ROUND_HALF_UP), above, below)
    return shown[0]


def _quotient(above: Decimal, below: Decimal, per: int) -> Protected:
    return Protected(State.VALUE, above * per / below, above, below)


def _median(parts: Parts, people: Decimal) -> Protected:
    if parts.value is None or parts.value == NOT_REACHED:
        return Protected(State.NOT_REACHED, denominator=people)
    return Protected(State.VALUE, parts.value.quantize(Decimal(1), ROUND_HALF_UP), denominator=people)


def _as_it_is(measure: Measure, parts: Parts | None) -> Protected:
    value = None if parts is None else measure.value(parts)
    if parts is None or value is None:
        return Protected(State.NOT_YET_DUE)
    return Protected(State.VALUE, value, parts.numerator, parts.denominator)


def published_behind(measure: Measure, figure: Protected) -> dict[str, Shown]:
    """What a reader knows of the counts behind a published figure. A share that is shown has a rest of 10 or more."""
    names = layers(measure)
    if figure.state is State.TOO_FEW:
        return dict.fromkeys(names, TOO_FEW)
    if figure.state is State.NONE:
        return dict.fromkeys(names, Protected(State.NONE, Decimal(0)))
    above, below = figure.numerator, figure.denominator
    match measure.told:
        case Told.COUNT | Told.FULL_TIME if figure.shown:
            return {COUNTED: figure}
        case Told.MONEY if figure.value is not None:
            return {STEPS: _rounded(figure.value / STEP)}
        case Told.SHARE if above is not None and below is not None:
            return {PART: _rounded(above), REST: Bounds(SMALLEST_SHOWN, None), WHOLE: _rounded(below)}
        case Told.RATE if above is not None and below is not None:
            return {COUNTED: _rounded(above), AMOUNT: _rounded(below)}
        case Told.MEDIAN | Told.MEAN if below is not None:
            return {PEOPLE: _rounded(below)}
        case Told.UNIT_COST if above is not None and below is not None:
            return {STEPS: _rounded(above / STEP), AMOUNT: _rounded(below * _unit(measure))}
    # It has no count: nothing was returned, or nothing was due.
    return dict.fromkeys(names, Protected(figure.state) if not figure.shown else TOO_FEW)


def _rounded(number: Decimal) -> Protected:
    return Protected(State.VALUE, number.to_integral_value(ROUND_HALF_UP))


def _unit(measure: Measure) -> Decimal:
    return SMALLER_UNITS.get(measure.code, Decimal(1))


def told_of(measures: Iterable[Measure]) -> list[Measure]:
    """Those that a release may hold."""
    return [measure for measure in measures if measure.told is not Told.NOT]
