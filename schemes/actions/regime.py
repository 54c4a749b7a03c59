"""Recording that people were not unlocked, and when they are on bank holidays."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction

from buddyscheme.accounts.actor import Actor
from buddyscheme.accounts.models import Prison, Wing
from buddyscheme.audit.events import Event
from buddyscheme.audit.record import record
from buddyscheme.lib.dates import london_today
from buddyscheme.outbox.publish import month_changed, publish
from schemes.models import HolidayRegime, LockDown
from schemes.models.regime import HOLIDAY_TIMES
from schemes.rules import regime as rules
from schemes.rules.regime import HolidayRow

# The app above records the visits of the session as not unlocked, and tells the people.
LOCKED_DOWN = "regime.locked_down"


@transaction.atomic
def record_lock_down(
    *, by: Actor, now: datetime, prison: Prison, day: date, wing: Wing | None = None, session: str = "",
    cause: str = LockDown.Cause.OTHER, reason: str = "",
) -> LockDown:  # fmt: skip
    """Record a lock-down of a day or a session, on one wing or (no wing) on all: it is cancelled.

    Whoever it touches is told, and their visits are recorded as not unlocked, by the app above.
    """
    Prison.objects.select_for_update().get(pk=prison.pk)
    recorded = LockDown.objects.for_prison(prison).filter(day=day, wing=wing, session=session).exists()
    rules.check_can_record_lock_down(
        prison, day, wing, session, cause, reason, today=london_today(now), recorded=recorded
    )
    lock_down: LockDown = LockDown.objects.create(
        prison=prison,
        day=day,
        wing=wing,
        session=session,
        cause=cause,
        reason=reason.strip() or str(LockDown.Cause(cause).label),
        recorded_at=now,
        recorded_by=by.user,
    )
    record(Event.LOCK_DOWN_RECORDED, by=by, prison=prison.code, subject=lock_down, day=str(day), session=session)
    month_changed(prison.code, [day])
    publish(LOCKED_DOWN, prison=prison.code, key=f"lock_down:{lock_down.pk}", lock_down=lock_down.pk)
    return lock_down


@transaction.atomic
def set_holiday_regime(
    *, by: Actor, now: datetime, prison: Prison, like_weekday: int | None, times: Sequence[HolidayRow] = ()
) -> HolidayRegime:
    """Settle when people are unlocked on bank holidays: as on a weekday (0 is Monday), or (None) at these times.

    `times` are rows of session, unlock and lock-up; a session that is not among them has no unlock.
    """
    rules.check_can_set_holiday(like_weekday, times)
    Prison.objects.select_for_update(no_key=True).get(pk=prison.pk)
    row = HolidayRegime.objects.for_prison(prison).first() or HolidayRegime(prison=prison)
    row.like_weekday, row.set_at, row.set_by = like_weekday, now, by.user
    given = {} if like_weekday is not None else {session: (unlock, lock) for session, unlock, lock in times}
    for session, names in HOLIDAY_TIMES.items():
        for name, value in zip(names, given.get(session, (None, None)), strict=True):
            setattr(row, name, value)
    row.save()
    as_words = [f"{session} {unlock:%H:%M} {lock:%H:%M}" for session, (unlock, lock) in given.items()]
    record(Event.HOLIDAY_REGIME_SET, by=by, prison=prison.code, subject=row, like=like_weekday, times=as_words)
    return row
