"""Hiding the screen in one tap, and what was half filled: keeping it, and going on with it."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from buddyscheme.lib.dates import london_today
from referrals import drafts
from referrals.models import TerminalEntry
from referrals.terminal import reads
from referrals.terminal.halves import half_filled, way_back
from referrals.terminal.pages import go, never_kept, not_in, own_address, page
from referrals.terminal.presence import Inside, TerminalRequest, entered, inside_of, touch


@login_not_required
@require_http_methods(["GET", "POST"])
def hide(request: HttpRequest) -> HttpResponse:
    """Cover the screen. Who is in stays in, for no longer than anybody who does nothing; the page names nobody."""
    inside = inside_of(request)
    if inside is None:
        return not_in(request)
    data = request.POST if request.method == "POST" else request.GET
    back = own_address(data.get("next", ""), "")
    if request.method == "POST":
        touch(inside)
        _mark(inside, hidden=True)
        response = go("hide")
        response["Location"] += f"?{urlencode({'next': back})}" if back else ""
        return response
    if inside.entry.hidden_at is None:
        return go("home")
    request.inside = inside  # type: ignore[attr-defined]
    return page(request, "hide.html", {"is_covered": True, "next": back})


@login_not_required
@require_POST
def come_back(request: HttpRequest) -> HttpResponse:
    """The person shows their screen again, where they were."""
    inside = inside_of(request)
    if inside is None:
        return not_in(request)
    touch(inside)
    _mark(inside, hidden=False)
    response = go("home")
    response["Location"] = own_address(request.POST.get("next", ""), response["Location"])
    return response


def _mark(inside: Inside, *, hidden: bool) -> None:
    mine = TerminalEntry.objects.for_prison(inside.prison).filter(pk=inside.entry.pk, ended_at=None)
    mine.update(hidden_at=inside.now if hidden else None)


@login_not_required
@require_POST
def keep(request: HttpRequest) -> HttpResponse:
    """Asked by the script before the screen closes or is hidden: words that were typed and not sent are kept."""
    inside = inside_of(request)
    if inside is None:
        return never_kept(HttpResponse(status=410))
    draft = half_filled(inside.entry, request.POST.get("at", ""), request.POST)
    if draft is not None:
        drafts.keep(inside.prison, inside.person_id, inside.now, draft)
    return never_kept(HttpResponse(status=204))


@login_not_required
@require_safe
@entered
def draft(request: TerminalRequest) -> HttpResponse:
    """Go on with what was begun earlier today."""
    inside = request.inside
    found = reads.draft(inside.prison, inside.person_id, london_today(inside.now))
    response = go("home")
    if found is not None:
        response["Location"] = way_back(inside.entry, found)
    return response
