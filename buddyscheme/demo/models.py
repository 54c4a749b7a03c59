"""What only a demonstration keeps."""

from __future__ import annotations

from django.db import models

from buddyscheme.accounts.models import PrisonOwned
from buddyscheme.scope.access import ADD, Access
from schemes.models import Person


class KnownCode(PrisonOwned):
    """The digits of one terminal code, so that `demo_accounts` can print them. The service itself never keeps any."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    digits = models.CharField(max_length=6)

    access = Access(web=ADD, national="SELECT")
