"""One transaction a request, with the role of the staff pages, rolled back on any answer of 500 and above."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve

from buddyscheme.scope.transaction import DatabaseRole, scoped

Answer = Callable[[HttpRequest], HttpResponse]


def own_transactions(view: Callable[..., Any]) -> Callable[..., Any]:
    """Mark a view that opens its own `scoped` blocks: no database, or something that must survive a failure."""
    view.own_transactions = True  # type: ignore[attr-defined]
    return view


class _Undo(Exception):
    def __init__(self, response: HttpResponse) -> None:
        super().__init__("rolled back")
        self.response = response


class ScopeMiddleware:
    """Opens the request's transaction. The prison list is empty until `PrisonMiddleware` fills it."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if _manages_itself(request):
            # Such a view has no staff session: reading or saving one would need a scope that is not open.
            request.COOKIES.pop(settings.SESSION_COOKIE_NAME, None)
            return self.get_response(request)
        try:
            with scoped(DatabaseRole.WEB):
                response = self.get_response(request)
                if response.status_code >= 500:
                    raise _Undo(response)
                return response
        except _Undo as undo:
            return undo.response


def _manages_itself(request: HttpRequest) -> bool:
    try:
        match = resolve(request.path_info)
    except Resolver404:
        return False
    return bool(getattr(match.func, "own_transactions", False))
