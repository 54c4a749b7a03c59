"""Alerts, absences and events of a second prison: what the unlock list, suitability and the change list show."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta

from buddyscheme.demo.teller import Teller
from referrals.actions.again import look_again
from referrals.models import Match, Plan
from schemes.actions.absences import record_absence, record_weekly
from schemes.actions.alerts import record_alert
from schemes.actions.directory_events import read_events
from schemes.actions.people import move_cell
from schemes.models import AlertKind, Person
from schemes.queries.people import custody_of


def leave_this_morning(teller: Teller, now: datetime, today: date) -> None:
    """Told last, just before the day is opened: a few people are elsewhere, and a few alerts are on record."""
    matches = list(
        Match.objects.for_prison(teller.prison)
        .filter(status=Match.Status.ACTIVE, plan__status=Plan.Status.ACTIVE)
        .select_related("plan__person", "buddy__person")
        .order_by("id")[:6]
    )
    if len(matches) < 6:
        return
    people = [match.plan.person for match in matches]
    _alert(teller, now, people[0], "PEEP")
    _alert(teller, now, people[1], "XCU")
    _alert(teller, now, people[2], "HA")
    _absence(teller, now, people[3], kind="COURT", starts_on=today)
    _absence(
        teller, now, people[4], kind="HEALTHCARE", starts_on=today, starts_session="AM", ends_on=today,
        ends_session="AM",
    )  # fmt: skip
    later = today + timedelta(days=3)
    _absence(teller, now, people[0], kind="VISIT", starts_on=later, starts_session="PM", ends_on=later,
             ends_session="PM")  # fmt: skip
    record_weekly(
        by=teller.by("OFFICER"), now=now, prison=teller.prison, person=matches[0].buddy.person, kind="EDUCATION",
        weekdays=[today.weekday()], session="AM", starts_on=today,
    )  # fmt: skip
    custody = custody_of(teller.prison, people[1])
    if custody is not None and custody.wing is not None:
        move_cell(
            by=teller.by("OFFICER"), now=now, custody=custody, wing=custody.wing, landing=1, cell="1-19",
        )  # fmt: skip
    _alert(teller, now, matches[5].buddy.person, "RDP")
    look_again(by=teller.by("LEAD"), now=now, prison=teller.prison)
    _events(teller, now, people[2])


def _alert(teller: Teller, now: datetime, person: Person, code: str) -> None:
    record_alert(
        by=teller.by("SECURITY"), now=now, prison=teller.prison, person=person, kind=AlertKind.objects.get(code=code),
        active_from=(now - timedelta(days=1)).date(),
    )  # fmt: skip


def _absence(teller: Teller, now: datetime, person: Person, **period: object) -> None:
    record_absence(by=teller.by("OFFICER"), now=now, prison=teller.prison, person=person, **period)  # type: ignore[arg-type]


def _events(teller: Teller, now: datetime, person: Person) -> None:
    told = [
        {
            "eventType": event,
            "version": 1,
            "occurredAt": (now - timedelta(hours=3)).isoformat(),
            "additionalInformation": {"nomsNumber": person.prison_number},
        }
        for event in (
            "prison-offender-events.prisoner.appointments-changed",
            "prison-offender-events.prisoner.cell.move",
        )
    ]
    read_events(
        by=teller.by("LEAD"), now=now, prison=teller.prison, name="events-last-night.json", text=json.dumps(told)
    )
