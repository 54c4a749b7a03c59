"""Help from today: one page from a referral to a visit this afternoon."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from buddyscheme.accounts.permissions import Permission as P
from buddyscheme.accounts.requests import StaffRequest, requires
from buddyscheme.audit.record import viewed
from buddyscheme.lib.dates import london_today
from buddyscheme.lib.errors import NotAllowed
from buddyscheme.lib.rules import why_not
from referrals.actions.interim import help_from_today
from referrals.forms.interim import InterimForm
from referrals.models import Match, Referral
from referrals.models.plan import LONGEST_INTERIM
from referrals.queries import interim as queries
from referrals.queries.plans import live_plan_of
from referrals.queries.suggestions import NOWHERE, Facts
from referrals.rules.interim import check_may_begin
from referrals.views.words import day, form_about
from schemes.models import Buddy
from schemes.queries.people import custody_of

ASK = (
    "Ask the person and the buddy apart, with nobody else in hearing. Either may say no and need not say why.",
    "Say that a buddy never does personal care.",
)
NO_WING = "It is not recorded on which wing this person lives. Record it on the person’s page, then start the help."
NOBODY = "No buddy of this wing can start today. What stops each of them stands below."


@require_http_methods(["GET", "POST"])
@requires(P.MATCH_DECIDE)
def help_today(request: StaffRequest, token: str) -> HttpResponse:
    """The plan, its tasks and its buddy in one step."""
    rows = Referral.objects.for_prison(request.prison).select_related("person", "prison")
    referral = get_object_or_404(rows, token=token)
    now = timezone.now()
    today = london_today(now)
    facts = queries.facts_of(request.prison, referral.person, today)
    tasks = {task.code: task for task in queries.everyday_tasks(request.prison, london_today(timezone.now()))}
    ranking = facts.ranked()
    suited = queries.on_the_wing(facts, ranking.suggestions)
    buddies = [(facts.buddies[one.buddy_id].token, _named(facts, one.buddy_id)) for one in suited]
    form = InterimForm(request.POST or None, tasks=tasks.values(), buddies=buddies)
    if request.method == "POST" and form.is_valid():
        answers = form.cleaned_data
        chosen = next(one for one in facts.buddies.values() if one.token == answers["buddy"])
        try:
            match = _start(request, now, referral, chosen, answers | {"tasks": [tasks[c] for c in answers["tasks"]]})
        except NotAllowed as error:
            form.refuse(error)
        else:
            until = day(match.plan.interim_until)
            messages.success(
                request, f"Help has started. It ends by itself after {until}, unless you make it the full plan."
            )
            return redirect("referrals:plan", request.prison.code, match.plan.token)
    viewed(by=request.actor, prison=request.prison.code, subject=referral, person_id=referral.person_id)
    here = custody_of(request.prison, referral.person) is not None
    live = live_plan_of(request.prison, referral.person)
    refusal = why_not(check_may_begin, referral, here=here, live_plan=live is not None)
    return form_about(
        request, referral.person, form, "Help from today",
        reverse("referrals:referral", args=[request.prison.code, referral.token]),
        template="referrals/help_today.html",
        lead=f"Everyday help for at most 14 days, until {day(today + LONGEST_INTERIM)}. It ends by itself.",
        points=ASK,
        refusal=refusal or ("" if facts.need.wing else NO_WING) or ("" if suited else NOBODY),
        unsuitable=[
            {"name": _named(facts, one.buddy_id), "stops": [check.words for check in one.stops]}
            for one in queries.on_the_wing(facts, () if refusal else ranking.unsuitable)
        ],
        crumbs=[{"text": "Referrals", "href": reverse("referrals:referrals", args=[request.prison.code])}],
    )  # fmt: skip


def _start(request: StaffRequest, now: datetime, referral: Referral, buddy: Buddy, answers: dict[str, Any]) -> Match:
    names = ("own_words", "tasks", "session", "person_agrees", "buddy_agrees")
    return help_from_today(
        by=request.actor, now=now, referral=referral, buddy=buddy, **{name: answers[name] for name in names}
    )


def _named(facts: Facts, buddy_id: int) -> str:
    person = facts.buddies[buddy_id].person
    place = facts.places.get(person.pk, NOWHERE).words
    return f"{person.full_name}, {place}" if place else person.full_name
