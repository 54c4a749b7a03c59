"""The catalogue of modules. The national lead keeps the national ones, a prison its own; every version is kept."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from buddyscheme.accounts.actor import Actor
from buddyscheme.accounts.models import Prison
from buddyscheme.audit.events import Event
from buddyscheme.audit.record import record
from buddyscheme.lib.dates import london_today
from buddyscheme.lib.errors import Stale
from buddyscheme.scope.transaction import DatabaseRole, scoped
from schemes.models import Scheme
from schemes.months import every_month_changed
from training.models import LocalTaskModule, Module, ModuleVersion
from training.queries.catalogue import askable_tasks, locked_module, running_links, tasks_of, titles_beside
from training.queries.restricted import approved_with
from training.rules import catalogue as rules

NATIONAL_CODES = "MOD-"


@dataclass(frozen=True, kw_only=True)
class ModuleWords:
    """What may be said about a module. `hours` and `refresh_months` are None where nothing is laid down."""

    title: str
    title_cy: str
    hours: Decimal | None
    mandatory: bool
    practical: bool
    refresh_months: int | None
    source: str


@transaction.atomic
def add_local_module(*, by: Actor, now: datetime, prison: Prison, words: ModuleWords) -> Module:
    """Add a module that this prison teaches on top of the national ones."""
    # One at a time, so that two people cannot be given the same code.
    Prison.objects.select_for_update(of=("self",), no_key=True).get(pk=prison.pk)
    start = f"{prison.pk}-"
    codes = Module.objects.for_prison(prison).filter(prison=prison).values_list("code", flat=True)
    module = _add(by, now, words, prison=prison, code=rules.next_code(start, codes))
    record(Event.MODULE_ADDED, by=by, prison=prison.code, subject=module)
    return module


@transaction.atomic
def change_local_module(
    *, by: Actor, now: datetime, prison: Prison, module: Module, words: ModuleWords, withdrawn: bool, version: int
) -> Module:
    """Change or withdraw a module of this prison."""
    module = _change(by, now, module, words, prison=prison, withdrawn=withdrawn, version=version)
    record(Event.MODULE_CHANGED, by=by, prison=prison.code, subject=module, version=module.version)
    return module


@transaction.atomic
def add_national_module(*, by: Actor, now: datetime, words: ModuleWords) -> Module:
    """Add a module to the national core. Runs in the national role, because no prison owns it."""
    with scoped(DatabaseRole.NATIONAL):
        codes = Module.objects.national().values_list("code", flat=True)
        module = _add(by, now, words, prison=None, code=rules.next_code(NATIONAL_CODES, codes))
        record(Event.MODULE_ADDED, by=by, subject=module)
    return module


@transaction.atomic
def change_national_module(
    *, by: Actor, now: datetime, module: Module, words: ModuleWords, withdrawn: bool, version: int
) -> Module:
    """Amend or withdraw a module of the national core."""
    with scoped(DatabaseRole.NATIONAL):
        module = _change(by, now, module, words, prison=None, withdrawn=withdrawn, version=version)
        record(Event.MODULE_CHANGED, by=by, subject=module, version=module.version)
    return module


@transaction.atomic
def set_local_tasks(*, by: Actor, now: datetime, prison: Prison, module: Module, tasks: Collection[str]) -> None:
    """Say which tasks need the module at this prison. What is needed at every prison stays, whatever is chosen."""
    known = tasks_of(module, prison)
    national = {task.pk for task in known.national}
    wanted = set(tasks)
    rules.check_tasks(list(askable_tasks()), wanted=wanted, national=national, module=module)
    named = approved_with(prison, module.code, london_today(now)).exclude(task__in=wanted)
    rules.check_none_approved_with(named.values_list("task__name", flat=True))
    running = {link.task_id: link.pk for link in running_links(prison).filter(module=module).select_for_update()}
    gone = {task: pk for task, pk in running.items() if task not in wanted}
    LocalTaskModule.objects.for_prison(prison).filter(pk__in=gone.values()).update(ended_at=now, ended_by=by.user)
    added = sorted(wanted - set(running))
    LocalTaskModule.objects.bulk_create(
        LocalTaskModule(prison=prison, task_id=task, module=module, added_at=now, added_by=by.user) for task in added
    )
    record(Event.MODULE_TASKS_SET, by=by, prison=prison.code, subject=module, added=added, removed=sorted(gone))


def _add(by: Actor, now: datetime, words: ModuleWords, *, prison: Prison | None, code: str) -> Module:
    rules.check_words(
        title=words.title, hours=words.hours, refresh_months=words.refresh_months, others=titles_beside(None, prison)
    )
    rows = Module.objects.national() if prison is None else Module.objects.for_prison(prison).filter(prison=prison)
    last = rows.order_by("-position").values_list("position", flat=True).first() or 0
    module: Module = Module.objects.create(prison=prison, code=code, position=last + 1, **asdict(words))
    _keep(module, by, now)
    _figures_changed(module, now)
    return module


def _change(
    by: Actor,
    now: datetime,
    module: Module,
    words: ModuleWords,
    *,
    prison: Prison | None,
    withdrawn: bool,
    version: int,
) -> Module:
    rules.check_can_change(module, prison=prison)
    module = locked_module(module)
    if module.version != version:
        raise Stale("this module")
    rules.check_words(
        title=words.title, hours=words.hours, refresh_months=words.refresh_months, others=titles_beside(module, prison)
    )
    if not module.versions.exists():
        _keep(module, None, None)
    values = {**asdict(words), "withdrawn": withdrawn}
    for name, value in values.items():
        setattr(module, name, value)
    module.version += 1
    module.save(update_fields=[*values, "version"])
    _keep(module, by, now)
    _figures_changed(module, now)
    return module


def _figures_changed(module: Module, now: datetime) -> None:
    """Of its own prison; a national one is in the figures of all."""
    everywhere = Scheme.objects.filter(opened_at__isnull=False).order_by("prison").values_list("prison", flat=True)
    for code in everywhere if module.prison_id is None else [module.prison_id]:
        every_month_changed(code, now)


def _keep(module: Module, by: Actor | None, now: datetime | None) -> None:
    """The module as it is now, in its history."""
    kept = (
        "title", "title_cy", "mandatory", "hours", "refresh_months", "practical", "source", "withdrawn",
    )  # fmt: skip
    ModuleVersion.objects.create(
        module=module,
        owner=module.prison_id or "",
        number=module.version,
        changed_at=now,
        changed_by=by.user if by is not None else None,
        **{name: getattr(module, name) for name in kept},
    )
