"""Figures in words: one place, so that page, chart and file say the same."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from buddyscheme.lib.money import pounds
from monitoring.measures.definition import Heading, Kind, Measure, Needs, Source, Told
from monitoring.models.figure import FigureState

STATE_WORDS: dict[str, str] = {
    FigureState.NONE: "None",
    FigureState.NOT_RETURNED: "No return",
    FigureState.NOT_YET_DUE: "Not yet due",
    FigureState.NOT_REACHED: "Not reached yet",
    FigureState.TOO_FEW: "Too few to show",
}


def figure_words(measure: Measure, state: str, value: Decimal | None) -> str:
    """The figure as a reader sees it: a number, or words where there is none."""
    if state != FigureState.VALUE or value is None:
        return STATE_WORDS.get(state, "Not recorded")
    return number_words(measure, value)


def number_words(measure: Measure, value: Decimal) -> str:
    """`87%`, `1,204`, `3.4`, `£12.50`, `12 days`, `+0.4`, or a fact's own words."""
    match measure.kind:
        case Kind.SHARE:
            return percent(value)
        case Kind.RATE | Kind.RATIO:
            return _one_decimal(value)
        case Kind.MONEY:
            return pounds(int((value * 100).quantize(Decimal(1), ROUND_HALF_UP)))
        case Kind.WAIT:
            return amount_words(value, measure.unit)
        case Kind.SCORE:
            return f"{'+' if value > 0 else ''}{_one_decimal(value)}".replace("-", "−")
        case Kind.FACT if value in measure.facts:
            return measure.facts[int(value)]
        case Kind.FACT:
            # Of all prisons together: how many of them say the first of its answers.
            return f"{percent(value)} of prisons: {measure.facts[min(measure.facts)].lower()}"
    return _plain(value)


ONE = {"people": "person"}


def amount_words(value: Decimal, unit: str) -> str:
    """`1 day`, `12 days`: the unit is a plural."""
    number = _plain(value)
    return f"{number} {ONE.get(unit, unit.removesuffix('s')) if number == '1' else unit}"


def percent(share: Decimal | None) -> str:
    """A fraction of 1 as a whole percentage; never 100% or 0% for what is not quite all or nothing."""
    if share is None:
        return "not due"
    rounded = (share * 100).quantize(Decimal(1), ROUND_HALF_UP)
    if rounded == 100 and share < 1:
        return "over 99%"
    if rounded == 0 and share > 0:
        return "under 1%"
    return f"{rounded}%"


# What a unit's last noun is called when there are several of it.
SEVERAL = {
    "an hour": "hours",
    "a month": "months of help",
    "buddy trained": "buddies",
    "buddy": "buddies",
    "active buddy": "active buddies",
}


RESTING = (Told.MEDIAN, Told.MEAN)
# What a typical wait is the wait of.
RESTS_ON = {
    "OP-10b": "referrals",
    "OP-11d": "requests",
    "OP-11h": "requests",
    "OP-15": "applications",
    "OP-21e": "buddies",
    "OP-24b": "falls",
    "OP-24c": "falls",
}
PROTECTED = {
    Told.COUNT: "counts are rounded to 5, and under 10 they are hidden",
    Told.SHARE: "counts are rounded to 5, and under 10 they are hidden",
    Told.RATE: "counts are rounded to 5, and under 10 they are hidden",
    Told.FULL_TIME: "full-time equivalents are rounded to 5, and under 10 they are hidden",
    Told.MEDIAN: "a median is in whole units, and hidden where fewer than about 20 stand behind it",
    Told.MEAN: "a mean is hidden where fewer than about 20 people stand behind it",
    Told.MONEY: "pounds are rounded to £1,000, and under £2,000 they are hidden",
    Told.UNIT_COST: "it is worked out from pounds rounded to £1,000 and an amount rounded to 5",
    Told.AS_IT_IS: "it is about the prison and not about people, and is told as it is",
    Told.NOT: "releases do not hold it",
}


def protection_words(measure: Measure) -> str:
    """How a release protects the figures of a measure, for the middle of a sentence."""
    return PROTECTED[measure.told]


def basis_words(measure: Measure, numerator: Decimal | None, denominator: Decimal | None) -> str:
    """What the figure rests on, by its unit: `120 of 140 planned visits`; nothing for a plain count."""
    if denominator is None:
        return ""
    unit, below = measure.unit, _plain(denominator)
    if numerator is None:
        # A published median or mean, beside how many there were.
        return f"Rests on about {below} {RESTS_ON.get(measure.code, 'people')}" if measure.told in RESTING else ""
    above = _plain(numerator)
    match measure.kind:
        case Kind.FACT:
            return f"{above} of {below} prisons"
        case Kind.SHARE if measure.source is Source.RECORDS or measure.heading is not Heading.COST:
            return f"{above} of {below} {unit.removeprefix('share of ')}"
        case Kind.RATE if " for every " in unit:
            counted, _, of = unit.partition(" for every ")
            return f"{above} {counted} in {below} {of.partition(' ')[2]}"
        case Kind.RATIO if unit == "hours a week":
            return f"{above} hours in {amount_words(denominator, 'weeks')}"
        case Kind.RATIO | Kind.MONEY if " for " in unit:
            counted, _, of = unit.partition(" for ")
            whole = number_words(measure, numerator) if measure.kind is Kind.MONEY else f"{above} {counted}"
            return f"{whole} for {below} {SEVERAL.get(of.removeprefix('each '), '')}".strip()
        case Kind.SCORE:
            return f"{amount_words(denominator, 'people')} with both answers"
    return ""


BY_HAND = "Given by hand"


def by_hand_words(measure: Measure) -> str:
    """That a person gave the figure; nothing of what is worked out."""
    return "" if measure.computed else BY_HAND


def completeness_words(measure: Measure, completeness: Decimal | None, looked_at: Decimal | None) -> str:
    """How much of what was due was recorded, and how much of it staff looked at: beside every visit figure."""
    if measure.source in (Source.TYPED, Source.ELSEWHERE):
        return f"{BY_HAND}. Held by: {measure.held_by or measure.provider}"
    if measure.source is Source.RETURN:
        return "From what the prison returned for the quarter"
    if measure.needs is not Needs.VISITS:
        return "From the scheme’s own records"
    if completeness is None:
        return ""
    words = f"{percent(completeness)} of planned visits recorded"
    return words if looked_at is None else f"{words}; staff looked at {percent(looked_at)}"


def definition_words(measure: Measure) -> str:
    """The drawer's text, made from the measure itself so that it cannot drift."""
    lines = [measure.answers, f"Counts: {measure.numerator}."]
    if measure.denominator:
        lines.append(f"Out of: {measure.denominator}.")
    lines.append(f"Unit: {measure.unit}. From: {measure.provider}. Basis: {measure.basis}.")
    lines.append(f"Which way is good: {measure.direction.value}. Definition {measure.version}.")
    return "\n\n".join(lines)


def _one_decimal(number: Decimal) -> str:
    return f"{number.quantize(Decimal('0.1'), ROUND_HALF_UP):,}"


def _plain(number: Decimal) -> str:
    return f"{number.quantize(Decimal(1), ROUND_HALF_UP):,}"


SOURCE_WORDS = {"TERMINAL": "buddies at a terminal", "STAFF": "staff", "PAPER": "paper", "IMPORT": "import"}


def evidence_words(figure: object) -> str:
    """Where a released figure's records came from and how late they were, without names or rows."""
    sources: dict[str, str] = getattr(figure, "sources", {}) or {}
    late: Decimal | None = getattr(figure, "late_share", None)
    parts = [f"{percent(Decimal(share))} from {SOURCE_WORDS[source]}" for source, share in sources.items()]
    words = f"records came {', '.join(parts)}." if parts else ""
    return words if late is None else f"{words} {percent(late).capitalize()} were entered on a later day.".strip()
