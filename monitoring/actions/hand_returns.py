"""Returning a quarter by hand."""

from __future__ import annotations

from datetime import date, datetime
from typing import TypedDict, Unpack

from django.db import transaction

from buddyscheme.accounts.actor import Actor
from buddyscheme.accounts.models import Prison
from buddyscheme.audit.events import Event
from buddyscheme.audit.record import record
from buddyscheme.lib.dates import Quarter, london_today
from buddyscheme.lib.errors import Stale
from buddyscheme.scope.transaction import one_at_a_time
from monitoring.models import HandReturn
from monitoring.models.hand_return import COUNTS
from monitoring.queries.hand_returns import newest_of, runs_here
from monitoring.rules.hand_returns import check_can_return_by_hand, check_hand_return


class Said(TypedDict):
    """What a return says. None, or empty words, is not returned."""

    sort: str
    help_known: str
    buddies: int | None
    trained: int | None
    paid: int | None
    helped: int | None
    referred: int | None
    waiting: int | None
    unmet: int | None
    source: str
    source_on: date


@transaction.atomic
def return_by_hand(
    *, by: Actor, now: datetime, prison: Prison, quarter: Quarter, version: int, reason: str = "", **said: Unpack[Said]
) -> HandReturn:
    """A new version of what is known of the quarter. `version` is the one that was on screen, 0 where there was none.

    Run in the national role for a prison of which nobody here is a member.
    """
    one_at_a_time(f"by-hand:{prison.code}:{quarter.code}")
    last = newest_of(prison, quarter)
    if (last.version if last else 0) != version:
        raise Stale("this return")
    today = london_today(now)
    check_can_return_by_hand(
        quarter, today=today, in_scope=prison.in_scope and not prison.closed, runs_here=runs_here(prison, quarter)
    )
    check_hand_return(
        quarter,
        sort=said["sort"],
        help_known=said["help_known"],
        counts={name: said[name] for name in COUNTS},  # type: ignore[literal-required]
        source=said["source"],
        source_on=said["source_on"],
        reason=reason,
        first=last is None,
        today=today,
    )
    row: HandReturn = HandReturn.objects.create(
        prison=prison,
        period=quarter.code,
        first_day=quarter.first,
        version=version + 1,
        reason="" if last is None else reason.strip(),
        returned_at=now,
        returned_by=by.user,
        **said,
    )
    record(Event.RETURNED_BY_HAND, by=by, prison=prison.code, subject=row, quarter=quarter.code, version=row.version)
    return row
