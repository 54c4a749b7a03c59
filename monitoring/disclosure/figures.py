"""The 10-5 rule for one figure: a count, a share, a rate, a median."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from math import ceil, floor

SMALLEST_SHOWN = 10
ROUNDED_TO = 5
MEDIAN_FROM = 20
"""A median says of half of those behind it on which side of it they are: each half must be hidden enough by itself."""
NARROWEST = 10
"""The least width (highest less lowest) of what may be worked out about a hidden count."""


class State(StrEnum):
    """What a figure is. The codes are those of `FigureState`, the words those on page, chart, file and API."""

    VALUE = "VALUE"
    NONE = "NONE"
    NOT_RETURNED = "NOT_RETURNED"
    NOT_REACHED = "NOT_REACHED"
    TOO_FEW = "TOO_FEW"
    NOT_YET_DUE = "NOT_YET_DUE"

    @property
    def words(self) -> str:
        return {
            State.VALUE: "A number",
            State.NONE: "None",
            State.NOT_RETURNED: "No return",
            State.NOT_REACHED: "Not reached yet",
            State.TOO_FEW: "Too few to show",
            State.NOT_YET_DUE: "Not yet due",
        }[self]


@dataclass(frozen=True)
class Protected:
    """A figure as it may be published: `value` only with VALUE (a number) and NONE (nought).

    Shares and rates also carry the rounded parts they were made from.
    """

    state: State
    value: Decimal | None = None
    numerator: Decimal | None = None
    denominator: Decimal | None = None

    def __post_init__(self) -> None:
        if (self.value is None) is (self.state in (State.VALUE, State.NONE)):
            raise ValueError("A figure has a value when its state says so, and only then.")

    @property
    def shown(self) -> bool:
        return self.value is not None


TOO_FEW = Protected(State.TOO_FEW)


def protect_count(n: int, structural_zero: bool = False) -> Protected:
    """A count by the 10-5 rule. Raises `ValueError` for a count below nought or a structural nought that is none."""
    _check_count(n)
    if structural_zero:
        if n:
            raise ValueError("Only nought can be a structural nought.")
        return Protected(State.NONE, Decimal(0))
    if n < SMALLEST_SHOWN:
        return TOO_FEW
    return Protected(State.VALUE, Decimal(_to_nearest(n)))


def protect_share(numerator: int, denominator: int) -> Protected:
    """A share of 1 from rounded parts, where the numerator is part of the denominator.

    Withheld when the denominator, the numerator, or what is left of the denominator is under 10: with the two
    published, the third could be worked out. Raises `ValueError` when the numerator is the larger.
    """
    _check_count(numerator)
    _check_count(denominator)
    if numerator > denominator:
        raise ValueError("A part cannot be more than its whole.")
    if min(numerator, denominator - numerator) < SMALLEST_SHOWN:
        return TOO_FEW
    return _quotient(numerator, denominator, 1)


def protect_rate(numerator: int, denominator: int, per: int = 1) -> Protected:
    """A rate `per` so many of the denominator, from rounded parts; the numerator is no part of the denominator.

    Withheld when either is under 10.
    """
    _check_count(numerator)
    _check_count(denominator)
    if min(numerator, denominator) < SMALLEST_SHOWN:
        return TOO_FEW
    return _quotient(numerator, denominator, per)


def protect_median(days: Decimal | float | None, n: int) -> Protected:
    """A median to whole days, withheld under 10 people; "not reached" (`None`) is withheld too."""
    _check_count(n)
    if days is None or n < SMALLEST_SHOWN:
        return TOO_FEW
    return Protected(State.VALUE, Decimal(days).quantize(Decimal(1)), denominator=Decimal(_to_nearest(n)))


def protect_mean(total: Decimal, n: int, furthest: Decimal) -> Protected:
    """A mean to one decimal place of `n` numbers, none of which is more than `furthest` from nought either way.

    Withheld under 10; and where it is so near the end of what it can be that it says of nearly everybody that they
    are there too. How many are not at the end is between a half of the distance left in steps of `furthest`, and
    that distance in single steps: that range must be 10 wide, as of any count that is hidden.
    """
    _check_count(n)
    shown = _to_nearest(n)
    if n < SMALLEST_SHOWN or not total.copy_abs() <= n * furthest:
        return TOO_FEW
    left = shown * furthest - abs(total / n * shown)
    least, most = ceil(left / (2 * furthest)), min(floor(left), shown)
    if most - least < NARROWEST:
        return TOO_FEW
    mean = (total / n).quantize(Decimal("0.1"), ROUND_HALF_UP)
    return Protected(State.VALUE, mean + 0, denominator=Decimal(shown))


def median_is_shown(n: int) -> bool:
    """Whether as many are behind a median as its halves need. It hangs on the rounded number, and tells no more."""
    return _to_nearest(n) >= MEDIAN_FROM


def midpoint6(n: int) -> int:
    """Midpoint-6 rounding (OpenSAFELY), for comparison: 1 to 6 are 3, 7 to 12 are 9; nought stays."""
    _check_count(n)
    return -(-n // 6) * 6 - 3 if n else 0


def _check_count(n: int) -> None:
    if n < 0:
        raise ValueError("A count cannot be below nought.")


def _to_nearest(n: int) -> int:
    return (n + ROUNDED_TO // 2) // ROUNDED_TO * ROUNDED_TO


def _quotient(numerator: int, denominator: int, per: int) -> Protected:
    above, below = Decimal(_to_nearest(numerator)), Decimal(_to_nearest(denominator))
    return Protected(State.VALUE, above / below * per, numerator=above, denominator=below)
