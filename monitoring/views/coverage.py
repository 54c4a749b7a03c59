"""The national picture of a release: how many prisons run a scheme, here or not, and how many nothing is known of."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from buddyscheme.accounts.permissions import Permission
from buddyscheme.accounts.requests import StaffRequest, requires
from buddyscheme.audit.record import viewed
from buddyscheme.lib.dates import parse_period
from buddyscheme.lib.tables import Cell, Column, Row, Table
from monitoring.by_hand import HandSum
from monitoring.hand_words import BY_HAND, sort_words, source_words
from monitoring.models import HandReturn, Release
from monitoring.queries.coverage import Coverage, coverage_of
from monitoring.queries.hand_returns import Known
from monitoring.words import STATE_WORDS

Sort = HandReturn.Sort


@require_safe
@requires(Permission.NATIONAL_RELEASES_VIEW)
def coverage(request: StaffRequest, token: str) -> HttpResponse:
    """One release's national picture."""
    release = get_object_or_404(Release.objects.select_related("replaces"), token=token)
    viewed(by=request.actor, prison="", subject=release, page="coverage")
    period = parse_period(release.period)
    context = {
        "title": "The national picture",
        "caption": str(period),
        "release": release,
        **section_of(coverage_of(release)),
        "crumbs": [
            {"text": "Releases", "href": reverse("national:releases")},
            {"text": str(period), "href": reverse("national:release", args=[release.token])},
        ],
    }
    return render(request, "monitoring/coverage.html", context)


def section_of(found: Coverage) -> dict[str, Any]:
    """What `monitoring/coverage_section.html` shows."""
    by_hand = found.of(Known.BY_HAND)
    return {
        "quarter": found.quarter,
        "picture": _picture(found),
        "sums": _sums_table(found.sums) if found.sums else None,
        "by_hand": _prisons_table(found) if by_hand else None,
        "not_known": [each.prison.name for each in found.of(Known.NOTHING)],
    }


def _picture(found: Coverage) -> list[dict[str, str]]:
    """Numbers of prisons, which are no numbers of people: exact."""
    hand = [(label, found.of(Known.BY_HAND, sort)) for sort, label in [*Sort.choices, ("", "Scheme not returned")]]
    numbers = [
        ("A scheme runs here", len(found.of(Known.RUNS_HERE))),
        *[(f"{label}, {BY_HAND}", len(prisons)) for label, prisons in hand],
        ("Nothing is known", len(found.of(Known.NOTHING))),
        ("All prisons", len(found.prisons)),
    ]
    return [{"key": words, "value": f"{number:,}"} for words, number in numbers]


def _sums_table(sums: Any) -> Table:
    return Table(
        caption="Figures given by hand",
        first="Figure",
        columns=[Column(text="All prisons together", numeric=True), Column(text="Prisons that said so", numeric=True)],
        rows=[
            Row(
                text=each.item.title,
                note=f"Stands for {each.item.measure}" if each.item.measure else "",
                cells=[_figure_cell(each), f"{each.prisons:,}"],
            )
            for each in sums
        ],
    )


def _figure_cell(each: HandSum) -> Cell:
    if each.figure.value is None:
        return Cell(text=STATE_WORDS[each.figure.state])
    return Cell(text=f"{each.figure.value:,.0f}", note=BY_HAND)


def _prisons_table(found: Coverage) -> Table:
    return Table(
        caption="Prisons returned by hand",
        first="Prison",
        columns=["Buddy scheme", "Comes from"],
        rows=[
            Row(text=each.prison.name, cells=[Cell(text=sort_words(each.row), note=BY_HAND), source_words(each.row)])
            for each in found.of(Known.BY_HAND)
            if each.row is not None
        ],
    )
