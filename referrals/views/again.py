"""Running matches that a check has come to stop: the list for the lead."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from buddyscheme.accounts.permissions import Permission as P
from buddyscheme.accounts.requests import StaffRequest, requires
from buddyscheme.lib.paging import page_of
from buddyscheme.lib.tables import Cell, Row, Table
from referrals.models import MatchStop
from referrals.queries.again import ALERTS, KEEP_APART, open_stops
from referrals.views.match_words import match_tag
from referrals.views.words import moment

BECAUSE = {KEEP_APART: "a keep-apart record", ALERTS: "an alert on the stop list"}


def stop_words(stop: MatchStop) -> str:
    """What was found: "Looked at again: stopped because of a keep-apart record"."""
    return f"Looked at again: stopped because of {BECAUSE[stop.code]}"


@require_safe
@requires(P.MATCH_VIEW)
def stopped(request: StaffRequest) -> HttpResponse:
    """Matches that something has come to stop since they were made, longest first."""
    page = page_of(open_stops(request.prison), request)
    table = Table(
        caption="Stopped matches, longest first",
        first="Person",
        columns=["Buddy", "What was found", "When"],
        rows=[
            Row(
                text=stop.match.plan.person.list_name,
                href=reverse("referrals:match", args=[request.prison.code, stop.match.token]),
                hidden=f"and {stop.match.buddy.person.full_name}",
                note=stop.match.plan.person.prison_number,
                cells=[stop.match.buddy.person.list_name, Cell(text=stop_words(stop)), moment(stop.found_at)],
                tag=match_tag(stop.match),
            )
            for stop in page
        ],
    )
    return render(request, "components/list_page.html", {
        "title": "Matches that are stopped",
        "lead": "The buddy makes no visit while a match is stopped: the second buddy comes, or nobody. End the match "
        "and choose somebody else, or correct the record that stops it. Visits go on by themselves once it is gone.",
        "page": page,
        "table": table,
        "noun": "matches",
        "empty": "Nothing stops a running match. All are looked at again each night and after every change.",
        "crumbs": [{"text": "Matches", "href": reverse("referrals:matches", args=[request.prison.code])}],
    })  # fmt: skip
