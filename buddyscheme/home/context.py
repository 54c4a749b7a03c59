"""What every page's frame needs: where we are, what the user may do, and the way about."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db.models import Count, Window
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from buddyscheme.accounts.models import Prison
from buddyscheme.accounts.permissions import Permission
from buddyscheme.accounts.session_age import left
from referrals.danger_words import banner_words, told_words
from referrals.forms.danger import OPEN
from referrals.queries.danger import open_calls

# More than this at once is one picture: a line says how many more there are, and the page of all of them the rest.
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
        "open_danger": lambda: open_danger(request),
        # Called by the pages that show it: a page without a session, such as the terminal's, never asks.
        "session_left": lambda: left(request.session, timezone.now()),
        "perms_held": {permission.value for permission in held},
    }


def open_danger(request: HttpRequest) -> dict[str, Any]:
    """Danger that nobody has acknowledged at the prison of this page, without names: from terminals and staff.

    The longest waits as `calls`; how many `more` there are, and where all of them are listed.
    """
    prison = getattr(request, "prison", None)
    if prison is None or not prison.switched_on:
        return {}
    held: frozenset[Permission] = getattr(request, "permissions", frozenset())
    may = Permission.DANGER_ACKNOWLEDGE in held
    # The database counts before it cuts off.
    waiting = list(open_calls(prison).annotate(in_all=Window(Count("pk")))[:MOST_CALLS])
    listed = f"{reverse('referrals:danger', args=[prison.code])}?show={OPEN}"
    return {
        "calls": [
            {
                "heading": f"{told_words(call)}: nobody has acknowledged it",
                "text": banner_words(call),
                "href": reverse("referrals:danger_call", args=[prison.code, call.token]) if may else "",
            }
            for call in waiting
        ],
        "more": waiting[0].in_all - len(waiting) if waiting else 0,
        "more_href": listed if Permission.DANGER_VIEW in held else "",
    }
