"""How much buddies may do: for the scheme, and lower for one buddy."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from buddyscheme.accounts.permissions import Permission as P
from buddyscheme.accounts.requests import StaffRequest, requires
from buddyscheme.lib.errors import NotAllowed, Stale
from schemes.actions.caps import set_buddy_caps, set_scheme_caps
from schemes.forms.caps import BuddyCapsForm, SchemeCapsForm
from schemes.queries.schemes import scheme_of
from schemes.rules.caps import NATIONAL, Caps
from schemes.views.buddy_steps import load, step_page


@require_http_methods(["GET", "POST"])
@requires(P.SCHEME_EDIT)
def scheme_caps(request: StaffRequest) -> HttpResponse:
    """The scheme's caps, within the national ones."""
    found = scheme_of(request.prison)
    if found is None:
        raise Http404("no scheme yet")
    initial = {
        "capacity": found.capacity,
        "hours": found.weekly_minutes // 60,
        "days_in_row": found.days_in_row,
        "version": found.version,
    }
    form = SchemeCapsForm(request.POST or None, most=NATIONAL, initial=initial)
    back = reverse("schemes:scheme", args=[request.prison.code])
    if request.method == "POST" and form.is_valid():
        try:
            set_scheme_caps(
                by=request.actor,
                now=timezone.now(),
                scheme=found,
                caps=form.caps,
                version=form.cleaned_data["version"],
            )
        except Stale as error:
            fresh = scheme_of(request.prison)
            form.stale(error, version=fresh.version if fresh else 0)
        except NotAllowed as error:
            form.refuse(error)
        else:
            return redirect(back)
    form.cancel_url = back
    return render(
        request,
        "components/form_page.html",
        {
            "title": "How much one buddy may do",
            "lead": "What is planned already goes on. New matches and new tasks are refused above these caps.",
            "form": form,
            "crumbs": [{"text": "The scheme", "href": back}],
        },
    )


@require_http_methods(["GET", "POST"])
@requires(P.BUDDIES_APPOINT)
def buddy_caps(request: StaffRequest, token: str) -> HttpResponse:
    """One buddy's caps and day of rest."""
    buddy = load(request, token)
    scheme = buddy.scheme
    most = Caps(capacity=scheme.capacity, weekly_minutes=scheme.weekly_minutes, days_in_row=scheme.days_in_row)
    form = BuddyCapsForm(
        request.POST or None,
        most=most,
        initial={
            "capacity": buddy.capacity,
            "hours": buddy.weekly_minutes // 60,
            "days_in_row": buddy.days_in_row,
            "rest_day": str(buddy.rest_day),
        },
    )
    return step_page(
        request,
        buddy,
        form,
        lambda answers: set_buddy_caps(
            by=request.actor, now=timezone.now(), buddy=buddy, caps=form.caps, rest_day=int(answers["rest_day"])
        ),
        title="How much this buddy may do",
        lead="Lower the caps for a time where the job becomes too much. They never go above those of the scheme.",
        done="Saved. What is planned already goes on.",
    )
