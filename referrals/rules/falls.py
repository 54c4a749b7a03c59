"""A fall: which times fit together, whether it was by night, and how long the person waited (domain.md 1.4).

Do not lift; raise the alarm; stay. What is measured is how long it took until somebody came who may help: the first of
staff and healthcare, from the alarm on, against the scheme's own answer for that hour.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time, timedelta

from buddyscheme.lib.dates import london_time, minutes_between
from buddyscheme.lib.errors import NotAllowed, Stale
from buddyscheme.lib.rules import twin
from referrals.models import Fall
from referrals.rules.referrals import check_is_here

# Where a prison has no regime for the weekday: ours, by the usual day of a wing.
DAY = (time(8, 0), time(18, 0))
TIMES = ("found_at", "alarm_at", "staff_at", "healthcare_at", "up_at")
LONGEST = timedelta(hours=24)


def is_night(at: datetime, sessions: Iterable[tuple[time, time]]) -> bool:
    """Outside the hours from the first unlock to the last lock-up of that weekday, by the clock in London."""
    times = list(sessions) or [DAY]
    clock = london_time(at).time()
    return not min(unlock for unlock, _ in times) <= clock < max(lock for _, lock in times)


def check_can_record(
    *, here: bool, found_at: datetime, alarm_at: datetime, injury: str, helped_up: str, now: datetime
) -> None:
    """Of somebody who is here; in order, and not in the future."""
    check_is_here(here)
    if injury not in Fall.Injury.values:
        raise NotAllowed("Select whether the person was hurt.", field="injury")
    if helped_up not in Fall.HelpedUp.values:
        raise NotAllowed("Select who helped the person up.", field="helped_up")
    _check_times({"found_at": found_at, "alarm_at": alarm_at}, now)


def check_can_complete(fall: Fall, *, times: dict[str, datetime | None], no_healthcare: bool, version: int,
                       now: datetime) -> None:  # fmt: skip
    """The times that are known so far. None lies before the person was found or more than a day after."""
    if fall.version != version:
        raise Stale("this fall")
    if no_healthcare and times.get("healthcare_at") is not None:
        raise NotAllowed("Enter when healthcare came, or say that nobody called them, not both.", field="healthcare_at")
    _check_times({"found_at": fall.found_at, "alarm_at": fall.alarm_at, **times}, now)


def _check_times(times: dict[str, datetime | None], now: datetime) -> None:
    found = times["found_at"]
    assert found is not None
    for field in TIMES:
        at = times.get(field)
        if at is None:
            continue
        if at > now:
            raise NotAllowed("This time cannot be in the future.", field=field)
        if at < found:
            raise NotAllowed("This time cannot be before the person was found.", field=field)
        if at > found + LONGEST:
            raise NotAllowed("This time is more than a day after the person was found. Check it.", field=field)


def wait_of(fall: Fall) -> int | None:
    """Whole minutes from the alarm until staff or healthcare were there; None while neither is recorded."""
    came = [at for at in (fall.staff_at, fall.healthcare_at) if at is not None]
    return max(minutes_between(fall.alarm_at, min(came)), 0) if came else None


def waited_too_long(fall: Fall) -> bool:
    """Longer than the scheme says that it takes at that hour."""
    wait = wait_of(fall)
    return wait is not None and fall.limit_minutes is not None and wait > fall.limit_minutes


def nobody_recorded(fall: Fall, now: datetime) -> bool:
    """The time that the scheme allows is over, and neither staff nor healthcare are recorded as come."""
    due = fall.alarm_at + timedelta(minutes=fall.limit_minutes or 0)
    return wait_of(fall) is None and due < now


def missing_of(fall: Fall) -> list[str]:
    """Which of the five times are not known yet."""
    missing = []
    if fall.staff_at is None:
        missing.append("staff came")
    if fall.healthcare_at is None and not fall.no_healthcare:
        missing.append("healthcare came")
    if fall.up_at is None:
        missing.append("the person was up")
    return missing


can_record = twin(check_can_record)
