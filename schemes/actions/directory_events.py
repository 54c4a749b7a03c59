"""Events that other systems tell about, read from a file. Each is stored once, so a file may be read again.

What an event changes goes through the very actions that typing uses. An event that is older than what is known undoes
nothing; one that says too little is listed for somebody to look at.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import DatabaseError, OperationalError, transaction

from buddyscheme.accounts.actor import Actor
from buddyscheme.accounts.models import Prison
from buddyscheme.audit.events import Event
from buddyscheme.audit.record import record
from buddyscheme.lib.dates import london_time, london_today
from buddyscheme.lib.errors import NotAllowed
from schemes import event_file
from schemes.actions import absences, alerts, keep_apart, people
from schemes.actions.merging import merge_people
from schemes.event_file import ReadEvent, Unreadable
from schemes.models import (
    Absence,
    Alert,
    CellMove,
    Custody,
    DirectoryEvent,
    EventFile,
    KeepApart,
    Person,
    Session,
    Source,
)
from schemes.queries import directory_events as queries
from schemes.queries.absences import absences_of
from schemes.queries.people import custody_of, last_custody_of, person_ever, person_here, wing_by_code

log = logging.getLogger(__name__)
O = DirectoryEvent.Outcome  # noqa: E741 - outcomes, as statuses are S elsewhere
SOON = timedelta(minutes=5)
SEARCH, OFFENDER = "prisoner-offender-search.prisoner.", "prison-offender-events.prisoner."
MERGED = OFFENDER + "merged"
# When the prison's clock has passed these hours, the next session has begun.
NOON, EVENING = 12, 17
AWAY = {"SENT_TO_COURT": "COURT", "TEMPORARY_ABSENCE_RELEASE": "ROTL", "RELEASED_TO_HOSPITAL": "HOSPITAL"}
BACK = {"RETURN_FROM_COURT": ("COURT",), "TEMPORARY_ABSENCE_RETURN": ("ROTL", "HOSPITAL", "COURT")}
GONE = {"RELEASED": Custody.EndReason.RELEASE, "TRANSFERRED": Custody.EndReason.TRANSFER}


@dataclass(frozen=True)
class Came:
    """What came of one event, in a code and in words, and whose it was."""

    outcome: str
    words: str
    person: Person | None = None


@dataclass(frozen=True)
class Told:
    """One event with all that is needed to follow it."""

    by: Actor
    now: datetime
    prison: Prison
    event: ReadEvent
    person: Person | None

    @property
    def one(self) -> Person:
        """The person, where the handler asked for one."""
        assert self.person is not None
        return self.person

    @property
    def session(self) -> str:
        """The part of the prison's day in which it happened."""
        hour = london_time(self.event.occurred_at).hour
        return Session.MORNING if hour < NOON else Session.AFTERNOON if hour < EVENING else Session.EVENING


@transaction.atomic
def read_events(
    *, by: Actor, now: datetime, prison: Prison, name: str, text: str, most: int = event_file.MOST
) -> EventFile:
    """Read a file, oldest event first whatever its order, and keep what came of every line.

    Raises `NotAllowed` where the file as a whole cannot be read.
    """
    found = event_file.read(text, most)
    # One file at a time at a prison, so that the same event in two files is followed once.
    Prison.objects.select_for_update(no_key=True).get(pk=prison.pk)
    lines = {one.line: _line(one, "", Came(O.UNREADABLE, one.words)) for one in found if isinstance(one, Unreadable)}
    events = sorted((one for one in found if isinstance(one, ReadEvent)), key=lambda e: (e.occurred_at, e.line))
    for event in events:
        lines[event.line] = _line(event, event.type, _take(by, now, prison, event))
    file: EventFile = EventFile.objects.create(
        prison=prison, name=name[:120], lines=[lines[number] for number in sorted(lines)], read_at=now, read_by=by.user
    )
    counts = {code: sum(1 for line in file.lines if line["outcome"] == code) for code in O.values}
    record(Event.EVENTS_READ, by=by, prison=prison.code, subject=file, **{k: v for k, v in counts.items() if v})
    return file


@transaction.atomic
def look_at_event(*, by: Actor, now: datetime, event: DirectoryEvent) -> DirectoryEvent:
    """Somebody has looked at an event that could not be followed by itself."""
    event = DirectoryEvent.objects.select_for_update(of=("self",)).get(pk=event.pk)
    if event.looked_at is not None:
        raise NotAllowed("Somebody has looked at this event already.")
    event.looked_at, event.looked_by = now, by.user
    event.save(update_fields=["looked_at", "looked_by"])
    record(Event.EVENT_LOOKED_AT, by=by, prison=event.prison_id, subject=event, person_id=event.person_id)
    return event


def _line(one: ReadEvent | Unreadable, kind: str, came: Came) -> dict[str, Any]:
    number = one.number if isinstance(one, ReadEvent) else ""
    return {"line": one.line, "type": kind, "number": number, "outcome": str(came.outcome), "words": came.words}


def _take(by: Actor, now: datetime, prison: Prison, event: ReadEvent) -> Came:
    if event.occurred_at > now + SOON:
        return Came(O.UNREADABLE, "The event says that it happens in the future. Check the clock of whoever sent it.")
    if queries.is_stored(prison, event):
        return Came(O.KNOWN, "This very event was read before.")
    came = _follow(by, now, prison, event)
    if came.outcome in DirectoryEvent.KEPT:
        DirectoryEvent.objects.create(
            prison=prison,
            event_type=event.type,
            occurred_at=event.occurred_at,
            identity=event.identity,
            outcome=came.outcome,
            words=came.words[:250],
            person=came.person,
            read_at=now,
            read_by=by.user,
        )
    return came


def _follow(by: Actor, now: datetime, prison: Prison, event: ReadEvent) -> Came:
    handler = HANDLERS.get(event.type)
    if handler is None:
        return Came(O.UNUSED, "Events of this type are not used here.")
    if not event.number:
        return Came(O.UNREADABLE, "The event does not say whom it is about (a prison number).")
    person = person_ever(prison, event.number)
    if person is None and event.type == MERGED:
        return _kept_number_is_new(prison, event)
    if person is None:
        return Came(O.NOBODY, "Nobody on this prison’s list has this number.")
    try:
        with transaction.atomic():
            came = handler(Told(by, now, prison, event, person))
    except NotAllowed as error:
        came = Came(O.LOOK, str(error))
    except OperationalError:
        # The database is away or a lock was lost: nothing to do with this event.
        raise
    except (DatabaseError, ValueError) as error:
        # The kind of fault only: its words may hold what the event says.
        log.warning("an event of type %s was refused by %s", event.type, type(error).__name__)
        came = Came(O.UNREADABLE, "Something in the event does not fit. Record what it says by hand.")
    return came if came.person is not None else Came(came.outcome, came.words, person)


# Where people are --------------------------------------------------------------------------------------


def _received(told: Told) -> Came:
    event, prison = told.event, told.prison
    if event.text("prisonId") not in ("", prison.code):
        return _elsewhere(told)
    kinds = BACK.get(event.text("reason"))
    running = custody_of(prison, told.one)
    if running is not None and kinds is not None:
        return _is_back(told, kinds)
    if running is not None:
        away = _open_absence(told, ("HOSPITAL",))
        return _is_back(told, ("HOSPITAL",)) if away else Came(O.KNOWN, "The person is on this prison’s list.")
    last = last_custody_of(prison, told.one)
    if last is not None and last.ended_at is not None and last.ended_at > event.occurred_at:
        return Came(O.OLDER, "It is known that the person left after this.")
    people.add_person(
        by=told.by,
        now=told.now,
        prison=prison,
        prison_number=told.one.prison_number,
        first_name=told.one.first_name,
        last_name=told.one.last_name,
        born_on=told.one.born_on,
        arrived_at=event.occurred_at,
    )
    return Came(O.DONE, "The person is on this prison’s list again. Record the cell.")


def _elsewhere(told: Told) -> Came:
    if custody_of(told.prison, told.one) is None:
        return Came(O.KNOWN, "The person is not on this prison’s list any more.")
    return Came(O.LOOK, "Another prison has received this person. Record that they have left, if they have.")


def _is_back(told: Told, kinds: tuple[str, ...]) -> Came:
    absence = _open_absence(told, kinds)
    if absence is None:
        return Came(O.KNOWN, "Nobody has recorded the person as away.")
    if (absence.starts_on, absence.starts_session) > (london_today(told.event.occurred_at), told.session):
        return Came(O.OLDER, "The absence on record began after this.")
    try:
        with transaction.atomic():
            absences.come_back(
                by=told.by,
                now=told.now,
                absence=absence,
                back_on=london_today(told.event.occurred_at),
                back_session=told.session,
            )
    except NotAllowed:
        # Out and back within one part of the day: no visit is to be held for it.
        absences.cancel_absence(by=told.by, now=told.now, absence=absence)
    return Came(O.DONE, "The person is back. Visits are planned again.")


def _open_absence(told: Told, kinds: tuple[str, ...]) -> Absence | None:
    rows = absences_of(told.prison).filter(person=told.one, kind__in=kinds, ends_on__isnull=True)
    return rows.order_by("-starts_on", "-id").first()


def _released(told: Told) -> Came:
    event, prison = told.event, told.prison
    reason = event.text("reason")
    if event.text("prisonId") not in ("", prison.code):
        return Came(O.KNOWN, "The person left another prison, not this one.")
    custody = custody_of(prison, told.one)
    if custody is None:
        return Came(O.KNOWN, "The person is not on this prison’s list any more.")
    if custody.started_at >= event.occurred_at or queries.newer(prison, told.one, event, (SEARCH + "received",)):
        return Came(O.OLDER, "It is known that the person came back after this.")
    if reason in AWAY:
        if _open_absence(told, (AWAY[reason],)) is not None:
            return Came(O.KNOWN, "The absence is on record.")
        absences.record_absence(
            by=told.by,
            now=told.now,
            prison=prison,
            person=told.one,
            kind=AWAY[reason],
            starts_on=london_today(event.occurred_at),
            starts_session=told.session,
            source=Source.EVENT,
        )
        return Came(O.DONE, "The support is held until the person is back.")
    if reason not in GONE:
        return Came(O.LOOK, "The event does not say why the person left. Record it on the person’s page.")
    people.end_custody(by=told.by, now=told.now, custody=custody, reason=GONE[reason], left_at=event.occurred_at)
    return Came(O.DONE, "It is recorded that the person has left.")


def _cell_move(told: Told) -> Came:
    event, prison = told.event, told.prison
    custody = custody_of(prison, told.one)
    if custody is None:
        return Came(O.KNOWN, "The person is not on this prison’s list any more.")
    moves = CellMove.objects.for_prison(prison).filter(custody=custody, moved_at__gte=event.occurred_at)
    if custody.started_at > event.occurred_at or moves.exists():
        return Came(O.OLDER, "A later cell is on record.")
    place = event.text("cellLocation").upper().removeprefix(f"{prison.code}-").split("-")
    if len(place) < 3 or not (place[1].isascii() and place[1].isdigit()):
        return Came(O.LOOK, "The event does not say which cell. Record the move on the person’s page.")
    wing, landing, cell = wing_by_code(prison, place[0]), int(place[1]), "-".join(place)
    if wing is None:
        return Came(O.LOOK, f"This prison has no wing {place[0][:8]}. Record the move on the person’s page.")
    if (custody.wing_id, custody.cell) == (wing.pk, cell):
        return Came(O.KNOWN, "The person is in this cell already.")
    people.move_cell(
        by=told.by,
        now=told.now,
        custody=custody,
        wing=wing,
        landing=landing,
        cell=cell,
        moved_at=event.occurred_at,
        source=Source.EVENT,
    )
    return Came(O.DONE, "The cell is recorded.")


# Alerts, keep-apart, numbers ---------------------------------------------------------------------------

ALERT_MADE, ALERT_ENDS = "person.alert.created", ("person.alert.inactive", "person.alert.deleted")
ALERTS_UPDATED = SEARCH + "alerts-updated"


def _alert_created(told: Told) -> Came:
    if queries.newer(told.prison, told.one, told.event, ALERT_ENDS, same=True):
        return Came(O.OLDER, "It is known that this alert ended after this.")
    return _add_alert(told, told.event.text("alertCode"))


def _add_alert(told: Told, code: str) -> Came:
    kind = queries.kind_by_code(code)
    if kind is None:
        return Came(O.LOOK, f"The alert “{code[:12]}” is not on the list here. Ask whether it should be.")
    ended = queries.ended_after(told.one, kind, told.event.occurred_at)
    if ended:
        return Came(O.OLDER, "It is known that this alert ended after this.")
    reference, running = told.event.text("alertUuid")[:64], queries.open_alert(told.one, kind)
    if running is not None and (not reference or running.reference in ("", reference)):
        return Came(O.KNOWN, "This alert is on record.")
    if running is not None:
        # Another record of the same alert: where it comes from there is one at a time, so the earlier one ended.
        if _made_after(told, running):
            return Came(O.OLDER, "A later alert of this kind is on record.")
        alerts.end_alert(by=told.by, now=told.now, prison=told.prison, alert=running, ended_at=_then(told))
    alerts.record_alert(
        by=told.by,
        now=told.now,
        prison=told.prison,
        person=told.one,
        kind=kind,
        active_from=london_today(told.event.occurred_at),
        source=Source.EVENT,
        reference=reference,
    )
    return Came(O.DONE, f"“{kind.words}” is recorded.")


def _alert_ended(told: Told) -> Came:
    return _end_alert(told, told.event.text("alertCode"), told.event.text("alertUuid"))


def _end_alert(told: Told, code: str, reference: str = "") -> Came:
    alert = queries.alert_by(told.one, reference, code)
    if alert is None:
        return Came(O.KNOWN, "No such alert is on record.")
    if alert.source == Source.TYPED and alert.recorded_at > told.event.occurred_at:
        return Came(O.OLDER, "The alert was recorded here after this.")
    if _made_after(told, alert):
        return Came(O.OLDER, "It is known that the alert was made again after this.")
    alerts.end_alert(by=told.by, now=told.now, prison=told.prison, alert=alert, ended_at=_then(told))
    return Came(O.DONE, f"“{alert.kind.words}” has ended.")


def _made_after(told: Told, alert: Alert) -> bool:
    made = queries.stored(told.prison, f"{told.one.prison_number}:{alert.reference}", (ALERT_MADE,))
    return made is not None and made.occurred_at > told.event.occurred_at


def _then(told: Told) -> datetime:
    """When it happened, and no later than now: the clock of whoever sent it may be ahead by minutes."""
    return min(told.event.occurred_at, told.now)


def _alerts_updated(told: Told) -> Came:
    later = queries.later_codes(told.prison, told.one, told.event)
    if later is None:
        return Came(O.LOOK, "A later change of the person’s alerts was read before. Check the person’s alerts.")
    came = [
        Came(O.OLDER, f"A later change of “{code[:12]}” was read.") if code in later else follow(told, code)
        for name, follow in (("alertsAdded", _add_alert), ("alertsRemoved", _end_alert))
        for code in told.event.codes(name)
    ]
    if not came:
        return Came(O.LOOK, "The event does not say which alerts changed. Check the person’s alerts.")
    # The outcome that asks most of the reader stands for all.
    worst = min(came, key=lambda one: (O.LOOK, O.OLDER, O.DONE, O.KNOWN).index(O(one.outcome)))
    return Came(worst.outcome, " ".join(one.words for one in came))


def _kept_apart(told: Told) -> Came:
    other = _other(told)
    if other is None:
        return Came(O.LOOK, "The event does not name two people of this prison. Check the keep-apart records.")
    pair = queries.open_pair(told.one, other)
    if pair is not None:
        changed = told.event.type.endswith("amended")
        words = "The record was changed where it comes from. Check the keep-apart record."
        return Came(O.LOOK, words) if changed else Came(O.KNOWN, "These two are on record as kept apart.")
    ended = queries.newer(told.prison, told.one, told.event, APART_ENDS, same=True)
    if ended or queries.pair_ended_after(told.one, other, told.event.occurred_at):
        return Came(O.OLDER, "It is known that this record ended after this.")
    reason, restriction = told.event.text("reason").upper(), told.event.text("restrictionType").upper()
    keep_apart.keep_apart(
        by=told.by,
        now=told.now,
        prison=told.prison,
        person=told.one,
        other=other,
        reason=reason if reason in KeepApart.Reason.values else KeepApart.Reason.OTHER,
        restriction=restriction if restriction in KeepApart.Restriction.values else KeepApart.Restriction.WING,
    )
    return Came(O.DONE, "The two are on record as kept apart.")


def _apart_ended(told: Told) -> Came:
    other = _other(told)
    if other is None:
        return Came(O.LOOK, "The event does not name two people of this prison. Check the keep-apart records.")
    pair = queries.open_pair(told.one, other)
    if pair is None:
        return Came(O.KNOWN, "No such keep-apart record is open.")
    told_before = queries.stored(told.prison, told.event.identity, (APART_ADDED,))
    made = told_before.occurred_at if told_before is not None else pair.recorded_at
    if made > told.event.occurred_at:
        return Came(O.OLDER, "The keep-apart record was made after this.")
    keep_apart.end_keep_apart(by=told.by, now=told.now, prison=told.prison, pair=pair.pair, ended_at=_then(told))
    return Came(O.DONE, "The keep-apart record has ended.")


def _other(told: Told) -> Person | None:
    """The second of the two, if held here: the record of somebody who has left is the next prison's."""
    return person_here(told.prison, told.event.numbers[1]) if len(told.event.numbers) > 1 else None


def _merged(told: Told) -> Came:
    if len(told.event.numbers) < 2:
        return Came(O.LOOK, "The event does not name both numbers. Check who this person is.")
    old = person_ever(told.prison, told.event.numbers[1])
    if old is None:
        return Came(O.KNOWN, "Nobody here has the old number.")
    goes_on = merge_people(by=told.by, now=told.now, prison=told.prison, old=old, kept=told.one)
    return Came(O.DONE, f"The two records are one, under {goes_on.prison_number}.", goes_on)


def _kept_number_is_new(prison: Prison, event: ReadEvent) -> Came:
    old = person_ever(prison, event.numbers[1]) if len(event.numbers) > 1 else None
    if old is None:
        return Came(O.NOBODY, "Nobody on this prison’s list has either of the two numbers.")
    return Came(O.LOOK, f"Add {event.number} to the people here, then join {old.prison_number} with it.", old)


def _look(words: str) -> Callable[[Told], Came]:
    return lambda told: Came(O.LOOK, words)


def _of_people_here(handler: Callable[[Told], Came]) -> Callable[[Told], Came]:
    """Records of somebody who has left are those of the next prison."""

    def follow(told: Told) -> Came:
        if custody_of(told.prison, told.one) is None:
            return Came(O.KNOWN, "The person is not on this prison’s list any more.")
        return handler(told)

    return follow


APART_ADDED, APART_ENDS = "non-associations.created", ("non-associations.closed", "non-associations.deleted")
HANDLERS: dict[str, Callable[[Told], Came]] = {
    SEARCH + "received": _received,
    SEARCH + "released": _released,
    SEARCH + "updated": _look("The person’s details changed where they come from. Check them."),
    ALERTS_UPDATED: _of_people_here(_alerts_updated),
    OFFENDER + "cell.move": _cell_move,
    MERGED: _merged,
    OFFENDER + "non-association-detail.changed": _look("A keep-apart record changed. Check the keep-apart records."),
    OFFENDER + "activities-changed": _look("Work or education changed. Check the person’s weekly work."),
    OFFENDER + "appointments-changed": _look("Appointments changed. Check the person’s appointments."),
    ALERT_MADE: _of_people_here(_alert_created),
    "person.alert.updated": _look("An alert changed where it comes from. Check the person’s alerts."),
    "person.alert.inactive": _of_people_here(_alert_ended),
    "person.alert.deleted": _of_people_here(_alert_ended),
    APART_ADDED: _of_people_here(_kept_apart),
    "non-associations.amended": _of_people_here(_kept_apart),
    "non-associations.closed": _of_people_here(_apart_ended),
    "non-associations.deleted": _of_people_here(_apart_ended),
}
