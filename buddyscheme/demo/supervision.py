"""Supervision, briefings of staff and hours kept free for the scheme, told by the actions that pages call."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from random import Random

from buddyscheme.demo.teller import Teller
from buddyscheme.lib.dates import london_moment, london_today, week_of
from schemes.actions.protected_time import enter_week
from training.actions.briefings import brief_staff
from training.actions.supervision import hold_group_meeting, hold_one_to_one, miss_one_to_one
from training.models import Supervision, Theme
from training.queries.supervision import may_meet, open_actions, to_do

AGREED = (
    "Ask the wing for gloves in his size",
    "Sit in on the next wheelchair class",
    "Take one afternoon off each week",
    "Show the unlock list when the door is not opened",
    "Talk to the trainer about reading aloud",
    "Swap the Friday visit with the second buddy",
)
ROUNDS = 3
WEEKS = 8


def put_story(teller: Teller) -> None:
    """The last weeks: who is due is mostly seen; each wing's staff is briefed; the busiest prison keeps its hours."""
    # Its own dice, so that nothing else of the story changes.
    dice = Random(f"{teller.prison.code}:{teller.opens_on}:supervision")
    for back in range(ROUNDS, 0, -1):
        day = _working_day(teller.today - timedelta(days=30 * back - 20))
        if day > teller.opens_on:
            teller.put(_at(day, 15), lambda now: _see_who_is_due(teller, now, dice))
            if back == 2:
                teller.put(_at(day, 16), lambda now: _meet(teller, now, dice))
    for nth, back in enumerate((150, 70, 12)):
        day = _working_day(teller.today - timedelta(days=back))
        if day >= teller.opens_on:
            teller.put(_at(day, 12), lambda now, nth=nth: _brief(teller, now, dice, nth))  # type: ignore[misc]
    for back in range(WEEKS, -1, -1):
        monday = week_of(teller.today).first - timedelta(weeks=back)
        if monday > teller.opens_on:
            teller.put(_at(monday, 9), lambda now, over=back > 0: _enter_hours(teller, now, dice, over))  # type: ignore[misc]


def _working_day(day: date) -> date:
    return day - timedelta(days=max(0, day.weekday() - 4))


def _at(day: date, hour: int) -> datetime:
    return london_moment(day, time(hour, 20))


def _see_who_is_due(teller: Teller, now: datetime, dice: Random) -> None:
    """Seven in ten are seen, one in ten is missed with a reason, the others stay late."""
    today, by = london_today(now), teller.by("TRAINER")
    for buddy in to_do(teller.prison, today):
        turn = dice.random()
        if turn < 0.7:
            still_open = list(open_actions(buddy))
            hold_one_to_one(
                by=by,
                now=now,
                buddy=buddy,
                held_on=today,
                themes=dice.sample(Theme.values, dice.randint(1, 3)),
                wellbeing_asked=dice.random() < 0.9,
                actions=dice.sample(AGREED, dice.randint(0, 1)),
                done=[action for action in still_open if dice.random() < 0.6],
            )
        elif turn < 0.8:
            reason = dice.choice(Supervision.Reason.values)
            miss_one_to_one(by=by, now=now, buddy=buddy, missed_on=today, reason=reason)


def _meet(teller: Teller, now: datetime, dice: Random) -> None:
    """A group meeting of those who could come."""
    today = london_today(now)
    came = [b for b in may_meet(teller.prison) if b.started_on and b.started_on <= today and dice.random() < 0.6]
    if came:
        hold_group_meeting(
            by=teller.by("TRAINER"),
            now=now,
            prison=teller.prison,
            held_on=today,
            themes=[Theme.STAFF, Theme.WORKLOAD],
            buddies=came,
        )


def _brief(teller: Teller, now: datetime, dice: Random, nth: int) -> None:
    """Each time on one wing more, and on each more of its staff."""
    lead = teller.staff["LEAD"]
    for wing in teller.wings[: nth + 2]:
        staff = dice.randint(14, 30)
        brief_staff(
            by=teller.by("LEAD"),
            now=now,
            wing=wing,
            held_on=london_today(now),
            led_by=lead.name,
            staff=staff,
            briefed=max(1, round(staff * (0.3 + 0.2 * nth + 0.1 * dice.random()))),
        )


def _enter_hours(teller: Teller, now: datetime, dice: Random, over: bool) -> None:
    """Planned and, where the week is over, worked: less than planned more often than not."""
    hours = [
        (teller.staff[role], Decimal(planned), _worked(planned, dice) if over else None)
        for role, planned in (("LEAD", 18), ("TRAINER", 10))
    ]
    monday = week_of(london_today(now)).first
    enter_week(by=teller.by("LEAD"), now=now, prison=teller.prison, monday=monday, hours=hours)


def _worked(planned: int, dice: Random) -> Decimal:
    return Decimal(round(2 * planned * (0.6 + 0.5 * dice.random()))) / 2
