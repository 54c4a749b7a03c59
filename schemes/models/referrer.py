"""Who referred whom: kept here, below the referrals, because clearance has to know it."""

from __future__ import annotations

from django.db import models

from buddyscheme.accounts.models import PrisonOwned, User
from schemes.models.person import Person


class Referrer(PrisonOwned):
    """A member of staff referred this person for help. Written with the referral; nobody clears whom they referred."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    append_only = True

    class Meta:
        constraints = [models.UniqueConstraint(fields=["prison", "person", "user"], name="referrer_once")]
