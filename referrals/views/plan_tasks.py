"""Tasks of a plan: adding them one at a time, and stopping one, also by an officer whom the person told."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from buddyscheme.accounts.permissions import Permission as P
from buddyscheme.accounts.requests import StaffRequest, may, requires
from buddyscheme.audit.record import viewed
from buddyscheme.lib.dates import london_today
from buddyscheme.lib.errors import NotAllowed
from buddyscheme.lib.forms import ConfirmForm
from buddyscheme.lib.paging import page_of
from buddyscheme.lib.tables import Row, Table
from referrals.actions import plans as actions
from referrals.actions.unmet_needs import open_unmet_need
from referrals.forms.plans import StopTaskForm, TaskForm
from referrals.models import Consent, Plan, PlanTask
from referrals.queries import plans as queries
from referrals.queries.boundary import waiting_in
from referrals.queries.capacity import standing
from referrals.queries.moving import record_for
from referrals.queries.places import place_of
from referrals.queries.restricted import without_approval as tasks_without_approval
from referrals.rules.plans import can_withdraw
from referrals.views.plans import need_lines, task_lines
from referrals.views.words import days_in_words, form_about, identity
from schemes.models import TaskKind
from schemes.queries.schemes import allowed_tasks, catalogue, scheme_of

NOT_FOR_BUDDIES = "Not for buddies: choose one to see what to do instead"


@require_http_methods(["GET", "POST"])
@requires(P.PLAN_WRITE)
def plan_tasks(request: StaffRequest, token: str) -> HttpResponse:
    """Add a task, with the list so far. A prohibited one is on offer so that it can be refused with a way on."""
    found = _load(request, token)
    kinds = list(catalogue())
    scheme = scheme_of(request.prison)
    allowed = (
        {task.code for task in allowed_tasks(scheme, london_today(timezone.now()))} if scheme is not None else set()
    )
    offered = [kind for kind in kinds if kind.code in allowed or kind.kind != TaskKind.Kind.PERMITTED]
    form = TaskForm(request.POST or None, tasks=kinds)
    refused: TaskKind | None = None
    if request.method == "POST" and form.is_valid():
        kind = next(kind for kind in kinds if kind.code == form.cleaned_data["task"])
        try:
            added = _add(request, found, kind, form.cleaned_data)
        except NotAllowed as error:
            form.refuse(error)
            refused = kind if kind.kind == TaskKind.Kind.PROHIBITED else None
        else:
            _say_added(request, found, added)
            return redirect("referrals:plan_tasks", request.prison.code, token)
    elif request.method == "POST":
        # A prohibited task is refused at once, whatever else is still missing.
        code = str(form["task"].value() or "")
        refused = next((k for k in kinds if k.code == code and k.kind == TaskKind.Kind.PROHIBITED), None)
        if refused is not None:
            form.refuse_outright(refused.refusal)
    context = {
        "plan": found,
        "form": form,
        "who": identity(request, found.person),
        "tasks": task_lines(found, list(queries.running_tasks(found)), waiting_in(found)),
        "groups": _groups(offered, str(form["task"].value() or "")),
        "never": [kind for kind in kinds if kind.kind == TaskKind.Kind.PROHIBITED],
        "refused": refused,
        "needs": need_lines(request, found, london_today(timezone.now())),
        "record_url": reverse("referrals:plan_record", args=[request.prison.code, token])
        if record_for(found) is not None and found.status in (Plan.Status.WISHES, Plan.Status.DRAFT)
        else "",
        "being_written": found.status in (Plan.Status.WISHES, Plan.Status.DRAFT),
        "crumbs": _crumbs(request),
    }
    return render(request, "referrals/plan_tasks.html", context)


def _add(request: StaffRequest, found: Plan, kind: TaskKind, answers: dict[str, Any]) -> PlanTask:
    return actions.add_task(
        by=request.actor,
        now=timezone.now(),
        plan=found,
        task=kind,
        weekdays=answers["weekdays"],
        session=answers["session"],
        minutes=answers["minutes"] or kind.minutes,
        note=answers["note"],
        done_by=answers["done_by"],
    )


def _say_added(request: StaffRequest, found: Plan, added: PlanTask) -> None:
    messages.success(request, f"“{added.task.name}” is in the plan.")
    if ("TASK_NOTE", added.pk) in waiting_in(found):
        messages.warning(
            request,
            "What you wrote about it seems to describe personal care. It waits for the deputy or the safeguarding "
            "lead and is shown to nobody else until one of them has allowed it.",
        )


def _groups(kinds: Iterable[TaskKind], chosen: str) -> list[dict[str, Any]]:
    """The catalogue by groups; what buddies never do comes last, under one heading."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for kind in kinds:
        name = NOT_FOR_BUDDIES if kind.kind == TaskKind.Kind.PROHIBITED else kind.group
        groups.setdefault(name, []).append({"code": kind.code, "name": kind.name, "chosen": kind.code == chosen})
    return [{"name": name, "tasks": tasks} for name, tasks in groups.items()]


@require_POST
@requires(P.UNMET_NEED_EDIT)
def plan_need(request: StaffRequest, token: str, code: str) -> HttpResponse:
    """The one step from a refused task to a need whose days are counted from today."""
    found = _load(request, token)
    kind = get_object_or_404(TaskKind, code=code, opens=TaskKind.Opens.UNMET_NEED)
    now = timezone.now()
    try:
        need = open_unmet_need(
            by=request.actor,
            now=now,
            prison=request.prison,
            person=found.person,
            task=kind,
            known_on=london_today(now),
            plan=found,
        )
    except NotAllowed as error:
        messages.warning(request, str(error))
    else:
        messages.success(
            request, f"Unmet need {need.reference} is recorded: “{kind.name}”. Today is day 1. Put it to the council "
            "or to healthcare today."
        )  # fmt: skip
    return redirect("referrals:plan_tasks", request.prison.code, token)


@require_safe
@requires(P.PLAN_WRITE)
def without_approval(request: StaffRequest) -> HttpResponse:
    """Restricted tasks in plans whose approval has ended: nobody does them, so each is renewed or stopped."""
    today = london_today(timezone.now())
    page = page_of(tasks_without_approval(request.prison, today), request)
    table = Table(
        caption="Tasks that nobody does because their approval has ended",
        first="Name",
        columns=["Place", "Task", "Days"],
        rows=[
            Row(
                text=row.plan.person.list_name,
                href=reverse("referrals:plan", args=[request.prison.code, row.plan.token]),
                hidden=f"plan {row.plan.reference}",
                note=row.plan.person.prison_number,
                cells=[place_of(row), row.task.name, days_in_words(row.weekdays)],
            )
            for row in page
        ],
    )
    return render(request, "components/list_page.html", {
        "title": "Tasks in plans without an approval", "page": page, "table": table, "noun": "tasks",
        "lead": "Stop each in its plan and say who does it now, or have the approval renewed.",
        "empty": "Every task in a plan that needs an approval has one.",
    })  # fmt: skip


@require_http_methods(["GET", "POST"])
@requires(P.PLAN_TASK_STOP)
def task_stop(request: StaffRequest, token: str) -> HttpResponse:
    """Stop one task. Visits of today and later change at once."""
    rows = PlanTask.objects.for_prison(request.prison).select_related("plan__person", "plan__prison", "task")
    found = get_object_or_404(rows, token=token)
    written = found.plan.status in (Plan.Status.WISHES, Plan.Status.DRAFT)
    back = _after_stop(request, found.plan)
    data = request.POST if request.method == "POST" else None
    form = ConfirmForm(data, label="Remove") if written else StopTaskForm(data)
    if request.method == "POST" and form.is_valid():
        try:
            actions.stop_task(
                by=request.actor, now=timezone.now(), plan_task=found, reason=form.cleaned_data.get("reason", "")
            )
        except NotAllowed as error:
            form.refuse(error)
        else:
            messages.success(
                request,
                f"“{found.task.name}” is out of the plan."
                if written
                else f"“{found.task.name}” is stopped. Visits planned for today and later have changed.",
            )
            return redirect(back)
    return form_about(
        request, found.plan.person, form, "Remove this task" if written else "Stop this task", back,
        rows=[
            {"key": "Task", "value": found.task.name},
            {"key": "When", "value": f"{days_in_words(found.weekdays)}, {found.get_session_display().lower()}"},
        ],
        warning="" if written else "Visits planned for today and later change at once. The person need not say why.",
    )  # fmt: skip


def _after_stop(request: StaffRequest, found: Plan) -> str:
    written = found.status in (Plan.Status.WISHES, Plan.Status.DRAFT)
    name = "plan_tasks" if written else "plan" if may(request, P.PLAN_VIEW) else "helped_person"
    return reverse(f"referrals:{name}", args=[request.prison.code, found.token])


@require_safe
@requires(P.PLAN_TASK_STOP)
def helped(request: StaffRequest) -> HttpResponse:
    """People with an active plan: for officers whom somebody tells that a task, or all help, should stop."""
    page = page_of(queries.plans_of(request.prison).filter(status=Plan.Status.ACTIVE), request)
    table = Table(
        caption="People who have help, by name",
        first="Name",
        columns=["Place"],
        rows=[
            Row(
                text=plan.person.list_name,
                href=reverse("referrals:helped_person", args=[request.prison.code, plan.token]),
                hidden="tasks",
                note=plan.person.prison_number,
                cells=[place_of(plan)],
            )
            for plan in page
        ],
    )
    return render(request, "components/list_page.html", {
        "title": "People who have help", "page": page, "table": table, "noun": "people",
        "lead": "Open a person to stop a task, or all help, when they ask for it.",
        "empty": "Nobody has an active plan.",
    })  # fmt: skip


@require_safe
@requires(P.PLAN_TASK_STOP)
def helped_person(request: StaffRequest, token: str) -> HttpResponse:
    """What an officer needs of a plan: the tasks, and the ways to stop."""
    found = _load(request, token)
    viewed(by=request.actor, prison=request.prison.code, subject=found, person_id=found.person_id)
    consent = next(
        (c for c in queries.consents_of(found) if c.scope == Consent.Scope.SUPPORT and can_withdraw(found, c)), None
    )
    context = {
        "plan": found,
        "who": identity(request, found.person),
        "tasks": task_lines(found, list(queries.running_tasks(found)), {}),
        "may_stop": found.status in Plan.LIVE,
        "consent": consent,
        "capacity": standing(found),
        "crumbs": [{"text": "People who have help", "href": reverse("referrals:helped", args=[request.prison.code])}],
    }
    return render(request, "referrals/plan_helped.html", context)


def _load(request: StaffRequest, token: str) -> Plan:
    rows = Plan.objects.for_prison(request.prison).select_related("person", "prison")
    found: Plan = get_object_or_404(rows, token=token)
    return found


def _crumbs(request: StaffRequest) -> list[dict[str, str]]:
    return [{"text": "Plans", "href": reverse("referrals:plans", args=[request.prison.code])}]
