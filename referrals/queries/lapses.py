"""Running matches whose buddy lacks a module that the tasks need, or the compact. Nine queries, however many."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.contrib.postgres.aggregates import ArrayAgg
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet, Subquery

from buddyscheme.accounts.models import Prison
from referrals.models import LapseDecision, Match, PlanTask
from referrals.queries.suggestions import running_buddy_tasks, waivers_of
from referrals.rules.lapses import Decided, Lack, Standing, standing
from referrals.suitability import COMPACT, Waiver
from schemes.models import Buddy
from schemes.queries.buddies import IN_DATE, BuddyStanding
from schemes.queries.buddies import standing as buddies_standing
from training.models import Module, ModuleResult, TaskModule
from training.queries.overrides import overrides_until
from training.queries.results import ModuleState, module_states, results_in_order

RUNNING = (Match.Status.ACTIVE, Match.Status.PAUSED)


@dataclass(frozen=True)
class Flag:
    """One flagged match: what is lacking, where it stands, and which tasks of the plan need it."""

    match: Match
    lacks: tuple[Lack, ...]
    standing: Standing

    @property
    def codes(self) -> frozenset[str]:
        """Codes of what is lacking."""
        return frozenset(lack.code for lack in self.lacks)

    @property
    def words(self) -> str:
        """What is lacking, for one cell."""
        return "; ".join(lack.words for lack in self.lacks)


def running_matches(prison: Prison) -> QuerySet[Match]:
    """Agreed matches of buddies in the role, with `codes`: what the buddy does of the plan."""
    tasks = PlanTask.objects.filter(plan=OuterRef("plan"), done_by=PlanTask.DoneBy.BUDDY, stopped_at__isnull=True)
    rows: QuerySet[Match] = Match.objects.for_prison(prison).filter(
        status__in=RUNNING, buddy__status__in=(Buddy.Status.ACTIVE, Buddy.Status.SUSPENDED)
    )
    rows = rows.annotate(codes=ArraySubquery(tasks.order_by().values("task_id")))
    return rows.select_related("plan__person", "buddy__person").order_by("id")


def flags(
    prison: Prison, today: date, *, stands: dict[int, BuddyStanding] | None = None, match: int | None = None
) -> list[Flag]:
    """Every flagged match (or this one): those to decide about first, the most pressing before the rest."""
    rows = [row for row in running_matches(prison).filter(**({"pk": match} if match else {})) if _codes(row)]
    if not rows:
        return []
    ids = {row.buddy_id for row in rows}
    known = stands if stands is not None and ids <= stands.keys() else buddies_standing(ids, today)
    trained, overrides = module_states(ids, today), overrides_until(ids)
    modules = _modules()
    lacking = {
        row.pk: _lacks(row, known[row.buddy_id], trained[row.buddy_id], overrides.get(row.buddy_id, ()), modules, today)
        for row in rows
    }
    flagged = [row for row in rows if lacking[row.pk]]
    if not flagged:
        return []
    ends, decided = _last_days(flagged), _newest_decisions(flagged)
    found = []
    for row in flagged:
        lacks = tuple(_dated(lack, row, ends) for lack in lacking[row.pk])
        started = row.started_on or today
        found.append(Flag(row, lacks, standing(lacks, decided.get(row.pk), started_on=started, today=today)))
    return sorted(found, key=lambda flag: (flag.standing.is_decided, flag.standing.last_day, flag.match.pk))


def to_decide(prison: Prison, today: date, *, stands: dict[int, BuddyStanding] | None = None) -> list[Flag]:
    """Those about which no decision holds."""
    return [flag for flag in flags(prison, today, stands=stands) if not flag.standing.is_decided]


def flag_of(match: Match, today: date) -> Flag | None:
    """The flag of one match, if it has one."""
    return next(iter(flags(match.prison, today, match=match.pk)), None)


def tasks_that_need(match: Match, codes: frozenset[str]) -> list[PlanTask]:
    """What the buddy does of the plan that needs these: every task where the compact or a core module is missing."""
    tasks = list(running_buddy_tasks(match.plan).select_related("task"))
    if COMPACT in codes or Module.objects.filter(code__in=codes, mandatory=True).exists():
        return tasks
    needing = set(TaskModule.objects.filter(module__in=codes).values_list("task_id", flat=True))
    return [task for task in tasks if task.task_id in needing]


def decisions_of(match: Match) -> QuerySet[LapseDecision]:
    """Every decision about a match, newest first."""
    rows: QuerySet[LapseDecision] = LapseDecision.objects.for_prison(match.prison_id).filter(match=match)
    return rows.select_related("decided_by").order_by("-decided_at", "-id")


def _codes(row: Match) -> list[str]:
    return list(getattr(row, "codes", ()))


def _modules() -> list[Module]:
    needing = TaskModule.objects.filter(module=OuterRef("pk")).order_by().values("module")
    rows = Module.objects.annotate(for_tasks=Subquery(needing.annotate(codes=ArrayAgg("task")).values("codes")))
    return list(rows.order_by("position", "code"))


def _lacks(
    row: Match,
    stands: BuddyStanding,
    trained: ModuleState,
    overrides: Iterable[object],
    modules: list[Module],
    today: date,
) -> tuple[Lack, ...]:
    needed = [
        module
        for module in modules
        if module.mandatory or set(getattr(module, "for_tasks", None) or ()) & set(_codes(row))
    ]
    waivers = waivers_of([module.code for module in needed], stands, overrides)  # type: ignore[arg-type]
    found = []
    if stands.compact != IN_DATE and not _waived(waivers, COMPACT, today):
        found.append(Lack(COMPACT, "The compact is not in force", _ended(waivers, COMPACT)))
    for module in needed:
        if module.code not in trained.in_date and not _waived(waivers, module.code, today):
            how = "has lapsed" if module.code in trained.lapsed else "is not passed"
            found.append(Lack(module.code, f"{module.title} {how}", _ended(waivers, module.code)))
    return tuple(found)


def _waived(waivers: Iterable[Waiver], code: str, today: date) -> bool:
    return any(waiver.item == code and waiver.good_by >= today for waiver in waivers)


def _ended(waivers: Iterable[Waiver], code: str) -> date | None:
    return max((waiver.good_by for waiver in waivers if waiver.item == code), default=None)


def _last_days(rows: list[Match]) -> dict[tuple[int, str], date]:
    """The last day of each newest pass: the day it ran out, or on which it was assessed again and not passed."""
    found: dict[tuple[int, str], date | None] = {}
    results = results_in_order({row.buddy_id for row in rows})
    for buddy_id, code, outcome, assessed_on, expires_on in results.values_list(
        "buddy_id", "module_id", "outcome", "assessed_on", "expires_on"
    ):
        key = (buddy_id, code)
        if outcome == ModuleResult.Outcome.PASSED:
            found[key] = expires_on
        elif key in found:
            found[key] = min(found[key] or assessed_on, assessed_on)
    return {key: day for key, day in found.items() if day is not None}


def _dated(lack: Lack, row: Match, ends: dict[tuple[int, str], date]) -> Lack:
    days = [day for day in (lack.held_until, ends.get((row.buddy_id, lack.code))) if day is not None]
    return Lack(lack.code, lack.words, max(days, default=None))


def _newest_decisions(rows: list[Match]) -> dict[int, Decided]:
    found = LapseDecision.objects.filter(match__in=rows).order_by("match_id", "-decided_at", "-id").distinct("match_id")
    return {row.match_id: Decided(row.choice, frozenset(row.lacks), row.until, row.decided_on) for row in found}
