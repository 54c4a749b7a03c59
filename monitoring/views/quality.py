"""How complete and how timely a prison's records are."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from buddyscheme.accounts.permissions import Permission as P
from buddyscheme.accounts.requests import StaffRequest, requires
from buddyscheme.lib.dates import Month, london_today, month_of
from buddyscheme.lib.tables import Cell, Column, Row, Table
from monitoring import quality as sums
from monitoring.forms.months import MonthForm
from monitoring.quality_words import timely_words
from monitoring.queries import data_queries
from monitoring.queries import quality as queries
from monitoring.queries.figures import closed_months, opened_on
from monitoring.views.periods import month_or, months_since
from monitoring.words import percent

# Where what is missing can be entered.
MEND = {
    "Planned visits with a record": ("referrals:visits_missing", ""),
    "Referrals screened": ("referrals:referrals", "?status=RECEIVED"),
}
PEOPLE = ("schemes:people", "")


@require_safe
@requires(P.FIGURES_VIEW)
def quality(request: StaffRequest) -> HttpResponse:
    """One month: the return, the lowest three fields, every field, and how soon visits were entered."""
    now = timezone.now()
    today = london_today(now)
    opened = opened_on(request.prison)
    chosen = month_or(request.GET.get("month", ""), month_of(today))
    fields = queries.fields_of(request.prison, chosen, now=now) if opened else []
    return render(
        request,
        "monitoring/quality.html",
        {
            "title": f"Data quality for {chosen}",
            "opened": opened,
            "month_form": MonthForm(offered=months_since(opened, today), initial={"month": chosen.code}),
            "rows": _facts(request, chosen, fields, today, opened),
            "lowest": [_low(request, field) for field in sums.lowest(fields)],
            "table": _table(fields),
            "crumbs": [{"text": "Figures", "href": reverse("monitoring:figures", args=[request.prison.code])}],
        },
    )


def _facts(
    request: StaffRequest, chosen: Month, fields: list[sums.Completeness], today: Any, opened: Any
) -> list[dict[str, Any]]:
    if not opened:
        return []
    prison = request.prison
    timely = queries.timeliness_of(prison, chosen)
    closed = closed_months(prison)
    entries = timely.entered + sum(field.due for field in fields)
    live = opened <= chosen.last and chosen.first <= today
    back = sums.returned(live=live, entries=entries, closed=chosen.code in closed)
    late = sum(
        sums.closed_late(month, london_today(close.closed_at) if (close := closed.get(month.code)) else None, today)
        for month in months_since(opened, today)
    )
    waiting = data_queries.to_answer(prison).count()
    score = sums.score(fields)
    return [
        {"key": "Returns", "value": _returned_words(back)},
        {"key": "Complete", "value": _share_words(score)},
        {"key": "Visits", "value": timely_words(timely)},
        {
            "key": "Months closed late",
            "value": f"{late or 'None'}\nA month is closed in time within {sums.DAYS_TO_CLOSE} days of its end",
        },
        {
            "key": "Data queries to answer",
            "value": str(waiting or "None"),
            "href": reverse("monitoring:data_queries", args=[prison.code]),
            "action": "See all",
            "hidden": "data queries",
        },
    ]


def _share_words(share: Decimal | None) -> str:
    return "Not due" if share is None else percent(share)


def _returned_words(back: sums.Returned) -> str:
    if not back.due:
        return "Not due"
    words = f"{back.received} of {back.due}"
    return f"{words}: nothing was entered. That is a gap, not none" if back.gap else words


def _low(request: StaffRequest, field: sums.Completeness) -> dict[str, str]:
    name, query = MEND.get(field.name, PEOPLE)
    return {
        "text": f"{field.name}: {percent(field.complete)}, {field.missing} missing",
        "href": reverse(name, args=[request.prison.code]) + query,
    }


def _table(fields: list[sums.Completeness]) -> Table:
    return Table(
        caption="Every field",
        first="Field",
        columns=[Column(text=text, numeric=True) for text in ("Due", "Answered", "Missing", "Complete")],
        rows=[
            Row(
                text=field.name,
                cells=[
                    Cell(text=field.due),
                    Cell(text=field.answered),
                    Cell(text=field.missing),
                    Cell(
                        text=percent(field.complete).capitalize() if field.complete is None else percent(field.complete)
                    ),
                ],
            )
            for field in fields
        ],
    )
