"""When a quarter may be signed, and opened again."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from buddyscheme.lib.dates import Month, Quarter
from buddyscheme.lib.errors import NotAllowed
from buddyscheme.lib.rules import twin


def months_due(quarter: Quarter, opened_on: date | None) -> list[Month]:
    """The quarter's months in which the scheme was open."""
    return [month for month in quarter.months if opened_on is not None and opened_on <= month.last]


def check_can_sign(
    quarter: Quarter,
    *,
    today: date,
    opened_on: date | None,
    closed: Collection[str],
    costs_returned: bool,
    contradictions: Sequence[str],
    signed: bool,
) -> None:
    """After its last day, with its months closed, costs returned (an empty box says unknown), nothing contradicted.

    `closed` are the codes of closed months, `contradictions` the words of what nobody has answered.
    """
    if not months_due(quarter, opened_on):
        raise NotAllowed(f"The scheme was not open in {quarter}, so there is nothing to sign.")
    if signed:
        raise NotAllowed(f"{quarter} is signed already. Open it again if something has to change.")
    if quarter.last >= today:
        raise NotAllowed(f"{quarter} is still running. Sign it from {quarter.next().first:%-d %B %Y}.")
    for month in months_due(quarter, opened_on):
        if month.code not in closed:
            raise NotAllowed(f"Close {month} first.")
    if not costs_returned:
        raise NotAllowed(f"Return the costs of {quarter} first. Leave a box empty where a cost is not known.")
    if contradictions:
        raise NotAllowed(f"Two figures contradict each other. Answer this first: {contradictions[0]}")


def check_can_reopen(quarter: Quarter, *, signed: bool, reason: str) -> None:
    """A signed quarter, with the reason."""
    if not signed:
        raise NotAllowed(f"{quarter} is not signed, so it is open already.")
    if not reason.strip():
        raise NotAllowed("Enter why the quarter is opened again.", field="words")


can_sign = twin(check_can_sign)
