"""Modules that lapse within 28 days, and those that have lapsed, by person."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery

from buddyscheme.accounts.models import Prison
from schemes.models import Custody
from training.models import ModuleResult
from training.queries.results import newest_of, trainable
from training.rules.results import SOON


def _newest(prison: Prison) -> QuerySet[Any]:
    """The newest passed result of every module in use of everybody in training or in the role, first to lapse first."""
    everybody = trainable(prison).order_by().values("pk")
    newest = newest_of(ModuleResult.objects.for_prison(prison).filter(buddy__in=everybody))
    here = Custody.objects.filter(person=OuterRef("person_id"), prison=OuterRef("prison_id"), ended_at__isnull=True)
    rows: QuerySet[Any] = ModuleResult.objects.for_prison(prison).filter(
        pk__in=newest.values("pk"), outcome=ModuleResult.Outcome.PASSED, module__withdrawn=False
    )
    located: QuerySet[Any] = rows.select_related("buddy__person", "module").annotate(
        wing_name=Subquery(here.values("wing__name")[:1]), wing_code=Subquery(here.values("wing__code")[:1])
    )
    return located.order_by("expires_on", "buddy__person__last_name", "buddy__person__first_name", "module_id", "id")


def due_soon(prison: Prison, today: date) -> QuerySet[Any]:
    """Modules that lapse within 28 days, the last day of each included."""
    return _newest(prison).filter(expires_on__range=(today, today + SOON))


def overdue(prison: Prison, today: date) -> QuerySet[Any]:
    """Modules that have lapsed and were not taken again."""
    return _newest(prison).filter(expires_on__lt=today)
