"""The page with nothing in it."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from buddyscheme.accounts.permissions import Permission as P
from buddyscheme.accounts.requests import StaffRequest, requires


@require_safe
@requires(P.HOME_VIEW)
def nothing(request: StaffRequest) -> HttpResponse:
    """The base template, as somebody signed in sees it at a prison."""
    return render(request, "base.html")
