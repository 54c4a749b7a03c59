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
from buddyscheme.lib.tables import Cell, Row, Table, Tag
from schemes.models import Buddy, Post
from schemes.queries.buddies import buddies_of
from schemes.queries.posts import with_a_place
from training.actions.appointments import appoint as appoint_action
from training.forms.results import NO_POST, AppointForm
from training.queries.appointments import missing_of
from training.queries.board import line_of, modules_of
from training.queries.certificates import certified
from training.queries.overrides import overrides_of_buddy
from training.queries.results import results_of
from training.rules.results import is_trainable
from training.views.board import crumbs
from training.views.certificates import certificate_links
from training.views.overrides import override_tag
from training.views.prior import prior_table
from training.views.words import MODULE_COLOURS, day, needed_by, parts_words, taken_over


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
        "supervision_url": reverse("training:supervision_of", args=[request.prison.code, token])
        if may(request, Permission.SUPERVISION_HOLD)
        else "",
        "table": _modules(found, today),
        "results": _results(found),
        "prior": prior_table(found),
        "prior_url": reverse("training:prior", args=[request.prison.code, token])
        if is_trainable(found) and may(request, Permission.PRIOR_LEARNING_DECIDE)
        else "",
        "certificates": certificate_links(request, token, certified(found, today)),
        "overrides": _overrides(request, found, today),
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
                    Cell(text=needed_by(now.module), note=parts_words(now.result) if now.result is not None else ""),
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
                cells=[
                    day(result.assessed_on),
                    Cell(text=result.get_outcome_display(), note=parts_words(result)),
                    result.recorded_by.name,
                ],
            )
            for result in results_of(found)
        ],
    )


def _first_post(found: Buddy, free: dict[str, Post]) -> str:
    """The post that the application answered, while it has a free place."""
    return found.post.token if found.post is not None and found.post.token in free else NO_POST


def _overrides(request: StaffRequest, found: Buddy, today: date) -> Table:
    may_open = may(request, Permission.OVERRIDE_ASK) or may(request, Permission.OVERRIDE_APPROVE)
    return Table(
        caption="Overrides, newest first",
        first="What may be missing",
        columns=["Last day", "Asked by", "Decided by"],
        rows=[
            Row(
                text=row.what,
                href=reverse("training:override", args=[request.prison.code, row.token]) if may_open else "",
                hidden="override" if may_open else "",
                cells=[day(row.ends_on), row.asked_by.name, row.decided_by.name if row.decided_by else "–"],
                tag=override_tag(row, today),
            )
            for row in overrides_of_buddy(found)
        ],
    )


@require_http_methods(["GET", "POST"])
@requires(Permission.BUDDIES_APPOINT)
def appoint(request: StaffRequest, token: str) -> HttpResponse:
    """Start in the role, or learn in words what is missing."""
    found = get_object_or_404(buddies_of(request.prison), token=token)
    now = timezone.now()
    today = london_today(now)
    free = {post.token: post for post in with_a_place(request.prison)}
    form = AppointForm(
        request.POST or None,
        posts=[(token, f"{post.title}, {post.wing.name}") for token, post in free.items()],
        initial={"started_on": today, "post": _first_post(found, free)},
    )
    if request.method == "POST" and form.is_valid():
        try:
            appoint_action(
                by=request.actor,
                now=now,
                buddy=found,
                started_on=form.cleaned_data["started_on"],
                post=free.get(form.cleaned_data.get("post", "")),
            )
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
