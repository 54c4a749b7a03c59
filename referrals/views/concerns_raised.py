"""What everybody sees of concerns: the state of their own."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from buddyscheme.accounts.permissions import Permission as P
from buddyscheme.accounts.requests import StaffRequest, requires
from buddyscheme.lib.paging import page_of
from buddyscheme.lib.tables import Cell, Row, Table, Tag
from referrals.models import Concern
from referrals.queries import concerns as queries
from referrals.views.concerns import COLOURS
from referrals.views.words import day, moment


@require_safe
@requires(P.CONCERN_RAISE)
def concerns_raised(request: StaffRequest) -> HttpResponse:
    """Own concerns with their state: staff and partners see that somebody acted, and nothing that was found out."""
    page = page_of(queries.raised_by(request.prison, request.user), request)
    table = Table(
        caption="Your concerns, newest first",
        first="Reference",
        columns=["What it was about", "Day it happened", "Raised", "Acted on"],
        rows=[
            Row(
                text=one.reference,
                cells=[
                    one.get_kind_display(),
                    day(one.happened_on),
                    Cell(text=moment(one.raised_at)),
                    Cell(text=moment(one.acted_at) or "Not yet"),
                ],
                tag=Tag(text=one.get_status_display(), colour=COLOURS[Concern.Status(one.status)]),
            )
            for one in page
        ],
    )
    return render(request, "referrals/concerns_raised.html", {
        "title": "Concerns you raised",
        "lead": "Ask the safeguarding lead about a concern by its reference.",
        "page": page,
        "table": table,
        "noun": "concerns",
        "empty": "You have raised no concern here.",
        "action_href": reverse("referrals:concern_add", args=[request.prison.code]),
        "action_text": "Raise a concern",
    })  # fmt: skip
