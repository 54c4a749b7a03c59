"""What the interface for programs reads: releases and their protected figures, and nothing else."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q, QuerySet

from buddyscheme.accounts.models import Prison
from monitoring.models import Release, ReleaseFigure


def releases() -> QuerySet[Release]:
    """In the order of their publishing, so that a new one moves no other to another page."""
    return Release.objects.select_related("replaces", "replaced_by").order_by("published_at", "id")


def release_by(token: str) -> Release | None:
    """One of them by its token, or None."""
    return Release.objects.filter(token=token).first()


def prisons_of(release: Release) -> QuerySet[Prison]:
    """Prisons of which the release says something, by code."""
    about = ReleaseFigure.objects.filter(release=release, about__isnull=False).values("about_id")
    return Prison.objects.filter(code__in=about).order_by("code")


def periods_of(release: Release) -> list[str]:
    """Codes of the periods that the release has figures of."""
    return sorted(set(ReleaseFigure.objects.filter(release=release).values_list("period", flat=True)))


def figures_of(
    release: Release,
    *,
    measures: Iterable[str] | None = None,
    prisons: Iterable[str] | None = None,
    nation: bool = False,
    periods: Iterable[str] | None = None,
    groups: Iterable[str] | None = None,
) -> QuerySet[ReleaseFigure]:
    """The figures of a release in the order in which they were stored, which never changes. None: every one of them.

    `nation` beside `prisons` asks for those of all prisons together as well. `groups` are breakdowns (`age`), with an
    empty one for figures of no group.
    """
    rows = ReleaseFigure.objects.filter(release=release)
    if measures is not None:
        rows = rows.filter(measure__in=measures)
    if periods is not None:
        rows = rows.filter(period__in=periods)
    if prisons is not None:
        chosen = Q(about_id__in=prisons)
        rows = rows.filter(chosen | Q(about__isnull=True) if nation else chosen)
    if groups is not None:
        asked = Q(pk__in=[])
        for by in groups:
            asked |= Q(breakdown__startswith=f"{by}:") if by else Q(breakdown="")
        rows = rows.filter(asked)
    return rows.order_by("id")
