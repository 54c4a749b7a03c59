"""Measures with the words that the national lead gave them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from monitoring.measures.definition import Basis, Measure
from monitoring.models import MeasureWords
from monitoring.models.wording import AMENDED


def newest_words() -> dict[str, MeasureWords]:
    """The newest amendment of each measure that has one. One question."""
    rows = MeasureWords.objects.select_related("amended_by").order_by("measure", "-id").distinct("measure")
    return {row.measure: row for row in rows}


def amendments_of(code: str) -> list[MeasureWords]:
    """Every amendment of one measure, the newest first."""
    return list(MeasureWords.objects.filter(measure=code).select_related("amended_by").order_by("-id"))


def worded(measures: Iterable[Measure]) -> list[Measure]:
    """The measures in their order, each with its newest words; what is counted is the same."""
    newest = newest_words()
    return [_with(measure, newest[measure.code]) if measure.code in newest else measure for measure in measures]


def worded_one(measure: Measure) -> Measure:
    """One measure with its newest words."""
    return worded([measure])[0]


def _with(measure: Measure, words: MeasureWords) -> Measure:
    said = {name: getattr(words, name) for name in AMENDED}
    return replace(measure, **{**said, "basis": Basis(said["basis"])})
