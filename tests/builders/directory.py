"""Alerts, absences and weekly work, made by the actions that the pages call. Run inside `with at_prison(here):`.

alert = alert_on(person, "ROP", lead, now)
away = away_on(person, "COURT", lead, now)                  from today, without an end
away_on(person, "HEALTHCARE", lead, now, session="AM", ends_on=today)
weekly_of(person, lead, now, weekdays=[0, 1], session="AM")
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

from buddyscheme.accounts.models import Prison, User
from buddyscheme.lib.dates import london_today
from schemes.actions.absences import record_absence, record_weekly
from schemes.actions.alerts import record_alert
from schemes.actions.directory_events import read_events
from schemes.catalogue import load_alerts
from schemes.models import Absence, Alert, AlertKind, Custody, EventFile, Person, WeeklyActivity
from tests.builders.buddies import as_owner
from tests.cast import acts


def alert_kind(code: str = "ROP") -> AlertKind:
    """A code of the list, which is loaded if it was not."""
    if not AlertKind.objects.exists():
        with as_owner():
            load_alerts()
    return AlertKind.objects.get(code=code)


def alert_on(person: Person, code: str, by: User, now: datetime, **fields: Any) -> Alert:
    """A running alert since today."""
    values = {"active_from": london_today(now), **fields}
    prison = prison_of(person)
    return record_alert(by=acts(by, prison), now=now, prison=prison, person=person, kind=alert_kind(code), **values)


def away_on(
    person: Person,
    kind: str,
    by: User,
    now: datetime,
    *,
    starts_on: date | None = None,
    session: str = "",
    ends_on: date | None = None,
    ends_session: str | None = None,
) -> Absence:
    """Somebody who is elsewhere from today on."""
    prison = prison_of(person)
    return record_absence(
        by=acts(by, prison),
        now=now,
        prison=prison,
        person=person,
        kind=kind,
        starts_on=starts_on or london_today(now),
        starts_session=session,
        ends_on=ends_on,
        ends_session=(session if ends_on else "") if ends_session is None else ends_session,
    )


def weekly_of(
    person: Person, by: User, now: datetime, *, weekdays: Sequence[int] = range(7), session: str = "AM"
) -> WeeklyActivity:
    """Work of every week since today."""
    prison = prison_of(person)
    return record_weekly(
        by=acts(by, prison), now=now, prison=prison, person=person, kind="WORK", weekdays=list(weekdays),
        session=session, starts_on=london_today(now),
    )  # fmt: skip


SEARCH, OFFENDER = "prisoner-offender-search.prisoner.", "prison-offender-events.prisoner."
PREFIXES = {
    **dict.fromkeys(("received", "released", "updated", "alerts-updated"), SEARCH),
    **dict.fromkeys(("cell.move", "merged", "appointments-changed", "activities-changed"), OFFENDER),
}


def told(kind: str, person: Person | str, at: datetime | None = None, **info: Any) -> dict[str, Any]:
    """An event in the envelope in which it comes."""
    number = person if isinstance(person, str) else person.prison_number
    return {
        "eventType": f"{PREFIXES.get(kind, '')}{kind}",
        "version": 1,
        "occurredAt": (at or datetime(2026, 11, 23, 9, 0, tzinfo=UTC)).isoformat(),
        "additionalInformation": {"nomsNumber": number, **info},
        "personReference": {"identifiers": [{"type": "NOMS", "value": number}]},
    }


def events_read(prison: Prison, by: User, now: datetime, *events: dict[str, Any]) -> EventFile:
    """A file of these events, read."""
    text = "\n".join(json.dumps(event) for event in events)
    return read_events(by=acts(by, prison), now=now, prison=prison, name="events.jsonl", text=text)


def prison_of(person: Person) -> Prison:
    """Where the person is now."""
    return Custody.objects.select_related("prison").get(person=person, ended_at__isnull=True).prison
