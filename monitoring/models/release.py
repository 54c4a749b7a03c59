"""Published releases: protected once, frozen, never recomputed."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import Q

from buddyscheme.accounts.models import Prison, User
from buddyscheme.lib.references import make_token
from buddyscheme.scope.access import ADD, READ, Access
from monitoring.models.figure import FigureState


class Release(models.Model):
    """One published quarter (or year). A correction is a new release that replaces this one."""

    class Kind(models.TextChoices):
        QUARTER = "QUARTER", "Quarter"
        YEAR = "YEAR", "Year"

    token = models.CharField(max_length=32, unique=True, default=make_token, editable=False)
    kind = models.CharField(max_length=8, choices=Kind)
    period = models.CharField(max_length=8)
    first_day = models.DateField()
    last_day = models.DateField()
    note = models.CharField(max_length=500, blank=True)
    digest = models.CharField(max_length=64)
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    replaces = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="replaced_by")
    # Why it replaces another, and the codes of the prisons whose figures had changed.
    reason = models.CharField(max_length=500, blank=True, db_default="")
    corrected = models.JSONField(default=list, db_default=[])

    access = Access(web=READ, national=ADD)
    append_only = True

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "period"], condition=Q(replaces__isnull=True), name="release_first_once"
            ),
            models.CheckConstraint(
                condition=Q(replaces__isnull=True, reason="") | (Q(replaces__isnull=False) & ~Q(reason="")),
                name="release_correction_says_why",
            ),
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]


class ReleaseFigure(models.Model):
    """One protected figure of a release: nationally where `about` is empty, else of one prison.

    Holds nothing that may not be shown: counts are rounded or hidden before they are stored. `period` is the
    release's own or one of its months. `breakdown` is empty or a group, as `age:50-59`: groups are shown of all
    prisons together, and wings never leave a prison.
    """

    release = models.ForeignKey(Release, on_delete=models.PROTECT, related_name="figures")
    about = models.ForeignKey(Prison, null=True, on_delete=models.PROTECT, related_name="+")
    period = models.CharField(max_length=8)
    measure = models.CharField(max_length=12)
    breakdown = models.CharField(max_length=60, blank=True, db_default="")
    state = models.CharField(max_length=12, choices=FigureState)
    numerator = models.DecimalField(max_digits=16, decimal_places=4, null=True)
    denominator = models.DecimalField(max_digits=16, decimal_places=4, null=True)
    value = models.DecimalField(max_digits=20, decimal_places=8, null=True)
    n = models.PositiveIntegerField(null=True)
    completeness = models.DecimalField(max_digits=6, decimal_places=4, null=True)
    looked_at_share = models.DecimalField(max_digits=6, decimal_places=4, null=True)
    late_share = models.DecimalField(max_digits=6, decimal_places=4, null=True)
    # Share of visits by where the entry came from, to the nearest 5%; empty where too few.
    sources = models.JSONField(default=dict)
    definition_version = models.PositiveSmallIntegerField()

    access = Access(web=READ, national=ADD)
    append_only = True

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["release", "about", "period", "measure", "breakdown"],
                nulls_distinct=False,
                name="release_figure_once",
            ),
            models.CheckConstraint(
                condition=Q(state="VALUE", value__isnull=False)
                | Q(state__in=["NONE", "NOT_RETURNED", "NOT_YET_DUE", "NOT_REACHED", "TOO_FEW"]),
                name="release_figure_state",
            ),
            models.CheckConstraint(
                condition=Q(breakdown="") | (Q(about__isnull=True) & ~Q(breakdown__startswith="wing:")),
                name="release_figure_groups_are_national",
            ),
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]
