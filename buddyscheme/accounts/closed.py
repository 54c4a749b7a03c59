"""Names that the sign-in library looks up, for pages that do not exist here."""

from __future__ import annotations

from typing import Any, NoReturn

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest


@login_not_required
def no_such_page(request: HttpRequest, **kwargs: Any) -> NoReturn:
    """Nobody signs up, resets or connects anything by themselves: an administrator does."""
    raise Http404("not in this service")
