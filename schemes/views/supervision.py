"""The scheme's setting of how often buddies are supervised."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from buddyscheme.accounts.permissions import Permission as P
from buddyscheme.accounts.requests import StaffRequest, requires
from schemes.actions.supervision import set_supervision
from schemes.forms.supervision import SupervisionForm
from schemes.models import Scheme
from schemes.views.departments import saved, scheme_or_404


@require_http_methods(["GET", "POST"])
@requires(P.SCHEME_EDIT)
def supervision(request: StaffRequest) -> HttpResponse:
    """How often, and whether a group meeting counts."""
    found = scheme_or_404(request)
    first = {"months": found.supervision_months, "group_counts": found.group_counts, "version": found.version}
    form = SupervisionForm(request.POST or None, initial=first)
    if request.method == "POST" and form.is_valid():
        answers = {name: form.cleaned_data[name] for name in ("months", "group_counts")}
        if saved(request, form, found, set_supervision, **answers):
            return redirect("schemes:scheme", request.prison.code)
    scheme_url = reverse("schemes:scheme", args=[request.prison.code])
    form.cancel_url = scheme_url
    context = {"title": "Supervision of buddies", "form": form, "crumbs": [{"text": "The scheme", "href": scheme_url}]}
    return render(request, "components/form_page.html", context)


def supervision_step(found: Scheme) -> dict[str, Any]:
    """The line of the scheme's settings."""
    often = "every month" if found.supervision_months == 1 else f"every {found.supervision_months} months"
    also = ", or a group meeting" if found.group_counts else ""
    return {
        "name": "Supervision of buddies",
        "url": "schemes:scheme_supervision",
        "words": f"A one-to-one {often}{also}",
        "missing": "",
    }
