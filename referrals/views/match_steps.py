"""What is done with a match: both people's answers, pausing, resuming, ending."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from buddyscheme.accounts.permissions import Permission as P
from buddyscheme.accounts.requests import StaffRequest, requires
from buddyscheme.lib.errors import NotAllowed
from buddyscheme.lib.forms import ConfirmForm, GovukForm
from referrals.actions import matches as actions
from referrals.forms.matches import AgreementForm, EndMatchForm, PauseMatchForm, ShownForm
from referrals.models import Match
from referrals.queries.capacity import standing
from referrals.views.words import form_about


@require_http_methods(["GET", "POST"])
@requires(P.MATCH_DECIDE)
def agreement(request: StaffRequest, token: str) -> HttpResponse:
    """What both people said, each asked alone."""
    match = _match(request, token)
    decided_for = standing(match.plan) is not None
    form = (ShownForm if decided_for else AgreementForm)(request.POST if request.method == "POST" else None)

    def save() -> Match:
        return actions.record_agreement(by=request.actor, now=timezone.now(), match=match, **_both(form))

    return _step(
        request, match, form, save,
        "What did both people say?",
        lambda saved: "The match is active, and the visits of today have changed."
        if saved.status == Match.Status.ACTIVE
        else "The answers are saved. Choose another buddy for the plan.",
        lead=f"Ask {match.plan.person.full_name} and {match.buddy.person.full_name} alone, where nobody else hears. "
        "A no needs no reason, and neither is told who said it."
        + (" The person cannot decide this for themselves: what they show counts." if decided_for else ""),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@requires(P.MATCH_DECIDE)
def pause(request: StaffRequest, token: str) -> HttpResponse:
    """Stop a match for now."""
    match = _match(request, token)
    form = PauseMatchForm(request.POST if request.method == "POST" else None)

    def save() -> Match:
        return actions.pause_match(
            by=request.actor, now=timezone.now(), match=match, reason=form.cleaned_data["reason"]
        )

    words = "The match is paused. Visits go to the second buddy, where there is one."
    return _step(request, match, form, save, "Pause this match", lambda saved: words)


@require_http_methods(["GET", "POST"])
@requires(P.MATCH_DECIDE)
def resume(request: StaffRequest, token: str) -> HttpResponse:
    """Start a paused match again."""
    match = _match(request, token)
    form = ConfirmForm(request.POST if request.method == "POST" else None, label="Resume the match")

    def save() -> Match:
        return actions.resume_match(by=request.actor, now=timezone.now(), match=match)

    lead = "Every check is made again, and visits of today change at once."
    return _step(request, match, form, save, "Resume this match", lambda saved: "The match is active again.", lead=lead)


@require_http_methods(["GET", "POST"])
@requires(P.MATCH_DECIDE)
def end(request: StaffRequest, token: str) -> HttpResponse:
    """End a match."""
    match = _match(request, token)
    form = EndMatchForm(request.POST if request.method == "POST" else None)

    def save() -> Match:
        return actions.end_match(by=request.actor, now=timezone.now(), match=match, reason=form.cleaned_data["reason"])

    lead = "Visits of today and later change at once. Name a new buddy soon, so that nobody waits for help."
    return _step(request, match, form, save, "End this match", lambda saved: "The match has ended.", lead=lead)


@require_http_methods(["GET", "POST"])
@requires(P.MATCH_DECIDE)
def make_first(request: StaffRequest, token: str) -> HttpResponse:
    """The second buddy becomes the first."""
    match = _match(request, token)
    form = ConfirmForm(request.POST if request.method == "POST" else None, label="Make this buddy the first")

    def save() -> Match:
        return actions.make_first(by=request.actor, now=timezone.now(), match=match)

    lead = "The first buddy has gone. Every check is made again, and the plan’s hours are this buddy’s from now on."
    done = "This buddy is the first buddy of the plan now. Choose a second one soon."
    return _step(request, match, form, save, "Make this buddy the first", lambda saved: done, lead=lead)


def _both(form: GovukForm) -> dict[str, Any]:
    """Both answers; of somebody who cannot decide, what they showed."""
    if isinstance(form, ShownForm):
        answers = form.cleaned_data
        return {
            "person_agrees": not answers["objects"],
            "buddy_agrees": answers["buddy_agrees"],
            "person_showed": answers["person_showed"],
        }
    return {name: form.cleaned_data[name] for name in ("person_agrees", "buddy_agrees")}


def _match(request: StaffRequest, token: str) -> Match:
    rows = Match.objects.for_prison(request.prison).select_related("plan__person", "buddy__person")
    match: Match = get_object_or_404(rows, token=token)
    return match


def _step(
    request: StaffRequest,
    match: Match,
    form: GovukForm,
    save: Callable[[], Match],
    title: str,
    done: Callable[[Match], str],
    **context: Any,
) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        try:
            saved = save()
        except NotAllowed as error:
            form.refuse(error)
        else:
            messages.success(request, done(saved))
            return redirect("referrals:match", request.prison.code, match.token)
    back = reverse("referrals:match", args=[request.prison.code, match.token])
    rows = [{"key": "Buddy", "value": match.buddy.person.full_name}, {"key": "Part", "value": match.get_part_display()}]
    crumbs = [{"text": "Match", "href": back}]
    return form_about(request, match.plan.person, form, title, back, rows=rows, crumbs=crumbs, **context)
