"""Who covers the people of a buddy who is stood down."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from buddyscheme.accounts.models import PrisonOwned, User
from buddyscheme.scope.access import ADD, Access
from referrals.models.match import Match
from schemes.models import Buddy, StandDown


class Cover(PrisonOwned):
    """The choice for one match, made in the same step as the standing down."""

    class Choice(models.TextChoices):
        OTHER = "OTHER", "The plan’s other buddy"
        BUDDY = "BUDDY", "Somebody new"
        STAFF = "STAFF", "Staff"
        NOBODY = "NOBODY", "Nobody yet"

    stand_down = models.ForeignKey(StandDown, on_delete=models.PROTECT, related_name="+")
    match = models.ForeignKey(Match, on_delete=models.PROTECT, related_name="+")
    choice = models.CharField(max_length=6, choices=Choice)
    buddy = models.ForeignKey(Buddy, null=True, on_delete=models.PROTECT, related_name="+")
    chosen_at = models.DateTimeField()
    chosen_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    access = Access(web=ADD)
    append_only = True

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["stand_down", "match"], name="cover_once"),
            models.CheckConstraint(
                condition=Q(choice__in=["OTHER", "BUDDY"], buddy__isnull=False)
                | Q(choice__in=["STAFF", "NOBODY"], buddy__isnull=True),
                name="cover_names_buddy",
            ),
        ]
