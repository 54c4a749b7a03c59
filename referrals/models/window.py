"""The supervised window at a terminal, who came in through it, their codes, and the counters of wrong tries."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import F, Q

from buddyscheme.accounts.models import PrisonOwned, Terminal, User
from buddyscheme.lib.constraints import both_or_neither
from buddyscheme.scope.access import ADD, Access
from schemes.models import Person


class FaceReason(models.TextChoices):
    """Why an officer looked at a face to clear wrong tries."""

    OWN_MISTAKE = "OWN_MISTAKE", "They got their own numbers wrong"
    OTHERS_TRIED = "OTHERS_TRIED", "Somebody else tried their number"
    NOT_SURE = "NOT_SURE", "Nobody knows who tried"


class TerminalWindow(PrisonOwned):
    """A time for which an officer has opened one terminal: at most 60 minutes, closable at once."""

    terminal = models.ForeignKey(Terminal, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    ends_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    # Empty where the window closed itself (too many wrong tries).
    closed_by_user = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    close_reason = models.CharField(max_length=20, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["terminal"], condition=Q(closed_at__isnull=True), name="window_one_open"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("opened_at")), name="window_ends_after_start"),
        ]


class TerminalCode(PrisonOwned):
    """A person's issued six-digit code: Argon2id over code and pepper. Never chosen, never seen by staff."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    code_hash = models.CharField(max_length=200, blank=True)
    # The officer who confirmed the face; the code itself is made and shown on the terminal.
    issued_at = models.DateTimeField()
    issued_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    # The window on whose terminal the code may be shown, until it has been.
    window = models.ForeignKey(TerminalWindow, null=True, on_delete=models.PROTECT, related_name="+")
    shown_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["prison", "person"], condition=Q(withdrawn_at__isnull=True), name="terminal_code_one"
            ),
        ]


class TerminalEntry(PrisonOwned):
    """One person's time in a window, and how they were let in."""

    class Method(models.TextChoices):
        CODE = "CODE", "Number and code"
        LET_IN = "LET_IN", "Let in by the officer"
        CARD = "CARD", "Printed card and face"

    window = models.ForeignKey(TerminalWindow, on_delete=models.PROTECT, related_name="entries")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    method = models.CharField(max_length=8, choices=Method)
    let_in_at = models.DateTimeField(null=True)
    let_in_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    key_hash = models.CharField(max_length=64, unique=True, null=True)
    started_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    # The newest save of this turn, from which the next task is measured.
    saved_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    end_reason = models.CharField(max_length=20, blank=True)
    # The person has covered the screen: until they come back to it no page shows anything.
    hidden_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            both_or_neither("let_in_at", "let_in_by", "terminal_entry_let_in_pair"),
            models.UniqueConstraint(
                fields=["window"], condition=Q(ended_at__isnull=True), name="terminal_entry_one_at_a_time"
            ),
        ]


class SignInCount(PrisonOwned):
    """Tries in one window for one typed number (as a keyed hash: unknown numbers count like known ones).

    A try is counted before the code is looked at, so that guesses in flight count too; a right code sets
    `failures` back to nought. `let_through` says whether the newest try was looked at or turned away.
    """

    window = models.ForeignKey(TerminalWindow, on_delete=models.PROTECT, related_name="+")
    number_hash = models.CharField(max_length=64)
    tries = models.PositiveIntegerField(default=0)
    failures = models.PositiveSmallIntegerField(default=0)
    let_through = models.BooleanField(default=True)
    wait_until = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["window", "number_hash"], name="sign_in_count_once")]


class SignInStanding(PrisonOwned):
    """Wrong tries in a row for one typed number, over all terminals of the prison.

    At the limit the person is asked for their face: any officer with the permission clears it in seconds.
    Nobody but an officer's look is needed, so nobody can be locked out by somebody else.
    """

    number_hash = models.CharField(max_length=64)
    failures_in_a_row = models.PositiveIntegerField(default=0)
    needs_face_check = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["prison", "number_hash"], name="sign_in_standing_once")]


class SignInFailure(PrisonOwned):
    """One wrong try, kept: no success and no officer takes it away. Whose number it was is known as a hash only."""

    window = models.ForeignKey(TerminalWindow, on_delete=models.PROTECT, related_name="failures")
    number_hash = models.CharField(max_length=64)
    failed_at = models.DateTimeField()

    access = Access(web=ADD)
    append_only = True

    class Meta:
        indexes = [
            models.Index(fields=["prison", "number_hash", "-failed_at"], name="sign_in_failure_by_number"),
            models.Index(fields=["prison", "-failed_at"], name="sign_in_failure_newest"),
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]
