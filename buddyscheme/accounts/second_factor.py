"""Whether an account has to set up a second factor before it may go on."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from django.conf import settings

from buddyscheme.accounts.models import User

FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def needs_second_factor(user: User) -> bool:
    """True for a local account with none. Demonstration accounts need none; OIDC accounts have theirs at work."""
    if user.is_demo and not settings.PRODUCTION:
        return False
    if not user.has_usable_password():
        return False
    return not Authenticator.objects.filter(user=user, type__in=FACTORS).exists()
