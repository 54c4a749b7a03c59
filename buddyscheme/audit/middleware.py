"""Gives each request an id; it stands on the error page, in the log and in the audit."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from buddyscheme.audit.context import new_request_id, request_id


class RequestIdMiddleware:
    """Sets `request.request_id` and the `X-Request-Id` header."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        number = new_request_id()
        request.request_id = number  # type: ignore[attr-defined]
        token = request_id.set(number)
        try:
            response = self.get_response(request)
        finally:
            request_id.reset(token)
        response.headers["X-Request-Id"] = number
        return response
