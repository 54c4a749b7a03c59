"""Keeps the terminal apart from the staff pages: no staff session there, and a host of its own where one is set."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect

ADDRESS = "/terminal/"
# Served on both hosts: files, and the health of the process.
BOTH = ("/static/", "/health/")


class TerminalMiddleware:
    """Stands before the session: a member of staff who is signed in on the machine is nobody on its terminal pages."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        at_terminal = request.path_info.startswith(ADDRESS)
        if settings.TERMINAL_HOST and not request.path_info.startswith(BOTH):
            terminal_host = _without_port(request.get_host()) == _without_port(settings.TERMINAL_HOST)
            if terminal_host and request.path_info == "/":
                return HttpResponseRedirect(ADDRESS)
            if at_terminal != terminal_host:
                raise Http404("not on this host")
        if at_terminal:
            request.COOKIES.pop(settings.SESSION_COOKIE_NAME, None)
        return self.get_response(request)


def _without_port(host: str) -> str:
    return host.rsplit(":", 1)[0].lower() if ":" in host and not host.endswith("]") else host.lower()
