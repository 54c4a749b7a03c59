"""Take-overs: asking for one, the list, and the decision of the governor's delegate."""

from __future__ import annotations

from datetime import date
from typing import Any

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
from buddyscheme.lib.fields import day_in_words
from buddyscheme.lib.paging import page_of
from buddyscheme.lib.tables import Cell, Row, Table, Tag
from schemes.actions.take_overs import ask_take_over, decide_batch, decide_take_over
from schemes.forms.take_overs import DecideBatchForm, DecideForm, TakeOverFilter, TakeOverForm
from schemes.models import Buddy, TakeOver
from schemes.queries.buddies import (
    batches_of,
    buddies_of,
    in_batch,
    standing,
    standing_of,
    take_overs_of,
    take_overs_waiting,
)
from schemes.queries.people import person_here
from schemes.rules.take_overs import USUAL, lacking_words
from schemes.views.buddies import NOT_HERE, crumbs
from schemes.views.buddy_words import clearance_words, place_of

COLOURS = {"WAITING": "yellow", "APPROVED": "green", "REFUSED": "red"}


@require_safe
@requires(Permission.TAKE_OVER_APPROVE, Permission.TAKE_OVER_ASK)
def take_overs(request: StaffRequest) -> HttpResponse:
    """Every take-over, newest first."""
    filter_form = TakeOverFilter(request.GET)
    decision = filter_form.answers.get("decision", "")
    rows = take_overs_of(request.prison)
    if decision == TakeOver.Decision.WAITING:
        rows = take_overs_waiting(request.prison)
    elif decision:
        rows = rows.filter(decision=decision)
    page = page_of(rows, request)
    table = Table(
        caption="Take-overs, newest first",
        first="Name",
        columns=["To be made good", "By when", "Asked by"],
        status="Decision",
        rows=[
            Row(
                text=take_over.buddy.person.list_name,
                href=_href(request, take_over),
                hidden=", take-over",
                note=take_over.buddy.person.prison_number,
                cells=[
                    _lacking(take_over).capitalize(),
                    day_in_words(take_over.good_by),
                    Cell(text=take_over.asked_by.name),
                ],
                tag=Tag(text=take_over.get_decision_display(), colour=COLOURS[take_over.decision]),
            )
            for take_over in page
        ],
    )
    context: dict[str, Any] = {
        "title": "Take-overs",
        "page": page,
        "table": table,
        "noun": "take-overs",
        "filter_form": filter_form,
        "empty": "Nobody has been taken over.",
        "crumbs": crumbs(request) if may(request, Permission.BUDDIES_VIEW) else [],
    }
    if may(request, Permission.TAKE_OVER_ASK):
        context["action_href"] = reverse("schemes:ask_take_over", args=[request.prison.code])
        context["action_text"] = "Take over a buddy"
        context["file_href"] = reverse("training:take_over_file", args=[request.prison.code])
    return render(request, "schemes/take_over_list.html", context)


def _href(request: StaffRequest, take_over: TakeOver) -> str:
    code = request.prison.code
    if take_over.batch is not None and take_over.decision == TakeOver.Decision.WAITING:
        return reverse("schemes:take_over_batch", args=[code, take_over.batch.token])
    # Whoever cannot decide about it is led to the buddy it is about.
    if may(request, Permission.TAKE_OVER_APPROVE):
        return reverse("schemes:take_over", args=[code, take_over.token])
    return reverse("schemes:buddy", args=[code, take_over.buddy.token])


def _lacking(take_over: TakeOver) -> str:
    return lacking_words(compact=take_over.lacks_compact, modules=take_over.lacks_modules) or "nothing"


@require_http_methods(["GET", "POST"])
@requires(Permission.TAKE_OVER_ASK)
def ask(request: StaffRequest) -> HttpResponse:
    """Enter somebody who already does the job."""
    now = timezone.now()
    form = TakeOverForm(request.POST or None, initial={"good_by": london_today(now) + USUAL})
    if request.method == "POST" and form.is_valid():
        answers = form.cleaned_data
        person = person_here(request.prison, answers["prison_number"])
        if person is None:
            form.refuse(NOT_HERE, field="prison_number")
        else:
            try:
                take_over = ask_take_over(
                    by=request.actor,
                    now=now,
                    prison=request.prison,
                    person=person,
                    in_role_since=answers["in_role_since"],
                    lacks_compact="COMPACT" in answers["lacks"],
                    lacks_modules="MODULES" in answers["lacks"],
                    good_by=answers["good_by"],
                    reason=answers["reason"],
                )
            except NotAllowed as error:
                form.refuse(error)
            else:
                messages.success(
                    request, "Asked for. The governor’s delegate decides, and every department has been asked."
                )
                return redirect("schemes:buddy", request.prison.code, take_over.buddy.token)
    form.cancel_url = reverse("schemes:buddies", args=[request.prison.code])
    context = {
        "title": "Take over a buddy",
        "lead": "For somebody who already does the job. Clearance and keep-apart are never waived: every department "
        "is asked. The compact and the modules may be made good later, if the governor’s delegate approves.",
        "form": form,
        "crumbs": crumbs(request),
    }
    return render(request, "components/form_page.html", context)


@require_http_methods(["GET", "POST"])
@requires(Permission.TAKE_OVER_APPROVE)
def take_over(request: StaffRequest, token: str) -> HttpResponse:
    """One take-over, for whoever may decide about it."""
    now = timezone.now()
    found: TakeOver = get_object_or_404(take_overs_of(request.prison), token=token)
    form = DecideForm(request.POST or None)
    list_url = reverse("schemes:take_overs", args=[request.prison.code])
    if request.method == "POST" and form.is_valid():
        answers = form.cleaned_data
        approve = answers["decision"] == "APPROVE"
        try:
            decide_take_over(by=request.actor, now=now, take_over=found, approve=approve, reason=answers["reason"])
        except NotAllowed as error:
            form.refuse(error)
        else:
            messages.success(request, "Take-over approved." if approve else "Take-over refused.")
            return redirect(list_url)
    viewed(by=request.actor, prison=request.prison.code, subject=found, person_id=found.buddy.person_id)
    form.cancel_url = list_url
    buddy = get_object_or_404(buddies_of(request.prison), pk=found.buddy_id)
    context = {
        "title": f"Take-over of buddy {buddy.reference}",
        "crumbs": [{"text": "Take-overs", "href": list_url}],
        "form": form,
        "waiting": found.decision == TakeOver.Decision.WAITING,
        "name": buddy.person.full_name,
        "prison_number": buddy.person.prison_number,
        "place": place_of(buddy),
        "rows": _rows(found, clearance_words(standing_of(buddy, london_today(now)))),
    }
    return render(request, "schemes/take_over_page.html", context)


def _rows(found: TakeOver, clearance: str) -> list[dict[str, Any]]:
    since = found.buddy.in_role_since
    rows: list[dict[str, Any]] = [
        {"key": "Decision", "value": found.get_decision_display(), "tag": COLOURS[found.decision]},
        {"key": "Has done the job since", "value": day_in_words(since) if since else ""},
        {"key": "To be made good", "value": _lacking(found).capitalize()},
        {"key": "By when", "value": day_in_words(found.good_by)},
        {"key": "Reason", "value": found.reason},
        {"key": "Asked by", "value": found.asked_by.name},
        {"key": "Clearance", "value": clearance},
    ]
    if found.decided_by is not None:
        rows.append({"key": "Decided by", "value": found.decided_by.name})
        rows.append({"key": "Reason for the decision", "value": found.decision_reason or "None given"})
    return rows


@require_http_methods(["GET", "POST"])
@requires(Permission.TAKE_OVER_APPROVE, Permission.TAKE_OVER_ASK)
def take_over_batch(request: StaffRequest, token: str) -> HttpResponse:
    """Everybody who was asked for together; the governor's delegate decides about all of them at once."""
    now = timezone.now()
    batch = get_object_or_404(batches_of(request.prison), token=token)
    found = list(in_batch(batch))
    waiting = [t for t in found if t.decision == TakeOver.Decision.WAITING and t.buddy.status in Buddy.OPEN]
    decides = may(request, Permission.TAKE_OVER_APPROVE)
    form = DecideBatchForm(request.POST if request.method == "POST" else None, waiting=waiting)
    list_url = reverse("schemes:take_overs", args=[request.prison.code])
    if request.method == "POST" and decides and form.is_valid():
        answers = form.cleaned_data
        try:
            decided = decide_batch(
                by=request.actor, now=now, batch=batch, refuse=answers["refused"], reason=answers["reason"]
            )
        except NotAllowed as error:
            form.refuse(error)
        else:
            refused = len(answers["refused"])
            messages.success(request, f"{len(decided) - refused} approved, {refused} refused.")
            return redirect(list_url)
    viewed(by=request.actor, prison=request.prison.code, subject=batch)
    form.cancel_url = list_url
    context = {
        "title": "Take-overs asked for together",
        "crumbs": [{"text": "Take-overs", "href": list_url}],
        "rows": [
            {"key": "To be made good by", "value": day_in_words(batch.good_by)},
            {"key": "Reason", "value": batch.reason},
            {"key": "Asked by", "value": f"{batch.asked_by.name}, {day_in_words(london_today(batch.asked_at))}"},
            {"key": "Waiting", "value": f"{len(waiting)} of {len(found)}"},
        ],
        "table": _batch_table(request, found, london_today(now)),
        "form": form if decides and waiting else None,
    }
    return render(request, "schemes/take_over_batch.html", context)


def _batch_table(request: StaffRequest, found: list[TakeOver], today: date) -> Table:
    stands = standing([each.buddy_id for each in found], today)
    return Table(
        caption="Everybody on the list, by name",
        first="Name",
        columns=["Does the job since", "To be made good", "Clearance"],
        status="Decision",
        rows=[
            Row(
                text=each.buddy.person.list_name,
                href=reverse("schemes:buddy", args=[request.prison.code, each.buddy.token]),
                hidden=f", buddy {each.buddy.reference}",
                note=each.buddy.person.prison_number,
                cells=[
                    day_in_words(each.buddy.in_role_since) if each.buddy.in_role_since else "–",
                    _lacking(each).capitalize(),
                    clearance_words(stands[each.buddy_id]),
                ],
                tag=Tag(text=each.get_decision_display(), colour=COLOURS[each.decision]),
            )
            for each in found
        ],
    )
