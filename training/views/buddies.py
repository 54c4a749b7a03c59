"""One buddy's training, and starting in the role."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from buddyscheme.accounts.permissions import Permission
from buddyscheme.accounts.requests import StaffRequest, may, requires
from buddyscheme.audit.record import viewed
from buddyscheme.lib.dates import london_today
from buddyscheme.lib.errors import NotAllowed
from buddyscheme.lib.tables import Row, Table, Tag
from schemes.models import Buddy
from schemes.queries.buddies import buddies_of
from training.actions.appointments import appoint as appoint_action
from training.forms.results import AppointForm
from training.queries.appointments import missing_of
from training.queries.board import line_of, modules_of
from training.queries.results import results_of
from training.views.board import crumbs
from training.views.words import MODULE_COLOURS, day, taken_over


@require_safe
@requires(Permission.TRAINING_VIEW)
def buddy(request: StaffRequest, token: str) -> HttpResponse:
    """Every module as it stands, what is missing before the start, and every result ever recorded."""
    found = get_object_or_404(buddies_of(request.prison), token=token)
    today = london_today(timezone.now())
    viewed(by=request.actor, prison=request.prison.code, subject=found, person_id=found.person_id)
    starting = found.status == Buddy.Status.IN_TRAINING
    may_appoint = starting and may(request, Permission.BUDDIES_APPOINT)
    context = {
        "title": f"Training of buddy {found.reference}",
        "crumbs": crumbs(request),
        "name": found.person.full_name,
        "prison_number": found.person.prison_number,
        "place": found.wing_name or "Not here now",
        "person_href": _buddy_url(request, found) if may(request, Permission.BUDDIES_VIEW) else "",
        "take_over_words": taken_over(line_of(found, today), today),
        "starting": starting,
        "missing": missing_of(found, today) if starting else [],
        "appoint_url": reverse("training:appoint", args=[request.prison.code, token]) if may_appoint else "",
        "table": _modules(found, today),
        "results": _results(found),
    }
    return render(request, "training/buddy_page.html", context)


def _buddy_url(request: StaffRequest, found: Buddy) -> str:
    return reverse("schemes:buddy", args=[request.prison.code, found.token])


def _modules(found: Buddy, today: date) -> Table:
    return Table(
        caption="Modules",
        first="Module",
        columns=["Needed by", "Assessed on", "Lapses on"],
        status="State",
        rows=[
            Row(
                text=now.module.title,
                cells=[
                    "Every buddy" if now.module.mandatory else "Some tasks",
                    day(now.assessed_on),
                    day(now.expires_on),
                ],
                tag=Tag(text=now.state.value, colour=MODULE_COLOURS[now.state]),
            )
            for now in modules_of(found, today)
        ],
    )


def _results(found: Buddy) -> Table:
    return Table(
        caption="Every result, newest first",
        first="Module",
        columns=["Assessed on", "Result", "Recorded by"],
        rows=[
            Row(
                text=result.module.title,
                cells=[day(result.assessed_on), result.get_outcome_display(), result.recorded_by.name],
            )
            for result in results_of(found)
        ],
    )


@require_http_methods(["GET", "POST"])
@requires(Permission.BUDDIES_APPOINT)
def appoint(request: StaffRequest, token: str) -> HttpResponse:
    """Start in the role, or learn in words what is missing."""
    found = get_object_or_404(buddies_of(request.prison), token=token)
    now = timezone.now()
    today = london_today(now)
    form = AppointForm(request.POST or None, initial={"started_on": today})
    if request.method == "POST" and form.is_valid():
        try:
            appoint_action(by=request.actor, now=now, buddy=found, started_on=form.cleaned_data["started_on"])
        except NotAllowed as error:
            form.refuse(error)
        else:
            messages.success(request, f"{found.person.full_name} is a buddy now.")
            return redirect("schemes:buddy", request.prison.code, token)
    form.cancel_url = _buddy_url(request, found)
    context = {
        "title": "Start as a buddy",
        "form": form,
        "name": found.person.full_name,
        "prison_number": found.person.prison_number,
        "place": found.wing_name or "Not here now",
        "take_over_words": taken_over(line_of(found, today), today),
        "missing": missing_of(found, today),
        "training_url": reverse("training:buddy", args=[request.prison.code, token]),
        "crumbs": crumbs(
            request,
            (f"Training of buddy {found.reference}", reverse("training:buddy", args=[request.prison.code, token])),
        ),
    }
    return render(request, "training/appoint_page.html", context)
