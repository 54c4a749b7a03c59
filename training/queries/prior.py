"""What somebody passed elsewhere."""

from __future__ import annotations

from django.db.models import QuerySet

from schemes.models import Buddy
from training.models import Module, ModuleResult, PriorLearning
from training.queries.results import newest_results


def prior_of(buddy: Buddy) -> QuerySet[PriorLearning]:
    """Every decision about this buddy, newest first."""
    rows: QuerySet[PriorLearning] = PriorLearning.objects.filter(buddy=buddy)
    return rows.select_related("module", "decided_by").order_by("-decided_at", "-id")


def newest_of_module(buddy: Buddy, module: Module) -> ModuleResult | None:
    """Where the module stands."""
    return newest_results([buddy.pk]).filter(module=module).first()
