"""Chosen measures of chosen prisons beside each other: the address keeps the choice, and the page prints."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from buddyscheme.accounts.models import Prison
from buddyscheme.accounts.permissions import Permission
from buddyscheme.accounts.requests import StaffRequest, requires
from buddyscheme.audit.record import viewed
from buddyscheme.lib.dates import parse_period
from buddyscheme.lib.tables import Cell, Column, Row, Table
from monitoring.forms.releases import ChosenForm
from monitoring.measures.catalogue import RELEASED
from monitoring.measures.definition import Measure, Needs
from monitoring.models import Release, ReleaseFigure
from monitoring.queries.releases import by_prison, earlier_than, figures_in, prisons_in
from monitoring.queries.wording import worded
from monitoring.views.release_parts import (
    crumbs_of,
    figure_url,
    measure_url,
    release_or_404,
    released_words,
    words_of,
)
from monitoring.words import basis_words, by_hand_words, percent

Figures = dict[str, dict[str, ReleaseFigure]]
ALL = "All prisons"


@require_safe
@requires(Permission.NATIONAL_RELEASES_VIEW)
def chosen(request: StaffRequest, token: str) -> HttpResponse:
    """A table for each chosen measure, a line for each chosen prison under all of them together."""
    release = release_or_404(token)
    prisons = prisons_in(release)
    measures = list(worded(RELEASED))
    form = ChosenForm(
        request.GET,
        measures=[(measure.code, measure.title) for measure in measures],
        prisons=[(each.code, each.name) for each in prisons],
    )
    codes, wanted = form.answers.get("measure", []), form.answers.get("prison", [])
    asked = [measure for measure in measures if measure.code in codes]
    earlier = next(iter(earlier_than(release)), None)
    now = _figures(release, codes)
    before = _figures(earlier, codes) if earlier else {}
    tables = [
        _table(release, earlier, measure, [each for each in prisons if each.code in wanted], now, before)
        for measure in asked
    ]
    viewed(by=request.actor, prison="", subject=release, measures=len(asked), prisons=len(wanted))
    return render(
        request,
        "monitoring/release_chosen.html",
        {
            "release": release,
            "period": parse_period(release.period),
            "form": form,
            "tables": tables,
            "released": released_words(release),
            "crumbs": crumbs_of(release),
        },
    )


def _figures(release: Release, codes: list[str]) -> Figures:
    """Measure → prison's code (empty for all together) → figure."""
    found = by_prison(release, codes)
    for code, figure in figures_in(release, about=None).items():
        if code in codes:
            found.setdefault(code, {})[""] = figure
    return found


def _table(
    release: Release,
    earlier: Release | None,
    measure: Measure,
    prisons: list[Prison],
    now: Figures,
    before: Figures,
) -> Table:
    visits = measure.needs is Needs.VISITS
    rows = []
    for code, name in [("", ALL), *((each.code, each.name) for each in prisons)]:
        figure = now.get(measure.code, {}).get(code)
        cells: list[Cell | str] = [Cell(text=words_of(measure, figure))]
        if earlier is not None:
            cells.append(Cell(text=words_of(measure, before.get(measure.code, {}).get(code))))
        basis = "" if figure is None else basis_words(measure, figure.numerator, figure.denominator)
        cells.append(basis or by_hand_words(measure) or "–")
        if visits:
            cells.append("–" if figure is None or figure.completeness is None else percent(figure.completeness))
        href = figure_url(release, code, measure.code) if code else measure_url(release, measure.code)
        rows.append(Row(text=name, href=href, hidden=measure.title, cells=cells))
    return Table(
        caption=measure.title,
        first="Prison",
        columns=[
            Column(text=str(parse_period(release.period)), numeric=True),
            *([Column(text=str(parse_period(earlier.period)), numeric=True)] if earlier else []),
            "Rests on",
            *([Column(text="Recorded", numeric=True)] if visits else []),
        ],
        rows=rows,
    )
