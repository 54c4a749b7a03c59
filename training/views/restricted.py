"""Restricted tasks: asking for one, the list, the decision of the governor's delegate, and switching one off."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from buddyscheme.accounts.permissions import Permission as P
from buddyscheme.accounts.requests import StaffRequest, may, requires
from buddyscheme.lib.dates import london_today
from buddyscheme.lib.errors import NotAllowed
from buddyscheme.lib.fields import day_in_words
from buddyscheme.lib.paging import page_of
from buddyscheme.lib.tables import Row, Table, Tag
from schemes.queries.schemes import scheme_of
from training.actions.restricted import ask_restricted, decide_restricted, withdraw_restricted
from training.forms.restricted import (
    ENDED,
    RENEW,
    RUNNING,
    WAITING,
    AskRestrictedForm,
    DecideRestrictedForm,
    RestrictedFilter,
    WithdrawRestrictedForm,
)
from training.models import RestrictedTask
from training.queries import restricted as queries
from training.rules.restricted import SOON, can_withdraw
from training.views.words import decision_rows

S = RestrictedTask.Status


@require_safe
@requires(P.RESTRICTED_ASK, P.RESTRICTED_APPROVE)
def restricted(request: StaffRequest) -> HttpResponse:
    """Requests by where they stand."""
    today = london_today(timezone.now())
    filter_form = RestrictedFilter(request.GET)
    page = page_of(_in_state(request, filter_form.answers.get("state", ""), today), request)
    table = Table(
        caption="Restricted tasks, newest first",
        first="Task",
        columns=["Asked by", "Approved by", "Review date"],
        rows=[
            Row(
                text=row.task.name,
                href=reverse("training:restricted_task", args=[request.prison.code, row.token]),
                hidden=f", asked for on {day_in_words(row.asked_on)}",
                cells=[
                    row.asked_by.name,
                    row.decided_by.name if row.decided_by and row.status != S.REFUSED else "–",
                    day_in_words(row.review_on),
                ],
                tag=tag_of(row, today),
            )
            for row in page
        ],
    )
    context: dict[str, Any] = {
        "title": "Restricted tasks",
        "lead": "These stay off until the governor’s delegate approves them for this scheme, with extra training and a "
        "review date. Each ends by itself on that date.",
        "page": page,
        "table": table,
        "noun": "requests",
        "filter_form": filter_form,
        "empty": "No restricted task has been asked for: all of them are off.",
    }
    if may(request, P.RESTRICTED_ASK):
        context["action_href"] = reverse("training:ask_restricted", args=[request.prison.code])
        context["action_text"] = "Ask for a restricted task"
    return render(request, "components/list_page.html", context)


def _in_state(request: StaffRequest, state: str, today: date) -> QuerySet[RestrictedTask]:
    if state == WAITING:
        return queries.waiting(request.prison)
    by_day = {RUNNING: queries.running, RENEW: queries.to_renew, ENDED: queries.ended}
    return by_day[state](request.prison, today) if state in by_day else queries.restricted_of(request.prison)


def tag_of(row: RestrictedTask, today: date) -> Tag:
    """Where it stands on a day."""
    if row.status == S.APPROVED:
        if row.review_on < today:
            return Tag(text="Ended", colour="grey")
        soon = row.review_on <= today + SOON
        return Tag(text="Ends soon", colour="yellow") if soon else Tag(text="On", colour="green")
    colours = {S.WAITING: "yellow", S.REFUSED: "red"}
    return Tag(text=row.get_status_display(), colour=colours.get(S(row.status), "grey"))


@require_http_methods(["GET", "POST"])
@requires(P.RESTRICTED_ASK)
def ask(request: StaffRequest) -> HttpResponse:
    """Ask that buddies here may do one of them; for one that is on, this renews it."""
    now = timezone.now()
    scheme = scheme_of(request.prison)
    if scheme is None:
        raise Http404("no scheme yet")
    tasks = list(queries.restricted_tasks())
    form = AskRestrictedForm(
        request.POST or None, tasks=tasks, modules=queries.extra_modules(request.prison), today=london_today(now),
        initial={"task": request.GET.get("task", "")},
    )  # fmt: skip
    back = reverse("training:restricted", args=[request.prison.code])
    if request.method == "POST" and form.is_valid():
        answers = form.cleaned_data
        try:
            ask_restricted(
                by=request.actor,
                now=now,
                scheme=scheme,
                task=next(task for task in tasks if task.code == answers["task"]),
                reason=answers["reason"],
                modules=answers["modules"],
                review_on=answers["review_on"],
            )
        except NotAllowed as error:
            form.refuse(error)
        else:
            messages.success(request, "Asked for. The governor’s delegate decides.")
            return redirect(back)
    form.cancel_url = back
    return render(request, "components/form_page.html", {
        "title": "Ask for a restricted task", "form": form, "crumbs": [{"text": "Restricted tasks", "href": back}],
    })  # fmt: skip


@require_http_methods(["GET", "POST"])
@requires(P.RESTRICTED_ASK, P.RESTRICTED_APPROVE)
def restricted_task(request: StaffRequest, token: str) -> HttpResponse:
    """One request, with the decision for whoever may take it."""
    now = timezone.now()
    found: RestrictedTask = get_object_or_404(queries.restricted_of(request.prison), token=token)
    decides = may(request, P.RESTRICTED_APPROVE) and found.status == S.WAITING
    form = DecideRestrictedForm(request.POST or None)
    back = reverse("training:restricted", args=[request.prison.code])
    if request.method == "POST" and decides and form.is_valid():
        approve = form.cleaned_data["decision"] == "APPROVE"
        try:
            decide_restricted(
                by=request.actor, now=now, asked=found, approve=approve, reason=form.cleaned_data["reason"]
            )
        except NotAllowed as error:
            form.refuse(error)
        else:
            messages.success(request, "Approved. The task is on." if approve else "Refused.")
            return redirect(back)
    form.cancel_url = back
    return render(request, "training/restricted_page.html", {
        "title": found.task.name,
        "crumbs": [{"text": "Restricted tasks", "href": back}],
        "form": form if decides else None,
        "rows": _rows(found, london_today(now)),
        "withdraw_href": reverse("training:withdraw_restricted", args=[request.prison.code, token])
        if can_withdraw(found, "-")
        else "",
    })  # fmt: skip


@require_http_methods(["GET", "POST"])
@requires(P.RESTRICTED_ASK, P.RESTRICTED_APPROVE)
def withdraw(request: StaffRequest, token: str) -> HttpResponse:
    """Switch it off at once."""
    found: RestrictedTask = get_object_or_404(queries.restricted_of(request.prison), token=token)
    form = WithdrawRestrictedForm(request.POST or None)
    back = reverse("training:restricted_task", args=[request.prison.code, token])
    if request.method == "POST" and form.is_valid():
        try:
            withdraw_restricted(by=request.actor, now=timezone.now(), asked=found, reason=form.cleaned_data["reason"])
        except NotAllowed as error:
            form.refuse(error)
        else:
            messages.success(request, "The task is off. Visits of today and later follow.")
            return redirect(back)
    form.cancel_url = back
    return render(request, "components/confirm.html", {
        "title": "Switch this task off",
        "form": form,
        "rows": [{"key": "Task", "value": found.task.name}],
        "warning": "Buddies stop doing this at once. Visits of today and later follow.",
        "crumbs": [{"text": found.task.name, "href": back}],
    })  # fmt: skip


def _rows(found: RestrictedTask, today: date) -> list[dict[str, Any]]:
    tag = tag_of(found, today)
    rows: list[dict[str, Any]] = [
        {"key": "State", "value": tag.text, "tag": tag.colour},
        {"key": "Condition", "value": found.task.condition},
        {"key": "Why", "value": found.reason},
        {"key": "Extra training", "value": "\n".join(queries.titles_of(found.modules))},
        {"key": "Review date", "value": day_in_words(found.review_on)},
        {"key": "Asked by", "value": f"{found.asked_by.name} on {day_in_words(found.asked_on)}"},
    ]
    rows += decision_rows(found)
    if found.withdrawn_by is not None and found.withdrawn_at is not None:
        words = f"{found.withdrawn_by.name} on {day_in_words(london_today(found.withdrawn_at))}"
        rows.append({"key": "Withdrawn by", "value": f"{words}: {found.withdraw_reason}"})
    return rows
