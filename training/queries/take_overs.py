"""Buddies by take-over who have yet to make good what the approval gave them time for.

One query each, so that a tile of the home page can count it with the others.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from buddyscheme.accounts.models import Prison
from schemes.models import Buddy, TakeOver
from schemes.queries.compacts import holds_compact
from training.models import ModuleResult
from training.queries.results import counting, modules, trainable
from training.rules.results import SOON


class TakeOverList(StrEnum):
    """Lists of work on the training board that are not one state of the modules."""

    PAST = "TAKE_OVER_PAST"
    SOON = "TAKE_OVER_SOON"


def take_overs_in(prison: Prison, today: date, which: str) -> QuerySet[Buddy]:
    """Those whose day has passed, or whose day is today or within 28 days; by name. The day itself still counts."""
    rows = to_make_good(prison, today)
    if which == TakeOverList.PAST:
        return rows.filter(take_over__good_by__lt=today)
    return rows.filter(take_over__good_by__range=(today, today + SOON))


def to_make_good(prison: Prison, today: date) -> QuerySet[Buddy]:
    """Approved take-overs that still lack the compact or a mandatory module which they were to make good, by name."""
    compact = Q(take_over__lacks_compact=True) & ~Q(holds_compact(today))
    lacks = Q(take_over__lacks_modules=True) & Q(_lacks_a_module(prison, today))
    return trainable(prison).filter(compact | lacks, take_over__decision=TakeOver.Decision.APPROVED)


def _lacks_a_module(prison: Prison, today: date) -> Exists:
    """For a queryset of buddies: the newest result of some mandatory module is missing, not a pass, or has lapsed."""
    rows = ModuleResult.objects.filter(buddy=OuterRef(OuterRef("pk")), module=OuterRef("pk"))
    newest = counting(rows).order_by("-assessed_on", "-id")
    core = (
        modules(prison)
        .filter(mandatory=True)
        .annotate(outcome=Subquery(newest.values("outcome")[:1]), until=Subquery(newest.values("expires_on")[:1]))
    )
    passed = ModuleResult.Outcome.PASSED
    return Exists(core.filter(Q(outcome__isnull=True) | ~Q(outcome=passed) | Q(until__lt=today)))
