"""Returning a quarter's costs, and keeping the price index."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import TypedDict, Unpack

from django.db import transaction

from buddyscheme.accounts.actor import Actor
from buddyscheme.accounts.models import Prison
from buddyscheme.audit.events import Event
from buddyscheme.audit.record import record
from buddyscheme.lib.dates import Quarter, london_today
from buddyscheme.lib.errors import Stale
from buddyscheme.outbox.publish import month_changed
from buddyscheme.scope.transaction import DatabaseRole, one_at_a_time, scoped
from monitoring.models import CostReturn, PriceIndex
from monitoring.models.cost import AMOUNTS, SHARES
from monitoring.queries.costs import newest_returns, quarter_is_closed
from monitoring.queries.figures import opened_on
from monitoring.rules.costs import check_can_return_costs, check_costs, check_price_index


class Said(TypedDict):
    """What a return says. None is not known."""

    lead_hours: Decimal | None
    lead_rate_pence: int | None
    staff_hours: Decimal | None
    staff_rate_pence: int | None
    training_pence: int | None
    contract_pence: int | None
    equipment_pence: int | None
    setup_pence: int | None
    setup_years: int | None
    council_percent: int | None
    health_percent: int | None
    grant_percent: int | None


@transaction.atomic
def return_costs(
    *, by: Actor, now: datetime, prison: Prison, quarter: Quarter, version: int, reason: str = "", **said: Unpack[Said]
) -> CostReturn:
    """A new version of the quarter's costs. `version` is the one that was on screen, 0 where there was none."""
    one_at_a_time(f"costs:{prison.code}:{quarter.code}")
    last = newest_returns(prison, [quarter.code]).get(quarter.code)
    if (last.version if last else 0) != version:
        raise Stale("Somebody else has returned these costs meanwhile. Look at theirs, then save yours again.")
    check_can_return_costs(quarter, today=london_today(now), opened_on=opened_on(prison))
    check_costs(
        hours={"lead_hours": said["lead_hours"], "staff_hours": said["staff_hours"]},
        amounts={name: said[name] for name in AMOUNTS},  # type: ignore[literal-required]
        setup_years=said["setup_years"],
        shares={name: said[name] for name in SHARES},  # type: ignore[literal-required]
        reason=reason,
        closed=quarter_is_closed(prison, quarter),
        first=last is None,
    )
    returned: CostReturn = CostReturn.objects.create(
        prison=prison,
        period=quarter.code,
        first_day=quarter.first,
        version=version + 1,
        reason=reason.strip(),
        saved_at=now,
        saved_by=by.user,
        **said,
    )
    record(Event.COSTS_RETURNED, by=by, prison=prison.code, subject=returned, quarter=quarter.code, version=version + 1)
    month_changed(prison.code, [quarter.last])
    return returned


@transaction.atomic
def add_price_index(
    *, by: Actor, now: datetime, begins: int, index: Decimal, source: str, published_on: date
) -> PriceIndex:
    """The index of a financial year from one publication. One that is there already is followed, never changed."""
    check_price_index(begins=begins, index=index, source=source, published_on=published_on, today=london_today(now))
    with scoped(DatabaseRole.NATIONAL):
        row = PriceIndex.objects.create(
            begins=begins,
            index=index,
            source=source.strip(),
            published_on=published_on,
            entered_at=now,
            entered_by=by.user,
        )
        record(Event.PRICE_INDEX_ADDED, by=by, subject=row, year=begins, index=str(index))
    return row
