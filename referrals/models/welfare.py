"""A look after a buddy once something hard has happened to somebody they help."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from buddyscheme.accounts.models import PrisonOwned, User
from buddyscheme.lib.constraints import both_or_neither
from buddyscheme.scope.history import tracked
from schemes.models import Buddy, Person


@tracked()
class WelfareCheck(PrisonOwned):
    """One prompt for one buddy and one event, to be done within 72 hours. What was said is for who looks after them."""

    class Event(models.TextChoices):
        DEATH = "DEATH", "A death"
        FALL = "FALL", "A fall"
        ASSAULT = "ASSAULT", "An assault"
        CONCERN = "CONCERN", "A concern"
        MOVE = "MOVE", "A move or a release"

    class How(models.TextChoices):
        WELL = "WELL", "Well"
        UNSETTLED = "UNSETTLED", "Unsettled"
        NEEDS_HELP = "NEEDS_HELP", "Needs help soon"

    buddy = models.ForeignKey(Buddy, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    event = models.CharField(max_length=8, choices=Event)
    # Names the row that the event is, so that telling of it twice prompts once.
    event_key = models.CharField(max_length=40)
    happened_at = models.DateTimeField()
    due_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    spoken_on = models.DateField(null=True)
    how = models.CharField(max_length=10, choices=How, blank=True)
    words = models.TextField(blank=True)
    agreed = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["buddy", "event_key"], name="welfare_check_once"),
            models.CheckConstraint(condition=Q(due_at__gt=F("happened_at")), name="welfare_check_due_after"),
            both_or_neither("done_at", "done_by", "welfare_check_done_pair"),
            models.CheckConstraint(
                condition=Q(done_at__isnull=True, how="", spoken_on__isnull=True)
                | (Q(done_at__isnull=False, spoken_on__isnull=False) & ~Q(how="")),
                name="welfare_check_done_says_how",
            ),
        ]
        indexes = [models.Index(fields=["prison", "done_at", "due_at"], name="welfare_check_by_due")]
