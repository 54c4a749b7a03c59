"""Who may be here: the second factor, and the membership of the prison in the address."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from buddyscheme.accounts import session_age
from buddyscheme.accounts.actor import Actor
from buddyscheme.accounts.models import Membership
from buddyscheme.accounts.roles import permissions_of
from buddyscheme.accounts.second_factor import needs_second_factor
from buddyscheme.audit.events import Event
from buddyscheme.audit.record import record
from buddyscheme.scope.transaction import narrow

Answer = Callable[[HttpRequest], HttpResponse]
# Pages that open at a prison that is not switched on: the one that explains, and those that make the prison ready.
PREPARING = ("accounts:", "home:")


class SecondFactorMiddleware:
    """A member of staff without a second factor gets no page but those that set one up."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        if not getattr(view, "login_required", True) or not request.user.is_authenticated:
            return None
        if not request.user.is_active:
            logout(request)
            return redirect("account_login")
        name = request.resolver_match.view_name if request.resolver_match else ""
        if not name.startswith(("mfa_", "account_", "info:", "health:")) and needs_second_factor(request.user):
            return redirect("mfa_index")
        return None


class SignInMiddleware(LoginRequiredMiddleware):
    """Nobody without a session gets in; whoever had one that ended is told so, and what became of what they typed."""

    def handle_no_permission(self, request: HttpRequest, view_func: Callable[..., Any]) -> HttpResponseRedirect:
        """To the sign-in page, or to the page that explains."""
        ended = bool(request.COOKIES.get(settings.SESSION_COOKIE_NAME)) and request.session.is_empty()
        return timed_out(request) if ended else super().handle_no_permission(request, view_func)


class SessionAgeMiddleware:
    """A staff session ends twelve hours after sign-in, however busy it is; an idle one ends by its own age."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        if getattr(view, "own_transactions", False) or not request.user.is_authenticated:
            return None
        if not session_age.is_too_old(request.session, timezone.now()):
            return None
        logout(request)
        return timed_out(request, after="day")


def timed_out(request: HttpRequest, **why: str) -> HttpResponseRedirect:
    """To the page that explains; signing in there leads back to the page that was asked for.

    A form's own address may take no visits, so after a post it is the page on which the form stood.
    """
    asked = request.get_full_path()
    back = asked if request.method in ("GET", "HEAD") else urlsplit(request.headers.get("Referer", "")).path
    query = urlencode({**why, "next": back})
    return HttpResponseRedirect(f"{reverse('account_timed_out')}?{query}")


class PrisonMiddleware:
    """Loads the prison of the address and what the user may do there, on every request.

    Sets `request.actor`, `request.prison`, `request.permissions` (of the prison, or national ones where the
    address names none) and the database's prison list. Another prison's page is 404, not 403: whether it
    exists is nobody's business.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.prison = None  # type: ignore[attr-defined]
        request.permissions = frozenset()  # type: ignore[attr-defined]
        request.memberships = []  # type: ignore[attr-defined]
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        if getattr(view, "own_transactions", False) or not request.user.is_authenticated:
            return None
        today = timezone.localdate()
        held = list(Membership.objects.current(today).filter(user=request.user).select_related("prison"))
        code = kwargs.get("prison_code")
        here = [m for m in held if m.prison_id == code]
        roles = tuple(sorted({m.role for m in here}))
        request.memberships = held  # type: ignore[attr-defined]
        request.actor = Actor.staff(request.user, roles=roles)  # type: ignore[attr-defined]
        request.permissions = permissions_of(list(roles))  # type: ignore[attr-defined]
        if code is None:
            # What is a reader's own is found by who asks, also where no prison is named.
            narrow(user_id=request.user.pk)
            return None
        if not here:
            # The code asked for goes into the details: the event belongs to no prison that the user may see.
            record(Event.REFUSED, by=request.actor, asked=str(code)[:6])  # type: ignore[attr-defined]
            raise Http404("no such page")
        prison = here[0].prison
        assert prison is not None
        if not prison.switched_on and not _prepares(request):
            # The prison's own start page explains it.
            return redirect("home:prison", prison.code)
        request.prison = prison  # type: ignore[attr-defined]
        narrow(prisons=[code], user_id=request.user.pk)
        return None


def _prepares(request: HttpRequest) -> bool:
    """Whether the page is the one that explains, or one with which an administrator makes the prison ready."""
    match = request.resolver_match
    return match is not None and match.view_name.startswith(PREPARING)
