"""A release as a table: the stored, protected figures and nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from buddyscheme.lib.csv_safe import Cell
from buddyscheme.lib.xlsx_safe import Sheet
from monitoring.measures.definition import Measure
from monitoring.measures.groups import named_group
from monitoring.models import Release, ReleaseFigure
from monitoring.words import STATE_WORDS

MARKING = "OFFICIAL"
HEADER = (
    "marking", "release", "published_on", "prison_code", "prison", "period", "measure", "title", "state", "value",
    "unit", "numerator", "denominator", "completeness", "looked_at_by_staff", "late", "definition_version",
    "group", "source",
)  # fmt: skip
NATION = "All prisons together"


def release_sheet(release: Release, figures: Iterable[ReleaseFigure], measures: Mapping[str, Measure]) -> Sheet:
    """Every figure on a row, the nation's first, then by prison. Hidden ones have a state and empty number cells."""
    order = {code: place for place, code in enumerate(measures)}
    ordered = sorted(
        figures,
        key=lambda f: (
            f.about.name if f.about else "",
            f.period,
            order.get(f.measure, len(order)),
            f.measure,
            f.breakdown,
        ),
    )
    return Sheet("Figures", HEADER, [_row(release, figure, measures.get(figure.measure)) for figure in ordered])


def _row(release: Release, figure: ReleaseFigure, measure: Measure | None) -> list[Cell]:
    return [
        MARKING,
        release.period,
        release.published_at.date(),
        figure.about_id or "",
        figure.about.name if figure.about else NATION,
        figure.period,
        figure.measure,
        measure.title if measure else "",
        state_words(figure.state),
        figure.value,
        measure.unit if measure else "",
        figure.numerator,
        figure.denominator,
        figure.completeness,
        figure.looked_at_share,
        figure.late_share,
        figure.definition_version,
        # Nothing for everybody together.
        named_group(figure.breakdown) if figure.breakdown else "",
        _source(measure) if measure else "",
    ]


def _source(measure: Measure) -> str:
    """Where the figure comes from; of what a person gave, who holds it."""
    if measure.computed:
        return measure.source.value
    return f"given by hand; held by {measure.held_by or measure.provider}"


def state_words(state: str) -> str:
    """`A number`, or why there is none."""
    return STATE_WORDS.get(state, "A number")
