"""A person's needs: noted from somebody, confirmed by staff, ended by staff."""

from __future__ import annotations

from datetime import date

from buddyscheme.lib.errors import NotAllowed
from buddyscheme.lib.rules import twin
from referrals.models import Need

ENDED = "This need has ended already. Add it again if the person needs it again."


def check_can_confirm(need: Need) -> None:
    """Once, while it runs."""
    if need.ended_at is not None:
        raise NotAllowed(ENDED)
    if need.confirmed_at is not None:
        raise NotAllowed("This need is confirmed already.")


def check_can_end(need: Need, *, ended_on: date, today: date) -> None:
    """On a day from the one on which it was noted to today."""
    if need.ended_at is not None:
        raise NotAllowed(ENDED)
    if not need.noted_on <= ended_on <= today:
        raise NotAllowed("The day must be from the day the need was noted to today.", field="ended_on")


can_confirm = twin(check_can_confirm)
