"""Asking a member of staff who is signed in already to show again, with their own factor, that it is they.

For the few moments at which a session left open would do: one field on the form itself, so that it takes seconds.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from enum import Enum
from typing import Any, cast

from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.internal.flows.reauthentication import reauthenticate_by_password
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest

from buddyscheme.accounts.forms.sign_in import ReauthenticateCodeForm, ReauthenticateForm
from buddyscheme.accounts.models import User

# How long it holds: as long as for changes of one's own account.
HOLDS = timedelta(seconds=settings.ACCOUNT_REAUTHENTICATION_TIMEOUT)


class Way(Enum):
    """What somebody can show. The value is the label of the field, where a field will do."""

    CODE = "Six digits from your authenticator"
    PASSWORD = "Your password"  # noqa: S105 - a label
    KEY = ""
    WORK = "work"


def way_of(user: User) -> Way:
    """Digits where there is an authenticator; a key; the password of an account that needs no second factor.

    Whoever signs in with a work account has shown it there, and shows it again by signing in again.
    """
    held = set(Authenticator.objects.filter(user=user).values_list("type", flat=True))
    if Authenticator.Type.TOTP in held:
        return Way.CODE
    if Authenticator.Type.WEBAUTHN in held:
        return Way.KEY
    return Way.PASSWORD if user.has_usable_password() else Way.WORK


def shown_at(request: HttpRequest) -> datetime | None:
    """When it was last shown in this session: at sign-in, or again since."""
    records = get_authentication_records(request, cast(User, request.user))
    return datetime.fromtimestamp(records[-1]["at"], tz=UTC) if records else None


def show(request: HttpRequest, way: Way, typed: str) -> str:
    """Check what was typed and remember that it was right; otherwise the sentence that says what to do.

    Wrong ones are counted by the sign-in library, which stops after a few.
    """
    user: Any = request.user
    if way is Way.CODE:
        form: Any = ReauthenticateCodeForm(data={"code": typed}, user=user)
        name = "code"
    else:
        form, name = ReauthenticateForm(data={"password": typed}, user=user), "password"
    if not form.is_valid():
        return str(form.errors[name][0])
    if way is Way.CODE:
        form.save()
    else:
        reauthenticate_by_password(request)
    return ""
