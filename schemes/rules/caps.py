"""How much a buddy may do: a scheme's caps within the national ones, and lower ones for one buddy."""

from __future__ import annotations

from dataclasses import dataclass

from buddyscheme.lib.errors import NotAllowed
from schemes.models import Buddy
from schemes.models.scheme import MOST_DAYS, MOST_MINUTES, MOST_PEOPLE
from schemes.rules.buddies import IN_ROLE


@dataclass(frozen=True, kw_only=True)
class Caps:
    """People at a time, minutes a week, days one after the other."""

    capacity: int
    weekly_minutes: int
    days_in_row: int


NATIONAL = Caps(capacity=MOST_PEOPLE, weekly_minutes=MOST_MINUTES, days_in_row=MOST_DAYS)


def check_within(caps: Caps, most: Caps, *, whose: str) -> None:
    """No cap beyond another set of caps, and none below what one visit takes."""
    if not 1 <= caps.capacity <= most.capacity:
        raise NotAllowed(f"Enter from 1 to {most.capacity} people: {whose} is the most.", field="capacity")
    if not 30 <= caps.weekly_minutes <= most.weekly_minutes:
        hours = most.weekly_minutes // 60
        raise NotAllowed(f"Enter from 1 to {hours} hours a week: {whose} is the most.", field="hours")
    if not 1 <= caps.days_in_row <= most.days_in_row:
        raise NotAllowed(f"Enter from 1 to {most.days_in_row} days: {whose} is the most.", field="days_in_row")


def check_can_set_for(buddy: Buddy, caps: Caps, *, scheme: Caps, rest_day: int) -> None:
    """For somebody in the role, within the scheme's caps, with a day of rest."""
    if buddy.status not in IN_ROLE:
        raise NotAllowed(
            f"{buddy.person.full_name} is not in the role (the record says “{buddy.get_status_display()}”)."
        )
    check_within(caps, scheme, whose="the scheme’s cap")
    if rest_day not in range(7):
        raise NotAllowed("Select the day of rest.", field="rest_day")
