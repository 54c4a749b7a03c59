"""The fictional prisons: names and codes that no register has, and how busy each scheme is."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Place:
    """One prison of the demonstration.

    `starters` buddies begin with the scheme, `joiners` come in later classes. `first_referrals` are made in the first
    weeks, then `weekly_referrals` a week at an ordinary time of the year.
    """

    code: str
    name: str
    kind: str
    council: str
    region: str
    wings: tuple[tuple[str, str, int], ...]
    starters: int
    joiners: int
    first_referrals: int
    weekly_referrals: float
    done: float = 0.88
    nation: str = "ENGLAND"
    welsh_name: str = ""
    women: bool = False
    returns: bool = True
    weeks: int | None = None
    led_by: str = ""
    purpose: str = ""


# In this order: `--prisons 3` makes the first three. The first is the one that the main line is walked at.
PLACES: tuple[Place, ...] = (
    Place(
        "ZAA", "Thornmere", "LOCAL", "Thornmere Council", "Made-up North",
        (("A", "A wing", 3), ("B", "B wing", 3), ("C", "C wing", 2)), 9, 6, 12, 0.58,
        purpose="the busiest scheme: every list has something to do today",
    ),
    Place(
        "ZAB", "Glanhelyg", "TRAINER", "Cyngor Glanhelyg Council", "Made-up Wales",
        (("1", "Uned 1", 2), ("2", "Uned 2", 2)), 6, 3, 8, 0.28, 0.9,
        nation="WALES", welsh_name="Carchar Glanhelyg", purpose="in Wales",
    ),
    Place(
        "ZAC", "Ellerholm", "WOMEN", "Ellerholm Council", "Made-up East",
        (("H1", "House 1", 1), ("H2", "House 2", 1)), 5, 3, 6, 0.24, 0.91,
        women=True, purpose="a women’s prison; its lead also runs Saltby Heath",
    ),
    Place(
        "ZAD", "Saltby Heath", "OPEN", "Ellerholm Council", "Made-up East",
        (("N", "North unit", 1), ("S", "South unit", 1)), 4, 2, 5, 0.18, 0.95,
        led_by="ZAC", purpose="an open prison, led from Ellerholm",
    ),
    Place(
        "ZAE", "Blackfen Moor", "HIGH_SECURITY", "Blackfen Council", "Made-up South",
        (("D", "D wing", 2),), 4, 0, 5, 0.0,
        returns=False, purpose="a prison that returns nothing: visits are planned and never recorded",
    ),
    Place(
        "ZAF", "Wickenby Hall", "TRAINER", "Wickenby Council", "Made-up South",
        (("E", "E wing", 2), ("F", "F wing", 2)), 4, 0, 6, 0.6, 0.8,
        weeks=5, purpose="a scheme that has only just begun",
    ),
)  # fmt: skip
# Always made: nothing but staff, wings and people, so that a scheme can be set up from the beginning.
EMPTY = Place(
    "ZAG", "Newmarsh Vale", "TRAINER", "Wickenby Council", "Made-up South",
    (("G", "G wing", 2), ("H", "H wing", 2)), 0, 0, 0, 0.0,
    purpose="no scheme yet: set one up from the beginning",
)  # fmt: skip
NATIONAL_DOMAIN = "national.example"


def domain(code: str) -> str:
    """Where a prison's staff have their e-mail."""
    return f"{code.lower()}.example"
