"""What somebody who is helped said about the help, at the terminal and in private."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from buddyscheme.accounts.models import PrisonOwned, User
from buddyscheme.lib.constraints import both_or_neither
from buddyscheme.scope.history import tracked
from referrals.models.plan import Plan
from referrals.models.window import TerminalWindow
from schemes.models import Person


@tracked()
class OwnWish(PrisonOwned):
    """How it goes, what they stopped, or what they want changed. For the lead, until somebody has looked at it."""

    class Kind(models.TextChoices):
        GOING = "GOING", "How it is going"
        STOP = "STOP", "Stopped help"
        CHANGE = "CHANGE", "Wants a change"

    class Came(models.TextChoices):
        ALWAYS = "ALWAYS", "Help comes every time"
        SOMETIMES = "SOMETIMES", "Help comes some of the time"
        NEVER = "NEVER", "No help comes"

    class Feels(models.TextChoices):
        WELL = "WELL", "Goes well"
        MIXED = "MIXED", "Goes partly well"
        BADLY = "BADLY", "Goes badly"

    class Change(models.TextChoices):
        TIME = "TIME", "Another time"
        TASKS = "TASKS", "Other help"
        BUDDY = "BUDDY", "Another buddy"
        OTHER = "OTHER", "Something else"

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="+")
    window = models.ForeignKey(TerminalWindow, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=6, choices=Kind)
    came = models.CharField(max_length=9, choices=Came, blank=True)
    feels = models.CharField(max_length=6, choices=Feels, blank=True)
    change = models.CharField(max_length=6, choices=Change, blank=True)
    # Codes of what they stopped.
    tasks = ArrayField(models.CharField(max_length=8), default=list)
    said_at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True)
    seen_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            both_or_neither("seen_at", "seen_by", "own_wish_seen_pair"),
            models.CheckConstraint(
                condition=(Q(kind="GOING", change="", tasks=[]) & ~Q(came="") & ~Q(feels=""))
                | (Q(kind="STOP", came="", feels="", change="") & ~Q(tasks=[]))
                | (Q(kind="CHANGE", came="", feels="", tasks=[]) & ~Q(change="")),
                name="own_wish_says_something",
            ),
        ]
        indexes = [models.Index(fields=["prison", "seen_at", "-said_at"], name="own_wish_by_seen")]
