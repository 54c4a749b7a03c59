"""The data dictionary as a table, made from the definitions with the words that the national lead gave them."""

from __future__ import annotations

from collections.abc import Iterable

from buddyscheme.lib.csv_safe import Cell
from buddyscheme.lib.xlsx_safe import Sheet
from monitoring.measures.definition import EQUALITY, Measure
from monitoring.words import protection_words

HEADER = (
    "measure", "definition_version", "title", "heading", "answers", "numerator", "denominator", "unit", "kind",
    "meaning_of_values", "level", "provider", "held_by", "source", "frequency", "basis", "direction", "minimum_n",
    "expectation", "broken_down_by", "broken_down_in_releases_by", "protection_in_releases",
)  # fmt: skip


def dictionary_sheet(measures: Iterable[Measure]) -> Sheet:
    """Every measure on a row. Give them with their newest words."""
    return Sheet("Data dictionary", HEADER, [_row(measure) for measure in measures])


def _row(measure: Measure) -> list[Cell]:
    return [
        measure.code,
        measure.version,
        measure.title,
        measure.heading.value,
        measure.answers,
        measure.numerator,
        measure.denominator,
        measure.unit,
        measure.kind.value,
        "; ".join(f"{value} = {words}" for value, words in measure.facts.items()),
        measure.level,
        measure.provider,
        measure.held_by,
        measure.source.value,
        measure.frequency,
        measure.basis.value,
        measure.direction.value,
        measure.minimum_n,
        measure.expectation,
        ", ".join(sorted(by.value for by in measure.by)),
        ", ".join(sorted(by.value for by in measure.by & EQUALITY)),
        protection_words(measure),
    ]
