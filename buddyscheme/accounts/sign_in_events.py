"""Sign-in, sign-out and failures go to the audit. Receivers of Django's and allauth's own signals only."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.dispatch import receiver

from buddyscheme.accounts.actor import Actor
from buddyscheme.accounts.models import User
from buddyscheme.audit.events import Event
from buddyscheme.audit.record import record


@receiver(user_logged_in, dispatch_uid="audit.signed_in")
def signed_in(sender: Any, user: User, **kwargs: Any) -> None:
    """A member of staff came in."""
    record(Event.SIGNED_IN, by=Actor.staff(user), subject=user)


@receiver(user_logged_out, dispatch_uid="audit.signed_out")
def signed_out(sender: Any, user: User | None, **kwargs: Any) -> None:
    """A member of staff left."""
    if user is not None:
        record(Event.SIGNED_OUT, by=Actor.staff(user), subject=user)


@receiver(user_login_failed, dispatch_uid="audit.sign_in_failed")
def sign_in_failed(sender: Any, credentials: dict[str, Any], **kwargs: Any) -> None:
    """A try that failed, with the account it was for where there is one; the address typed is not kept."""
    name = credentials.get("email") or credentials.get("username") or ""
    user = User.objects.filter(email__iexact=str(name)).first()
    if user is not None:
        record(Event.SIGN_IN_FAILED, by=Actor.system(), subject=user)
