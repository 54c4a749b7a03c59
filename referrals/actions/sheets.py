"""Log sheets and forms on paper: giving out their numbers, and entering what was written on a sheet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from buddyscheme.accounts.actor import Actor
from buddyscheme.accounts.models import Prison, Wing
from buddyscheme.audit.events import Event
from buddyscheme.audit.record import record, record_many
from buddyscheme.lib.dates import london_today, week_of
from buddyscheme.lib.errors import NotAllowed
from referrals.actions.visits import log_visits
from referrals.locking import lock_prison
from referrals.models import HeldText, PaperSheet, PaperSlip, PlannedVisit, Visit
from referrals.queries.sheets import highest_sheet, lines_of, log_sheets, rows_of, visits_to_print
from referrals.rules import sheets as rules
from referrals.rules import visits as visit_rules
from referrals.rules.days import Wanted
from referrals.rules.sheets import RowEntry, Totals
from referrals.rules.visits import VisitEntry
from schemes.models import Buddy


@dataclass(frozen=True)
class Keyed:
    """What came of entering a sheet."""

    sheet: PaperSheet
    visits: int
    held: int


@transaction.atomic
def print_week(
    *, by: Actor, now: datetime, prison: Prison, week_starts_on: date, wing: Wing | None = None,
    buddy: Buddy | None = None,
) -> list[PaperSheet]:  # fmt: skip
    """A log sheet for each buddy of the wing (or for one), with the visits from today on in the order of the screens.

    Made already, a sheet keeps its number and its rows; visits planned since come at its end. One that was entered
    stays as it is.
    """
    # A number is given once, also when two people print at once.
    lock_prison(prison)
    found = visits_to_print(prison, week_starts_on, now)
    chosen = {
        pk: visits
        for pk, visits in found.visits.items()
        if (buddy is None or pk == buddy.pk) and (wing is None or found.wings[pk] == wing.pk)
    }
    count = sum(len(visits) for visits in chosen.values())
    rules.check_can_print_week(week_starts_on, today=london_today(now), visits=count)
    there = {sheet.buddy_id: sheet for sheet in log_sheets(prison, week_starts_on).filter(buddy__in=chosen)}
    number = _next_number(prison)
    made = [
        PaperSheet(
            prison=prison, kind=PaperSheet.Kind.LOG, number=number + nth, buddy_id=pk, week_starts_on=week_starts_on,
            printed_at=now, printed_by=by.user,
        )
        for nth, pk in enumerate(sorted(chosen.keys() - there.keys()))
    ]  # fmt: skip
    sheets = [*PaperSheet.objects.bulk_create(made), *(s for s in there.values() if s.keyed_at is None)]
    _add_rows(sheets, chosen, now, by)
    record_many(
        Event.SHEETS_PRINTED, by=by, prison=prison.code, week=str(week_starts_on), sheets=len(sheets), visits=count
    )
    return sheets


@transaction.atomic
def print_spares(*, by: Actor, now: datetime, prison: Prison, how_many: int) -> list[PaperSheet]:
    """Log sheets with blank rows for when nothing can be printed; whose and which week is written by hand."""
    rules.check_how_many(how_many, rules.MOST_SPARES)
    sheets = _numbered(by, now, prison, PaperSheet.Kind.SPARE, how_many)
    PaperSlip.objects.bulk_create(
        PaperSlip(prison=prison, sheet=sheet, place=place, printed_at=now, printed_by=by.user)
        for sheet in sheets
        for place in range(1, rules.SPARE_ROWS + 1)
    )
    record_many(Event.SHEETS_PRINTED, by=by, prison=prison.code, sheets=how_many, first=sheets[0].number)
    return sheets


@transaction.atomic
def print_forms(*, by: Actor, now: datetime, prison: Prison, kind: str, how_many: int) -> list[PaperSheet]:
    """Numbers for printed referral, concern or interview forms."""
    rules.check_how_many(how_many, rules.MOST_FORMS)
    if kind in PaperSheet.LOGS or kind not in PaperSheet.Kind.values:
        raise NotAllowed("Select which form to print.", field="kind")
    sheets = _numbered(by, now, prison, kind, how_many)
    record_many(
        Event.FORMS_PRINTED, by=by, prison=prison.code, kind=kind, first=sheets[0].number, last=sheets[-1].number
    )
    return sheets


@transaction.atomic
def key_sheet(
    *,
    by: Actor,
    now: datetime,
    sheet: PaperSheet,
    rows: Sequence[RowEntry],
    totals: Totals,
    paper_wrong: bool = False,
    buddy: Buddy | None = None,
    week_starts_on: date | None = None,
) -> Keyed:
    """Save every row of a sheet at once, as from paper. `totals` are those on the paper: they must be those of the
    record afterwards, unless `paper_wrong` says that somebody has looked.

    Rows left empty stay without a record. `buddy` and `week_starts_on` are asked of a spare sheet. Raises `NotAllowed`
    where the sheet or one of its visits is on record already; then nothing is saved.
    """
    rows_of_prison = PaperSheet.objects.for_prison(sheet.prison_id).select_for_update(of=("self",))
    # Nothing joined: a joined row would be that of before the wait.
    sheet = rows_of_prison.get(pk=sheet.pk)
    rules.check_can_key(sheet, keyed_by=sheet.keyed_by.name if sheet.keyed_by else "")
    _say_whose(sheet, buddy, week_starts_on)
    today = london_today(now)
    lines = {line.slip.place or 0: line for line in lines_of(sheet, today)}
    recorded = [(line.visit.outcome, line.visit.minutes) for line in lines.values() if line.visit is not None]
    rules.check_rows(rows, lines, recorded=len(recorded))
    planned = _planned(sheet, rows, {place: line.planned for place, line in lines.items()})
    for row in rows:
        _not_too_late(row, planned[row.planned_id].day, today)
    counted = rules.totals_of([*recorded, *((row.outcome, row.minutes) for row in rows)])
    rules.check_totals(totals, counted, paper_wrong=paper_wrong)
    entries = [_entry(row, lines[row.place].slip, planned[row.planned_id], sheet, now) for row in rows]
    names = [f"Row {row.place}" for row in rows]
    added = log_visits(by=by, now=now, prison=sheet.prison, entries=entries, names=names)
    if added != len(entries):
        # Somebody recorded one of them between our look and our save.
        raise NotAllowed("One of these visits has been recorded in the meantime. Open the sheet again and check it.")
    sheet.keyed_at, sheet.keyed_by = now, by.user
    sheet.done_on_paper, sheet.not_done_on_paper = totals.done, totals.not_done
    sheet.minutes_on_paper = totals.minutes
    sheet.save(
        update_fields=["buddy", "week_starts_on", "keyed_at", "keyed_by", "done_on_paper", "not_done_on_paper",
                       "minutes_on_paper"]
    )  # fmt: skip
    record(Event.SHEET_KEYED, by=by, prison=sheet.prison_id, subject=sheet, visits=added, agree=totals == counted)
    return Keyed(sheet, added, _held(sheet))


def _next_number(prison: Prison) -> int:
    return max(highest_sheet(prison) + 1, rules.FIRST_NUMBER)


def _numbered(by: Actor, now: datetime, prison: Prison, kind: str, how_many: int) -> list[PaperSheet]:
    # A number is given once, also when two people print at once.
    lock_prison(prison)
    first = _next_number(prison)
    made: list[PaperSheet] = PaperSheet.objects.bulk_create(
        PaperSheet(prison=prison, kind=kind, number=first + nth, printed_at=now, printed_by=by.user)
        for nth in range(how_many)
    )
    return made


def _add_rows(sheets: Sequence[PaperSheet], visits: dict[int, list[Wanted]], now: datetime, by: Actor) -> None:
    there = rows_of(sheets)
    new = []
    for sheet in sheets:
        printed = {(row.plan_id, row.day, row.session) for row in there[sheet.pk]}
        wanted = [
            one for one in visits[sheet.buddy_id or 0] if (one.plan.id, one.day, one.session) not in printed
        ]  # fmt: skip
        for place, one in enumerate(wanted, start=len(printed) + 1):
            new.append(
                PaperSlip(
                    prison_id=sheet.prison_id, sheet=sheet, place=place, plan_id=one.plan.id, day=one.day,
                    session=one.session, tasks=list(one.tasks), minutes=one.minutes, printed_at=now,
                    printed_by=by.user,
                )
            )  # fmt: skip
    PaperSlip.objects.bulk_create(new)


def _say_whose(sheet: PaperSheet, buddy: Buddy | None, week_starts_on: date | None) -> None:
    if sheet.kind != PaperSheet.Kind.SPARE:
        return
    if buddy is None or week_starts_on is None or buddy.prison_id != sheet.prison_id:
        raise NotAllowed("Select whose sheet it is and of which week.")
    sheet.buddy, sheet.week_starts_on = buddy, week_starts_on


def _planned(
    sheet: PaperSheet, rows: Sequence[RowEntry], printed: dict[int, PlannedVisit | None]
) -> dict[int, PlannedVisit]:
    """The planned visits of the rows, held until the sheet is saved. A printed row is about what was printed there."""
    found = PlannedVisit.objects.for_prison(sheet.prison_id).select_for_update(of=("self",))
    planned = {one.pk: one for one in found.filter(pk__in=[row.planned_id for row in rows]).order_by("pk")}
    logged = set(Visit.objects.filter(planned__in=planned).values_list("planned_id", flat=True))
    assert sheet.week_starts_on is not None  # a log sheet has one, and a spare one has been told
    week = week_of(sheet.week_starts_on)
    for row in rows:
        there, one = printed[row.place], planned.get(row.planned_id)
        printed_here = sheet.kind == PaperSheet.Kind.SPARE or (there is not None and there.pk == row.planned_id)
        if one is None or not week.contains(one.day) or not printed_here:
            raise NotAllowed(f"Row {row.place} is about another visit. Open the sheet again from its reference.")
        if row.planned_id in logged:
            raise NotAllowed(f"Row {row.place}: {visit_rules.LOGGED}")
    return planned


def _not_too_late(row: RowEntry, day: date, today: date) -> None:
    try:
        visit_rules.check_not_too_late(day, today, visit_rules.DAYS_BACK)
    except NotAllowed as error:
        raise NotAllowed(f"Row {row.place}: {error}") from None


def _entry(row: RowEntry, slip: PaperSlip, planned: PlannedVisit, sheet: PaperSheet, now: datetime) -> VisitEntry:
    happened = row.outcome != Visit.Outcome.NOT_DONE
    return VisitEntry(
        planned_id=row.planned_id,
        outcome=row.outcome,
        minutes=row.minutes,
        tasks_done=row.tasks_done,
        reason=row.reason,
        extra_help=row.extra_help,
        entered_at=now,
        source=Visit.Source.PAPER,
        happened_on=planned.day,
        slip_id=slip.pk,
        # Whose sheet it is came, whoever is down for it by now.
        buddy_id=sheet.buddy_id if happened else planned.buddy_id,
    )


def _held(sheet: PaperSheet) -> int:
    """How many words of this sheet wait for a second person."""
    visits = Visit.objects.filter(slip__sheet=sheet).values("pk")
    return HeldText.objects.filter(place=HeldText.Place.VISIT_EXTRA, subject_id__in=visits).count()
