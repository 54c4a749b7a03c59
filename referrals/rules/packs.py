"""When a buddy's record goes to the next prison, and when the next prison is late with it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta

from buddyscheme.accounts.models import Prison
from buddyscheme.lib.bank_holidays import bank_holiday_on
from buddyscheme.lib.errors import NotAllowed
from schemes.models import Buddy
from training.models import Module
from training.rules.results import is_trainable

# Working days in which the next prison acknowledges.
TIME_TO_ANSWER = 2
SATURDAY = 5


def months_between(first: date, last: date) -> int:
    """Whole months from one day to another; none where the last is before the first."""
    months = (last.year - first.year) * 12 + last.month - first.month - (last.day < first.day)
    return max(months, 0)


def answer_by(sent_on: date) -> date:
    """The last day in time: two working days after the day of sending."""
    day, left = sent_on, TIME_TO_ANSWER
    while left:
        day += timedelta(days=1)
        left -= day.weekday() < SATURDAY and not bank_holiday_on(day)
    return day


def newest_overdue(today: date) -> date:
    """The newest day of sending whose time to answer has passed."""
    day = today - timedelta(days=1)
    while answer_by(day) >= today:
        day -= timedelta(days=1)
    return day


def check_can_send(buddy: Buddy, *, held_here: bool, anything: bool, to: Prison | None, sent: Collection[str]) -> None:
    """Of somebody who has moved and who has something to take along; once to each prison that uses the service."""
    name = buddy.person.full_name
    if held_here:
        raise NotAllowed(f"{name} is still on this prison’s list. Record first that the person has left.")
    if not anything:
        raise NotAllowed(f"There is nothing to send: {name} passed no module and never started in the role.")
    if to is None:
        return
    if to.pk == buddy.prison_id or to.closed or not to.switched_on:
        raise NotAllowed("Select another prison that uses the service.", field="to_prison")
    if to.pk in sent:
        raise NotAllowed(f"This record has been sent to {to.name} already.", field="to_prison")


def check_can_acknowledge(*, acknowledged: bool) -> None:
    """Once."""
    if acknowledged:
        raise NotAllowed("This record has been acknowledged already.")


def check_can_decide(*, buddy: Buddy | None, held_here: bool, number: str) -> None:
    """Modules count for somebody who is held here and in training, so that comes first."""
    if not held_here:
        raise NotAllowed(f"Nobody with the number {number} is on this prison’s list. Add the person first.")
    if buddy is None or not is_trainable(buddy):
        raise NotAllowed(
            "The person is not in training here yet. Record an application first: modules are decided once the role "
            "has been offered."
        )


def check_is_known(module: Module | None, code: str) -> None:
    """A module that this prison teaches: a national one, or one of its own."""
    if module is None:
        raise NotAllowed(f"Module {code} is not in this prison’s catalogue, so it cannot be accepted.", field=code)
