"""The catalogue of modules: national ones and a prison's own, their history, and which tasks ask for them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet

from buddyscheme.accounts.models import Prison
from schemes.models import TaskKind
from training.models import LocalTaskModule, Module, ModuleVersion, TaskModule


def catalogue(prison: Prison) -> QuerySet[Module]:
    """Every module of the prison, withdrawn ones last: national, then its own."""
    rows: QuerySet[Module] = Module.objects.for_prison(prison)
    return rows.order_by("withdrawn", "owner", "position", "code")


def national_catalogue() -> QuerySet[Module]:
    """Every national module, withdrawn ones last."""
    rows: QuerySet[Module] = Module.objects.national()
    return rows.order_by("withdrawn", "position", "code")


def locked_module(module: Module) -> Module:
    """The row as it is now, held until the transaction ends."""
    found: Module = Module.objects.select_for_update(of=("self",)).get(pk=module.pk)
    return found


def titles_beside(module: Module | None, prison: Prison | None) -> list[str]:
    """Titles of the other modules that are seen together with this one."""
    rows = Module.objects.national() if prison is None else Module.objects.for_prison(prison)
    return list(rows.exclude(pk=module.pk if module is not None else "").values_list("title", flat=True))


def versions_of(module: Module) -> QuerySet[ModuleVersion]:
    """The module's history, newest first."""
    rows: QuerySet[ModuleVersion] = ModuleVersion.objects.filter(module=module)
    return rows.select_related("changed_by").order_by("-number")


@dataclass(frozen=True)
class TasksOf:
    """Tasks that ask for a module: at every prison, and at this one on top."""

    national: list[TaskKind]
    local: list[TaskKind]


def tasks_of(module: Module, prison: Prison | None) -> TasksOf:
    """Which tasks ask for the module, in the catalogue's order."""
    found = tasks_by_module([module], prison)
    return found[module.pk]


def tasks_by_module(modules: Iterable[Module], prison: Prison | None) -> dict[str, TasksOf]:
    """The same for many modules at once."""
    codes = [module.pk for module in modules]
    national: dict[str, list[TaskKind]] = defaultdict(list)
    local: dict[str, list[TaskKind]] = defaultdict(list)
    order = ("task__position", "task_id")
    for link in TaskModule.objects.filter(module__in=codes).select_related("task").order_by(*order):
        national[link.module_id].append(link.task)
    if prison is not None:
        for own in running_links(prison).filter(module__in=codes).select_related("task").order_by(*order):
            local[own.module_id].append(own.task)
    return {code: TasksOf(national[code], local[code]) for code in codes}


def running_links(prison: Prison) -> QuerySet[LocalTaskModule]:
    """The prison's own requirements that have not ended."""
    rows: QuerySet[LocalTaskModule] = LocalTaskModule.objects.for_prison(prison)
    return rows.filter(ended_at__isnull=True)


def askable_tasks() -> QuerySet[TaskKind]:
    """Tasks that buddies may do, and that can ask for a module therefore."""
    return TaskKind.objects.exclude(kind=TaskKind.Kind.PROHIBITED).order_by("position", "code")
