"""Numbered paper: slips for one visit each, log sheets of a buddy's week, spare sheets, and forms."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from buddyscheme.accounts.models import PrisonOwned, User
from buddyscheme.lib.constraints import both_or_neither
from buddyscheme.scope.history import tracked
from referrals.models.plan import Plan
from schemes.models import Buddy, Session

LETTERS = {"LOG": "L", "SPARE": "S", "REFERRAL": "R", "CONCERN": "C", "INTERVIEW": "I"}


@tracked()
class PaperSheet(PrisonOwned):
    """One printed sheet with a number of its own in the prison. A buddy has one log sheet for a week: printed again it
    keeps its number, and visits planned since are added at its end.

    A spare sheet says nothing about anybody until it is keyed. The totals are those written on the paper.
    """

    class Kind(models.TextChoices):
        LOG = "LOG", "Log sheet"
        SPARE = "SPARE", "Spare log sheet"
        REFERRAL = "REFERRAL", "Referral form"
        CONCERN = "CONCERN", "Concern form"
        INTERVIEW = "INTERVIEW", "Interview form"

    LOGS = ("LOG", "SPARE")

    kind = models.CharField(max_length=9, choices=Kind)
    number = models.PositiveIntegerField()
    buddy = models.ForeignKey(Buddy, null=True, on_delete=models.PROTECT, related_name="+")
    week_starts_on = models.DateField(null=True)
    printed_at = models.DateTimeField()
    printed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    keyed_at = models.DateTimeField(null=True)
    keyed_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    done_on_paper = models.PositiveSmallIntegerField(null=True)
    not_done_on_paper = models.PositiveSmallIntegerField(null=True)
    minutes_on_paper = models.PositiveIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["prison", "number"], name="sheet_number_once"),
            models.UniqueConstraint(
                fields=["buddy", "week_starts_on"], condition=Q(kind="LOG"), name="sheet_one_for_a_week"
            ),
            both_or_neither("keyed_at", "keyed_by", "sheet_keyed_pair"),
            both_or_neither("buddy", "week_starts_on", "sheet_buddy_and_week"),
            models.CheckConstraint(condition=~Q(kind="LOG") | Q(buddy__isnull=False), name="sheet_log_has_buddy"),
            models.CheckConstraint(
                condition=Q(kind__in=("LOG", "SPARE")) | Q(buddy__isnull=True, keyed_at__isnull=True),
                name="sheet_form_says_nothing",
            ),
            models.CheckConstraint(
                condition=Q(
                    keyed_at__isnull=True,
                    done_on_paper__isnull=True,
                    not_done_on_paper__isnull=True,
                    minutes_on_paper__isnull=True,
                )
                | Q(
                    keyed_at__isnull=False,
                    buddy__isnull=False,
                    done_on_paper__isnull=False,
                    not_done_on_paper__isnull=False,
                    minutes_on_paper__isnull=False,
                ),
                name="sheet_keyed_with_totals",
            ),
        ]
        indexes = [models.Index(fields=["prison", "-number"], name="sheet_by_number")]

    @property
    def reference(self) -> str:
        """As it stands on the paper: a letter for the kind, and the number."""
        return f"{LETTERS[self.kind]}{self.number}"


class PaperSlip(PrisonOwned):
    """What is keyed once: a printed slip with its number, or one row of a sheet with its place on it.

    A row of a log sheet says which visit was printed there; a row of a spare sheet is blank.
    """

    number = models.PositiveIntegerField(null=True)
    sheet = models.ForeignKey(PaperSheet, null=True, on_delete=models.PROTECT, related_name="rows")
    place = models.PositiveSmallIntegerField(null=True)
    plan = models.ForeignKey(Plan, null=True, on_delete=models.PROTECT, related_name="+")
    day = models.DateField(null=True)
    session = models.CharField(max_length=2, choices=Session, blank=True)
    tasks = ArrayField(models.CharField(max_length=8), default=list)
    minutes = models.PositiveSmallIntegerField(default=0)
    printed_at = models.DateTimeField()
    printed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["prison", "number"], name="slip_number_once"),
            models.UniqueConstraint(fields=["sheet", "place"], name="slip_row_once"),
            models.UniqueConstraint(fields=["sheet", "plan", "day", "session"], name="slip_visit_once_on_sheet"),
            models.CheckConstraint(
                condition=Q(number__isnull=False, sheet__isnull=True, place__isnull=True)
                | Q(number__isnull=True, sheet__isnull=False, place__isnull=False),
                name="slip_alone_or_on_a_sheet",
            ),
            models.CheckConstraint(
                condition=Q(plan__isnull=True, day__isnull=True, session="")
                | (Q(plan__isnull=False, day__isnull=False, sheet__isnull=False) & ~Q(session="")),
                name="slip_visit_whole",
            ),
        ]
