"""Queries about figures, and a quarter that can be signed."""

from __future__ import annotations

from datetime import datetime

from buddyscheme.accounts.models import Prison, User
from buddyscheme.lib.dates import Month, Quarter
from monitoring.actions.costs import return_costs
from monitoring.actions.data_queries import answer_query, ask_prison
from monitoring.actions.months import close_month
from monitoring.models import CostReturn, DataQuery
from tests.cast import acts

NOTHING = dict.fromkeys(
    (
        "lead_hours", "lead_rate_pence", "staff_hours", "staff_rate_pence", "training_pence", "contract_pence",
        "equipment_pence", "setup_pence", "setup_years", "council_percent", "health_percent", "grant_percent",
    )
)  # fmt: skip


def asked(
    here: Prison, by: User, now: datetime, words: str = "How sure are you of this?", measure: str = "OP-06a"
) -> DataQuery:
    """A query that somebody raised by hand about October."""
    return ask_prison(by=acts(by), now=now, prison=here, period=Month(2026, 10), measure=measure, words=words)


def answered(query: DataQuery, by: User, now: datetime, words: str = "We counted again.") -> DataQuery:
    """The same with an answer."""
    return answer_query(by=acts(by, query.prison), now=now, query=query, words=words)


def months_closed(here: Prison, lead: User, now: datetime, *months: Month) -> None:
    """Months that the lead has closed."""
    for month in months:
        close_month(by=acts(lead, here), now=now, prison=here, month=month)


def costs(here: Prison, lead: User, now: datetime, quarter: Quarter, **said: object) -> CostReturn:
    """A return that knows nothing but what is said."""
    return return_costs(
        by=acts(lead, here),
        now=now,
        prison=here,
        quarter=quarter,
        version=0,
        **{**NOTHING, **said},  # type: ignore[arg-type]
    )
