"""Confirming a wing's week of visits."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from buddyscheme.accounts.models import Wing
from buddyscheme.accounts.permissions import Permission as P
from buddyscheme.accounts.requests import StaffRequest, may, requires
from buddyscheme.lib.dates import london_today, week_of
from buddyscheme.lib.errors import NotAllowed
from buddyscheme.lib.paging import page_of
from buddyscheme.lib.tables import Column, Row, Table
from referrals.actions.weeks import confirm_week
from referrals.forms.sheets import week_words
from referrals.forms.visits import ConfirmWeekForm
from referrals.models import Visit, VisitLook
from referrals.queries.staff_work import marked_among
from referrals.queries.unlock import tasks_in_words, wings_by_id, wings_of
from referrals.queries.visits import asked_about, weeks_to_confirm
from referrals.queries.weeks import WingWeek, confirmation_of, wing_week
from referrals.rules.staff_work import can_mark
from referrals.rules.weeks import can_confirm
from referrals.views.visit_words import day_or_404, outcome_tag, recorded, tasks_text, when
from referrals.views.words import moment


@require_safe
@requires(P.VISITS_VIEW)
def weeks(request: StaffRequest) -> HttpResponse:
    """Weeks that wait to be confirmed, and the running week of each wing."""
    today = london_today(timezone.now())
    wings = wings_of(request.prison)
    names = wings_by_id(request.prison)
    page = page_of(weeks_to_confirm(request.prison, today), request)
    table = Table(
        caption="Weeks to confirm, oldest first",
        first="Wing and week",
        columns=[Column(text="Visits", numeric=True)],
        rows=[
            Row(
                text=f"{names[row['wing_id']].name}, {week_words(row['week'])}",
                href=_week_url(request, names[row["wing_id"]], row["week"]),
                cells=[str(row["visits"])],
            )
            for row in page
        ],
    )
    monday = week_of(today).monday
    return render(request, "referrals/week_list.html", {
        "page": page,
        "table": table,
        "noun": "weeks",
        "running": [{"text": wing.name, "href": _week_url(request, wing, monday)} for wing in wings],
        "may_enter": may(request, P.VISITS_ENTER),
    })  # fmt: skip


@require_http_methods(["GET", "POST"])
@requires(P.VISITS_CONFIRM)
def week_of_wing(request: StaffRequest, wing_code: str, monday: str) -> HttpResponse:
    """A wing's week: what does not fit first, three drawn to ask about, the rest as a number; one button."""
    wing = get_object_or_404(Wing, prison=request.prison, code=wing_code)
    starts = day_or_404(monday)
    if starts.weekday() != 0:
        raise Http404("weeks start on Mondays")
    found = wing_week(request.prison, wing, starts)
    shown = [found.newest[planned] for planned in found.shown if planned in found.newest]
    form = ConfirmWeekForm(request.POST if request.method == "POST" else None, visits=shown)
    if request.method == "POST" and form.is_valid():
        by_token = {visit.token: visit.pk for visit in shown}
        try:
            confirmation = confirm_week(
                by=request.actor,
                now=timezone.now(),
                prison=request.prison,
                wing=wing,
                week_starts_on=starts,
                right=[by_token[token] for token in form.cleaned_data["right"]],
            )
        except NotAllowed as error:
            form.refuse(error)
        else:
            messages.success(
                request,
                f"The week of {wing.name} is confirmed: {confirmation.looked_at} of {confirmation.visits} visits "
                "were looked at.",
            )
            return redirect("referrals:week", request.prison.code)
    return render(request, "referrals/week_page.html", _context(request, found, form))


def _context(request: StaffRequest, found: WingWeek, form: ConfirmWeekForm) -> dict[str, Any]:
    today = london_today(timezone.now())
    confirmation = confirmation_of(found.wing, found.week.first)
    names = {task.code: task.name for task in tasks_in_words(c for v in found.newest.values() for c in v.planned.tasks)}
    asked = asked_about([visit.planned_id for visit in found.newest.values()])
    marked = marked_among([planned for planned in found.shown if planned in found.newest])
    here = _week_url(request, found.wing, found.week.first)
    ticked = set(request.POST.getlist("right"))
    cards = {
        planned: _card(request, found, planned, names, here, asked, ticked)
        for planned in found.shown
        if planned in found.newest
    }
    for planned, card in cards.items():
        visit = found.newest[planned]
        if can_mark(visit):
            args = [request.prison.code, visit.token]
            card["staff_work_href"] = f"{reverse('referrals:visit_staff_work', args=args)}?next={here}"
            card["staff_work"] = planned in marked
    return {
        "form": form,
        "wing": found.wing,
        "span": week_words(found.week.first),
        "found": found,
        "misfits": [cards[planned] for planned in found.order.misfits if planned in cards],
        "drawn": [cards[planned] for planned in found.order.drawn if planned in cards],
        "rest": len(found.order.rest),
        "sources": [(str(label), found.sources[code]) for code, label in Visit.Source.choices if code in found.sources],
        "confirmation": confirmation,
        "confirmed_at": moment(confirmation.confirmed_at) if confirmation else "",
        "may_confirm": can_confirm(
            found.week.first, today=today, confirmed=confirmation is not None, visits=found.visits
        ),
        "running": found.week.contains(today),
        "missing_href": f"{reverse('referrals:visits_missing', args=[request.prison.code])}?wing={found.wing.code}",
        "crumbs": [{"text": "Weeks", "href": reverse("referrals:week", args=[request.prison.code])}],
    }


def _card(
    request: StaffRequest,
    found: WingWeek,
    planned: int,
    names: dict[str, str],
    here: str,
    asked: set[int],
    ticked: set[str],
) -> dict[str, Any]:
    visit: Visit = found.newest[planned]
    tag = outcome_tag(visit.outcome)
    args = [request.prison.code, visit.token]
    return {
        "token": visit.token,
        "name": visit.person.full_name,
        "number": visit.person.prison_number,
        "when": when(visit.day, visit.get_session_display()),
        "buddy": visit.buddy.person.full_name if visit.buddy else "Nobody",
        "tag": {"text": tag.text, "colour": tag.colour},
        "what": f"{visit.minutes} minutes" if not visit.reason else visit.get_reason_display(),
        "planned": f"{visit.planned.minutes} minutes: {tasks_text(visit.planned.tasks, names)}".replace("\n", ", "),
        "extra": visit.extra_help,
        "recorded": recorded(visit),
        # The tag says already what happened.
        "why": [words for words in found.order.misfits.get(planned, []) if words not in Visit.Outcome.labels],
        "looked": dict(VisitLook.Result.choices).get(found.looked.get(planned, ""), ""),
        "asked": planned in asked,
        "ticked": visit.token in ticked,
        "href": reverse("referrals:visit", args=args),
        "correct_href": f"{reverse('referrals:visit_correct', args=args)}?next={here}"
        if may(request, P.VISITS_ENTER)
        else "",
        "ask_href": f"{reverse('referrals:visit_ask', args=args)}?next={here}",
    }


def _week_url(request: StaffRequest, wing: Wing, monday: date) -> str:
    return reverse("referrals:week_of_wing", args=[request.prison.code, wing.code, monday.isoformat()])
