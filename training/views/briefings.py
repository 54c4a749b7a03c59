"""Briefings of staff: how much of each wing's staff knows the scheme, and recording one more."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from buddyscheme.accounts.permissions import Permission
from buddyscheme.accounts.requests import StaffRequest, requires
from buddyscheme.lib.dates import london_today
from buddyscheme.lib.errors import NotAllowed
from buddyscheme.lib.fields import day_in_words
from buddyscheme.lib.paging import page_of
from buddyscheme.lib.tables import Cell, Column, Row, Table
from schemes.queries.wings import wings_of
from training.actions.briefings import brief_staff
from training.forms.briefings import BriefingForm
from training.models import StaffBriefing
from training.queries import briefings as queries
from training.views.board import crumbs


@require_safe
@requires(Permission.BRIEFING_RECORD)
def briefings(request: StaffRequest) -> HttpResponse:
    """The share of each wing's staff by quarter, and every briefing."""
    page = page_of(queries.briefings_of(request.prison), request)
    context = {
        "title": "Staff briefings",
        "page": page,
        "noun": "briefings",
        "shares": _shares(request, london_today(timezone.now())),
        "table": Table(
            caption="Briefings, newest first",
            first="Date",
            columns=["Wing", Column(text="Staff briefed", numeric=True), "Briefed by", "Recorded by"],
            rows=[
                Row(
                    text=day_in_words(row.held_on),
                    cells=[
                        row.wing.name,
                        Cell(text=f"{row.briefed} of {row.staff}"),
                        row.led_by,
                        row.recorded_by.name,
                    ],
                )
                for row in page
            ],
        ),
        "empty": "No briefing has been recorded yet.",
        "action_href": reverse("training:record_briefing", args=[request.prison.code]),
        "action_text": "Record a briefing",
        "cards_href": reverse("schemes:role_cards", args=[request.prison.code]),
        "crumbs": crumbs(request),
    }
    return render(request, "training/briefings_page.html", context)


def _shares(request: StaffRequest, today: date) -> Table:
    quarters = queries.last_quarters(today)
    return Table(
        caption="Share of the staff briefed, by wing and quarter",
        first="Wing",
        columns=[Column(text=str(quarter), numeric=True) for quarter in quarters],
        rows=[
            Row(text=share.wing.name, cells=[_share(newest) for newest in share.newest])
            for share in queries.shares(request.prison, quarters)
        ],
    )


def _share(newest: StaffBriefing | None) -> Cell:
    if newest is None:
        return Cell(text="None recorded")
    return Cell(text=f"{round(100 * newest.briefed / newest.staff)}%", note=f"{newest.briefed} of {newest.staff}")


@require_http_methods(["GET", "POST"])
@requires(Permission.BRIEFING_RECORD)
def record_briefing(request: StaffRequest) -> HttpResponse:
    """One briefing on one wing."""
    now = timezone.now()
    wings = wings_of(request.prison)
    first = {"held_on": london_today(now), "led_by": request.user.name}
    form = BriefingForm(request.POST or None, wings=wings, initial=first)
    if request.method == "POST" and form.is_valid():
        answers = {name: form.cleaned_data[name] for name in ("held_on", "led_by", "staff", "briefed")}
        wing = next(wing for wing in wings if wing.token == form.cleaned_data["wing"])
        try:
            brief_staff(by=request.actor, now=now, wing=wing, **answers)
        except NotAllowed as error:
            form.refuse(error)
        else:
            messages.success(request, f"Briefing of {wing.name} recorded.")
            return redirect("training:briefings", request.prison.code)
    list_url = reverse("training:briefings", args=[request.prison.code])
    form.cancel_url = list_url
    context = {"title": "Record a briefing", "form": form, "crumbs": crumbs(request, ("Staff briefings", list_url))}
    return render(request, "components/form_page.html", context)
