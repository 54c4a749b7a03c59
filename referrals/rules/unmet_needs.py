"""Unmet personal care: what becomes a need, and when it may be put to somebody and met."""

from __future__ import annotations

from datetime import date

from buddyscheme.lib.errors import NotAllowed, Stale
from buddyscheme.lib.fields import day_in_words
from buddyscheme.lib.rules import twin
from referrals.models import UnmetNeed, UnmetNeedPut
from referrals.rules.referrals import check_is_here
from schemes.models import TaskKind

FUTURE = "This date cannot be in the future."


def check_can_open(*, task: TaskKind, known_on: date, today: date, here_since: date | None, open_already: bool) -> None:
    """A kind of personal care, for somebody who is here, known on a day that they were here, recorded once."""
    check_is_here(here_since is not None)
    if task.opens != TaskKind.Opens.UNMET_NEED:
        raise NotAllowed("Select a kind of personal care from the list.", field="task")
    if known_on > today:
        raise NotAllowed(FUTURE, field="known_on")
    if here_since is not None and known_on < here_since:
        since = day_in_words(here_since)
        raise NotAllowed(f"Enter a date on or after {since}, when the person came to this prison.", field="known_on")
    if open_already:
        raise NotAllowed("This need is recorded already, and its days are being counted.", field="task")


def check_can_put(need: UnmetNeed, *, to: str, department: str, put_on: date, today: date, version: int) -> None:
    """While it is open; to the council, to healthcare or to a department by name, on a day since it was known."""
    _check_open(need, version)
    if to not in UnmetNeedPut.To.values:
        raise NotAllowed("Select whom the need was put to.", field="to")
    if to == UnmetNeedPut.To.DEPARTMENT and not department.strip():
        raise NotAllowed("Enter which department, for example residence or safer custody.", field="department")
    _check_day(need, put_on, today, "put_on")


def check_can_answer(put: UnmetNeedPut, *, answered_on: date, said: str, today: date) -> None:
    """In words, on a day since it was put to them."""
    if not said.strip():
        raise NotAllowed("Enter what they said.", field="said")
    if answered_on > today:
        raise NotAllowed(FUTURE, field="answered_on")
    if answered_on < put.put_on:
        asked = day_in_words(put.put_on)
        raise NotAllowed(f"This date cannot be before {asked}, when it was put to them.", field="answered_on")


def check_can_meet(need: UnmetNeed, *, met_on: date, met_how: str, today: date, version: int) -> None:
    """Once, on a day since it was known, with a word on how."""
    _check_open(need, version)
    _check_day(need, met_on, today, "met_on")
    if not met_how.strip():
        raise NotAllowed("Enter how the need is met now.", field="met_how")


def _check_open(need: UnmetNeed, version: int) -> None:
    if need.met_on is not None:
        raise NotAllowed("This need is recorded as met.")
    if need.left_on is not None:
        raise NotAllowed("The person has left this prison, and the need is no longer counted here.")
    if need.version != version:
        raise Stale("this need")


def _check_day(need: UnmetNeed, day: date, today: date, field: str) -> None:
    if day > today:
        raise NotAllowed(FUTURE, field=field)
    if day < need.known_on:
        known = day_in_words(need.known_on)
        raise NotAllowed(f"This date cannot be before {known}, when the need was known.", field=field)


can_put = twin(check_can_put)
can_meet = twin(check_can_meet)
