"""Log sheets: what to print on them, and how each row stands against the record."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, Max, Q, QuerySet

from buddyscheme.accounts.models import Prison
from buddyscheme.lib.dates import day_bounds, london_today, week_of
from referrals.models import Match, PaperSheet, PaperSlip, PlannedVisit, Visit
from referrals.queries.days import read_plans
from referrals.queries.schedule import days_from, wanted_on
from referrals.queries.unlock import tasks_in_words
from referrals.queries.visits import first_versions, visits_of
from referrals.rules.days import Wanted
from referrals.rules.sheets import Totals, totals_of
from referrals.rules.visits import DAYS_BACK
from schemes.models import Person, TaskKind
from schemes.models.absence import ORDER
from schemes.queries.people import custodies_of


@dataclass(frozen=True)
class ToPrint:
    """What the plans hold for a week, by buddy, and on which wing each buddy lives."""

    visits: dict[int, list[Wanted]]
    wings: dict[int, int | None]


@dataclass(frozen=True)
class Line:
    """One row of a sheet: what was printed, whom it is about, and what stands in the record.

    `problem` says why nothing can be entered there; an empty row of a spare sheet has no planned visit.
    """

    slip: PaperSlip
    planned: PlannedVisit | None
    visit: Visit | None
    problem: str = ""

    @property
    def is_open(self) -> bool:
        """Whether something can be entered."""
        return self.visit is None and not self.problem


def visits_to_print(prison: Prison, week_starts_on: date, now: datetime) -> ToPrint:
    """Who is down for which visits of the week, from today on; a dozen queries for all."""
    today = london_today(now)
    read = read_plans(prison, since=day_bounds(today)[0])
    days = [day for day in days_from(week_starts_on) if day >= today]
    found: dict[int, list[Wanted]] = defaultdict(list)
    for one in wanted_on(read.facts, days, now):
        if one.buddy_id is not None and not one.held:
            found[one.buddy_id].append(one)
    wings = {pk: getattr(read.places.get(read.buddies[pk].person_id), "wing_id", None) for pk in found}
    return ToPrint(dict(found), wings)


def sheets_of(prison: Prison) -> QuerySet[PaperSheet]:
    """Log sheets and spare ones, newest first."""
    rows: QuerySet[PaperSheet] = PaperSheet.objects.for_prison(prison).filter(kind__in=PaperSheet.LOGS)
    rows = rows.select_related("buddy__person", "printed_by", "keyed_by")
    return rows.annotate(row_count=Count("rows")).order_by("-number", "-id")


def sheets_waiting(prison: Prison, today: date) -> QuerySet[PaperSheet]:
    """Log sheets of weeks that are over and that nobody has entered."""
    rows = sheets_of(prison).filter(kind=PaperSheet.Kind.LOG, keyed_at__isnull=True)
    return rows.filter(week_starts_on__lt=week_of(today).monday)


def sheet_by_reference(prison: Prison, number: int) -> PaperSheet | None:
    """The paper of this number, of any kind."""
    rows: QuerySet[PaperSheet] = PaperSheet.objects.for_prison(prison).filter(number=number)
    return rows.select_related("buddy__person", "keyed_by").first()


def log_sheets(prison: Prison, week_starts_on: date) -> QuerySet[PaperSheet]:
    """The log sheets of a week, by buddy."""
    rows: QuerySet[PaperSheet] = PaperSheet.objects.for_prison(prison).filter(
        kind=PaperSheet.Kind.LOG, week_starts_on=week_starts_on
    )
    return rows.select_related("buddy__person").order_by("buddy__person__last_name", "buddy__person__first_name", "id")


def numbered(prison: Prison, kind: str, first: int, last: int) -> QuerySet[PaperSheet]:
    """Sheets of one kind with these numbers."""
    rows: QuerySet[PaperSheet] = PaperSheet.objects.for_prison(prison).filter(kind=kind)
    return rows.filter(number__gte=first, number__lte=last).order_by("number")


def highest_sheet(prison: Prison) -> int:
    """The last number printed; nought before the first."""
    return int(PaperSheet.objects.for_prison(prison).aggregate(top=Max("number"))["top"] or 0)


def rows_of(sheets: Iterable[PaperSheet]) -> dict[int, list[PaperSlip]]:
    """Rows by sheet, in the order of the paper."""
    found: dict[int, list[PaperSlip]] = defaultdict(list)
    rows = PaperSlip.objects.filter(sheet__in=list(sheets)).select_related("plan__person").order_by("place", "id")
    for row in rows:
        found[row.sheet_id or 0].append(row)
    return found


def lines_of(sheet: PaperSheet, today: date) -> list[Line]:
    """Every row of a sheet against the record, in the paper's order; the same number of queries for any length."""
    rows = rows_of([sheet])[sheet.pk]
    keys = {(row.plan_id, row.day, row.session) for row in rows if row.plan_id}
    first = dict(first_versions(sheet.prison).filter(slip__in=rows).values_list("slip_id", "planned_id"))
    wanted = Q(pk__in=first.values())
    if keys:
        wanted |= Q(plan__in={key[0] for key in keys}, day__in={key[1] for key in keys})
    planned_rows: QuerySet[PlannedVisit] = PlannedVisit.objects.for_prison(sheet.prison).filter(wanted)
    planned = list(planned_rows.select_related("person", "buddy__person"))
    by_key: dict[tuple[int | None, date | None, str], PlannedVisit]
    by_key = {(one.plan_id, one.day, one.session): one for one in planned}
    by_id = {one.pk: one for one in planned}
    newest = {visit.planned_id: visit for visit in visits_of(sheet.prison).filter(planned__in=by_id)}
    lines = []
    for row in rows:
        found = by_id.get(first.get(row.pk, 0)) or by_key.get((row.plan_id, row.day, row.session))
        visit = newest.get(found.pk) if found else None
        lines.append(Line(row, found, visit, "" if visit else _problem(row, found, today)))
    return lines


def _problem(row: PaperSlip, planned: PlannedVisit | None, today: date) -> str:
    if row.day is None:
        return ""
    if row.day > today:
        return "Still to come"
    if row.day < today - timedelta(days=DAYS_BACK):
        return f"More than {DAYS_BACK} days ago"
    if planned is None:
        return "No longer in the plan"
    return (planned.cancel_reason or "No longer in the plan") if planned.cancelled_at else ""


def totals_in_record(lines: Iterable[Line]) -> Totals:
    """What the record says now about the rows of a sheet."""
    return totals_of((line.visit.outcome, line.visit.minutes) for line in lines if line.visit is not None)


def open_visits(prison: Prison, buddy_id: int, week_starts_on: date, today: date) -> list[PlannedVisit]:
    """What a spare sheet can be about: visits of the week that this buddy is down for, or that nobody is and the buddy
    is matched to, about which nothing is recorded.
    """
    matched = Match.objects.for_prison(prison).filter(buddy=buddy_id, started_on__isnull=False)
    matched = matched.filter(started_on__lte=week_starts_on + timedelta(days=6))
    rows: QuerySet[PlannedVisit] = PlannedVisit.objects.for_prison(prison).filter(
        Q(buddy=buddy_id) | Q(buddy__isnull=True, plan__in=matched.values("plan")),
        day__gte=max(week_starts_on, today - timedelta(days=DAYS_BACK)),
        day__lte=min(week_starts_on + timedelta(days=6), today),
        cancelled_at__isnull=True,
    )
    logged = first_versions(prison).filter(planned__in=rows.values("pk")).values("planned")
    found = rows.exclude(pk__in=logged).select_related("person", "buddy__person")
    return sorted(found, key=lambda one: (one.day, ORDER[one.session], one.pk))


def cells_of(prison: Prison, persons: Iterable[int]) -> dict[int, str]:
    """Where these people live now, by person: the cell alone."""
    return dict(custodies_of(prison).filter(person__in=set(persons)).values_list("person_id", "cell"))


def places_of(prison: Prison, persons: Iterable[Person]) -> dict[int, str]:
    """Wing and cell, by person."""
    return {row.person_id: row.place for row in custodies_of(prison).filter(person__in=list(persons))}


def kinds_of(codes: Iterable[str]) -> dict[str, TaskKind]:
    """Tasks by code."""
    return {kind.code: kind for kind in tasks_in_words(codes)}
