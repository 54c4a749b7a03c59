"""Restricted tasks that are on, for whoever looks at all prisons."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from buddyscheme.accounts.permissions import Permission
from buddyscheme.accounts.requests import requires
from buddyscheme.lib.dates import london_today
from buddyscheme.lib.fields import day_in_words
from buddyscheme.lib.tables import Row, Table
from monitoring.queries.restricted import restricted_everywhere


@require_safe
@requires(Permission.NATIONAL_RELEASES_VIEW)
def restricted(request: HttpRequest) -> HttpResponse:
    """Which prison has switched which one on, since when, and until when."""
    found = restricted_everywhere(london_today(timezone.now()))
    table = Table(
        caption="Restricted tasks that are on, by prison",
        first="Prison",
        columns=["Task", "Approved on", "Review date"],
        rows=[
            Row(
                text=row.prison.name,
                cells=[
                    row.task.name,
                    day_in_words(london_today(row.decided_at)) if row.decided_at else "–",
                    day_in_words(row.review_on),
                ],
            )
            for row in found
        ],
    )
    return render(request, "monitoring/restricted.html", {"table": table, "any": bool(found)})
