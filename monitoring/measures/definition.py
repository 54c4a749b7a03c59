"""What a measure is: its words, which stand on screen and in every file, and how it is worked out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from monitoring.measures.facts import Facts


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


class Told(StrEnum):
    """How a release tells a figure: what stands behind it is protected, and the figure made of that (record 35)."""

    COUNT = "a count"
    SHARE = "a part of a whole"
    RATE = "one number for so many of another"
    FULL_TIME = "a size in full-time equivalents"
    MEDIAN = "a median of so many"
    MEAN = "a mean of so many"
    MONEY = "pounds"
    UNIT_COST = "pounds for so much of something"
    AS_IT_IS = "something about the prison and not about people"
    NOT = "not told"


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
    POPULATION = "population"


class Source(StrEnum):
    """Where the value comes from."""

    RECORDS = "worked out from the prison’s records"
    RETURN = "worked out from what the prison returns each quarter"
    TYPED = "given by the prison with its source"
    ELSEWHERE = "held by somebody else; typed with its source where it is known"


class Every(StrEnum):
    """The shortest period that the measure is given for. Each also stands for the longer ones."""

    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


class Basis(StrEnum):
    """How sure it is that the evaluation guide holds this item. Nothing of ours is shown as a quotation."""

    STATED = "stated by a source"
    DOMAIN = "domain named by a source, worded by us"
    OURS = "our reconstruction"
    BESIDE = "ours, beside the items of the evaluation guide"


class By(StrEnum):
    """What a figure is broken down by. Religion and sexual orientation are never asked here."""

    WING = "wing"
    AGE = "age"
    SEX = "sex"
    ETHNICITY = "ethnicity"
    DISABILITY = "disability"
    LANGUAGE = "language"


EQUALITY = frozenset({By.AGE, By.SEX, By.ETHNICITY, By.DISABILITY, By.LANGUAGE})
EVERYTHING = frozenset(By)


class Heading(StrEnum):
    """The parts of an inspection report, in its order."""

    NEED = "Identifying need, access and timeliness"
    QUALITY = "Quality and safety of help"
    PEERS = "Peers recruited, trained, supervised and supported"
    BOUNDARIES = "Boundaries and safeguarding"
    EQUALITY = "Equality"
    CONTINUITY = "Continuity at transfer and release"
    LEADERSHIP = "Leadership and data"
    COST = "Cost"
    OUTCOMES = "Outcomes"


@dataclass(frozen=True)
class Span:
    """The days a figure is about, at one prison. `last` is never after the day of `as_of`.

    `as_of` is the moment at which a state "at the end" is taken: the end of the last day, or now if that is earlier.
    `seen_until` is how far waits that began in the span are followed: two weeks beyond it, or now if that is earlier.
    """

    prison_code: str
    first: date
    last: date
    as_of: datetime
    seen_until: datetime

    @property
    def days(self) -> int:
        """How many days, both ends inside."""
        return (self.last - self.first).days + 1


@dataclass(frozen=True)
class Parts:
    """Numerator and denominator in the measure's own units; a count has no denominator. `n` is what it rests on.

    `value` is given where the figure is not their quotient: a median, a share with competing events, a fact. `waits`
    are those of a wait, each with whether it ended: the median of several prisons is that of all their waits.
    """

    numerator: Decimal
    denominator: Decimal | None
    n: int
    value: Decimal | None = None
    waits: tuple[tuple[int, bool], ...] = ()


@dataclass(frozen=True)
class Line:
    """What one person adds to a figure, so that it can be broken down. `person` None: nobody in particular.

    A line that is about a group and not a person (prisoners of an age) names the one breakdown it belongs `only` to.
    """

    person: int | None
    numerator: Decimal
    denominator: Decimal | None = None
    wing: str = ""
    """The wing's code, where it is not the one the person lives on."""
    only: By | None = None
    group: str = ""


NOT_REACHED = Decimal(-1)
"""The value of a wait whose median is not reached: more than half still wait. Stored as a state, never shown."""


TOLD = {
    Kind.COUNT: Told.COUNT,
    Kind.SHARE: Told.SHARE,
    Kind.RATE: Told.RATE,
    Kind.RATIO: Told.RATE,
    Kind.WAIT: Told.MEDIAN,
    Kind.SCORE: Told.MEAN,
    Kind.FACT: Told.AS_IT_IS,
}


@dataclass(frozen=True)
class Measure:
    """One measure. `compute` takes the facts of a span and gives the parts, or None where a part is not known.

    `per` scales a rate (1,000 support hours). `lines` gives what `compute` adds up, person by person, for those that
    are broken down. `facts` are the words for the numbers of a fact. `followed` says that waits which began in the
    period are followed beyond its end, so that the figure still ripens for a while. `furthest` is how far from nought
    one person's number of a score can be, `typical` how a wait is made of waits, and `tells` how a release tells it,
    where that does not follow from its kind.
    """

    code: str
    title: str
    answers: str
    numerator: str
    kind: Kind
    unit: str
    heading: Heading
    expectation: str
    basis: Basis
    level: str = "prison, national"
    provider: str = "system"
    denominator: str = ""
    frequency: str = "monthly"
    every: Every = Every.MONTH
    direction: Direction = Direction.NONE
    minimum_n: int = 0
    source: Source = Source.RECORDS
    held_by: str = ""
    needs: Needs = Needs.ANYTHING
    adds: Adds = Adds.NOT
    compute: Callable[[Facts], Parts | None] | None = None
    lines: Callable[[Facts], Iterable[Line]] | None = None
    by: frozenset[By] = frozenset()
    per: int = 1
    facts: Mapping[int, str] = field(default_factory=dict, hash=False)
    followed: bool = False
    furthest: Decimal = Decimal(0)
    typical: Callable[[Iterable[tuple[int, bool]]], Parts | None] | None = None
    tells: Told | None = None
    version: int = 1

    def __post_init__(self) -> None:
        if self.source in (Source.RECORDS, Source.RETURN) and self.compute is None:
            raise ValueError(f"{self.code} is worked out from records and says not how.")
        if bool(self.by) is (self.lines is None):
            raise ValueError(f"{self.code} is broken down by lines, and has lines for that alone.")
        if self.kind is Kind.WAIT and self.typical is None:
            raise ValueError(f"{self.code} is a wait and says not how it is made of waits.")

    @property
    def item(self) -> str:
        """The code of the data item that this is (a part of): `OP-10` of `OP-10a`."""
        return self.code.rstrip("abcdefghijklmnopqrstuvwxyz")

    @property
    def told(self) -> Told:
        """How a release tells it."""
        if self.tells is not None:
            return self.tells
        if self.kind is Kind.MONEY:
            return Told.UNIT_COST if self.denominator else Told.MONEY
        return TOLD[self.kind]

    @property
    def computed(self) -> bool:
        """Whether the system works it out; otherwise a person gives it with its source."""
        return self.compute is not None

    def value(self, parts: Parts) -> Decimal | None:
        """The figure from its parts; None where the denominator is nought."""
        if parts.value is not None:
            return parts.value
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
            "basis": self.basis.value,
            "direction": self.direction.value,
            "minimum_n": self.minimum_n,
            "expectation": self.expectation,
            "computed": self.computed,
        }


@dataclass(frozen=True)
class Item:
    """One of the data items, with the measures that give its values: one of its own code, or lettered parts."""

    code: str
    title: str
    measures: tuple[Measure, ...]

    def __post_init__(self) -> None:
        wrong = [measure.code for measure in self.measures if measure.item != self.code]
        if wrong or not self.measures:
            raise ValueError(f"{self.code} holds {wrong or 'nothing'}.")

    @property
    def has_parts(self) -> bool:
        """Whether its values have codes of their own."""
        return self.measures[0].code != self.code

    def entries(self) -> list[dict[str, object]]:
        """The data dictionary's entries: the item, and its parts if it has any."""
        parts = [measure.as_dict() for measure in self.measures]
        if not self.has_parts:
            return parts
        first = parts[0]
        names = "; ".join(f"{measure.code} {measure.title}" for measure in self.measures)
        kinds = sorted({measure.kind.value for measure in self.measures})
        together: dict[str, object] = {
            **first,
            "code": self.code,
            "title": self.title,
            "numerator": f"Given in parts: {names}",
            "denominator": "",
            "unit": "of each part",
            "kind": kinds[0] if len(kinds) == 1 else Kind.FACT.value,
            "minimum_n": max(measure.minimum_n for measure in self.measures),
            "computed": all(measure.computed for measure in self.measures),
        }
        return [together, *parts]
