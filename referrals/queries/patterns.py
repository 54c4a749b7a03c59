"""Patterns: the rules as they stand, the facts that each needs, and what was found."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

from django.db.models import Count, Exists, F, Max, Min, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce, Greatest, TruncDate

from buddyscheme.accounts.models import Prison, User
from buddyscheme.lib.dates import LONDON, london_today
from referrals.boundary import DATA
from referrals.models import (
    HelpCheck,
    Match,
    PatternHit,
    PatternRow,
    PatternRule,
    Plan,
    PlanReview,
    StaffTick,
    Visit,
)
from referrals.queries.matches import wing_id_of
from referrals.queries.visits import first_versions, visits_of
from referrals.rules import patterns as rules
from referrals.rules.patterns import Code, Entry, Locked, Numbers, Pair, Worked
from schemes.models import Person
from schemes.queries.absences import Elsewhere, elsewhere
from schemes.queries.schemes import lock_downs_on, regime_on_days

O = Visit.Outcome  # noqa: E741 - read as a namespace


# The rules ------------------------------------------------------------------------------------------------


@lru_cache(maxsize=1)
def _standard() -> dict[str, Numbers]:
    with DATA.with_name("pattern_rules.csv").open(encoding="utf-8", newline="") as file:
        return {row["code"]: Numbers(int(row["least"]), int(row["within"])) for row in csv.DictReader(file)}


def rules_now() -> dict[str, Numbers]:
    """Every rule with the numbers that count now: the newest that somebody set, else those of the program's file."""
    found = dict(_standard())
    changes: dict[str, int] = defaultdict(int)
    for row in PatternRule.objects.order_by("id"):
        changes[row.code] += 1
        found[row.code] = Numbers(row.least, row.within, row.active, changes[row.code])
    return found


def changes_of(code: str) -> QuerySet[PatternRule]:
    """What was set, newest first."""
    return PatternRule.objects.filter(code=code).select_related("changed_by").order_by("-id")


# What was found -------------------------------------------------------------------------------------------


def hits_for(prison: Prison, user: User | None = None) -> QuerySet[PatternHit]:
    """Those that wait first, then the newest; never one about the reader's own entries or window.

    Nor of people whom this prison may no longer read. Without a user, all.
    """
    person = Exists(Person.objects.filter(pk=OuterRef("person")))
    buddy = Exists(Person.objects.filter(pk=OuterRef("buddy__person")))
    rows: QuerySet[PatternHit] = PatternHit.objects.for_prison(prison).filter(
        Q(person__isnull=True) | person, Q(buddy__isnull=True) | buddy
    )
    if user is not None:
        rows = rows.filter(Q(staff__isnull=True) | ~Q(staff=user), Q(window__isnull=True) | ~Q(window__opened_by=user))
    rows = rows.select_related("buddy__person", "person", "window__terminal", "staff", "decided_by")
    return rows.order_by(F("decided_at").desc(nulls_first=True), "-found_at", "-id")


def waiting(prison: Prison, user: User | None = None) -> QuerySet[PatternHit]:
    """Nobody has decided yet: what the home tile counts."""
    return hits_for(prison, user).filter(decision=PatternHit.Decision.WAITING)


def rows_of(hit: PatternHit) -> QuerySet[PatternRow]:
    """The visits behind it, newest day first."""
    rows: QuerySet[PatternRow] = PatternRow.objects.for_prison(hit.prison_id).filter(hit=hit)
    return rows.select_related("planned__person").order_by("-planned__day", "-planned__session", "-id")


# Facts for the rules --------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What a rule found, ready to be kept. `rows` are (planned visit, why)."""

    code: str
    subject: str
    words: str
    buddy_id: int | None = None
    person_id: int | None = None
    window_id: int | None = None
    staff_id: int | None = None
    rows: list[tuple[int, str]] = field(default_factory=list)


def _fresh(code: str) -> Q:
    """Visits that no decided hit of this rule rests on."""
    decided = PatternRow.objects.filter(hit__rule=code, planned=OuterRef("planned_id")).exclude(
        hit__decision=PatternHit.Decision.WAITING
    )
    return ~Q(Exists(decided))


def _done(prison: Prison) -> QuerySet[Visit]:
    """Help that came, in its newest version."""
    return visits_of(prison).exclude(outcome=O.NOT_DONE).select_related(None)


def findings(prison: Prison, standing: Mapping[str, Numbers], now: datetime) -> Iterator[Finding]:
    """What every rule that is switched on (`standing`: see `rules_now`) finds now, as if nothing waited already."""
    looks = {
        Code.HOURS: _hours,
        Code.BURST: _bursts,
        Code.LOCKED_UP: _locked_up,
        Code.ALONE: _alone,
        Code.REFUSALS: _refusals,
        Code.AS_PLANNED: _as_planned,
    }
    for code, numbers in standing.items():
        if numbers.active:
            yield from looks[Code(code)](prison, numbers, now)


def _hours(prison: Prison, numbers: Numbers, now: datetime) -> Iterator[Finding]:
    since = london_today(now) - timedelta(days=numbers.within)
    visits = _done(prison).filter(day__gt=since, buddy__isnull=False)
    fresh = _fresh(Code.HOURS)
    sums = visits.order_by().values("buddy").annotate(
        minutes_all=Sum("minutes"), minutes_fresh=Coalesce(Sum("minutes", filter=fresh), 0)
    )  # fmt: skip
    worked = [Worked(row["buddy"], row["minutes_all"], row["minutes_fresh"]) for row in sums.order_by("buddy")]
    found = rules.far_above_others(worked, numbers.least)
    rows = _grouped(visits.filter(fresh, buddy__in=[one.subject for one in found]), "buddy_id")
    for one in found:
        yield Finding(
            code=Code.HOURS, subject=f"buddy:{one.subject}", words=one.words, buddy_id=one.subject,
            rows=rows[one.subject],
        )  # fmt: skip


def _bursts(prison: Prison, numbers: Numbers, now: datetime) -> Iterator[Finding]:
    """Entries one by one: what is keyed from paper, or imported, is saved together on purpose."""
    entries = first_versions(prison).filter(
        _fresh(Code.BURST), entered_at__gt=now - timedelta(days=rules.LOOK_BACK),
        source__in=(Visit.Source.TERMINAL, Visit.Source.STAFF),
    )  # fmt: skip
    for column, name in (("window_id", "window"), ("entered_by_id", "staff")):
        # A stretch may lie over midnight, so only who made enough entries at all is settled here.
        made_by = entries.filter(**{f"{column}__isnull": False}).order_by().values(column)
        makers = made_by.annotate(entries=Count("pk")).filter(entries__gte=numbers.least).values(column)
        moments: dict[int, list[tuple[datetime, int]]] = defaultdict(list)
        rows = entries.filter(**{f"{column}__in": makers}).values_list(column, "entered_at", "planned_id")
        for maker, entered_at, planned_id in rows.order_by():
            moments[maker].append((entered_at, planned_id))
        for maker, made in sorted(moments.items()):
            run = rules.bursts(made, numbers.least, numbers.within)
            if run:
                yield Finding(
                    code=Code.BURST, subject=f"{name}:{maker}", words=f"{len(run)} entries.",
                    rows=[(planned, "") for planned in run], **{column.replace("entered_by", "staff"): maker},
                )  # fmt: skip


def _locked_up(prison: Prison, numbers: Numbers, now: datetime) -> Iterator[Finding]:
    entries = _done(prison).filter(
        _fresh(Code.LOCKED_UP), entered_at__gt=now - timedelta(days=numbers.within), buddy__isnull=False
    )
    columns = ("planned_id", "day", "session", "wing", "person_id", "buddy_id", "buddy__person_id")
    rows = list(entries.annotate(wing=wing_id_of("person_id")).order_by("day", "id").values(*columns))
    if not rows:
        return
    first, last = rows[0]["day"], rows[-1]["day"]
    downs = [
        Locked(down.day, down.wing_id, down.session)
        for down in lock_downs_on(prison, first, until=last).select_related(None)
    ]
    unlock = regime_on_days(prison, {row["day"] for row in rows})
    people = {row["person_id"] for row in rows} | {row["buddy__person_id"] for row in rows}
    out = elsewhere(prison, people, first)
    by_buddy: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for row in rows:
        day = row["day"]
        entry = Entry(day=day, session=row["session"], wing_id=row["wing"], away=_away(out, row))
        why = rules.why_outside(entry, unlock.get(day), downs)
        if why:
            by_buddy[row["buddy_id"]].append((row["planned_id"], why))
    for buddy, found in sorted(by_buddy.items()):
        if len(found) >= numbers.least:
            yield Finding(
                code=Code.LOCKED_UP, subject=f"buddy:{buddy}", buddy_id=buddy, rows=found,
                words="1 entry." if len(found) == 1 else f"{len(found)} entries.",
            )  # fmt: skip


def _away(out: Elsewhere, row: Mapping[str, Any]) -> str:
    for person, who in ((row["buddy__person_id"], "the buddy"), (row["person_id"], "the person who is helped")):
        if any(one.holds and one.covers(row["day"], row["session"]) for one in out.absences.get(person, ())):
            return who
    return ""


def _alone(prison: Prison, numbers: Numbers, now: datetime) -> Iterator[Finding]:
    today = london_today(now)
    long_ago = today - timedelta(days=numbers.least)
    person, buddy, plan = OuterRef("plan__person"), OuterRef("buddy"), OuterRef("plan")
    came = _done(prison).order_by()
    own = came.filter(_fresh(Code.ALONE), person=person, buddy=buddy, day__gte=OuterRef("started_on"))
    others = (
        _newest(came.filter(person=person).exclude(buddy=buddy), "person", Max("day")),
        _newest(StaffTick.objects.filter(planned__person=person), "planned__person", Max(_on("done_at"))),
        _newest(HelpCheck.objects.filter(person=person), "person", Max(_on("asked_at"))),
        _newest(PlanReview.objects.filter(plan=plan), "plan", Max(_on("reviewed_at"))),
    )
    matches = Match.objects.for_prison(prison).filter(status=Match.Status.ACTIVE, started_on__lte=long_ago)
    matches = matches.annotate(
        first=Subquery(own.values("buddy").annotate(at=Min("day")).values("at")), others=Greatest(*others)
    )
    for match in matches.order_by("id").select_related("plan"):
        assert match.started_on is not None  # filtered above
        pair = Pair(started_on=match.started_on, first_fresh_on=match.first, others_on=match.others)
        since = rules.alone_since(pair, numbers.least, today)
        if since is None:
            continue
        visits = came.filter(
            _fresh(Code.ALONE), person=match.plan.person_id, buddy=match.buddy_id, day__gte=since
        ).values_list("planned_id", flat=True)
        rows = [(planned, "") for planned in visits]
        yield Finding(
            code=Code.ALONE, subject=f"pair:{match.buddy_id}:{match.plan.person_id}", buddy_id=match.buddy_id,
            person_id=match.plan.person_id, words=f"{(today - since).days} days.", rows=rows,
        )  # fmt: skip


def _on(moment: str) -> TruncDate:
    return TruncDate(moment, tzinfo=LONDON)


def _newest(rows: QuerySet[Any], group: str, newest: Max) -> Subquery:
    return Subquery(rows.order_by().values(group).annotate(at=newest).values("at"))


def _refusals(prison: Prison, numbers: Numbers, now: datetime) -> Iterator[Finding]:
    since = london_today(now) - timedelta(days=numbers.within)
    refused = visits_of(prison).select_related(None).filter(
        _fresh(Code.REFUSALS), day__gt=since, outcome=O.NOT_DONE, reason=Visit.Reason.DECLINED
    )  # fmt: skip
    often = refused.order_by().values("person").annotate(times=Count("pk")).filter(times__gte=numbers.least)
    for person, rows in sorted(_grouped(refused.filter(person__in=often.values("person")), "person_id").items()):
        yield Finding(
            code=Code.REFUSALS, subject=f"person:{person}", person_id=person, words=f"{len(rows)} refusals.", rows=rows
        )


def _as_planned(prison: Prison, numbers: Numbers, now: datetime) -> Iterator[Finding]:
    visits = visits_of(prison).select_related(None).order_by()
    usual = Q(outcome=O.DONE, extra_help="", replaces__isnull=True, minutes=F("planned__minutes"))
    of_plan = visits.filter(planned__plan=OuterRef("pk"))
    last = of_plan.exclude(usual).values("planned__plan").annotate(at=Max("day")).values("at")
    plans = Plan.objects.for_prison(prison).filter(status__in=Plan.LIVE).annotate(exception=Subquery(last))
    since = {plan.pk: (plan.person_id, plan.exception) for plan in plans.order_by("id")}
    rows: dict[int, list[tuple[int, str]]] = defaultdict(list)
    fresh = visits.filter(_fresh(Code.AS_PLANNED), usual, planned__plan__in=since)
    for plan_id, day, planned_id in fresh.values_list("planned__plan", "day", "planned_id"):
        exception: date | None = since[plan_id][1]
        if exception is None or day > exception:
            rows[plan_id].append((planned_id, ""))
    for plan_id, found in sorted(rows.items()):
        if len(found) >= numbers.least:
            person = since[plan_id][0]
            yield Finding(
                code=Code.AS_PLANNED, subject=f"person:{person}", person_id=person,
                words=f"{len(found)} visits.", rows=found,
            )  # fmt: skip


def _grouped(visits: QuerySet[Visit], column: str) -> dict[int, list[tuple[int, str]]]:
    rows: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for key, planned_id in visits.order_by("day", "id").values_list(column, "planned_id"):
        rows[key].append((planned_id, ""))
    return rows
