"""How allauth behaves here: nobody signs up, and a work account opens only an account that exists."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.shortcuts import redirect

from buddyscheme.accounts.models import User


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts are made by administrators."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": "Check your e-mail address and your password: they do not go together",
        "enter_current_password": "This is not your current password. Enter it again",
        "incorrect_password": "This is not your password. Enter it again",
        "too_many_login_attempts": "Too many wrong passwords. Wait 15 minutes, then try again",
        "rate_limited": "Too many tries. Wait five minutes, then try again",
    }

    ways = {
        "reauthenticate": "Use your password",
        "mfa_reauthenticate": "Use six digits or a printed code",
        "mfa_reauthenticate:webauthn": "Use a security key or passkey",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_reauthentication_methods(self, user: User) -> list[dict[str, Any]]:
        """The ways to confirm that it is you, in our words."""
        return [way | {"description": self.ways[way["id"]]} for way in super().get_reauthentication_methods(user)]

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Passwords kept here open nothing unless the operator says so."""
        if not settings.LOCAL_PASSWORDS:
            raise ValidationError("Passwords are not used here. Sign in with your work account.")
        super().pre_authenticate(request, **credentials)


class SocialAccountAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """Sign-in with the work account, matched once by verified e-mail and from then on by its own id."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        if sociallogin.is_existing:
            return
        verified = [address.email for address in sociallogin.email_addresses if address.verified]
        user = User.objects.filter(email__in=[email.lower() for email in verified], is_active=True).first()
        if user is None:
            messages.error(
                request, "This work account has no place here yet. Ask your prison’s administrator to add you."
            )
            raise ImmediateHttpResponse(redirect("account_login"))
        sociallogin.connect(request, user)


class MfaAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Names on the second factor's labels."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": "This code does not work. Enter the newest one",
    }

    def get_totp_label(self, user: User) -> str:
        return user.email

    def generate_authenticator_name(self, user: User, type: Authenticator.Type) -> str:
        """What a key is called whose owner gave it no name: the first number that is free."""
        keys = Authenticator.objects.filter(user=user, type=type)
        names = {key.data.get("name") for key in keys}
        return next(name for number in range(1, len(names) + 2) if (name := f"Key {number}") not in names)


def axes_username(request: HttpRequest | None, credentials: dict[str, Any] | None = None) -> str:
    """The e-mail that was tried, in lower case, so that one person's failures lock nobody else out."""
    credentials = credentials or {}
    name = credentials.get("email") or credentials.get("username") or credentials.get("login") or ""
    if not name and request is not None:
        name = request.POST.get("login", "")
    return str(name).strip().lower()[:254]
