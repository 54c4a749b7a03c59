"""Keeps the terminal apart from the staff pages: no staff session there, and a host of its own where one is set."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect

from referrals.terminal import pace
from referrals.terminal.pages import ADDRESS, TerminalPage, error

# Served on both hosts: files, and the health of the process.
BOTH = ("/static/", "/health/")
# Answers whose page would be the one for staff, or none at all.
ERRORS = (400, 403, 404, 405, 500)


class TerminalMiddleware:
    """Stands before the session: a member of staff who is signed in on the machine is nobody on its terminal pages."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        at_terminal = request.path_info.startswith(ADDRESS)
        if settings.TERMINAL_HOST and not request.path_info.startswith(BOTH):
            terminal_host = _without_port(request.get_host()) == _without_port(settings.TERMINAL_HOST)
            if terminal_host and request.path_info in ("/", ADDRESS.rstrip("/")):
                return HttpResponseRedirect(ADDRESS)
            if terminal_host and not at_terminal:
                return error(request, 404)
            if at_terminal and not terminal_host:
                raise Http404("not on this host")
        if not at_terminal:
            return self.get_response(request)
        request.COOKIES.pop(settings.SESSION_COOKIE_NAME, None)
        began = monotonic()
        response = self.get_response(request)
        if pace.is_save(request):
            pace.wait(began)
        if response.status_code in ERRORS and not isinstance(response, TerminalPage):
            return error(request, response.status_code)
        return response


def _without_port(host: str) -> str:
    return host.rsplit(":", 1)[0].lower() if ":" in host and not host.endswith("]") else host.lower()
