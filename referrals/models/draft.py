"""What somebody had half filled in when their turn at a terminal ended, kept for them until the end of the day."""

from __future__ import annotations

from django.db import models

from buddyscheme.accounts.models import PrisonOwned
from buddyscheme.scope.access import ALL, PERSON, Access
from schemes.models import Person


class TerminalDraft(PrisonOwned):
    """One person's unsaved answers of one day, encrypted with a key that lies outside the database.

    Not a record of anything: it is overwritten as they go on, and deleted when they save, leave, or the day is over.
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    for_day = models.DateField()
    sealed = models.TextField()

    access = Access(
        web=ALL,
        terminal=("id", "prison_id", "person_id", "for_day", "sealed"),
        terminal_rows=f"person_id = {PERSON}",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["prison", "person", "for_day"], name="terminal_draft_one_a_day"),
        ]
