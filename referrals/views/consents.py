"""Consent in parts: withdrawn at any time without a reason, and given again when the person says so."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from buddyscheme.accounts.permissions import Permission as P
from buddyscheme.accounts.requests import StaffRequest, may, requires
from buddyscheme.lib.errors import NotAllowed
from buddyscheme.lib.forms import ConfirmForm
from referrals.actions import plans as actions
from referrals.models import Consent, Plan
from referrals.views.words import form_about

Scope = Consent.Scope
WHAT_ENDS = {
    Scope.SUPPORT: "Visits planned for today and later are cancelled at once, and the plan is paused.",
    Scope.SHARING: "The council and healthcare no longer see the plan, from this minute.",
    Scope.NAMED_BUDDY: "The match with this buddy ends at once.",
}


@require_http_methods(["GET", "POST"])
@requires(P.PLAN_WRITE, P.PLAN_TASK_STOP)
def consent_withdraw(request: StaffRequest, token: str) -> HttpResponse:
    """Record that the person withdrew one part of consent."""
    rows = Consent.objects.for_prison(request.prison).select_related("plan__person", "plan__prison", "match")
    found = get_object_or_404(rows, token=token)
    if found.scope != Scope.SUPPORT and not may(request, P.PLAN_WRITE):
        raise Http404
    form = ConfirmForm(request.POST if request.method == "POST" else None, label="Withdraw consent", warning=True)
    if request.method == "POST" and form.is_valid():
        try:
            actions.withdraw_consent(by=request.actor, now=timezone.now(), consent=found)
        except NotAllowed as error:
            form.refuse(error)
        else:
            messages.success(request, f"Recorded. {WHAT_ENDS[Scope(found.scope)]}")
            return redirect(_back(request, found.plan))
    return form_about(
        request, found.plan.person, form, "The person withdraws consent", _back(request, found.plan),
        rows=[{"key": "Consent to", "value": found.get_scope_display()}],
        lead="The person may do so at any time and need not say why.",
        warning=WHAT_ENDS[Scope(found.scope)],
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@requires(P.WISHES_RECORD)
def consent_give(request: StaffRequest, token: str, scope: str) -> HttpResponse:
    """Record that the person, asked in private, agrees (again)."""
    if scope.upper() not in (Scope.SUPPORT, Scope.SHARING):
        raise Http404
    rows = Plan.objects.for_prison(request.prison).select_related("person", "prison")
    found = get_object_or_404(rows, token=token)
    form = ConfirmForm(request.POST if request.method == "POST" else None, label="Record that the person agrees")
    if request.method == "POST" and form.is_valid():
        try:
            actions.give_consent(by=request.actor, now=timezone.now(), plan=found, scope=scope.upper())
        except NotAllowed as error:
            form.refuse(error)
        else:
            messages.success(request, "Recorded that the person agrees.")
            return redirect(_back(request, found))
    return form_about(
        request, found.person, form, "The person agrees", _back(request, found),
        rows=[{"key": "Consent to", "value": Scope(scope.upper()).label}],
        lead="Only when the person, asked in private, has said so.",
    )  # fmt: skip


def _back(request: StaffRequest, found: Plan) -> str:
    name = "plan" if may(request, P.PLAN_VIEW) else "helped_person"
    return reverse(f"referrals:{name}", args=[request.prison.code, found.token])
