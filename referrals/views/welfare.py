"""Welfare checks of buddies after something hard: the list, and recording one."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from buddyscheme.accounts.permissions import Permission as P
from buddyscheme.accounts.requests import StaffRequest, may, requires
from buddyscheme.audit.record import viewed
from buddyscheme.lib.dates import london_today
from buddyscheme.lib.errors import NotAllowed
from buddyscheme.lib.paging import page_of
from buddyscheme.lib.tables import Cell, Row, Table, Tag
from referrals.actions.welfare import record_welfare
from referrals.forms.welfare import DONE, LATE, TO_DO, WelfareFilter, WelfareForm
from referrals.models import WelfareCheck
from referrals.queries import welfare as queries
from referrals.rules.welfare import is_late
from referrals.views.words import day, identity, moment
from schemes import guard

HOW_COLOURS = {"WELL": "green", "UNSETTLED": "yellow", "NEEDS_HELP": "red"}


@require_safe
@requires(P.WELFARE_VIEW)
def welfare_checks(request: StaffRequest) -> HttpResponse:
    """Who is to be asked how they are, and by when."""
    now = timezone.now()
    filter_form = WelfareFilter(request.GET)
    page = page_of(_in_state(request, filter_form.answers.get("state", ""), now), request)
    table = Table(
        caption="To be done first, then the newest",
        first="Buddy",
        columns=["After", "Speak by", "Done by"],
        rows=[
            Row(
                text=check.buddy.person.list_name,
                href=reverse("referrals:welfare_check", args=[request.prison.code, check.token]),
                hidden=", welfare check",
                note=check.buddy.person.prison_number,
                cells=[
                    Cell(text=event_words(request, check)),
                    Cell(text=moment(check.due_at)),
                    check.done_by.name if check.done_by else "–",
                ],
                tag=check_tag(check, now),
            )
            for check in page
        ],
    )
    return render(request, "components/list_page.html", {
        "title": "Welfare checks",
        "lead": "After something hard happened to somebody they help, a buddy is asked within 72 hours how they are.",
        "page": page,
        "table": table,
        "noun": "welfare checks",
        "filter_form": filter_form,
        "empty": "No welfare check has been asked for.",
    })  # fmt: skip


def _in_state(request: StaffRequest, state: str, now: datetime) -> QuerySet[WelfareCheck]:
    if state == TO_DO:
        return queries.to_do(request.prison)
    if state == LATE:
        return queries.late(request.prison, now)
    rows = queries.checks_of(request.prison)
    return rows.filter(done_at__isnull=False) if state == DONE else rows


def event_words(request: StaffRequest, check: WelfareCheck) -> str:
    """What happened, for those who know of it anyway: a concern is nothing that others may guess."""
    if may(request, P.CONCERN_HANDLE):
        return check.get_event_display()
    return "Something hard for somebody they help"


def check_tag(check: WelfareCheck, now: datetime) -> Tag:
    """To be done, late, or how the buddy is."""
    if check.done_at is not None:
        return Tag(text=check.get_how_display(), colour=HOW_COLOURS[check.how])
    return Tag(text="Late", colour="red") if is_late(check, now) else Tag(text="To be done", colour="yellow")


@require_http_methods(["GET", "POST"])
@requires(P.WELFARE_VIEW)
def welfare_check(request: StaffRequest, token: str) -> HttpResponse:
    """One check: why, by when, and what was said."""
    now = timezone.now()
    found: WelfareCheck = get_object_or_404(queries.checks_of(request.prison), token=token)
    back = reverse("referrals:welfare_checks", args=[request.prison.code])
    open_ = found.done_at is None
    form = WelfareForm(request.POST or None, today=london_today(now), initial={"spoken_on": london_today(now)})
    if request.method == "POST" and open_ and form.is_valid():
        try:
            record_welfare(
                by=request.actor,
                now=now,
                check=found,
                **{name: form.cleaned_data[name] for name in ("spoken_on", "how", "words", "agreed")},
            )
        except NotAllowed as error:
            form.refuse(error)
        else:
            messages.success(request, "The welfare check is saved.")
            if guard.notices(form.cleaned_data["agreed"]):
                messages.warning(request, guard.WAITS)
            return redirect(back)
    viewed(by=request.actor, prison=request.prison.code, subject=found, person_id=found.buddy.person_id)
    form.cancel_url = back
    return render(request, "referrals/welfare_page.html", {
        "title": f"Welfare check: buddy {found.buddy.reference}",
        "who": identity(request, found.buddy.person),
        "rows": _rows(request, found, now),
        "form": form if open_ else None,
        "crumbs": [{"text": "Welfare checks", "href": back}],
    })  # fmt: skip


def _rows(request: StaffRequest, found: WelfareCheck, now: datetime) -> list[dict[str, Any]]:
    tag = check_tag(found, now)
    rows: list[dict[str, Any]] = [
        {"key": "State", "value": tag.text, "tag": tag.colour},
        {"key": "After", "value": event_words(request, found)},
    ]
    if may(request, P.PEOPLE_VIEW):
        rows.append({"key": "Who it happened to", "value": found.person.full_name})
    rows += [
        {"key": "When", "value": moment(found.happened_at)},
        {"key": "Speak by", "value": moment(found.due_at)},
    ]
    if found.done_by is not None:
        late = ", late" if is_late(found, now) else ""
        rows += [
            {"key": "Spoken on", "value": f"{day(found.spoken_on)}{late}"},
            {"key": "Done by", "value": found.done_by.name},
            {"key": "What the buddy said", "value": found.words or "Nothing written down"},
            {"key": "What was agreed", "value": found.agreed},
        ]
    return rows
