"""The scheme's setting of how long the council and healthcare may take."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from buddyscheme.accounts.permissions import Permission as P
from buddyscheme.accounts.requests import StaffRequest, requires
from schemes.actions.limits import set_limits
from schemes.forms.limits import LimitsForm
from schemes.models import Scheme
from schemes.models.scheme import LIMITS
from schemes.views.departments import saved, scheme_or_404


@require_http_methods(["GET", "POST"])
@requires(P.SCHEME_EDIT)
def limits(request: StaffRequest) -> HttpResponse:
    """After how many days somebody is chased."""
    found = scheme_or_404(request)
    first = {name: getattr(found, name) for name in (*LIMITS, "version")}
    form = LimitsForm(request.POST or None, initial=first)
    if request.method == "POST" and form.is_valid():
        answers = {name: form.cleaned_data[name] for name in LIMITS}
        if saved(request, form, found, set_limits, limits=answers):
            return redirect("schemes:scheme", request.prison.code)
    scheme_url = reverse("schemes:scheme", args=[request.prison.code])
    form.cancel_url = scheme_url
    return render(request, "components/form_page.html", {
        "title": "How long answers may take",
        "lead": "A request that waits longer is shown as over its limit, and stands on the list of requests to chase. "
        "The figures at the start are this service’s own: no law sets them.",
        "form": form,
        "crumbs": [{"text": "The scheme", "href": scheme_url}],
    })  # fmt: skip


def limits_step(found: Scheme) -> dict[str, Any]:
    """The line of the scheme's settings."""
    return {
        "name": "How long answers may take",
        "url": "schemes:scheme_limits",
        "words": f"Council: answers in {found.council_ack_days} days, sees the person in {found.council_visit_days}, "
        f"decides in {found.council_decide_days}\n"
        f"Healthcare: answers in {found.health_ack_days} days, sees the person in {found.health_visit_days}, "
        f"decides in {found.health_decide_days}",
        "missing": "",
    }
