"""What every page's frame needs: where we are, what the user may do, and the way about."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from buddyscheme.accounts.models import Prison
from buddyscheme.accounts.permissions import Permission
from buddyscheme.accounts.session_age import left
from referrals.danger_words import banner_words, told_words
from referrals.queries.danger import open_calls

# More than this at once is one picture: the page of all of them says the rest.
MOST_CALLS = 3


def page(request: HttpRequest) -> dict[str, Any]:
    """Variables of the base template; safe for error pages and anonymous visitors."""
    from buddyscheme.home.navigation import links

    prison: Prison | None = getattr(request, "prison", None)
    memberships = getattr(request, "memberships", [])
    prisons = {m.prison_id for m in memberships}
    held: frozenset[Permission] = getattr(request, "permissions", frozenset())
    return {
        "demo": settings.DEMO,
        "service_name": settings.SERVICE_NAME,
        "local_passwords": settings.LOCAL_PASSWORDS,
        "prison": prison,
        "prison_choices": len(prisons),
        "switch_url": "/",
        "home_url": reverse("home:prison", args=[prison.code]) if prison is not None else "/",
        "navigation": links(request),
        # Called by the base template alone, once: one question on every page of a prison.
        "danger_calls": lambda: danger_calls(request),
        # Called by the pages that show it: a page without a session, such as the terminal's, never asks.
        "session_left": lambda: left(request.session, timezone.now()),
        "perms_held": {permission.value for permission in held},
    }


def danger_calls(request: HttpRequest) -> list[dict[str, str]]:
    """Danger that nobody has acknowledged at the prison of this page, without names: from terminals and staff."""
    prison = getattr(request, "prison", None)
    if prison is None or not prison.switched_on:
        return []
    may = Permission.DANGER_ACKNOWLEDGE in getattr(request, "permissions", frozenset())
    return [
        {
            "heading": f"{told_words(call)}: nobody has acknowledged it",
            "text": banner_words(call),
            "href": reverse("referrals:danger_call", args=[prison.code, call.token]) if may else "",
        }
        for call in open_calls(prison)[:MOST_CALLS]
    ]
