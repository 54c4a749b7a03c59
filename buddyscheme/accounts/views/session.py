"""Staying signed in, and the page for whoever was not there to do so."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from buddyscheme.accounts.session_age import left


@require_POST
def stay(request: HttpRequest) -> HttpResponse:
    """Asked for by the warning. Being asked has put the end off already; the answer says until when."""
    now = left(request.session, timezone.now())
    return JsonResponse({"seconds": now.seconds, "last": now.last})


@login_not_required
@require_safe
def timed_out(request: HttpRequest) -> HttpResponse:
    """Why somebody is signed out, what is lost, and the way back. Who is still signed in goes straight back."""
    asked = request.GET.get("next", "")
    back = asked if asked.startswith("/") and url_has_allowed_host_and_scheme(asked, allowed_hosts=None) else ""
    if request.user.is_authenticated:
        return redirect(back or "home")
    sign_in = reverse("account_login") + (f"?{urlencode({'next': back})}" if back else "")
    return render(
        request, "account/timed_out.html", {"sign_in": sign_in, "after_day": request.GET.get("after") == "day"}
    )
