"""Where a signed-in user starts."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def start(request: HttpRequest) -> HttpResponse:
    """The prisons and national pages that the user may go to."""
    return render(request, "base.html", {})
