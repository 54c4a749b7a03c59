"""Steps of a concern beside acting on it: how grave, handing on, and stepping in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from buddyscheme.accounts.models import User
from buddyscheme.accounts.permissions import Permission as P
from buddyscheme.accounts.requests import StaffRequest, requires
from buddyscheme.audit.record import viewed
from buddyscheme.lib.dates import london_today
from buddyscheme.lib.errors import NotAllowed, Stale
from buddyscheme.lib.forms import GovukForm
from referrals.actions import hand_ons as hand_on_actions
from referrals.actions.concerns import grade_concern
from referrals.actions.stepping_in import step_in as do_step_in
from referrals.forms import concerns as forms
from referrals.models import Concern, HandOn, Match
from referrals.queries import concerns as queries
from referrals.queries.standing_down import coverable
from referrals.queries.stepping_in import pairs
from referrals.rules.concerns import CHASE_AFTER
from referrals.views.concerns import crumbs, load
from referrals.views.standing_down import chosen_covers, offers
from referrals.views.words import moment


@require_http_methods(["GET", "POST"])
@requires(P.CONCERN_HANDLE)
def grade(request: StaffRequest, token: str) -> HttpResponse:
    """How grave it is, and whose it is: one of those on its access list."""
    found = load(request, token)
    readers = {line.user.token: line.user for line in queries.readers_of(found)} or {request.user.token: request.user}
    form = forms.GradeForm(
        request.POST or None, readers=readers.values(),
        initial={
            "severity": found.severity, "owner": found.owner.token if found.owner else "", "version": found.version
        },
    )  # fmt: skip

    def save(answers: dict[str, Any], now: datetime) -> object:
        owner: User = readers[answers["owner"]]
        return grade_concern(
            by=request.actor, now=now, concern=found, severity=answers["severity"], owner=owner,
            version=answers["version"],
        )  # fmt: skip

    return _step(
        request, found, form, save, "How grave it is, and whose", "Saved.",
        lead="A grave concern is to be acted on today. Nothing here gives more time.",
        again=lambda: load(request, token).version,
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@requires(P.CONCERN_HANDLE)
def concern_hand_on(request: StaffRequest, token: str) -> HttpResponse:
    """It was put to somebody else as well."""
    found = load(request, token)
    chase_on = london_today(timezone.now()) + CHASE_AFTER
    form = forms.HandOnForm(request.POST or None, initial={"chase_on": chase_on})

    def save(answers: dict[str, Any], now: datetime) -> object:
        return hand_on_actions.hand_on(by=request.actor, now=now, concern=found, **answers)

    return _step(
        request, found, form, save, "Hand this concern on", "Saved. You are reminded to ask again.",
        lead="Tell them by their own way first, then record it here. The concern stays with whoever deals with it.",
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@requires(P.CONCERN_HANDLE)
def hand_on(request: StaffRequest, token: str) -> HttpResponse:
    """They were asked again; their answer has its own page."""
    one = _hand_on(request, token)
    today = london_today(timezone.now())
    form = forms.ChaseForm(
        request.POST or None,
        initial={"their_reference": one.their_reference, "chase_on": today + CHASE_AFTER, "version": one.version},
    )

    def save(answers: dict[str, Any], now: datetime) -> object:
        return hand_on_actions.chase_hand_on(by=request.actor, now=now, hand_on=one, **answers)

    return _step(
        request, one.concern, form, save, f"Ask {_whom(one)} again", "Saved that you asked again.",
        template="referrals/hand_on.html", rows=_hand_on_rows(one), again=lambda: _hand_on(request, token).version,
        answer_href=reverse("referrals:hand_on_answer", args=[request.prison.code, one.token]),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@requires(P.CONCERN_HANDLE)
def hand_on_answer(request: StaffRequest, token: str) -> HttpResponse:
    """What came of it."""
    one = _hand_on(request, token)
    form = forms.HandOnAnswerForm(request.POST or None, initial={"version": one.version})

    def save(answers: dict[str, Any], now: datetime) -> object:
        return hand_on_actions.answer_hand_on(by=request.actor, now=now, hand_on=one, **answers)

    return _step(
        request, one.concern, form, save, f"What {_whom(one)} answered", "Saved what came of it.",
        rows=_hand_on_rows(one), again=lambda: _hand_on(request, token).version,
    )  # fmt: skip


def _whom(one: HandOn) -> str:
    return one.get_to_display()[0].lower() + one.get_to_display()[1:]


def _hand_on_rows(one: HandOn) -> list[dict[str, Any]]:
    return [
        {"key": "Handed on", "value": f"{moment(one.handed_at)}, {one.handed_by.name}"},
        {"key": "Their reference", "value": one.their_reference or "Not given yet"},
        {"key": "Last asked again", "value": moment(one.chased_at) or "Not yet"},
    ]


def _hand_on(request: StaffRequest, token: str) -> HandOn:
    today = london_today(timezone.now())
    found: HandOn = get_object_or_404(
        queries.open_hand_ons(request.prison, request.user, today).select_related("concern", "handed_by"), token=token
    )
    return found


@require_http_methods(["GET", "POST"])
@requires(P.CONCERN_HANDLE)
def step_in(request: StaffRequest, token: str) -> HttpResponse:
    """Pause the match, suspend its buddy and say who covers: all in one go. First which pair, where there are more."""
    found = load(request, token)
    all_pairs = list(pairs(found))
    asked = request.GET.get("match", "")
    match = next((one for one in all_pairs if one.token == asked), None)
    if match is None and len(all_pairs) == 1:
        match = all_pairs[0]
    if match is None:
        return _which_pair(request, found, all_pairs)
    now = timezone.now()
    people = coverable(request.prison, match.buddy, london_today(now), ends=False)
    form = forms.StepInForm(request.POST or None, offers=offers(people), initial={"version": found.version})

    def save(answers: dict[str, Any], now: datetime) -> object:
        kept = {name: answers[name] for name in ("reason", "told_how", "appeal_route", "version")}
        return do_step_in(
            by=request.actor, now=now, concern=found, match=match, covers=chosen_covers(form, people), **kept
        )

    buddy, person = match.buddy.person.full_name, match.plan.person.full_name
    return _step(
        request, found, form, save, "Pause this match and suspend the buddy",
        "Saved. The match is paused, the buddy is suspended, and visits of today have changed.",
        template="components/confirm.html", again=lambda: load(request, token).version,
        lead=f"The match of {buddy} with {person} stays paused until somebody decides about it. The buddy is paid "
        "meanwhile, and the suspension is looked at again within a week.",
        warning="All visits of this buddy stop at once.",
    )  # fmt: skip


def _which_pair(request: StaffRequest, found: Concern, all_pairs: list[Match]) -> HttpResponse:
    offered = [(one.token, f"{one.buddy.person.full_name} helps {one.plan.person.full_name}") for one in all_pairs]
    form = forms.PairForm(request.POST or None, pairs=offered)
    if request.method == "POST" and form.is_valid():
        return redirect(f"{request.path}?match={form.cleaned_data['match']}")
    form.cancel_url = _back(request, found)
    if not all_pairs:
        return render(request, "referrals/no_pair.html", {
            "title": "Step in", "back": form.cancel_url, "crumbs": crumbs(request, found)
        })  # fmt: skip
    context = {"title": "Step in", "form": form, "crumbs": crumbs(request, found)}
    return render(request, "components/form_page.html", context)


def _back(request: StaffRequest, found: Concern) -> str:
    return reverse("referrals:concern", args=[request.prison.code, found.token])


def _step(
    request: StaffRequest,
    found: Concern,
    form: GovukForm,
    save: Callable[[dict[str, Any], datetime], object],
    title: str,
    done: str,
    *,
    template: str = "components/form_page.html",
    again: Callable[[], int] | None = None,
    **context: Any,
) -> HttpResponse:
    """One question page of a concern. Reading it is recorded, as the concern's own page is."""
    back = _back(request, found)
    if request.method == "POST" and form.is_valid():
        try:
            save(form.cleaned_data, timezone.now())
        except Stale as error:
            form.stale(error, version=again() if again is not None else found.version)
        except NotAllowed as error:
            form.refuse(error)
        else:
            messages.success(request, done)
            return redirect(back)
    viewed(by=request.actor, prison=request.prison.code, subject=found, person_id=found.about_person_id, page=title)
    form.cancel_url = back
    return render(request, template, {"title": title, "form": form, "crumbs": crumbs(request, found), **context})
