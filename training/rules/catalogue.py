"""What a module of the catalogue may say, and who may change which."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from buddyscheme.accounts.models import Prison
from buddyscheme.lib.errors import NotAllowed
from schemes.models import TaskKind
from training.models import Module

MOST_HOURS = Decimal(100)
MOST_MONTHS = 120
MOST_LOCAL = 99


def check_can_change(module: Module, *, prison: Prison | None) -> None:
    """A prison changes its own modules, the national lead the national ones."""
    if module.prison_id != (prison.pk if prison is not None else None):
        raise NotAllowed("This module is national. Ask the national lead to change it.")


def check_words(*, title: str, hours: Decimal | None, refresh_months: int | None, others: Iterable[str]) -> None:
    """A title of its own among the modules that a reader sees; hours and months that can be."""
    if title.casefold() in {other.casefold() for other in others}:
        raise NotAllowed(
            f"There already is a module “{title}”. Change that one, or give this one another title.", field="title"
        )
    if hours is not None and not 0 < hours <= MOST_HOURS:
        raise NotAllowed(f"Hours must be more than 0 and at most {MOST_HOURS}.", field="hours")
    if refresh_months is not None and not 1 <= refresh_months <= MOST_MONTHS:
        raise NotAllowed(f"Months until it lapses must be from 1 to {MOST_MONTHS}.", field="refresh_months")


def next_code(start: str, codes: Iterable[str]) -> str:
    """The code after the last one that begins so: `LEI-03` after `LEI-02`. Raises `NotAllowed` after the 99th."""
    numbers = [int(code[len(start) :]) for code in codes if code.startswith(start) and code[len(start) :].isdigit()]
    number = max(numbers, default=0) + 1
    if number > MOST_LOCAL:
        raise NotAllowed("There are 99 modules already. Change one that is no longer used.")
    return f"{start}{number:02d}"


def check_tasks(tasks: Sequence[TaskKind], *, wanted: Iterable[str], national: Iterable[str], module: Module) -> None:
    """Only tasks that buddies may do, and only ones that do not need the module at every prison already."""
    known = {task.pk for task in tasks if task.kind != TaskKind.Kind.PROHIBITED}
    if module.mandatory:
        raise NotAllowed("Every buddy needs this module already, so no task has to ask for it.")
    if unknown := set(wanted) - known:
        raise NotAllowed(f"Choose only tasks that are on the page. Not on it: {', '.join(sorted(unknown))}.")
    if already := set(wanted) & set(national):
        raise NotAllowed(f"{', '.join(sorted(already))} needs this module at every prison already.")


def check_none_approved_with(names: Iterable[str]) -> None:
    """A restricted task that was approved with this module keeps needing it while the approval runs."""
    if tasks := sorted(names):
        raise NotAllowed(f"“{tasks[0]}” was approved with this module. Withdraw the approval first.", field="tasks")
