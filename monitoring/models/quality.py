"""Questions about figures with their answers, and the signing of a quarter."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import Q

from buddyscheme.accounts.models import PrisonOwned, User
from buddyscheme.scope.access import ADD, CHANGE, READ, Access
from buddyscheme.scope.history import tracked

ASKED = "ASKED"
"""The code of a query that a person raised by hand."""


@tracked()
class DataQuery(PrisonOwned):
    """A question about one figure of one period. Raised by a rule, or by a national lead by hand.

    It is closed by a person who mended or explained it, or by itself when the rule no longer fires. Whoever closed it
    is `settled_by`; a query that closed by itself has nobody.
    """

    class How(models.TextChoices):
        MENDED = "MENDED", "Mended"
        EXPLAINED = "EXPLAINED", "Explained"
        NO_LONGER = "NO_LONGER", "No longer so"

    period = models.CharField(max_length=8)
    first_day = models.DateField()
    # A code of `monitoring.contradictions`, or `ASKED`.
    rule = models.CharField(max_length=10)
    measure = models.CharField(max_length=12, blank=True)
    words = models.CharField(max_length=300)
    raised_at = models.DateTimeField()
    asked_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(null=True)
    how = models.CharField(max_length=9, choices=How, blank=True)
    settled_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    # Rules look in the national role, and a national lead asks in it.
    access = Access(web=CHANGE, national=CHANGE)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["prison", "period", "rule", "measure"], condition=~Q(rule=ASKED), name="data_query_once"
            ),
            models.CheckConstraint(
                condition=Q(rule=ASKED, asked_by__isnull=False) | (~Q(rule=ASKED) & Q(asked_by__isnull=True)),
                name="data_query_asked_by_somebody",
            ),
            models.CheckConstraint(condition=~Q(words=""), name="data_query_in_words"),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True, how="", settled_by__isnull=True)
                | Q(closed_at__isnull=False, how__in=["MENDED", "EXPLAINED"], settled_by__isnull=False)
                | Q(closed_at__isnull=False, how="NO_LONGER", settled_by__isnull=True),
                name="data_query_closed_somehow",
            ),
        ]
        indexes = [models.Index(fields=["prison", "closed_at", "-first_day"], name="data_query_open")]


class DataQueryStep(PrisonOwned):
    """What happened to a query, in order. Never changed. Without `by` it was a rule."""

    class Kind(models.TextChoices):
        RAISED = "RAISED", "Raised"
        ANSWERED = "ANSWERED", "Answered"
        CLOSED = "CLOSED", "Closed"
        AGAIN = "AGAIN", "Raised again"

    query = models.ForeignKey(DataQuery, on_delete=models.PROTECT, related_name="steps")
    kind = models.CharField(max_length=8, choices=Kind)
    words = models.CharField(max_length=500, blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    access = Access(web=ADD, national=ADD)
    append_only = True

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind="ANSWERED") | (~Q(words="") & Q(by__isnull=False)),
                name="data_query_step_answer_by_somebody",
            ),
        ]
        indexes = [models.Index(fields=["query", "kind"], name="data_query_step_by_kind")]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]


class QuarterSign(PrisonOwned):
    """A quarter signed, or opened again with the reason. The newest counts; none is ever changed."""

    class Kind(models.TextChoices):
        SIGNED = "SIGNED", "Signed"
        REOPENED = "REOPENED", "Opened again"

    period = models.CharField(max_length=8)
    first_day = models.DateField()
    version = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=8, choices=Kind)
    # A note with a signature, the reason of opening again.
    words = models.CharField(max_length=300, blank=True)
    said_at = models.DateTimeField()
    said_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    access = Access(web=ADD, national=READ)
    append_only = True

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["prison", "period", "version"], name="quarter_sign_once"),
            models.CheckConstraint(condition=Q(kind="SIGNED") | ~Q(words=""), name="quarter_sign_reopened_says_why"),
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]
