"""What shows the answers of a self-assessment, and the plan of action that comes of them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from buddyscheme.accounts.permissions import Permission as P
from buddyscheme.accounts.requests import StaffRequest, may, requires
from buddyscheme.audit.record import viewed
from buddyscheme.lib.dates import london_today, parse_period
from buddyscheme.lib.errors import NotAllowed
from buddyscheme.lib.fields import day_in_words
from buddyscheme.lib.forms import ConfirmForm
from buddyscheme.lib.paging import page_of
from buddyscheme.lib.tables import Row, Table, Tag
from monitoring.actions import self_assessment as actions
from monitoring.evidence import TYPES, Media
from monitoring.forms.self_assessment import CLOSED, OVERDUE, ActionFilter, ActionForm, CloseActionForm, EvidenceForm
from monitoring.models import SelfAction, SelfFile
from monitoring.queries import self_assessment as queries
from monitoring.views.self_assessment import (
    address,
    crumbs_of,
    item_address,
    item_or_404,
    open_or_none,
    quarter_or_404,
)


@require_http_methods(["GET", "POST"])
@requires(P.SELF_ASSESS)
def add_evidence(request: StaffRequest, quarter_code: str, item_code: str) -> HttpResponse:
    """Attach something to an answer."""
    quarter, item = quarter_or_404(quarter_code), item_or_404(item_code)
    assessment = open_or_none(request, quarter)
    answer = queries.answers_of(assessment).get(item.code) if assessment else None
    if assessment is None or answer is None:
        return redirect(address(request, "self_assessment", quarter.code))
    posted = request.method == "POST"
    form = EvidenceForm(
        request.POST if posted else None,
        request.FILES if posted else None,
        prison_code=request.prison.code,
        host=request.get_host(),
    )
    back = item_address(request, assessment, item.code)
    if posted and form.is_valid():
        try:
            actions.add_evidence(by=request.actor, now=timezone.now(), answer=answer, **form.evidence)
        except NotAllowed as error:
            form.refuse(error)
        else:
            messages.success(request, f"The evidence is added to {item.code}.")
            return redirect(back)
    form.cancel_url = back
    context = {
        "title": f"Add evidence to {item.code}",
        "caption": item.asks,
        "form": form,
        "crumbs": crumbs_of(request, quarter),
    }
    return render(request, "components/form_page.html", context)


@require_safe
@requires(P.SELF_EVIDENCE_VIEW)
def evidence_file(request: StaffRequest, token: str) -> HttpResponse:
    """The file, as an attachment only. Who opened it is recorded."""
    evidence = get_object_or_404(queries.any_evidence(request.prison), token=token)
    file = SelfFile.objects.for_prison(request.prison).filter(evidence=evidence).first()
    if file is None:
        raise Http404("no file")
    viewed(by=request.actor, prison=request.prison.code, subject=evidence)
    media = Media(evidence.media)
    response = HttpResponse(bytes(file.content), content_type=TYPES[media])
    name = f"{evidence.answer.item}-{evidence.answer.assessment.period}.{media.lower()}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_http_methods(["GET", "POST"])
@requires(P.SELF_ASSESS)
def take_out_evidence(request: StaffRequest, token: str) -> HttpResponse:
    """Take something out again."""
    evidence = get_object_or_404(queries.any_evidence(request.prison), token=token)
    assessment = evidence.answer.assessment
    form = ConfirmForm(request.POST if request.method == "POST" else None, label="Take it out", warning=True)
    back = item_address(request, assessment, evidence.answer.item)
    if request.method == "POST" and form.is_valid():
        try:
            actions.take_out_evidence(by=request.actor, now=timezone.now(), evidence=evidence)
        except NotAllowed as error:
            form.refuse(error)
        else:
            messages.success(request, "The evidence is taken out.")
            return redirect(back)
    form.cancel_url = back
    context = {
        "title": "Take out this evidence",
        "lead": "A file is deleted and cannot be brought back.",
        "rows": [{"key": "What it shows", "value": evidence.shows}],
        "form": form,
        "crumbs": crumbs_of(request, quarter_or_404(assessment.period)),
    }
    return render(request, "components/form_page.html", context)


@require_safe
@requires(P.FIGURES_VIEW)
def self_actions(request: StaffRequest) -> HttpResponse:
    """The plan of action of all quarters: open ones, the earliest day first, unless something else is chosen."""
    today = london_today(timezone.now())
    filter_form = ActionFilter(request.GET)
    show = filter_form.answers.get("show", "")
    if show == OVERDUE:
        rows = queries.overdue_actions(request.prison, today)
    else:
        rows = queries.closed_actions(request.prison) if show == CLOSED else queries.open_actions(request.prison)
    page = page_of(rows, request)
    context = {
        "title": "Plan of action",
        "lead": "What the self-assessments are to lead to. An action stays on the plan until it is done or dropped.",
        "page": page,
        "noun": "actions",
        "table": Table(
            caption="Actions, newest first" if show == CLOSED else "Actions, the earliest day first",
            first="What",
            columns=["Item", "Whose job", "By"],
            rows=[_action_row(request, action, today) for action in page],
        ),
        "filter_form": filter_form,
        "empty": "No action is open. Add one from an item of a self-assessment.",
        "crumbs": crumbs_of(request),
    }
    return render(request, "components/list_page.html", context)


def _action_row(request: StaffRequest, action: SelfAction, today: Any) -> Row:
    is_open = action.state == SelfAction.State.OPEN
    if is_open:
        tag = Tag(text="Overdue", colour="red") if action.due_on < today else Tag(text="Open", colour="blue")
    else:
        tag = Tag(text=action.get_state_display(), colour="green" if action.state == action.State.DONE else "grey")
    name = "close_self_action" if is_open and may(request, P.SELF_ASSESS) else ""
    return Row(
        text=action.what,
        href=address(request, name, action.token) if name else "",
        hidden=f", {action.item}" if name else "",
        note=action.came_of,
        cells=[
            f"{action.item}, {parse_period(action.assessment.period)}",
            action.responsible,
            day_in_words(action.due_on),
        ],
        tag=tag,
    )


@require_http_methods(["GET", "POST"])
@requires(P.SELF_ASSESS)
def add_action(request: StaffRequest, quarter_code: str, item_code: str) -> HttpResponse:
    """Plan something because of an item."""
    quarter, item = quarter_or_404(quarter_code), item_or_404(item_code)
    assessment = open_or_none(request, quarter)
    if assessment is None:
        return redirect(address(request, "self_assessment", quarter.code))
    form = ActionForm(request.POST if request.method == "POST" else None)
    back = item_address(request, assessment, item.code)
    if request.method == "POST" and form.is_valid():
        try:
            actions.add_action(
                by=request.actor, now=timezone.now(), assessment=assessment, item=item.code, **form.cleaned_data
            )
        except NotAllowed as error:
            form.refuse(error)
        else:
            messages.success(request, f"The action is added to {item.code}.")
            return redirect(back)
    form.cancel_url = back
    context = {
        "title": f"Add an action to {item.code}",
        "caption": item.asks,
        "form": form,
        "crumbs": crumbs_of(request, quarter),
    }
    return render(request, "components/form_page.html", context)


@require_http_methods(["GET", "POST"])
@requires(P.SELF_ASSESS)
def close_action(request: StaffRequest, token: str) -> HttpResponse:
    """Say that an action is done or dropped."""
    action = get_object_or_404(queries.actions_of(request.prison), token=token)
    plan = address(request, "self_actions")
    if action.state != SelfAction.State.OPEN:
        return redirect(plan)
    form = CloseActionForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.close_action(by=request.actor, now=timezone.now(), action=action, **form.cleaned_data)
        except NotAllowed as error:
            form.refuse(error)
        else:
            messages.success(request, "The action is closed.")
            return redirect(plan)
    form.cancel_url = plan
    context = {
        "title": "Close this action",
        "rows": [
            {"key": "What", "value": action.what},
            {"key": "Whose job", "value": action.responsible},
            {"key": "By", "value": day_in_words(action.due_on)},
        ],
        "form": form,
        "crumbs": [*crumbs_of(request), {"text": "Plan of action", "href": plan}],
    }
    return render(request, "components/form_page.html", context)
