"""One side of paper for the weekly meeting: counts first, then names."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from buddyscheme.accounts.permissions import Permission as P
from buddyscheme.accounts.requests import StaffRequest, requires
from buddyscheme.audit.events import Event
from buddyscheme.audit.record import record
from buddyscheme.lib.dates import london_today
from buddyscheme.lib.fields import day_in_words
from referrals.queries.unmet_needs import days_waiting
from referrals.queries.weekly import WEEK, Weekly, weekly

# So many names of each part leave the sheet on one side; the count says how many there are.
MOST_NAMES = 6


@require_safe
@requires(P.WEEKLY_SHEET_PRINT)
def weekly_sheet(request: StaffRequest) -> HttpResponse:
    """Who is new, who waits, what is missing, who leaves."""
    now = timezone.now()
    today = london_today(now)
    found = weekly(request.prison, today)
    parts = _parts(found, today)
    record(
        Event.PRINTED, by=request.actor, prison=request.prison.code, page="weekly sheet",
        rows=sum(part["count"] for part in parts),
    )  # fmt: skip
    context = {
        "title": "Sheet for the weekly meeting",
        "week_words": f"Week from {day_in_words(today - WEEK)} to {day_in_words(today)}",
        "parts": parts,
        "printed_by": request.user.name,
        "printed_at": now,
        "back_href": reverse("home:prison", args=[request.prison.code]),
    }
    return render(request, "referrals/weekly_sheet.html", context)


def _parts(found: Weekly, today: date) -> list[dict[str, Any]]:
    return [
        _part("New referrals", found.referrals, lambda row: f"{row.person.list_name}, {row.get_status_display()}"),
        _part(
            "New applications",
            found.applications,
            lambda row: f"{row.person.list_name}, {row.wing_name or 'not here now'}",
        ),
        _part(
            "Waiting to be screened",
            found.to_screen,
            lambda row: f"{row.person.list_name}, {_days((today - london_today(row.referred_at)).days)}",
        ),
        _part(
            "Waiting for a buddy",
            found.to_match,
            lambda row: f"{row.person.list_name}, {_days((today - london_today(row.activated_at)).days)}",
        ),
        _part(
            "Personal care not met",
            found.unmet,
            lambda row: f"{row.person.list_name}, {_need(row)}, {_days(days_waiting(row, today))}",
        ),
        _part(
            "Visits today that nobody comes for",
            found.uncovered,
            lambda row: f"{row.person.list_name}, {row.get_session_display().lower()}",
        ),
        _part(
            "Supervision due, late or missed",
            found.supervision,
            lambda row: (
                f"{row.person.list_name}, {'late since' if row.due_on < today else 'due on'} {_short(row.due_on)}"
            ),
        ),
        _part(
            "Leaving within 28 days",
            found.leaving,
            lambda row: f"{row.person.list_name}, {_short(row.release_on)}, {_role(row)}",
        ),
    ]


def _part(heading: str, rows: Sequence[Any], line: Callable[[Any], str]) -> dict[str, Any]:
    more = len(rows) - MOST_NAMES
    return {
        "heading": heading,
        "count": len(rows),
        "lines": [line(row) for row in rows[:MOST_NAMES]],
        "more": f"and {more} more" if more > 0 else "",
    }


def _days(count: int) -> str:
    return f"{count} {'day' if count == 1 else 'days'}"


def _short(day: date) -> str:
    return f"{day.day} {day:%b}"


def _due(day: date, today: date) -> str:
    return f"late since {_short(day)}" if day < today else f"due on {_short(day)}"


def _need(row: Any) -> str:
    return str(row.task.name)


def _role(row: Any) -> str:
    both = [word for word, true in (("helped", row.helped), ("buddy", row.helps)) if true]
    return " and ".join(both)
