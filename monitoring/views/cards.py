"""What `components/figure.html` takes of a stored or released figure, and cards under the headings of a report."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any, Protocol, TypeVar

from monitoring.measures.definition import Measure
from monitoring.words import basis_words, completeness_words, definition_words, figure_words

EntryT = TypeVar("EntryT")


class HasFigure(Protocol):
    """A stored or a released figure."""

    state: str
    value: Decimal | None
    numerator: Decimal | None
    denominator: Decimal | None
    completeness: Decimal | None
    looked_at_share: Decimal | None


def figure_card(measure: Measure, figure: HasFigure | None, *, period: str, missing: str) -> dict[str, Any]:
    """One figure with its definition and what it rests on; `missing` is said where there is none."""
    card = {"title": measure.title, "code": measure.code, "period": period, "definition": definition_words(measure)}
    if figure is None:
        return card | {"value": missing, "in_words": True, "n": "", "completeness": ""}
    return card | {
        "value": figure_words(measure, figure.state, figure.value),
        "in_words": figure.state != "VALUE",
        "n": basis_words(measure, figure.numerator, figure.denominator),
        "completeness": completeness_words(measure, figure.completeness, figure.looked_at_share),
    }


def under_headings(entries: Iterable[tuple[Measure, EntryT]]) -> list[dict[str, Any]]:
    """Entries of measures as sections, in the order of their first measures."""
    sections: dict[str, list[EntryT]] = {}
    for measure, entry in entries:
        sections.setdefault(measure.heading, []).append(entry)
    return [{"heading": heading, "entries": theirs} for heading, theirs in sections.items()]


def definition_rows(said: Measure) -> list[dict[str, str]]:
    """A measure's definition for a summary list: the same words as in the data dictionary and in every file."""
    rows = {
        "What it answers": said.answers,
        "What is counted": said.numerator,
        "Out of what": said.denominator,
        "Unit": said.unit,
        "Sort of number": said.kind.value,
        "Which way is good": said.direction.value,
        "Given for": said.level,
        "Who provides it": said.provider,
        "Who holds it": said.held_by,
        "How often": said.frequency,
        "Fewest it is shown for": str(said.minimum_n) if said.minimum_n else "",
        "Inspection expectation": said.expectation,
        "Basis": said.basis.value,
        "Where the value comes from": said.source.value,
        "Broken down by": ", ".join(sorted(by.value for by in said.by)),
        "Definition": str(said.version),
    }
    return [{"key": key, "value": value[0].upper() + value[1:]} for key, value in rows.items() if value]
