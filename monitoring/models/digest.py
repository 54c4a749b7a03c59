"""What changed, as a reader chose to be told: the choice, and one digest for each reader and period."""

from __future__ import annotations

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from buddyscheme.accounts.models import Prison, User
from buddyscheme.lib.references import make_token
from buddyscheme.scope.access import USER, Access

OWN = f"reader_id = {USER}"
"""A reader's digests are the reader's alone, nationally as at a prison."""


class DigestChoice(models.Model):
    """How often one reader is told, and about what. Without a row: every quarter, about the usual measures.

    `prison` is where the reader is told; without one the digest is national, and `prisons` names those whose own
    released figures it follows beside the nation's.
    """

    class HowOften(models.TextChoices):
        QUARTERLY = "QUARTERLY", "Every quarter"
        MONTHLY = "MONTHLY", "Every month"
        NEVER = "NEVER", "Never"

    reader = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    prison = models.ForeignKey(Prison, null=True, on_delete=models.PROTECT, related_name="+")
    how_often = models.CharField(max_length=9, choices=HowOften, default=HowOften.QUARTERLY)
    measures = ArrayField(models.CharField(max_length=12), default=list)
    prisons = ArrayField(models.CharField(max_length=6), default=list)
    chosen_at = models.DateTimeField()

    access = Access(web="SELECT, INSERT, UPDATE", national="SELECT", rows=OWN)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["reader", "prison"], nulls_distinct=False, name="digest_choice_once"),
            models.CheckConstraint(
                condition=Q(prison__isnull=True) | Q(prisons=[]), name="digest_choice_of_one_prison"
            ),
            models.CheckConstraint(condition=Q(how_often="NEVER") | ~Q(measures=[]), name="digest_choice_has_measures"),
        ]


class Digest(models.Model):
    """What changed for one reader from `since` up to, without, `until`. Made once; only `read_at` is set later.

    `entries` is a list of objects with `title`, `words` and `href`, and names nobody.
    """

    token = models.CharField(max_length=32, unique=True, default=make_token, editable=False)
    reader = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    prison = models.ForeignKey(Prison, null=True, on_delete=models.PROTECT, related_name="+")
    period = models.CharField(max_length=8)
    since = models.DateTimeField()
    until = models.DateTimeField()
    entries = models.JSONField(default=list)
    count = models.PositiveIntegerField()
    made_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    access = Access(web="SELECT, UPDATE", national="SELECT, INSERT", rows=OWN)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["reader", "prison", "period"], nulls_distinct=False, name="digest_once_a_period"
            ),
            models.CheckConstraint(condition=Q(until__gt=F("since")), name="digest_of_some_time"),
            models.CheckConstraint(
                condition=Q(read_at__isnull=True) | Q(read_at__gte=F("made_at")), name="digest_read_after_it_was_made"
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="stays", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(
                name="only_read",
                fields=["token", "reader", "prison", "period", "since", "until", "entries", "count", "made_at"],
            ),
        ]
