"""What a person may give as a figure."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from buddyscheme.lib.dates import Quarter, Year
from buddyscheme.lib.errors import NotAllowed
from monitoring.measures.definition import Kind, Measure

MOST = Decimal(100_000_000)
OLDEST = timedelta(days=5 * 366)


def check_typed(
    *, measure: Measure, period: Quarter | Year, value: Decimal | None, fact_on: date | None, source: str, today: date
) -> None:
    """A measure that is not worked out here, a period that has begun, a number that can be, and its source."""
    if measure.computed:
        raise NotAllowed("This figure is worked out from the records, so it cannot be typed.")
    if period.first > today:
        raise NotAllowed(f"{period} has not begun. Choose one that has.", field="period")
    if period.last < today - OLDEST:
        raise NotAllowed(f"{period} is more than five years ago. Choose a later one.", field="period")
    if not source.strip():
        raise NotAllowed("Say where the figure comes from, or who said that nobody knows it.", field="source")
    if value is not None and not 0 <= value <= MOST:
        raise NotAllowed(f"Enter a number from 0 to {MOST:,}.", field="value")
    if value is not None and measure.kind is Kind.SHARE and value > 1:
        raise NotAllowed("Enter a percentage from 0 to 100.", field="value")
    if value is not None and measure.kind is Kind.FACT and value not in measure.facts:
        raise NotAllowed("Select one of the answers.", field="value")
    if fact_on is not None and fact_on > today:
        raise NotAllowed("The day cannot be after today.", field="fact_on")
