"""Lock-downs: the list, and recording one; the regime of bank holidays."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from buddyscheme.accounts.permissions import Permission as P
from buddyscheme.accounts.requests import StaffRequest, requires
from buddyscheme.lib.bank_holidays import next_bank_holidays
from buddyscheme.lib.dates import london_today
from buddyscheme.lib.errors import NotAllowed
from buddyscheme.lib.fields import day_in_words
from buddyscheme.lib.paging import page_of
from buddyscheme.lib.tables import Row, Table
from schemes.actions.regime import record_lock_down, set_holiday_regime
from schemes.forms.regime import OWN_TIMES, HolidayForm, LockDownForm
from schemes.forms.schemes import initial_times
from schemes.models import LockDown, Session
from schemes.queries.schemes import holiday_regime, holiday_times, regime_week
from schemes.queries.schemes import lock_downs as all_lock_downs
from schemes.queries.wings import wings_of

SAVED = (
    "The lock-down is recorded. Visits of that time with nothing on record count as not unlocked, "
    "and the people are told when they next use the terminal."
)


@require_safe
@requires(P.STAFF_TASK_DO)
def lock_downs(request: StaffRequest) -> HttpResponse:
    """Days and sessions without unlock."""
    page = page_of(all_lock_downs(request.prison), request)
    table = Table(
        caption="Lock-downs, newest first",
        first="Day",
        columns=["Where", "When", "Why", "Recorded by"],
        rows=[
            Row(
                text=day_in_words(row.day),
                cells=[
                    row.wing.name if row.wing else "Everywhere",
                    row.get_session_display() or "The whole day",
                    _why(row),
                    row.recorded_by.name,
                ],
            )
            for row in page
        ],
    )
    context = {
        "title": "Lock-downs and cancelled sessions",
        "page": page,
        "table": table,
        "noun": "lock-downs",
        "empty": "No lock-down is on record.",
        "lead": "Visits during a lock-down count as “not unlocked”, never as missed by the buddy.",
        "action_href": reverse("schemes:record_lock_down", args=[request.prison.code]),
        "action_text": "Record a lock-down or a cancelled session",
    }
    return render(request, "components/list_page.html", context)


def _why(row: LockDown) -> str:
    cause = row.get_cause_display()
    return row.reason if row.cause == LockDown.Cause.OTHER or row.reason == cause else f"{cause}: {row.reason}"


@require_http_methods(["GET", "POST"])
@requires(P.STAFF_TASK_DO)
def record(request: StaffRequest) -> HttpResponse:
    """Which day, where, when and why."""
    now = timezone.now()
    wings = wings_of(request.prison)
    back = reverse("schemes:lock_downs", args=[request.prison.code])
    # From the unlock list, the session is known already.
    wing = next((wing.token for wing in wings if wing.code == request.GET.get("wing")), None)
    session = request.GET.get("session")
    given = {"day": london_today(now), "wing": wing, "session": session if session in Session.values else None}
    form = LockDownForm(request.POST or None, wings=wings, initial=given)
    if request.method == "POST" and form.is_valid():
        answers = form.cleaned_data
        try:
            record_lock_down(
                by=request.actor,
                now=now,
                prison=request.prison,
                day=answers["day"],
                wing=next((wing for wing in wings if wing.token == answers["wing"]), None),
                session="" if answers["session"] == "ALL" else answers["session"],
                cause=answers["cause"],
                reason=answers["reason"],
            )
        except NotAllowed as error:
            form.refuse(error)
        else:
            messages.success(request, SAVED)
            return redirect(back)
    form.cancel_url = back
    context = {
        "title": "Record a lock-down or a cancelled session",
        "form": form,
        "crumbs": [{"text": "Lock-downs", "href": back}],
    }
    return render(request, "components/form_page.html", context)


@require_http_methods(["GET", "POST"])
@requires(P.SCHEME_EDIT)
def holidays(request: StaffRequest) -> HttpResponse:
    """When people are unlocked on bank holidays, with the next ones."""
    now = timezone.now()
    found, week = holiday_regime(request.prison), regime_week(request.prison)
    like = "6" if found is None else OWN_TIMES if found.like_weekday is None else str(found.like_weekday)
    initial = {"like": like} | initial_times("day", holiday_times(found, week))
    form = HolidayForm(request.POST or None, initial=initial)
    back = reverse("schemes:scheme", args=[request.prison.code])
    if request.method == "POST" and form.is_valid():
        own = form.cleaned_data["like"] == OWN_TIMES
        try:
            set_holiday_regime(
                by=request.actor,
                now=now,
                prison=request.prison,
                like_weekday=None if own else int(form.cleaned_data["like"]),
                times=[row[1:] for row in form.times] if own else (),
            )
        except NotAllowed as error:
            form.refuse(error)
        else:
            messages.success(request, "The regime of bank holidays is saved.")
            return redirect(back)
    form.cancel_url = back
    return render(request, "schemes/holidays.html", {
        "title": "Regime on bank holidays",
        "form": form,
        "crumbs": [{"text": "The scheme", "href": back}],
        "coming": [(day_in_words(day), name) for day, name in next_bank_holidays(london_today(now), 4)],
    })  # fmt: skip
