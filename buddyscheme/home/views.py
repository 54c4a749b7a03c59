"""Where a signed-in user starts, and the home page of one prison."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from buddyscheme.accounts.models import Prison
from buddyscheme.accounts.permissions import Permission as P
from buddyscheme.accounts.requests import StaffRequest, may, requires
from buddyscheme.accounts.roles import ROLES
from buddyscheme.home import first_tasks as first
from buddyscheme.home.links import links_for
from buddyscheme.home.tiles import tiles_for
from buddyscheme.lib.dates import london_today
from buddyscheme.lib.fields import day_in_words
from monitoring.queries.inspections import open_at
from schemes.models import Scheme
from schemes.queries.schemes import scheme_of
from schemes.queries.staff import administrators_of

# So many tiles are seen at one glance.
FEW = 8


@require_safe
def start(request: StaffRequest) -> HttpResponse:
    """Go to the only place there is to go to, or offer the choice."""
    prisons = {m.prison_id: m.prison for m in request.memberships if m.prison is not None}
    national = reverse("national:releases") if may(request, P.NATIONAL_RELEASES_VIEW) else ""
    if len(prisons) == 1 and not national:
        return redirect("home:prison", next(iter(prisons)))
    if national and not prisons:
        return redirect(national)
    places = [
        {"text": prison.name, "href": reverse("home:prison", args=[code]), "hint": _roles_at(request, prison)}
        for code, prison in sorted(prisons.items(), key=lambda pair: pair[1].name)
    ]
    return render(request, "home/start.html", {"places": places, "national_url": national})


@require_safe
@requires(P.HOME_VIEW)
def prison(request: StaffRequest) -> HttpResponse:
    """What waits for this person at this prison: tiles that count lists, and where else to go."""
    now = timezone.now()
    if not request.prison.switched_on:
        asked = [] if may(request, P.STAFF_ADMIN) else administrators_of(request.prison, london_today(now))
        context = {"administrators": asked, "links": links_for(request)}
        return render(request, "home/not_switched_on.html", context)
    tiles = tiles_for(request, now)
    waiting = [tile for tile in tiles if tile["count"]]
    context = {
        "tiles": waiting,
        "groups": _grouped(waiting),
        "empty_tiles": [tile for tile in tiles if not tile["count"]],
        "links": links_for(request),
        "on_site": _on_site(request, now),
        **_for_a_new_scheme(request, now),
    }
    return render(request, "home/prison.html", context)


def _grouped(tiles: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Tiles under the headings of what they are about; those of somebody who has few stand under none."""
    if len(tiles) <= FEW:
        return [{"heading": "", "tiles": tiles}] if tiles else []
    headings = dict.fromkeys(tile["group"] for tile in tiles)
    return [{"heading": heading, "tiles": [t for t in tiles if t["group"] == heading]} for heading in headings]


def _on_site(request: StaffRequest, now: datetime) -> list[str]:
    """For those who see the figures: who else has them open exactly, on which days, and under which reference."""
    if not may(request, P.FIGURES_VIEW):
        return []
    return [
        f"{each.inspector.name} may see exact figures and case lines without names, on screen, from "
        f"{day_in_words(each.first_on)} to {day_in_words(each.last_on)}. Reference: {each.reference}."
        for each in open_at(request.prison, london_today(now))
    ]


@require_safe
@requires(P.SCHEME_VIEW)
def first_tasks(request: StaffRequest) -> HttpResponse:
    """What a scheme that starts with nothing does first, ticked from what is recorded."""
    items = first.first_tasks(request, first.facts_of(request.prison, scheme_of(request.prison), timezone.now()))
    done = sum(item["done"] for item in items)
    context = {"items": items, "done": done, "all": len(items)}
    return render(request, "home/first_tasks.html", context)


def _for_a_new_scheme(request: StaffRequest, now: datetime) -> dict[str, Any]:
    """A word to those who set the scheme up, until it is open, and its first tasks until it is twelve weeks old."""
    if not may(request, P.SCHEME_EDIT):
        return {}
    scheme = scheme_of(request.prison)
    setup = {
        "text": "Go on setting up the scheme" if scheme else "Set up the scheme",
        "href": reverse("schemes:scheme", args=[request.prison.code]),
    }
    unopened = scheme is None or scheme.status == Scheme.Status.SETTING_UP
    return {"setup": setup if unopened else None, "first": _first_tasks(request, scheme, now)}


def _first_tasks(request: StaffRequest, scheme: Scheme | None, now: datetime) -> dict[str, Any] | None:
    """What is still open of them."""
    if not first.is_new(scheme, now):
        return None
    items = first.first_tasks(request, first.facts_of(request.prison, scheme, now))
    still_open = [item for item in items if not item["done"]]
    return {"items": still_open, "done": len(items) - len(still_open), "all": len(items)} if still_open else None


def _roles_at(request: StaffRequest, prison: Prison) -> str:
    return ", ".join(sorted(ROLES[m.role].name for m in request.memberships if m.prison_id == prison.pk))
