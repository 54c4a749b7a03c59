"""Movement slips: several to a sheet of paper, for buddies of a session and for those who go along with them."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from buddyscheme.accounts.models import Prison
from buddyscheme.accounts.permissions import Permission as P
from buddyscheme.accounts.requests import StaffRequest, requires
from buddyscheme.audit.events import Event
from buddyscheme.audit.record import record
from buddyscheme.lib.dates import london_today
from referrals.forms.visits import TodayFilter
from referrals.queries import unlock
from referrals.queries.movements import slips_of
from referrals.views.schedule_words import slip_words
from referrals.views.today import query_of
from schemes.models import Session


@require_safe
@requires(P.UNLOCK_LIST_VIEW)
def movement_slips(request: StaffRequest) -> HttpResponse:
    """Slips of today, of one wing and session or of all."""
    now = timezone.now()
    day = london_today(now)
    wings = unlock.wings_of(request.prison)
    form = TodayFilter(request.GET, wings=wings, sessions=Session.choices)
    answers = form.answers
    wing, session = answers.get("wing", ""), answers.get("session", "")
    slips = slips_of(unlock.unlock_list(request.prison, day, wing=wing, session=session))
    record(Event.PRINTED, by=request.actor, prison=request.prison.code, page="movement_slips", rows=len(slips))
    return render(request, "referrals/movement_slips.html", {
        "slips": slips,
        "day": day,
        "words": slip_words(both=request.prison.nation == Prison.Nation.WALES),
        "printed_by": request.user.name,
        "printed_at": now,
        "back_href": f"{reverse('referrals:unlock_list', args=[request.prison.code])}{query_of(answers)}",
    })  # fmt: skip
