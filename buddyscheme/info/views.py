"""Pages about the service, open to everybody, and the pages shown when something goes wrong."""

from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import get_template
from django.views.decorators.http import require_safe

from buddyscheme.audit.events import Event
from buddyscheme.audit.record import record


@login_not_required
@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """The accessibility statement."""
    return render(request, "info/accessibility.html")


@login_not_required
@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """What is kept about whom, why and for how long."""
    return render(request, "info/privacy.html")


@login_not_required
@require_safe
def cookies(request: HttpRequest) -> HttpResponse:
    """The cookies this service sets."""
    return render(request, "info/cookies.html")


# When something goes wrong --------------------------------------------------------------------------------


@login_not_required
def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The server could not make sense of the request."""
    return _alone(request, "400.html", 400)


@login_not_required
def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Signed in, but not allowed. The exception's own sentence is shown where it has one; the refusal is kept."""
    actor = getattr(request, "actor", None)
    if actor is not None:
        prison = getattr(request, "prison", None)
        record(Event.REFUSED, by=actor, prison=prison.code if prison else "", page=_page_name(request))
    return render(request, "403.html", {"sentence": _sentence(exception)}, status=403)


def _page_name(request: HttpRequest) -> str:
    """Which page was refused, by its name: its address may hold a token."""
    return request.resolver_match.view_name if request.resolver_match else ""


@login_not_required
def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """No such page, or one that this person may not know of: the same words for both."""
    return render(request, "404.html", status=404)


@login_not_required
def server_error(request: HttpRequest) -> HttpResponse:
    """Our fault. Needs neither the database nor a signed-in person, since either may be what broke."""
    return _alone(request, "500.html", 500)


@login_not_required
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form sent from a page that is too old, or from somewhere else."""
    return _alone(request, "errors/csrf.html", 403)


def _alone(request: HttpRequest, template: str, status: int) -> HttpResponse:
    """A page made without context processors, so that nothing it leans on can fail again."""
    context: dict[str, Any] = {
        "request_id": getattr(request, "request_id", ""),
        "demo": getattr(settings, "DEMO", False),
    }
    return HttpResponse(get_template(template).render(context), status=status)


def _sentence(exception: Exception | None) -> str:
    text = str(exception) if exception else ""
    # Django's own refusals carry no words for people.
    return text if text.endswith(".") else ""
