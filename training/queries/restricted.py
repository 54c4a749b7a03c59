"""Restricted tasks of a prison: asked for, on now, to renew, ended."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import QuerySet

from buddyscheme.accounts.models import Prison
from schemes.models import TaskKind
from training.models import Module, RestrictedTask
from training.queries.results import modules
from training.rules.restricted import SOON

S = RestrictedTask.Status


def restricted_of(prison: Prison) -> QuerySet[RestrictedTask]:
    """Every request, newest first."""
    rows: QuerySet[RestrictedTask] = RestrictedTask.objects.for_prison(prison)
    rows = rows.select_related("task", "scheme", "asked_by", "decided_by", "withdrawn_by")
    return rows.order_by("-asked_at", "-id")


def waiting(prison: Prison) -> QuerySet[RestrictedTask]:
    """Nobody has decided yet."""
    return restricted_of(prison).filter(status=S.WAITING)


def running(prison: Prison, today: date) -> QuerySet[RestrictedTask]:
    """On now; the next review first."""
    return restricted_of(prison).filter(status=S.APPROVED, review_on__gte=today).order_by("review_on", "id")


def to_renew(prison: Prison, today: date) -> QuerySet[RestrictedTask]:
    """On now, and over within four weeks unless they are renewed."""
    return running(prison, today).filter(review_on__lte=today + SOON)


def ended(prison: Prison, today: date) -> QuerySet[RestrictedTask]:
    """Over: by their date or withdrawn."""
    rows = restricted_of(prison)
    return rows.filter(status=S.APPROVED, review_on__lt=today) | rows.filter(status=S.WITHDRAWN)


def approved_for(prison: Prison, task: TaskKind) -> RestrictedTask | None:
    """The one that stands for a task, over by its date or not."""
    found: RestrictedTask | None = restricted_of(prison).filter(task=task, status=S.APPROVED).first()
    return found


def approved_with(prison: Prison, module_code: str, today: date) -> QuerySet[RestrictedTask]:
    """Running approvals that name a module: nobody takes it away from their task meanwhile."""
    return running(prison, today).filter(modules__contains=[module_code])


def restricted_tasks() -> QuerySet[TaskKind]:
    """The restricted class of the catalogue."""
    return TaskKind.objects.filter(kind=TaskKind.Kind.RESTRICTED).order_by("position", "code")


def extra_modules(prison: Prison) -> QuerySet[Module]:
    """Modules that not every buddy needs: what extra training can be."""
    return modules(prison).filter(mandatory=False)


def titles_of(codes: Iterable[str]) -> list[str]:
    """Titles of modules, in the catalogue's order."""
    return list(Module.objects.filter(code__in=set(codes)).order_by("position", "code").values_list("title", flat=True))
