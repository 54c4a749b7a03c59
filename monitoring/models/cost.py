"""What a scheme cost in a quarter, as the prison returns it, and the price index that makes years comparable."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import F, Q

from buddyscheme.accounts.models import PrisonOwned, User
from buddyscheme.scope.access import ADD, READ, Access

# What one amount or one number of hours of a quarter can be, and over how many years a one-off cost is spread.
MOST_PENCE, MOST_HOURS, MOST_YEARS = 100_000_000, 10_000, 20
AMOUNTS = (
    "lead_rate_pence",
    "staff_rate_pence",
    "training_pence",
    "contract_pence",
    "equipment_pence",
    "setup_pence",
)
SHARES = ("council_percent", "health_percent", "grant_percent")


def _within() -> Q:
    """No amount, hour or share beyond what can be; every one of them may be unknown."""
    condition = Q()
    for name in AMOUNTS:
        condition &= Q(**{f"{name}__isnull": True}) | Q(**{f"{name}__lte": MOST_PENCE})
    for name in ("lead_hours", "staff_hours"):
        condition &= Q(**{f"{name}__isnull": True}) | Q(**{f"{name}__gte": 0, f"{name}__lte": MOST_HOURS})
    return condition


class CostReturn(PrisonOwned):
    """One version of a prison's costs of a quarter. The newest counts; none is ever changed.

    Empty means not known, and is never taken for nought. Hours are of the whole quarter, rates are for an hour. The
    shares are whole per cent of the whole cost; what is left of 100 is the prison's own.
    """

    period = models.CharField(max_length=8)
    first_day = models.DateField()
    version = models.PositiveIntegerField()
    lead_hours = models.DecimalField(max_digits=7, decimal_places=1, null=True)
    lead_rate_pence = models.PositiveIntegerField(null=True)
    staff_hours = models.DecimalField(max_digits=7, decimal_places=1, null=True)
    staff_rate_pence = models.PositiveIntegerField(null=True)
    training_pence = models.PositiveIntegerField(null=True)
    contract_pence = models.PositiveIntegerField(null=True)
    equipment_pence = models.PositiveIntegerField(null=True)
    setup_pence = models.PositiveIntegerField(null=True)
    setup_years = models.PositiveSmallIntegerField(null=True)
    council_percent = models.PositiveSmallIntegerField(null=True)
    health_percent = models.PositiveSmallIntegerField(null=True)
    grant_percent = models.PositiveSmallIntegerField(null=True)
    reason = models.CharField(max_length=200, blank=True)
    saved_at = models.DateTimeField()
    saved_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    access = Access(web=ADD, national=READ)
    append_only = True

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["prison", "period", "version"], name="cost_return_once"),
            models.CheckConstraint(condition=_within(), name="cost_return_amounts"),
            models.CheckConstraint(
                condition=Q(setup_years__isnull=True) | Q(setup_years__range=(1, MOST_YEARS)), name="cost_return_years"
            ),
            models.CheckConstraint(
                condition=Q(setup_pence__isnull=True, setup_years__isnull=True)
                | Q(setup_pence=0)
                | Q(setup_pence__isnull=False, setup_years__isnull=False),
                name="cost_return_setup_spread",
            ),
            models.CheckConstraint(
                condition=Q(council_percent__isnull=True, health_percent__isnull=True, grant_percent__isnull=True)
                | Q(
                    council_percent__isnull=False,
                    health_percent__isnull=False,
                    grant_percent__isnull=False,
                    council_percent__lte=100 - F("health_percent") - F("grant_percent"),
                ),
                name="cost_return_shares",
            ),
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]


class PriceIndex(models.Model):
    """The GDP deflator of one financial year as it was published. A correction is a new row; the newest counts."""

    # The calendar year in which the financial year begins: 2026 for 2026 to 2027.
    begins = models.PositiveSmallIntegerField()
    index = models.DecimalField(max_digits=9, decimal_places=4)
    source = models.CharField(max_length=120)
    published_on = models.DateField()
    entered_at = models.DateTimeField()
    entered_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    access = Access(web=READ, national=ADD)
    append_only = True

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(index__gt=0), name="price_index_above_nought"),
            models.CheckConstraint(condition=Q(begins__range=(1955, 2100)), name="price_index_year"),
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]
