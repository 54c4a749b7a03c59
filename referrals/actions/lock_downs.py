"""A session that did not happen: its visits are recorded as not unlocked, and those it touches are told."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from buddyscheme.accounts.actor import Actor
from buddyscheme.accounts.models import Prison
from buddyscheme.audit.events import Event
from buddyscheme.audit.record import record, record_many
from buddyscheme.lib.bulk import insert_missing
from buddyscheme.lib.dates import london_today
from referrals.actions.visits import log_visits
from referrals.models import SessionNotice, Visit
from referrals.queries.schedule import not_unlocked
from referrals.queries.visits import logged_of
from referrals.rules.visits import DAYS_BACK, VisitEntry
from schemes.models import LockDown


@transaction.atomic
def follow_lock_down(*, by: Actor, now: datetime, lock_down: LockDown) -> int:
    """Record what the lock-down prevented and tell buddies and those they help. Returns how many visits that were.

    What is on record already stays as it is. Safe to run again; a day still to come is followed when it has begun.
    """
    today = london_today(now)
    if lock_down.day > today:
        return 0
    rows = list(
        not_unlocked(lock_down.prison, lock_down.day, lock_down.session, lock_down.wing_id).select_related("buddy")
    )
    logged = logged_of(lock_down.prison, [row.pk for row in rows])
    rows = [row for row in rows if row.pk not in logged]
    entries = [
        VisitEntry(
            planned_id=row.pk,
            outcome=Visit.Outcome.NOT_DONE,
            minutes=0,
            entered_at=now,
            reason=Visit.Reason.NOT_UNLOCKED,
            said_by=Visit.SaidBy.STAFF,
            source=Visit.Source.STAFF,
        )
        for row in rows
    ]
    added = log_visits(by=by, now=now, prison=lock_down.prison, entries=entries)
    people = {(row.person_id, row.session) for row in rows}
    people |= {(row.buddy.person_id, row.session) for row in rows if row.buddy is not None}
    # After two weeks nobody is helped by being told.
    if (today - lock_down.day).days <= DAYS_BACK and people:
        told = [
            {
                "prison_id": lock_down.prison_id,
                "lock_down_id": lock_down.pk,
                "person_id": person_id,
                "day": lock_down.day,
                "session": session,
                "cause": lock_down.cause,
                "told_at": now,
            }
            for person_id, session in sorted(people)
        ]
        insert_missing(SessionNotice, told)
        record_many(
            Event.PEOPLE_TOLD_OF_LOCK_DOWN, by=by, prison=lock_down.prison_id, subject=lock_down, people=len(people)
        )
    return added


@transaction.atomic
def see_notices(*, by: Actor, now: datetime, prison: Prison, person_id: int, until: int) -> int:
    """The person has read what they were told: it is not shown again. What came after the notice `until` was not on
    their screen, and is.
    """
    rows = SessionNotice.objects.for_prison(prison).filter(person_id=person_id, seen_at__isnull=True, pk__lte=until)
    seen = rows.update(seen_at=now)
    if seen:
        record(Event.NOTICE_SEEN, by=by, prison=prison.code, person_id=person_id, notices=seen)
    return seen
