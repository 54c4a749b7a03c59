"""When a quarter's costs may be returned, and what they can be."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from buddyscheme.lib.dates import Quarter, quarter_of
from buddyscheme.lib.errors import NotAllowed
from buddyscheme.lib.money import pounds
from buddyscheme.lib.rules import twin
from monitoring.models.cost import AMOUNTS, MOST_HOURS, MOST_PENCE, MOST_YEARS, SHARES

OLDEST = timedelta(days=3 * 366)
PARTS_OF_HUNDRED = 100
# The published series begins here.
FIRST_YEAR, HIGHEST_INDEX = 1955, 100_000


def check_can_return_costs(quarter: Quarter, *, today: date, opened_on: date | None) -> None:
    """A quarter that has begun, in which the scheme was open, of the last three years."""
    if opened_on is None or opened_on > quarter.last:
        raise NotAllowed(f"The scheme was not open in {quarter}, so there is nothing to return.")
    if quarter.first > today:
        raise NotAllowed(f"{quarter} has not begun. Its costs can be entered from {quarter.first:%-d %B %Y}.")
    if quarter.last < today - OLDEST:
        raise NotAllowed(
            f"{quarter} is more than three years ago. Choose {quarter_of(today)} or one shortly before it."
        )


can_return_costs = twin(check_can_return_costs)


def check_costs(
    *,
    hours: dict[str, Decimal | None],
    amounts: dict[str, int | None],
    setup_years: int | None,
    shares: dict[str, int | None],
    reason: str,
    closed: bool,
    first: bool,
) -> None:
    """Nothing below nought or beyond what can be; a one-off cost is spread; three shares or none, of 100 together.

    Once the quarter's last month is closed a correction says why.
    """
    for name, value in hours.items():
        if value is not None and not 0 <= value <= MOST_HOURS:
            raise NotAllowed(f"Enter hours from 0 to {MOST_HOURS:,} for the quarter.", field=name)
    for name in AMOUNTS:
        pence = amounts[name]
        if pence is not None and not 0 <= pence <= MOST_PENCE:
            raise NotAllowed(f"Enter an amount from {pounds(0)} to {pounds(MOST_PENCE)}.", field=name)
    _check_setup(amounts["setup_pence"], setup_years)
    _check_shares(shares)
    if closed and not first and not reason.strip():
        raise NotAllowed("The quarter is closed. Say why its costs change.", field="reason")


def _check_setup(pence: int | None, years: int | None) -> None:
    if pence and years is None:
        raise NotAllowed("Say over how many years the cost of setting up is spread.", field="setup_years")
    if years is not None and pence is None:
        raise NotAllowed("Enter the cost of setting up, or leave the years empty.", field="setup_pence")
    if years is not None and not 1 <= years <= MOST_YEARS:
        raise NotAllowed(f"Enter years from 1 to {MOST_YEARS}.", field="setup_years")


def _check_shares(shares: dict[str, int | None]) -> None:
    given = {name: share for name, share in shares.items() if share is not None}
    if not given:
        return
    for name in SHARES:
        if name not in given:
            raise NotAllowed("Enter all three shares, 0 for whoever pays nothing, or none of them.", field=name)
    together = sum(given.values())
    if together > PARTS_OF_HUNDRED:
        raise NotAllowed(f"These shares come to {together}%. They can be 100% at most.", field=SHARES[0])


def check_price_index(*, begins: int, index: Decimal, source: str, published_on: date, today: date) -> None:
    """A year of the published series (from 1955), an index above nought, where it is from, and a day that has been."""
    if not FIRST_YEAR <= begins <= today.year + 5:
        raise NotAllowed(f"Enter the year in which it begins, from {FIRST_YEAR} to {today.year + 5}.", field="begins")
    if not 0 < index < HIGHEST_INDEX:
        raise NotAllowed("Enter the index as it was published, like 102.789.", field="index")
    if not source.strip():
        raise NotAllowed("Say where the index was published.", field="source")
    if published_on > today:
        raise NotAllowed("The day of publication cannot be after today.", field="published_on")
