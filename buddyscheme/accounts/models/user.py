"""Staff accounts, by e-mail."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower, Now

from buddyscheme.lib.references import make_token


class UserManager(BaseUserManager["User"]):
    """Finds people by e-mail whatever its case."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        """Make an account; without a password only the work account can open it."""
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(force_insert=True)
        return user

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email__iexact=username)


class User(AbstractBaseUser):
    """A member of staff of a prison, a council, a healthcare provider or the inspectorate."""

    token = models.CharField(max_length=32, unique=True, default=make_token, editable=False)
    email = models.EmailField(max_length=254, unique=True)
    name = models.CharField(max_length=120)
    is_active = models.BooleanField(default=True)
    # Made by the demonstration: signs in without a second factor, and exists only outside production.
    is_demo = models.BooleanField(default=False)
    joined_at = models.DateTimeField(db_default=Now())
    language = models.CharField(max_length=5, default="en-gb")

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="user_email_once")]

    def __str__(self) -> str:
        return self.name

    def get_full_name(self) -> str:
        """The name on screen."""
        return self.name
