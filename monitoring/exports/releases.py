"""A release as CSV: the stored, protected figures and nothing else, with what each column means at the top."""

from __future__ import annotations

from typing import Any

from buddyscheme.lib.csv_safe import csv_text
from monitoring.measures.catalogue import MEASURES
from monitoring.measures.definition import Measure
from monitoring.models import Release, ReleaseFigure
from monitoring.queries.wording import worded
from monitoring.words import STATE_WORDS

HEADER = (
    "release", "published_on", "prison_code", "prison", "period", "measure", "title", "state", "value", "unit",
    "numerator", "denominator", "completeness", "looked_at_by_staff", "late", "definition_version", "definition",
)  # fmt: skip


def release_csv(release: Release) -> tuple[str, int]:
    """The file's text and its number of rows. Hidden figures have a state in words and empty number cells."""
    order = {measure.code: i for i, measure in enumerate(MEASURES)}
    figures = sorted(
        ReleaseFigure.objects.filter(release=release).select_related("about"),
        key=lambda f: (f.about.name if f.about else "", f.period, order.get(f.measure, 99)),
    )
    measures = {measure.code: measure for measure in worded(MEASURES)}
    rows = [_row(release, figure, measures[figure.measure]) for figure in figures]
    return csv_text(HEADER, rows), len(rows)


def _row(release: Release, figure: ReleaseFigure, measure: Measure) -> list[Any]:
    return [
        release.period,
        release.published_at.date(),
        figure.about_id or "",
        figure.about.name if figure.about else "All prisons together",
        figure.period,
        figure.measure,
        measure.title,
        STATE_WORDS.get(figure.state, "A number"),
        figure.value,
        measure.unit,
        figure.numerator,
        figure.denominator,
        figure.completeness,
        figure.looked_at_share,
        figure.late_share,
        figure.definition_version,
        f"{measure.numerator}" + (f" / {measure.denominator}" if measure.denominator else ""),
    ]
