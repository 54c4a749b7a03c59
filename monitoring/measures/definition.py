"""What a measure is: its words, which stand on screen and in every file, and the query behind it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum


class Kind(StrEnum):
    """What sort of number it is."""

    COUNT = "count"
    SHARE = "share"
    RATE = "rate"
    RATIO = "ratio"
    WAIT = "wait"
    MONEY = "money"
    SCORE = "score"
    FACT = "fact"


class Direction(StrEnum):
    """Which way is good. Concerns, boundary reports and falls have none: nought may be silence."""

    HIGHER = "higher is better"
    LOWER = "lower is better"
    NONE = "neither way is good by itself"


class Adds(StrEnum):
    """How a count of a longer period follows from its months: what a reader could work out from them."""

    UP = "the months add up"
    LAST = "the last month is the period"
    NOT = "the months say nothing exact"


class Needs(StrEnum):
    """What has to be recorded before nothing may be called none."""

    VISITS = "visits"
    ANYTHING = "anything"


@dataclass(frozen=True)
class Span:
    """The days a figure is about, at one prison. `last` is never after the day of `as_of`.

    `as_of` is the moment at which a state "at the end" is taken: the end of the last day, or now if that is earlier.
    """

    prison_code: str
    first: date
    last: date
    as_of: datetime


@dataclass(frozen=True)
class Parts:
    """Numerator and denominator in the measure's own units; a count has no denominator. `n` is what it rests on."""

    numerator: Decimal
    denominator: Decimal | None
    n: int


@dataclass(frozen=True)
class Measure:
    """One measure. `compute` takes a span and gives the parts; `per` scales a rate (1,000 support hours)."""

    code: str
    title: str
    answers: str
    numerator: str
    denominator: str
    unit: str
    kind: Kind
    level: str
    provider: str
    frequency: str
    basis: str
    direction: Direction
    minimum_n: int
    expectation: str
    heading: str
    needs: Needs
    adds: Adds
    compute: Callable[[Span], Parts]
    per: int = 1
    version: int = 1

    def value(self, parts: Parts) -> Decimal | None:
        """The figure from its parts; None where the denominator is nought."""
        if self.denominator == "":
            return parts.numerator
        if not parts.denominator:
            return None
        return parts.numerator * self.per / parts.denominator

    def as_dict(self) -> dict[str, object]:
        """The data dictionary's entry."""
        return {
            "code": self.code,
            "title": self.title,
            "answers": self.answers,
            "numerator": self.numerator,
            "denominator": self.denominator,
            "unit": self.unit,
            "kind": self.kind.value,
            "level": self.level,
            "provider": self.provider,
            "frequency": self.frequency,
            "basis": self.basis,
            "direction": self.direction.value,
            "minimum_n": self.minimum_n,
            "expectation": self.expectation,
            "computed": True,
        }
