"""What is kept about a person, to read or to hear: in any look, and whether or not somebody is in."""

from __future__ import annotations

from datetime import timedelta

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from referrals import devices
from referrals.privacy_notice import NOTICE, OPENING
from referrals.rules.windows import IDLE
from referrals.terminal.pages import covered, not_in, page
from referrals.terminal.presence import inside_of, touch

# To read and to hear it to the end.
LONG_ENOUGH = timedelta(minutes=5)


@login_not_required
@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """The notice. It says the same to everybody, so nobody need be in."""
    inside = inside_of(request)
    if inside is not None and inside.entry.hidden_at is not None:
        return covered(request)
    if inside is not None:
        touch(inside)
        request.inside = inside  # type: ignore[attr-defined]
    elif devices.entry_cookie() in request.COOKIES:
        return not_in(request)
    closes = IDLE if inside is not None else LONG_ENOUGH
    return page(request, "privacy.html", {
        "opening": OPENING, "notice": NOTICE, "closes_after": int(closes.total_seconds()),
    })  # fmt: skip
