"""The sign-in library's forms in our words: labels, hints, and what to do when an answer is missing."""

from __future__ import annotations

from typing import Any

from allauth.account import forms as account
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn

# Field → label, what to do when it is empty, hint.
Words = dict[str, tuple[str, str, str]]
CODE: Words = {"code": ("Code", "Enter the six digits or a printed code", "")}


class InOurWords:
    """Puts `words` on the fields. Nobody resets a password alone, so no field offers to."""

    words: Words

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields  # type: ignore[attr-defined]
        for name, (label, missing, hint) in self.words.items():
            field = fields[name]
            field.label, field.help_text = label, hint
            field.error_messages["required"] = missing
            field.width = "10" if name == "code" else "20" if name == "name" else ""
            field.widget.attrs.pop("placeholder", None)


class LoginForm(InOurWords, account.LoginForm):  # type: ignore[misc]
    """E-mail address and password."""

    words: Words = {
        "login": ("E-mail address", "Enter your e-mail address", ""),
        "password": ("Password", "Enter your password", ""),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        shape = "Enter an e-mail address in the correct form, like name@example.com"
        for validator in self.fields["login"].validators:
            validator.message = shape


class ChangePasswordForm(InOurWords, account.ChangePasswordForm):  # type: ignore[misc]
    """The password now, and the new one twice."""

    words: Words = {
        "oldpassword": ("Current password", "Enter your current password", ""),
        "password1": ("New password", "Enter a new password", ""),
        "password2": ("New password again", "Enter the new password again", ""),
    }


class ReauthenticateForm(InOurWords, account.ReauthenticateForm):  # type: ignore[misc]
    """The password again."""

    words: Words = {"password": ("Password", "Enter your password", "")}


class AuthenticateForm(InOurWords, mfa.AuthenticateForm):  # type: ignore[misc]
    """The second step."""

    words = CODE


class ReauthenticateCodeForm(InOurWords, mfa.ReauthenticateForm):  # type: ignore[misc]
    """The second step again."""

    words = CODE


class ActivateTOTPForm(InOurWords, totp.ActivateTOTPForm):  # type: ignore[misc]
    """The first six digits of a new authenticator."""

    words: Words = {
        "code": ("Six digits from the authenticator", "Enter the six digits that the authenticator shows", "")
    }


class AddWebAuthnForm(InOurWords, webauthn.AddWebAuthnForm):  # type: ignore[misc]
    """The name of a new key: an empty box, not the library's suggestion."""

    words: Words = {"name": ("Name of the key (optional)", "", "For example, the key on my key ring.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{**kwargs, "initial": {**kwargs.get("initial", {}), "name": ""}})

    def clean(self) -> dict[str, Any]:
        """Sent by the Enter key, the form holds no key; what is said about it stands where it can be seen."""
        cleaned: dict[str, Any] = super().clean()
        if self.errors.pop("credential", None):
            self.add_error("name", "Press Add and follow your browser, so that the key itself is asked")
        return cleaned


class EditWebAuthnForm(InOurWords, webauthn.EditWebAuthnForm):  # type: ignore[misc]
    """Another name of a key."""

    words: Words = {"name": ("Name of the key", "Enter a name for the key", "")}
