"""Printed cards that the terminal's scanner reads, and each time one is held to it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from buddyscheme.accounts.models import PrisonOwned, User
from buddyscheme.lib.constraints import both_or_neither
from referrals.models.window import TerminalWindow
from schemes.models import Person


class TerminalCard(PrisonOwned):
    """A person's printed card: a random token as a square pattern, never the code. Alone it lets nobody in."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    # Printed on the card, so that a found one can be withdrawn.
    reference = models.CharField(max_length=12)
    # What the scanner reads is made from the row's own token and the pepper; the table keeps its hash.
    secret_hash = models.CharField(max_length=64, unique=True)
    issued_at = models.DateTimeField()
    issued_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            both_or_neither("withdrawn_at", "withdrawn_by", "terminal_card_withdrawn_pair"),
            models.UniqueConstraint(
                fields=["prison", "person"], condition=Q(withdrawn_at__isnull=True), name="terminal_card_one"
            ),
            models.UniqueConstraint(fields=["prison", "reference"], name="terminal_card_reference_once"),
        ]


class CardScan(PrisonOwned):
    """A card held to the scanner. The newest one in a window waits for the officer, who looks at the face.

    `card` is empty for one that is not in use here: the screen says the same, and the officer sees that it is not.
    """

    window = models.ForeignKey(TerminalWindow, on_delete=models.PROTECT, related_name="+")
    card = models.ForeignKey(TerminalCard, null=True, on_delete=models.PROTECT, related_name="+")
    # What the terminal's browser holds; once the officer has said yes it stands for the person who is in.
    key_hash = models.CharField(max_length=64, unique=True)
    scanned_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [both_or_neither("answered_at", "answered_by", "card_scan_answered_pair")]
        indexes = [models.Index(fields=["window", "-id"], name="card_scan_newest")]
