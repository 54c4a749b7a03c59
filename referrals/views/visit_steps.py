"""Recording, correcting and asking about a visit, by staff."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods

from buddyscheme.accounts.permissions import Permission as P
from buddyscheme.accounts.requests import StaffRequest, may, requires
from buddyscheme.lib.errors import NotAllowed
from referrals.actions.visits import correct_visit, log_visit
from referrals.actions.weeks import ask_about_help
from referrals.forms.visits import AskForm, CorrectForm, VisitForm
from referrals.models import HelpCheck, PlannedVisit, Visit
from referrals.queries.unlock import tasks_in_words
from referrals.queries.visits import matched_buddies
from referrals.views.visit_words import tasks_text, when
from referrals.views.words import form_about, identity
from schemes.models import Buddy


@require_http_methods(["GET", "POST"])
@requires(P.VISITS_ENTER)
def visit_add(request: StaffRequest, token: str) -> HttpResponse:
    """Staff record one planned visit."""
    planned = planned_visit(request, token)
    form = visit_form(request, planned)
    back = reverse("referrals:unlock_list", args=[request.prison.code])
    if request.method == "POST" and form.is_valid():
        try:
            log_visit(
                by=request.actor,
                now=timezone.now(),
                planned=planned,
                source=Visit.Source.STAFF,
                happened_on=planned.day,
                buddy=who_came(form, planned),
                **form.report,
            )
        except NotAllowed as error:
            form.refuse(error)
        else:
            messages.success(request, "The visit is recorded.")
            return redirect(safe_next(request, request.GET.get("next", ""), back))
    crumbs = [{"text": "Today", "href": back}]
    return form_about(request, planned.person, form, "Record a visit", back, rows=planned_rows(planned), crumbs=crumbs)


@require_http_methods(["GET", "POST"])
@requires(P.VISITS_ENTER)
def visit_correct(request: StaffRequest, token: str) -> HttpResponse:
    """Staff correct a visit; the first version stays."""
    visit = find_visit(request, token)
    tasks = tasks_in_words(visit.planned.tasks)
    initial = {
        "outcome": visit.outcome,
        "minutes": visit.minutes or visit.planned.minutes,
        "tasks_done": visit.tasks_done,
        "reason": visit.reason,
        "said_by": visit.said_by,
        "extra_help": visit.extra_help,
    }
    form = CorrectForm(request.POST if request.method == "POST" else None, tasks=tasks, initial=initial)
    page = reverse("referrals:visit", args=[request.prison.code, visit.token])
    back = safe_next(request, request.GET.get("next", ""), page)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["correction_reason"]
        try:
            newer = correct_visit(
                by=request.actor, now=timezone.now(), visit=visit, correction_reason=reason, **form.report
            )
        except NotAllowed as error:
            form.refuse(error)
        else:
            messages.success(request, "The visit is corrected. The first version is kept.")
            newest = reverse("referrals:visit", args=[request.prison.code, newer.token])
            return redirect(newest if back == page else back)
    return form_about(
        request, visit.person, form, "Correct a visit", back,
        rows=planned_rows(visit.planned), crumbs=[{"text": "Visit", "href": page}],
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@requires(P.VISITS_CONFIRM)
def visit_ask(request: StaffRequest, token: str) -> HttpResponse:
    """Staff ask the person, alone, whether the help came and whether anybody wanted something for it."""
    visit = find_visit(request, token)
    form = AskForm(request.POST if request.method == "POST" else None)
    page = reverse("referrals:visit", args=[request.prison.code, visit.token])
    back = safe_next(request, request.GET.get("next", ""), page)
    if request.method == "POST" and form.is_valid():
        try:
            check = ask_about_help(
                by=request.actor,
                now=timezone.now(),
                prison=request.prison,
                person=visit.person,
                plan=visit.planned.plan,
                visit=visit,
                **{name: form.cleaned_data[name] for name in ("answer", "asked_in_return")},
            )
        except NotAllowed as error:
            form.refuse(error)
        else:
            return _asked(request, visit, check, back)
    return form_about(
        request, visit.person, form, "Ask about the help", back,
        lead="Ask the person alone, where the buddy does not hear it. Nobody has to answer.",
        rows=planned_rows(visit.planned),
        stop_href=_stop_href(request, visit),
        template="referrals/visit_ask.html",
    )  # fmt: skip


def _asked(request: StaffRequest, visit: Visit, check: HelpCheck, back: str) -> HttpResponse:
    """Saved; where something was asked in return, the way to a concern is offered."""
    messages.success(request, "The answers are saved. The buddy is not told.")
    if check.asked_in_return != HelpCheck.InReturn.YES or not may(request, P.CONCERN_RAISE):
        return redirect(back)
    return redirect(f"{reverse('referrals:visit_asked', args=[request.prison.code, visit.token])}")


@require_http_methods(["GET"])
@requires(P.VISITS_CONFIRM)
def visit_asked(request: StaffRequest, token: str) -> HttpResponse:
    """Something was asked in return for help: a concern is one tap away."""
    visit = find_visit(request, token)
    return render(request, "referrals/visit_asked.html", {
        "who": identity(request, visit.person),
        "concern_href": reverse("referrals:concern_add", args=[request.prison.code]),
        "stop_href": _stop_href(request, visit),
        "back": reverse("referrals:week", args=[request.prison.code]),
    })  # fmt: skip


def planned_visit(request: StaffRequest, token: str) -> PlannedVisit:
    """A planned visit of the prison, or 404."""
    rows = PlannedVisit.objects.for_prison(request.prison).select_related("person", "buddy__person", "plan")
    planned: PlannedVisit = get_object_or_404(rows, token=token)
    return planned


def visit_form(request: StaffRequest, planned: PlannedVisit) -> VisitForm:
    """The questions about a planned visit; who came is asked only where nobody was down for it."""
    came = None if planned.buddy_id else matched_buddies(planned)
    initial = {"minutes": planned.minutes}
    return VisitForm(
        request.POST if request.method == "POST" else None,
        tasks=tasks_in_words(planned.tasks),
        came=came,
        initial=initial,
    )


def who_came(form: VisitForm, planned: PlannedVisit) -> Buddy | None:
    """The buddy who was chosen on the form, if any."""
    token = form.cleaned_data.get("buddy")
    return matched_buddies(planned).filter(token=token).first() if token else None


def planned_rows(planned: PlannedVisit) -> list[dict[str, Any]]:
    """What was planned, for the top of a form."""
    names = {task.code: task.name for task in tasks_in_words(planned.tasks)}
    return [
        {"key": "When", "value": when(planned.day, planned.get_session_display())},
        {"key": "Buddy", "value": planned.buddy.person.full_name if planned.buddy else "Nobody"},
        {"key": "Planned", "value": f"{tasks_text(planned.tasks, names)}\n{planned.minutes} minutes"},
    ]


def find_visit(request: StaffRequest, token: str) -> Visit:
    """A visit of the prison, in the version that the address names, or 404."""
    rows = Visit.objects.for_prison(request.prison).select_related(
        "person", "planned__person", "planned__plan", "planned__buddy__person"
    )
    visit: Visit = get_object_or_404(rows, token=token)
    return visit


def _stop_href(request: StaffRequest, visit: Visit) -> str:
    if not may(request, P.PLAN_TASK_STOP):
        return ""
    return reverse("referrals:helped_person", args=[request.prison.code, visit.planned.plan.token])


def safe_next(request: StaffRequest, wanted: str, otherwise: str) -> str:
    """Back to a page of this prison, and nowhere else."""
    inside = wanted.startswith(f"/prisons/{request.prison.code}/")
    return wanted if inside and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None) else otherwise
