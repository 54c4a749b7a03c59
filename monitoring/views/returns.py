"""Which returns are missing."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from buddyscheme.accounts.permissions import Permission
from buddyscheme.accounts.requests import requires
from buddyscheme.lib.dates import london_today, month_of, quarter_of
from buddyscheme.lib.fields import day_in_words
from buddyscheme.lib.tables import Cell, Row, Table, Tag
from monitoring.queries.returns import returns_of
from monitoring.views.periods import back_from

SHOWN = 6
COLOURS = {"Signed": "green", "Opened again": "blue", "Not signed": "red", "Not yet due": "grey"}


@require_safe
@requires(Permission.NATIONAL_RETURNS_VIEW)
def returns(request: HttpRequest) -> HttpResponse:
    """The last six full months of every prison, the last full quarter, and who has been asked."""
    today = london_today(timezone.now())
    quarter = quarter_of(today).previous()
    months = back_from(month_of(today).previous(), SHOWN)[::-1]
    rows = []
    for each in returns_of(months, quarter):
        rows.append(
            Row(
                text=each.prison.name,
                note=_asked(each.asked),
                cells=[Cell(text=word) for word in each.months],
                tag=Tag(text=each.quarter, colour=COLOURS[each.quarter]),
            )
        )
    table = Table(
        caption="Returns by prison",
        first="Prison",
        columns=[str(month) for month in months],
        rows=rows,
        status=str(quarter),
        caption_hidden=True,
    )
    return render(request, "monitoring/returns.html", {"table": table, "any": bool(rows)})


def _asked(asked: tuple[datetime, str] | None) -> str:
    """Who asked, and when, while it is open."""
    return f"Asked by {asked[1]} on {day_in_words(london_today(asked[0]))}" if asked else ""
