"""Costs in words: a value, a range, or at least so much, and what is missing."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal

from buddyscheme.lib.money import pounds
from monitoring.costs import Part, Total, UnitCost

NOT_KNOWN = "Not known"
WHO_PAYS = {"prison": "The prison", "council": "The council", "health": "The NHS", "grant": "A grant"}


def part_words(pence: int | None) -> str:
    """`£12.50`, or that it is not known."""
    return NOT_KNOWN if pence is None else pounds(pence)


def total_words(whole: Total) -> str:
    """`£1,250.00`, `Between £1,250.00 and £1,400.00` or `At least £1,250.00`."""
    return _between(pounds(whole.low), None if whole.high is None else pounds(whole.high), whole.whole)


def unit_words(cost: UnitCost | None, nothing: str) -> str:
    """The same for one hour or month; `nothing` where there was none to divide by."""
    if cost is None:
        return nothing
    return _between(_exact(cost.low), None if cost.high is None else _exact(cost.high), not cost.missing)


def missing_words(missing: Iterable[Part]) -> str:
    """`Missing: pay of buddies; training`, or nothing."""
    names = [part.words[0].lower() + part.words[1:] for part in missing]
    return f"Missing: {'; '.join(names)}." if names else ""


def _between(low: str, high: str | None, whole: bool) -> str:
    if whole or low == high:
        return low
    return f"At least {low}" if high is None else f"Between {low} and {high}"


def _exact(amount: Decimal) -> str:
    return pounds(int((amount * 100).quantize(Decimal(1), ROUND_HALF_UP)))
