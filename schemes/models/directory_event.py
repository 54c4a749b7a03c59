"""Events that other systems tell about: files that were read, and every event once."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from buddyscheme.accounts.models import PrisonOwned, User
from buddyscheme.lib.constraints import both_or_neither
from schemes.models.person import Person


class EventFile(PrisonOwned):
    """One file that somebody read in, with what came of each line: number, what it is, outcome, words."""

    name = models.CharField(max_length=120)
    lines = models.JSONField(default=list)
    read_at = models.DateTimeField()
    read_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")


class DirectoryEvent(PrisonOwned):
    """One event, stored once by type, moment and identity, so that a file may be read again in any order."""

    class Outcome(models.TextChoices):
        DONE = "DONE", "Done"
        KNOWN = "KNOWN", "Already known"
        OLDER = "OLDER", "Older than what is known"
        LOOK = "LOOK", "Look at it"
        NOBODY = "NOBODY", "Nobody here has this number"
        UNUSED = "UNUSED", "Not used here"
        UNREADABLE = "UNREADABLE", "Cannot be read"

    # Outcomes that are remembered: of the others nothing was done, and a later reading may find more.
    KEPT: ClassVar[tuple[str, ...]] = ("DONE", "KNOWN", "OLDER", "LOOK")

    event_type = models.CharField(max_length=80)
    occurred_at = models.DateTimeField()
    # Prison numbers, or the id of the record that the event is about.
    identity = models.CharField(max_length=120)
    outcome = models.CharField(max_length=10, choices=Outcome)
    words = models.CharField(max_length=250)
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    read_at = models.DateTimeField()
    read_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    looked_at = models.DateTimeField(null=True)
    looked_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["prison", "event_type", "occurred_at", "identity"], name="directory_event_once"
            ),
            both_or_neither("looked_at", "looked_by", "directory_event_looked_pair"),
        ]
        indexes = [models.Index(fields=["prison", "outcome", "looked_at"], name="directory_event_to_look_at")]
