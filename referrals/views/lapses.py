"""Running matches whose buddy lacks a module or the compact: the list, and the lead's decision."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from buddyscheme.accounts.permissions import Permission as P
from buddyscheme.accounts.requests import StaffRequest, requires
from buddyscheme.lib.dates import london_today
from buddyscheme.lib.errors import NotAllowed
from buddyscheme.lib.paging import page_of
from buddyscheme.lib.tables import Cell, Row, Table, Tag
from referrals.actions.lapses import decide_lapse
from referrals.forms.lapses import DECIDE, LapseFilter, LapseForm
from referrals.models import LapseDecision, Match
from referrals.queries import lapses as queries
from referrals.queries.lapses import Flag
from referrals.queries.matches import live_parts
from referrals.views.words import day, form_about

Choice = LapseDecision.Choice


@require_safe
@requires(P.MATCH_VIEW)
def lapsed(request: StaffRequest) -> HttpResponse:
    """Flagged matches; those to decide about come first. Help goes on in all of them."""
    today = london_today(timezone.now())
    filter_form = LapseFilter(request.GET)
    state = filter_form.answers.get("state")
    found = [
        flag
        for flag in queries.flags(request.prison, today)
        if state is None or flag.standing.is_decided == (state != DECIDE)
    ]
    page = page_of(found, request)
    table = Table(
        caption="To be decided first",
        first="Buddy",
        columns=["Helps", "What has lapsed", "Last day"],
        rows=[
            Row(
                text=flag.match.buddy.person.list_name,
                href=reverse("referrals:match_lapse", args=[request.prison.code, flag.match.token]),
                hidden=f", help for {flag.match.plan.person.full_name}",
                note=flag.match.buddy.person.prison_number,
                cells=[
                    Cell(text=flag.match.plan.person.list_name),
                    Cell(text=flag.words),
                    Cell(text=day(flag.standing.last_day)),
                ],
                tag=flag_tag(flag, today),
            )
            for flag in page
        ],
    )
    return render(request, "components/list_page.html", {
        "title": "Matches with a lapsed module or compact",
        "lead": "Help goes on. Decide by the last day whether the buddy goes on, somebody else is found, or staff take "
        "over.",
        "page": page,
        "table": table,
        "noun": "matches",
        "filter_form": filter_form,
        "empty": "Every buddy who helps somebody has the compact and the modules that the tasks need.",
        "crumbs": [{"text": "Matches", "href": reverse("referrals:matches", args=[request.prison.code])}],
    })  # fmt: skip


def flag_tag(flag: Flag, today: date) -> Tag:
    """Whether a decision holds, is due or is overdue."""
    decided = flag.standing.decided
    if decided is not None:
        words = "Kept for now" if decided.choice == Choice.KEEP else "Being replaced"
        return Tag(text=words, colour="blue")
    return Tag(text="Overdue", colour="red") if flag.standing.is_overdue(today) else Tag(text="Decide", colour="yellow")


@require_http_methods(["GET", "POST"])
@requires(P.MATCH_DECIDE)
def match_lapse(request: StaffRequest, token: str) -> HttpResponse:
    """Decide about one match."""
    now = timezone.now()
    today = london_today(now)
    rows = Match.objects.for_prison(request.prison).select_related("plan__person", "buddy__person", "prison")
    found: Match = get_object_or_404(rows, token=token)
    form = LapseForm(request.POST or None, today=today)
    if request.method == "POST" and form.is_valid():
        answers = form.cleaned_data
        try:
            decide_lapse(
                by=request.actor,
                now=now,
                match=found,
                choice=answers["choice"],
                until=answers["until"],
                reason=answers["reason"],
            )
        except NotAllowed as error:
            form.refuse(error)
        else:
            return _go_on(request, found, answers["choice"])
    back = reverse("referrals:match", args=[request.prison.code, found.token])
    return form_about(
        request, found.plan.person, form, "Decide about a lapsed module or compact", back,
        lead="Nothing ends by itself: help goes on until you decide otherwise.",
        rows=lapse_rows(found, today), crumbs=[
            {"text": "Lapsed modules and compacts", "href": reverse("referrals:lapsed", args=[request.prison.code])},
            {"text": "Match", "href": back},
        ],
    )  # fmt: skip


def _go_on(request: StaffRequest, found: Match, choice: str) -> HttpResponse:
    if choice != Choice.REPLACE:
        words = "Saved. Staff do these tasks from today." if choice == Choice.STAFF else "Saved. Help goes on."
        messages.success(request, words)
        return redirect("referrals:match", request.prison.code, found.token)
    if Match.Part.SECOND in live_parts(found.plan):
        messages.success(request, "Saved. The plan has two buddies: end one match, then choose somebody else.")
        return redirect("referrals:match", request.prison.code, found.token)
    messages.success(
        request, "Saved. Choose who comes instead. Once both have agreed, end the match with the first buddy."
    )
    return redirect("referrals:second_suggestions", request.prison.code, found.plan.token)


def lapse_rows(found: Match, today: date) -> list[dict[str, Any]]:
    """What is lacking, by when to decide, and what was decided before."""
    flag = queries.flag_of(found, today)
    rows: list[dict[str, Any]] = [{"key": "Buddy", "value": found.buddy.person.full_name}]
    if flag is None:
        rows.append({"key": "What has lapsed", "value": "Nothing now"})
    else:
        tag = flag_tag(flag, today)
        rows.append({"key": "What has lapsed", "value": flag.words})
        rows.append({"key": "State", "value": tag.text, "tag": tag.colour})
        rows.append({"key": "Last day", "value": day(flag.standing.last_day)})
    for decision in queries.decisions_of(found):
        until = f" until {day(decision.until)}" if decision.until else ""
        said = f"{decision.get_choice_display()}{until}. {decision.reason} ({decision.decided_by.name})"
        rows.append({"key": f"Decided on {day(decision.decided_on)}", "value": said})
    return rows
