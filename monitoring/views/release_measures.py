"""One measure of a release: for all prisons with the funnel, and for one prison with the evidence behind it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from buddyscheme.accounts.models import Prison
from buddyscheme.accounts.permissions import Permission
from buddyscheme.accounts.requests import StaffRequest, requires
from buddyscheme.audit.record import viewed
from buddyscheme.lib.dates import parse_period
from monitoring.charts.by_group import by_group_shown
from monitoring.charts.prisons import INSIDE, Entry, place_of, prisons_shown
from monitoring.charts.shown import Shown
from monitoring.charts.whole import whole_shown
from monitoring.measures.definition import EQUALITY, By, Measure
from monitoring.measures.wholes import wholes_of
from monitoring.models import Release, ReleaseFigure
from monitoring.queries.releases import by_prison, figures_in, groups_in, prisons_in
from monitoring.views.cards import definition_rows
from monitoring.views.release_pages import about_or_404
from monitoring.views.release_parts import (
    NOT_HERE,
    beside_of,
    card_of,
    crumbs_of,
    evidence_rows,
    figure_url,
    measure_url,
    months_chart,
    prison_url,
    release_or_404,
    released_or_404,
    released_words,
)


@require_safe
@requires(Permission.NATIONAL_RELEASES_VIEW)
def measure(request: StaffRequest, token: str, measure_code: str) -> HttpResponse:
    """A measure for all prisons together, by month, and every prison by name beside the others."""
    release, found = release_or_404(token), released_or_404(measure_code)
    entries, nation = _entries(release, found)
    form, change = beside_of(request, release, found, None, kinds={each.kind for each, _, _ in entries})
    like = form.answers.get("like", "")
    viewed(by=request.actor, prison="", subject=release, measure=found.code)
    return render(
        request,
        "monitoring/release_measure.html",
        _context(release, found, nation)
        | {
            "caption": f"All prisons, {parse_period(release.period)}",
            "form": form,
            "change": change,
            "chart": months_chart(found, release, None),
            "parts": _wholes(release, found, None, lambda code: measure_url(release, code)),
            "groups": _groups(release, found),
            "prisons": prisons_shown(found, entries, nation=nation, like=like, released=released_words(release, found)),
            "crumbs": crumbs_of(release),
        },
    )


@require_safe
@requires(Permission.NATIONAL_RELEASES_VIEW)
def figure(request: StaffRequest, token: str, about_code: str, measure_code: str) -> HttpResponse:
    """One prison's figure of a measure: what stands behind it, its months, and where it lies among the others."""
    release, found = release_or_404(token), released_or_404(measure_code)
    about = about_or_404(release, about_code)
    entries, nation = _entries(release, found)
    place = place_of(found, entries, nation, about.code)
    own = next((figure for each, figure, _ in entries if each == about), None)
    form, change = beside_of(request, release, found, about)
    viewed(by=request.actor, prison="", subject=release, about=about.code, measure=found.code)
    return render(
        request,
        "monitoring/release_measure.html",
        _context(release, found, own)
        | {
            "caption": f"{about.name}, {parse_period(release.period)}",
            "form": form,
            "change": change,
            "chart": months_chart(found, release, about),
            "parts": _wholes(release, found, about, lambda code: figure_url(release, about.code, code)),
            "place": place,
            "outside": place and place != INSIDE,
            "all_url": measure_url(release, found.code),
            "broken_down": bool(found.by & EQUALITY),
            "crumbs": crumbs_of(release, (about.name, prison_url(release, about.code))),
        },
    )


def _entries(release: Release, measure: Measure) -> tuple[list[Entry], ReleaseFigure | None]:
    """Every prison's figure with its address, and that of all together."""
    there = by_prison(release, [measure.code]).get(measure.code, {})
    entries = [
        (each, there.get(each.code), figure_url(release, each.code, measure.code)) for each in prisons_in(release)
    ]
    return entries, figures_in(release, about=None).get(measure.code)


def _wholes(release: Release, measure: Measure, about: Prison | None, at: Callable[[str], str]) -> list[Shown]:
    """The wholes that the measure is a part of, where the release holds them."""
    wholes = wholes_of(measure.code)
    there = figures_in(release, about=about) if wholes else {}
    return [
        whole_shown(
            whole,
            {code: there.get(code) for code in (*whole.parts, whole.unknown) if code},
            title=whole.title,
            missing=NOT_HERE,
            at=at,
        )
        for whole in wholes
    ]


def _groups(release: Release, measure: Measure) -> list[Shown]:
    """A table for each breakdown that the release holds of the measure, of all prisons together."""
    there = groups_in(release, [measure.code]).get(measure.code, {}) if measure.by & EQUALITY else {}
    return [by_group_shown(measure, by, there[by.value], missing=NOT_HERE) for by in By if by.value in there]


def _context(release: Release, measure: Measure, figure: ReleaseFigure | None) -> dict[str, Any]:
    return {
        "title": measure.title,
        "release": release,
        "period": parse_period(release.period),
        "figure": card_of(measure, figure, release),
        "equality_url": reverse("national:release_equality", args=[release.token]),
        "evidence": evidence_rows(figure, release),
        "definition": definition_rows(measure),
    }
