"""What goes into files of figures."""

from __future__ import annotations

from django.db.models import QuerySet

from buddyscheme.accounts.models import Prison
from buddyscheme.lib.dates import Month, year_of
from monitoring.measures.catalogue import MEASURES
from monitoring.measures.definition import Measure
from monitoring.models import Figure, MeasureWords, Release, ReleaseFigure, ReleaseFile, TypedFigure
from monitoring.queries.typed import newest_typed
from monitoring.queries.wording import worded


def released(release: Release) -> QuerySet[ReleaseFigure]:
    """Every figure of a release, of the nation with its groups and of each prison."""
    return ReleaseFigure.objects.filter(release=release).select_related("about")


def worded_measures() -> dict[str, Measure]:
    """Every measure by its code, in their order, with its newest words."""
    return {measure.code: measure for measure in worded(MEASURES)}


def words_version() -> int:
    """Which words of the measures are the newest: another number whenever any of them was amended."""
    return MeasureWords.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def file_of(release: Release) -> ReleaseFile | None:
    """The release's file with the words as they are now, made or not, or None."""
    return ReleaseFile.objects.filter(release=release, words_version=words_version()).first()


def own_figures(prison: Prison, months: list[Month]) -> tuple[list[Figure], list[TypedFigure]]:
    """A prison's figures of these months, their quarters and years: worked out, and given by somebody. No groups."""
    codes = {month.code for month in months} | {month.quarter.code for month in months}
    codes |= {year_of(month.first).code for month in months}
    figures = Figure.objects.for_prison(prison).filter(period__in=codes, breakdown="")
    typed = [row for (_, period), row in newest_typed(prison).items() if period in codes]
    return list(figures.order_by("first_day", "period", "measure")), typed
