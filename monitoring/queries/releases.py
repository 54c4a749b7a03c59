"""Published releases and what they hold. Nothing here reads a prison's own rows."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import QuerySet

from buddyscheme.accounts.models import Prison
from buddyscheme.lib.dates import Month
from monitoring.measures.groups import by_breakdown
from monitoring.models import Release, ReleaseFigure


def published() -> QuerySet[Release]:
    """Releases, newest period first, each with the one that replaced it, if any."""
    return Release.objects.select_related("published_by", "replaced_by").order_by("-first_day", "-published_at", "-id")


def published_codes() -> set[str]:
    """Codes of the periods that have a release."""
    return set(Release.objects.values_list("period", flat=True))


def is_replaced(release: Release) -> bool:
    """Whether a later release corrects this one."""
    return Release.objects.filter(replaces=release).exists()


def replacement_of(release: Release) -> Release | None:
    """The release that corrects this one."""
    return Release.objects.filter(replaces=release).first()


def figures_in(release: Release, *, about: Prison | None) -> dict[str, ReleaseFigure]:
    """National figures (about None) or one prison's, of the whole period, by measure, without groups."""
    figures = ReleaseFigure.objects.filter(release=release, about=about, period=release.period, breakdown="")
    return {figure.measure: figure for figure in figures}


def groups_in(
    release: Release, measures: Iterable[str] | None = None
) -> dict[str, dict[str, dict[str, ReleaseFigure]]]:
    """Figures of groups of all prisons together: measure → breakdown (`age`) → group → figure; of these measures."""
    rows = ReleaseFigure.objects.filter(release=release, about__isnull=True, period=release.period)
    rows = rows.exclude(breakdown="")
    if measures is not None:
        rows = rows.filter(measure__in=list(measures))
    found: dict[str, list[ReleaseFigure]] = {}
    for figure in rows:
        found.setdefault(figure.measure, []).append(figure)
    return {measure: by_breakdown(figures) for measure, figures in found.items()}


def earlier_than(release: Release) -> list[Release]:
    """Releases of the same kind of earlier periods, published before it, the newest of each; newest period first.

    What came later changes no page of a release.
    """
    rows = (
        Release.objects.filter(
            kind=release.kind, first_day__lt=release.first_day, published_at__lte=release.published_at
        )
        .order_by("-first_day", "-published_at", "-id")
        .distinct("first_day")
    )
    return list(rows)


def years_until(release: Release) -> list[Release]:
    """Releases of a year that were published no later than this one, the newest first."""
    rows = Release.objects.filter(kind=Release.Kind.YEAR, published_at__lte=release.published_at)
    return list(rows.order_by("-first_day", "-published_at", "-id"))


def months_until(
    release: Release, *, about: Prison | None, months: Iterable[Month], measures: Iterable[str] | None = None
) -> dict[tuple[str, str], ReleaseFigure]:
    """National figures (about None) or one prison's of these months, by (measure, month); of these measures, if any.

    From this release and those published before it: what came later changes no page of it. Where a month was published
    twice the newer figure holds.
    """
    figures = ReleaseFigure.objects.filter(
        about=about,
        breakdown="",
        period__in=[month.code for month in months],
        release__published_at__lte=release.published_at,
    ).order_by("release__published_at", "release_id")
    if measures is not None:
        figures = figures.filter(measure__in=list(measures))
    return {(figure.measure, figure.period): figure for figure in figures}


def prisons_in(release: Release) -> list[Prison]:
    """Prisons of which the release says something, by name."""
    about = ReleaseFigure.objects.filter(release=release, about__isnull=False).values("about_id")
    return list(Prison.objects.filter(code__in=about).order_by("name", "code"))


def prisons_released() -> list[Prison]:
    """Prisons of which any release says something, by name."""
    about = ReleaseFigure.objects.filter(about__isnull=False).order_by().values("about_id").distinct()
    return list(Prison.objects.filter(code__in=about).order_by("name", "code"))


def by_prison(release: Release, measures: Iterable[str] | None = None) -> dict[str, dict[str, ReleaseFigure]]:
    """The whole period's figures: measure → prison code → figure, in one query; of these measures, if any are named."""
    rows = ReleaseFigure.objects.filter(release=release, about__isnull=False, period=release.period, breakdown="")
    if measures is not None:
        rows = rows.filter(measure__in=list(measures))
    found: dict[str, dict[str, ReleaseFigure]] = {}
    for figure in rows:
        found.setdefault(figure.measure, {})[str(figure.about_id)] = figure
    return found
