"""The pages of a release: all prisons together and one prison, each measure in a line."""

from __future__ import annotations

from functools import lru_cache

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from buddyscheme.accounts.models import Prison
from buddyscheme.accounts.permissions import Permission
from buddyscheme.accounts.requests import StaffRequest, may, requires
from buddyscheme.audit.record import viewed
from buddyscheme.lib.dates import london_today, parse_period
from buddyscheme.lib.fields import day_in_words
from buddyscheme.lib.tables import Cell, Column
from monitoring.charts.prisons import outside_chance
from monitoring.measures.catalogue import RELEASED
from monitoring.measures.visits import DELIVERED
from monitoring.measures.wholes import stands_alone
from monitoring.models import Release, ReleaseFigure
from monitoring.queries.releases import by_prison, earlier_than, figures_in, prisons_in
from monitoring.queries.returns import asked_on
from monitoring.queries.wording import worded
from monitoring.views.figure_tables import Line, tables_under_headings
from monitoring.views.release_corrections import correction_of
from monitoring.views.release_parts import (
    NOT_HERE,
    crumbs_of,
    download_url,
    evidence_rows,
    figure_url,
    measure_url,
    prison_url,
    release_or_404,
    words_of,
)
from monitoring.words import basis_words

KEPT = 24


@require_safe
@requires(Permission.NATIONAL_RELEASES_VIEW)
def national(request: StaffRequest, token: str) -> HttpResponse:
    """Every measure for all prisons together, and how many prisons stand behind it and stand out."""
    release = release_or_404(token)
    prisons = prisons_in(release)
    figures = figures_in(release, about=None)
    earlier, before = _before(release, None)
    overview = _overview(release.token)
    lines = [
        Line(
            measure,
            measure_url(release, measure.code),
            (
                Cell(text=words_of(measure, figures.get(measure.code))),
                *([Cell(text=words_of(measure, before.get(measure.code)))] if earlier else []),
                Cell(text=f"{overview[measure.code][0]} of {len(prisons)}"),
                Cell(text=_outside_words(overview[measure.code][1])),
            ),
        )
        for measure in worded(RELEASED)
        if stands_alone(measure.code)
    ]
    viewed(by=request.actor, prison="", subject=release)
    return render(
        request,
        "monitoring/release.html",
        {
            "release": release,
            "period": parse_period(release.period),
            "sections": tables_under_headings(
                lines,
                columns=(
                    Column(text="All prisons", numeric=True),
                    *([Column(text=str(parse_period(earlier.period)), numeric=True)] if earlier else []),
                    Column(text="Prisons with a figure", numeric=True),
                    Column(text="Outside chance", numeric=True),
                ),
            ),
            "prison_links": [{"name": each.name, "href": prison_url(release, each.code)} for each in prisons],
            "silent": _silent_rows(release, prisons),
            "returns_url": reverse("national:returns") if may(request, Permission.NATIONAL_RETURNS_VIEW) else "",
            "download_url": download_url(request, release),
            "correction": correction_of(request, release),
            "crumbs": crumbs_of(release)[:1],
        },
    )


def _outside_words(count: int | None) -> str:
    return "–" if count is None else "None" if count == 0 else str(count)


def _before(release: Release, about: Prison | None) -> tuple[Release | None, dict[str, ReleaseFigure]]:
    """The newest earlier release of its kind, and its figures by measure."""
    earlier = next(iter(earlier_than(release)), None)
    if earlier is None:
        return None, {}
    return earlier, figures_in(earlier, about=about)


@lru_cache(maxsize=KEPT)
def _overview(token: str) -> dict[str, tuple[int, int | None]]:
    """By measure: how many prisons have a figure, and how many are outside the limits of its funnel.

    Kept by this process: a release never changes, and it holds nothing of the reader.
    """
    release = Release.objects.get(token=token)
    figures, beside, prisons = figures_in(release, about=None), by_prison(release), prisons_in(release)
    found = {}
    for measure in RELEASED:
        there = beside.get(measure.code, {})
        entries = [(each, there.get(each.code), each.code) for each in prisons]
        known = sum(figure.state in ("VALUE", "NONE", "TOO_FEW") for figure in there.values())
        nation = figures.get(measure.code)
        found[measure.code] = (known, outside_chance(measure, entries, nation))
    return found


def _silent_rows(release: Release, prisons: list[Prison]) -> list[dict[str, str]]:
    """Prisons without a return, and since when they have been asked for what is still open."""
    silent = _silent(release.token)
    asked = asked_on(silent) if silent else {}
    return [
        {
            "name": each.name,
            "href": prison_url(release, each.code),
            "asked": f"asked on {day_in_words(london_today(asked[each.code]))}"
            if each.code in asked
            else "nobody has asked yet",
        }
        for each in prisons
        if each.code in silent
    ]


@lru_cache(maxsize=KEPT)
def _silent(token: str) -> frozenset[str]:
    """Codes of prisons that returned nothing about visits."""
    release = Release.objects.get(token=token)
    there = by_prison(release, [DELIVERED.code]).get(DELIVERED.code, {})
    return frozenset(code for code, figure in there.items() if figure.state == "NOT_RETURNED")


@require_safe
@requires(Permission.NATIONAL_RELEASES_VIEW)
def prison(request: StaffRequest, token: str, about_code: str) -> HttpResponse:
    """One prison's page of a release, in the order of an inspection report, beside all prisons together."""
    release = release_or_404(token)
    about = about_or_404(release, about_code)
    figures, together = figures_in(release, about=about), figures_in(release, about=None)
    earlier, before = _before(release, about)
    lines = []
    for measure in worded(measure for measure in RELEASED if stands_alone(measure.code)):
        figure = figures.get(measure.code)
        basis = "" if figure is None else basis_words(measure, figure.numerator, figure.denominator)
        lines.append(
            Line(
                measure,
                figure_url(release, about.code, measure.code),
                (
                    Cell(text=words_of(measure, figure), note=basis),
                    *([Cell(text=words_of(measure, before.get(measure.code)))] if earlier else []),
                    Cell(text=words_of(measure, together.get(measure.code))),
                ),
            )
        )
    viewed(by=request.actor, prison="", subject=release, about=about.code)
    return render(
        request,
        "monitoring/release_prison.html",
        {
            "release": release,
            "about": about,
            "period": parse_period(release.period),
            "evidence": evidence_rows(figures.get(DELIVERED.code), release),
            "sections": tables_under_headings(
                lines,
                columns=(
                    Column(text="This prison", numeric=True),
                    *([Column(text=str(parse_period(earlier.period)), numeric=True)] if earlier else []),
                    Column(text="All prisons", numeric=True),
                ),
            ),
            "download_url": download_url(request, release),
            "correction": correction_of(request, release),
            "crumbs": crumbs_of(release),
        },
    )


def about_or_404(release: Release, code: str) -> Prison:
    """A prison of which the release says something."""
    found = next((each for each in prisons_in(release) if each.code == code), None)
    if found is None:
        raise Http404(NOT_HERE)
    return found
