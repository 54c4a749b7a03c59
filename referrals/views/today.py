"""Today's unlock list, on the screen and on paper, and the tasks that staff tick."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from buddyscheme.accounts.permissions import Permission as P
from buddyscheme.accounts.requests import StaffRequest, may, requires
from buddyscheme.audit.events import Event
from buddyscheme.audit.record import record
from buddyscheme.lib.dates import london_today
from buddyscheme.lib.errors import NotAllowed
from referrals.actions.cover import tick_staff_task
from referrals.forms.visits import TodayFilter
from referrals.models import PlannedVisit
from referrals.queries import unlock
from referrals.queries.days import task_of_visit
from referrals.views.visit_words import OUTCOME_COLOURS
from schemes.models import Session


@require_safe
@requires(P.UNLOCK_LIST_VIEW)
def unlock_list(request: StaffRequest) -> HttpResponse:
    """Who is to be unlocked today, counts first, and who has nobody."""
    context = _list(request)
    return render(request, "referrals/unlock_page.html", {
        **context,
        "may_enter": may(request, P.VISITS_ENTER),
        "may_tick": may(request, P.STAFF_TASK_DO),
        "may_open": may(request, P.WINDOW_OPEN),
        "may_except": may(request, P.PLAN_TASK_STOP),
    })  # fmt: skip


@require_safe
@requires(P.UNLOCK_LIST_VIEW)
def unlock_list_print(request: StaffRequest) -> HttpResponse:
    """The same list for a clipboard, with columns to tick."""
    context = _list(request)
    record(
        Event.PRINTED,
        by=request.actor,
        prison=request.prison.code,
        page="unlock_list",
        **context["filter_form"].answers,
    )
    return render(request, "referrals/unlock_paper.html", {
        **context,
        "printed_by": request.user.name,
        "printed_at": timezone.now(),
        "back_href": f"{reverse('referrals:unlock_list', args=[request.prison.code])}{context['query']}",
    })  # fmt: skip


@require_POST
@requires(P.STAFF_TASK_DO)
def staff_tick(request: StaffRequest, token: str, code: str) -> HttpResponse:
    """A member of staff has brought the meal or the water."""
    planned = get_object_or_404(PlannedVisit.objects.for_prison(request.prison), token=token)
    task = get_object_or_404(task_of_visit(planned), code=code)
    try:
        tick_staff_task(by=request.actor, now=timezone.now(), planned=planned, task=task)
    except NotAllowed as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"“{task.name}” is ticked.")
    back = reverse("referrals:unlock_list", args=[request.prison.code])
    return redirect(f"{back}{query_of(request.POST)}#nobody")


def _list(request: StaffRequest) -> dict[str, Any]:
    day = london_today(timezone.now())
    wings = unlock.wings_of(request.prison)
    form = TodayFilter(request.GET, wings=wings, sessions=Session.choices)
    answers = form.answers
    wing, session = answers.get("wing", ""), answers.get("session", "")
    found = unlock.unlock_list(request.prison, day, wing=wing, session=session)
    return {
        "list": found,
        "filter_form": form,
        "wing": next((one.name for one in wings if one.code == wing), ""),
        "session": dict(Session.choices).get(session, ""),
        "chosen": {"wing": wing, "session": session},
        "query": query_of(answers),
        "colours": OUTCOME_COLOURS,
    }


def query_of(answers: Any) -> str:
    """The chosen wing and session, as an address carries them."""
    kept = {name: answers.get(name) for name in ("wing", "session") if answers.get(name)}
    return f"?{urlencode(kept)}" if kept else ""
