"""What a view's request carries once the middleware has run, and the decorator that guards a view."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from buddyscheme.accounts.actor import Actor
from buddyscheme.accounts.models import Membership, Prison, User
from buddyscheme.accounts.permissions import Permission


class StaffRequest(HttpRequest):
    """A request of signed-in staff. On pages without a prison in the address `prison` is not to be read."""

    user: User  # type: ignore[assignment]
    actor: Actor
    prison: Prison
    permissions: frozenset[Permission]
    memberships: list[Membership]
    request_id: str


def may(request: HttpRequest, permission: Permission) -> bool:
    """Whether the user holds the permission where this request is."""
    return permission in cast(StaffRequest, request).permissions


def requires(*permissions: Permission) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """Guard a view: 403 unless the user holds one of these where the address is.

    A view under `/prisons/<prison_code>/` loses that argument: it reads `request.prison`.
    """

    def guard(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            kwargs.pop("prison_code", None)
            if not any(may(request, permission) for permission in permissions):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        guarded.permissions = permissions  # type: ignore[attr-defined]
        return guarded

    return guard
