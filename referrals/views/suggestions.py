"""Choosing a buddy for a plan: suggestions with their reasons, and one pair's suitability."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from buddyscheme.accounts.permissions import Permission as P
from buddyscheme.accounts.requests import StaffRequest, requires
from buddyscheme.audit.record import viewed
from buddyscheme.lib.dates import london_today
from buddyscheme.lib.errors import NotAllowed
from referrals.actions.matches import ask_for_buddy, propose_match
from referrals.forms.matches import AskedForForm, ProposeForm
from referrals.matching import Suggestion
from referrals.models import Match, Plan
from referrals.queries.suggestions import NOWHERE, Facts, buddies_to_ask_for, facts_for
from referrals.rules.matches import NO_WING, can_be_asked_for
from referrals.views.match_words import check_lines
from referrals.views.words import form_about, identity_at
from schemes.models import Buddy

TITLES = {"LEAD": "Choose a buddy", "SECOND": "Choose a second buddy"}


@require_safe
@requires(P.MATCH_DECIDE)
def suggestions(request: StaffRequest, token: str, part: str) -> HttpResponse:
    """Who could help, best first with every reason, and who is unsuitable and why."""
    plan = _plan(request, token)
    facts = facts_for(request.prison, plan, part, london_today(timezone.now()))
    ranking = facts.ranked()
    viewed(by=request.actor, prison=request.prison.code, subject=plan, person_id=plan.person_id, page="suggestions")
    return render(request, "referrals/match_suggestions.html", {
        "title": TITLES[part],
        "plan": plan,
        "who": _who(request, plan, facts),
        "crumbs": [{"text": f"Plan {plan.reference}", "href": _plan_url(request, plan)}],
        "second": part == Match.Part.SECOND,
        "asked_for": facts.buddies[wanted].person.full_name if (wanted := plan.asked_for_id) in facts.buddies else "",
        "asked_for_href": reverse("referrals:asked_for", args=[request.prison.code, plan.token])
        if can_be_asked_for(plan, None)
        else "",
        "no_wing": "" if facts.need.wing else NO_WING,
        "suggestions": [_shown(request, plan, part, facts, one) for one in ranking.suggestions],
        "unsuitable": [_shown(request, plan, part, facts, one) for one in ranking.unsuitable],
    })  # fmt: skip


@require_http_methods(["GET", "POST"])
@requires(P.MATCH_DECIDE)
def suitability(request: StaffRequest, token: str, buddy_token: str, part: str) -> HttpResponse:
    """Every check of one pair, with the date of its data; the lead proposes, both people are then asked."""
    plan = _plan(request, token)
    buddy = get_object_or_404(Buddy.objects.for_prison(request.prison).select_related("person"), token=buddy_token)
    form = ProposeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            match = propose_match(
                by=request.actor, now=timezone.now(), plan=plan, buddy=buddy, part=part, why=form.cleaned_data["why"]
            )
        except NotAllowed as error:
            form.refuse(error)
        else:
            messages.success(request, "Now ask both people in private, then record what each of them said.")
            return redirect("referrals:match", request.prison.code, match.token)
    facts = facts_for(request.prison, plan, part, london_today(timezone.now()), also=buddy.pk)
    lines = check_lines(facts.checks(buddy.pk))
    suggestion = facts.suggestion(buddy.pk)
    first = facts.first_instead_of(buddy.pk)
    form.for_choice(first.person.full_name if first is not None else "")
    viewed(by=request.actor, prison=request.prison.code, subject=plan, person_id=plan.person_id, buddy=buddy.pk)
    form.cancel_url = reverse(_list_name(part), args=[request.prison.code, plan.token])
    return render(request, "referrals/match_suitability.html", {
        "title": f"{buddy.person.full_name} as {Match.Part(part).label.lower()}",
        "who": _who(request, plan, facts),
        "form": form,
        "lines": lines,
        "stopped": suggestion is None or not facts.need.wing,
        "reasons": suggestion.reasons if suggestion else (),
        "place": facts.places.get(buddy.person_id, NOWHERE).words,
        "person": plan.person.full_name,
        "crumbs": [
            {"text": f"Plan {plan.reference}", "href": _plan_url(request, plan)},
            {"text": TITLES[part], "href": form.cancel_url},
        ],
    })  # fmt: skip


@require_http_methods(["GET", "POST"])
@requires(P.MATCH_DECIDE)
def asked_for(request: StaffRequest, token: str) -> HttpResponse:
    """Whom the person asks for by name, said in private."""
    plan = _plan(request, token)
    buddies = {buddy.token: buddy for buddy in buddies_to_ask_for(request.prison, plan.person)}
    form = AskedForForm(
        request.POST or None,
        buddies=[
            (token, f"{buddy.person.list_name}, {buddy.person.prison_number}") for token, buddy in buddies.items()
        ],
        initial={"buddy": next((token for token, buddy in buddies.items() if buddy.pk == plan.asked_for_id), "")},
    )
    back = reverse("referrals:suggestions", args=[request.prison.code, plan.token])
    if request.method == "POST" and form.is_valid():
        try:
            ask_for_buddy(
                by=request.actor, now=timezone.now(), plan=plan, buddy=buddies.get(form.cleaned_data["buddy"])
            )
        except NotAllowed as error:
            form.refuse(error)
        else:
            messages.success(request, "Saved. The wish is shown among the reasons.")
            return redirect(back)
    viewed(by=request.actor, prison=request.prison.code, subject=plan, person_id=plan.person_id, page="asked for")
    return form_about(
        request, plan.person, form, "Which buddy does the person ask for?", back,
        crumbs=[{"text": f"Plan {plan.reference}", "href": _plan_url(request, plan)},
                {"text": TITLES["LEAD"], "href": back}],
    )  # fmt: skip


def _plan(request: StaffRequest, token: str) -> Plan:
    plan: Plan = get_object_or_404(
        Plan.objects.for_prison(request.prison).select_related("person", "prison"), token=token
    )
    return plan


def _who(request: StaffRequest, plan: Plan, facts: Facts) -> dict[str, str]:
    place = facts.places.get(plan.person_id)
    return identity_at(request, plan.person, place.words if place is not None else None)


def _plan_url(request: StaffRequest, plan: Plan) -> str:
    return reverse("referrals:plan", args=[request.prison.code, plan.token])


def _list_name(part: str) -> str:
    return "referrals:second_suggestions" if part == Match.Part.SECOND else "referrals:suggestions"


def _shown(request: StaffRequest, plan: Plan, part: str, facts: Facts, one: Suggestion) -> dict[str, Any]:
    buddy = facts.buddies[one.buddy_id]
    page = "referrals:second_suitability" if part == Match.Part.SECOND else "referrals:suitability"
    return {
        "name": buddy.person.list_name,
        "number": buddy.person.prison_number,
        "place": facts.places.get(buddy.person_id, NOWHERE).words or "Place not recorded",
        "href": reverse(page, args=[request.prison.code, plan.token, buddy.token]),
        "score": one.score,
        "most": one.most,
        "reasons": one.reasons,
        "warnings": [check.words for check in one.warnings],
        "stops": [check.words for check in one.stops],
        "asked_for": one.buddy_id in facts.need.asked_for,
    }
