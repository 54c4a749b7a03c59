"""What a buddy hears from a person first, and never from the terminal."""

from __future__ import annotations

from django.db import models

from buddyscheme.accounts.models import PrisonOwned, User
from buddyscheme.lib.constraints import both_or_neither
from buddyscheme.scope.access import Access
from buddyscheme.scope.history import tracked
from schemes.models import Buddy, Person


@tracked()
class BuddyNews(PrisonOwned):
    """One thing for one buddy. Until somebody has told them, their visits read "Please speak to staff"."""

    class Event(models.TextChoices):
        DEATH = "DEATH", "Somebody they help has died"
        LEFT = "LEFT", "Somebody they help has left the prison"
        SUSPENDED = "SUSPENDED", "They are suspended"
        REMOVED = "REMOVED", "They are removed from the role"

    buddy = models.ForeignKey(Buddy, on_delete=models.PROTECT, related_name="+")
    # Whom it happened to; of a suspension the buddy.
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    event = models.CharField(max_length=9, choices=Event)
    # Names the row that the event is, so that it is told once.
    event_key = models.CharField(max_length=40)
    happened_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True)
    told_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    # That there is something, and never what or about whom.
    access = Access(
        terminal=("id", "prison_id", "buddy_id", "told_at"),
        terminal_rows="buddy_id IN (SELECT b.id FROM schemes_buddy b)",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["buddy", "event_key"], name="buddy_news_once"),
            both_or_neither("told_at", "told_by", "buddy_news_told_pair"),
        ]
        indexes = [models.Index(fields=["prison", "told_at", "happened_at"], name="buddy_news_by_told")]
