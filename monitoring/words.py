"""Figures in words: one place, so that page, chart and file say the same."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from monitoring.measures.definition import Kind, Measure, Needs
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
    """`87%`, `1,204`, `3.4`."""
    if measure.kind is Kind.SHARE:
        return percent(value)
    if measure.kind is Kind.RATE:
        return f"{value.quantize(Decimal('0.1'), ROUND_HALF_UP):,}"
    return f"{value.quantize(Decimal(1), ROUND_HALF_UP):,}"


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


def basis_words(measure: Measure, numerator: Decimal | None, denominator: Decimal | None) -> str:
    """What the figure rests on: "120 of 140 visits", or nothing for a plain count."""
    if numerator is None or denominator is None:
        return ""
    if measure.kind is Kind.SHARE:
        return f"{_plain(numerator)} of {_plain(denominator)} visits"
    return f"{_plain(numerator)} in {_plain(denominator)} support hours"


def completeness_words(measure: Measure, completeness: Decimal | None, looked_at: Decimal | None) -> str:
    """How much of what was due was recorded, and how much of it staff looked at: beside every visit figure."""
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
