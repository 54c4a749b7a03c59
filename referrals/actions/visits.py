"""Recording visits, one or many, and correcting them. Nothing recorded is ever changed: a correction is a new row."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction

from buddyscheme.accounts.actor import Actor
from buddyscheme.accounts.models import Prison
from buddyscheme.audit.events import Event
from buddyscheme.audit.record import record, record_many
from buddyscheme.lib.bulk import insert_missing
from buddyscheme.lib.dates import london_today
from buddyscheme.lib.errors import NotAllowed
from buddyscheme.outbox.publish import month_changed
from referrals.actions.boundary import hold_text
from referrals.boundary import Hit
from referrals.models import HeldText, PaperSlip, PlannedVisit, TerminalWindow, Visit, VisitLook
from referrals.queries.visits import is_logged, logged_of, matched_buddies, matched_by_visit, planned_facts
from referrals.rules import slips as slip_rules
from referrals.rules import visits as rules
from referrals.rules.boundary import check_words
from referrals.rules.visits import PlannedFact, Report, VisitEntry
from schemes.models import Buddy


@transaction.atomic
def log_visit(
    *,
    by: Actor,
    now: datetime,
    planned: PlannedVisit,
    outcome: str,
    minutes: int,
    tasks_done: Iterable[str],
    reason: str = "",
    said_by: str = "",
    extra_help: str = "",
    source: str,
    happened_on: date,
    window: TerminalWindow | None = None,
    slip: PaperSlip | None = None,
    buddy: Buddy | None = None,
) -> Visit:
    """Record what came of a planned visit, once. `buddy` is who came, where that is not who was down for it.

    Raises `NotAllowed` when it is on record already: nothing is half written.
    """
    planned = PlannedVisit.objects.select_for_update(of=("self",)).select_related("buddy").get(pk=planned.pk)
    today = london_today(now)
    fact = _fact(planned)
    at_terminal = source == Visit.Source.TERMINAL
    rules.check_can_log(
        fact,
        happened_on=happened_on,
        today=today,
        logged=is_logged(planned),
        days_back=0 if at_terminal else rules.DAYS_BACK,
    )
    own = planned.buddy is not None and by.kind == "person" and planned.buddy.person_id == by.id
    rules.check_source(source, own=own, window=window is not None, slip=slip is not None)
    report = _checked(fact, outcome, minutes, tasks_done, reason, rules.said_by(source, said_by), extra_help)
    came = buddy.pk if buddy is not None else planned.buddy_id
    # Only asked where it is somebody else, or nobody: an ordinary visit costs no further query.
    ask = planned.buddy_id is None or came != planned.buddy_id
    matched = set(matched_buddies(planned).values_list("pk", flat=True)) if ask else set()
    rules.check_who_came(fact, report, came, matched)
    if slip is not None:
        slip_rules.check_can_use(_locked_slip(slip, planned), used=_is_used(slip))
    report, held = _take_out_held(by, report)
    visit = _create(
        planned=planned,
        buddy_id=came,
        **_told(report),
        source=source,
        happened_on=happened_on,
        entered_at=now,
        late=today != happened_on,
        entered_by=by.user,
        window=window,
        slip=slip,
    )
    _hold(by, now, visit, held)
    record(
        Event.VISIT_LOGGED,
        by=by,
        prison=planned.prison_id,
        subject=visit,
        person_id=planned.person_id,
        planned=planned.pk,
        outcome=outcome,
        source=source,
    )
    month_changed(planned.prison_id, [planned.day])
    return visit


@transaction.atomic
def log_visits(
    *, by: Actor, now: datetime, prison: Prison, entries: list[VisitEntry], names: Sequence[str] = ()
) -> int:
    """Record many visits at once: an import, or the demonstration. Returns how many were new.

    Every entry is checked by the same rules, but for the two weeks; those on record already are left alone, so
    the same list may come again. The first bad entry refuses all, and is named by its place in the list, or by `names`.
    """
    known = {fact.id: fact for fact in planned_facts(prison, [entry.planned_id for entry in entries])}
    logged = logged_of(prison, list(known))
    named = [entry.planned_id for entry in entries if entry.buddy_id is not None]
    matched = matched_by_visit(prison, named) if named else {}
    rows: list[dict[str, Any]] = []
    held: dict[int, Held] = {}
    for place, entry in enumerate(entries, start=1):
        if entry.planned_id in logged:
            continue
        logged.add(entry.planned_id)
        try:
            row, words = _row_of(by, entry, prison, known.get(entry.planned_id), matched)
        except NotAllowed as error:
            where = names[place - 1] if names else f"Line {place}"
            raise NotAllowed(f"{where}: {error}", field=error.field) from None
        rows.append(row)
        if words is not None:
            held[entry.planned_id] = words
    added = insert_missing(Visit, rows)
    for visit in Visit.objects.filter(planned__in=held, replaces__isnull=True):
        _hold(by, now, visit, held[visit.planned_id])
    if added:
        record_many(Event.VISITS_LOGGED, by=by, prison=prison.code, visits=added)
        month_changed(prison.code, {row["day"] for row in rows})
    return added


@transaction.atomic
def correct_visit(
    *,
    by: Actor,
    now: datetime,
    visit: Visit,
    outcome: str,
    minutes: int,
    tasks_done: Iterable[str],
    reason: str = "",
    said_by: str = "",
    extra_help: str = "",
    correction_reason: str,
) -> Visit:
    """Write a new version of a visit; the first one stays. Whoever corrects has looked at it."""
    planned = PlannedVisit.objects.select_for_update(of=("self",)).get(pk=visit.planned_id)
    visit = Visit.objects.get(pk=visit.pk)
    fact = _fact(planned)
    said = rules.said_by(Visit.Source.STAFF, said_by)
    report = _checked(fact, outcome, minutes, tasks_done, reason, said, extra_help)
    replaced = Visit.objects.filter(replaces=visit).exists()
    rules.check_can_correct(visit, report, replaced=replaced, correction_reason=correction_reason)
    report, held = _take_out_held(by, report)
    newer = _create(
        planned=planned,
        buddy_id=visit.buddy_id,
        **_told(report),
        # What stands here now is staff's word, wherever the first version came from.
        source=Visit.Source.STAFF,
        happened_on=visit.happened_on,
        entered_at=now,
        late=visit.late,
        entered_by=by.user,
        replaces=visit,
        correction_reason=correction_reason.strip(),
    )
    _hold(by, now, newer, held)
    VisitLook.objects.create(
        prison_id=visit.prison_id, visit=newer, result=VisitLook.Result.CORRECTED, at=now, by=by.user
    )
    record(
        Event.VISIT_CORRECTED,
        by=by,
        prison=visit.prison_id,
        subject=newer,
        person_id=visit.person_id,
        first=visit.pk,
        outcome=outcome,
    )
    month_changed(visit.prison_id, [visit.day])
    return newer


def _fact(planned: PlannedVisit) -> PlannedFact:
    return PlannedFact(
        id=planned.pk,
        person_id=planned.person_id,
        buddy_id=planned.buddy_id,
        day=planned.day,
        session=planned.session,
        tasks=tuple(planned.tasks),
        cancelled=planned.cancelled_at is not None,
    )


def _checked(
    fact: PlannedFact, outcome: str, minutes: int, tasks_done: Iterable[str], reason: str, said_by: str, extra_help: str
) -> Report:
    report = Report(
        outcome=outcome,
        minutes=minutes,
        tasks_done=tuple(tasks_done),
        reason=reason,
        said_by=said_by,
        extra_help=extra_help.strip(),
    )
    rules.check_report(report, fact)
    return rules.tidy(report, fact)


def _told(report: Report) -> dict[str, Any]:
    return {
        "outcome": report.outcome,
        "minutes": report.minutes,
        "tasks_done": list(report.tasks_done),
        "reason": report.reason,
        "said_by": report.said_by,
        "extra_help": report.extra_help,
    }


def _create(*, planned: PlannedVisit, **values: Any) -> Visit:
    visit = Visit(
        prison_id=planned.prison_id,
        planned=planned,
        person_id=planned.person_id,
        day=planned.day,
        session=planned.session,
        **values,
    )
    try:
        # Should the database refuse the second of two, the action's own block rolls back and its caller's lives on.
        visit.save(force_insert=True)
    except IntegrityError as error:
        raise NotAllowed(rules.LOGGED) from error
    return visit


Held = tuple[str, tuple[Hit, ...]] | None


def _take_out_held(by: Actor, report: Report) -> tuple[Report, Held]:
    """Words that seem to speak of a prohibited task do not go into the visit: a second person sees them first."""
    hits = check_words(report.extra_help)
    if not hits:
        return report, None
    if by.user is None:
        raise NotAllowed("Please tell staff about the extra help instead of writing it here.", field="extra_help")
    return replace(report, extra_help=""), (report.extra_help, hits)


def _hold(by: Actor, now: datetime, visit: Visit, held: Held) -> None:
    if held is not None:
        hold_text(
            by=by,
            now=now,
            prison=visit.prison,
            plan=visit.planned.plan,
            place=HeldText.Place.VISIT_EXTRA,
            subject_id=visit.pk,
            words=held[0],
            hits=held[1],
        )


def _row_of(
    by: Actor, entry: VisitEntry, prison: Prison, fact: PlannedFact | None, matched: dict[int, set[int]]
) -> tuple[dict[str, Any], Held]:
    if fact is None:
        raise NotAllowed("This visit was not planned at this prison.")
    happened_on = entry.happened_on or fact.day
    entered_on = london_today(entry.entered_at)
    rules.check_can_log(fact, happened_on=happened_on, today=entered_on, logged=False, days_back=None)
    rules.check_source(entry.source, own=True, window=entry.window_id is not None, slip=entry.slip_id is not None)
    rules.check_report(entry.report, fact)
    report = rules.tidy(entry.report, fact)
    came = entry.buddy_id if entry.buddy_id is not None else fact.buddy_id
    rules.check_who_came(fact, report, came, matched.get(fact.id, set()))
    report, held = _take_out_held(by, report)
    return {
        "prison_id": prison.pk,
        "planned_id": fact.id,
        "person_id": fact.person_id,
        "buddy_id": came,
        "day": fact.day,
        "session": fact.session,
        **_told(report),
        "source": entry.source,
        "happened_on": happened_on,
        "entered_at": entry.entered_at,
        "late": entered_on != happened_on,
        "entered_by_id": None if entry.source == Visit.Source.TERMINAL else by.id,
        "window_id": entry.window_id,
        "slip_id": entry.slip_id,
        "correction_reason": "",
    }, held


def _locked_slip(slip: PaperSlip, planned: PlannedVisit) -> PaperSlip:
    found: PaperSlip = PaperSlip.objects.for_prison(planned.prison_id).select_for_update(of=("self",)).get(pk=slip.pk)
    return found


def _is_used(slip: PaperSlip) -> bool:
    return Visit.objects.filter(slip=slip).exists()
