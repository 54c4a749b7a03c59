"""An inspection report as the page and the PDF take it: sections of sentences, tables and pictures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from buddyscheme.lib.dates import Month, Period
from monitoring.charts.shown import Numbers, Picture
from monitoring.measures.definition import Measure

MARKING = "OFFICIAL"


@dataclass(frozen=True)
class Given:
    """All that a report is made from: protected figures of releases, and nothing else.

    `own`, `nation` and `before` are by measure, `others` by measure and then by prison (this one among them), `monthly`
    by measure and month. `months` are those that a chart shows, oldest first. `before` is empty where the period
    before has no release; `before_words` names it.
    """

    prison_code: str
    prison_name: str
    prison_words: str
    period: Period
    published_at: datetime
    note: str
    made_at: datetime
    measures: Sequence[Measure]
    own: Mapping[str, Any]
    nation: Mapping[str, Any]
    others: Mapping[str, Mapping[str, Any]]
    before_words: str
    before: Mapping[str, Any]
    months: Sequence[Month]
    monthly: Mapping[tuple[str, str], Any]
    corrects: date | None = None
    correction_reason: str = ""
    corrected_on: date | None = None


@dataclass(frozen=True)
class Said:
    """One conclusion, with the number of the rule that made it."""

    rule: int
    sentence: str


@dataclass(frozen=True)
class Line:
    """One row of a section's table, ready to print: empty where there is nothing to say.

    `interval` is that of 95%, `before` the figure of the period before, `records` how complete they are behind a figure
    about visits.
    """

    code: str
    title: str
    version: int
    figure: str
    basis: str
    interval: str
    nation: str
    before: str
    records: str


@dataclass(frozen=True)
class Drawing:
    """A picture with what it says in words and the numbers that it is drawn from."""

    title: str
    description: str
    picture: Picture
    numbers: Numbers


@dataclass(frozen=True)
class Found:
    """A figure about which the rules found something, or that is drawn as an example of its section."""

    code: str
    title: str
    figure: str
    said: tuple[Said, ...]
    drawings: tuple[Drawing, ...] = ()


@dataclass(frozen=True)
class Section:
    """One part of the report. `speaks_to` are the inspection expectations behind its figures.

    `said` is about the section as a whole: what is hidden or missing, and where the rules found nothing. `has_records`
    is whether any line says how complete its records are.
    """

    heading: str
    speaks_to: tuple[str, ...]
    said: tuple[Said, ...]
    lines: tuple[Line, ...]
    has_records: bool
    found: tuple[Found, ...]


@dataclass(frozen=True)
class Rule:
    """A rule by which conclusions are made, as the methods section states it."""

    number: int
    name: str
    words: str


@dataclass(frozen=True)
class Fact:
    """A name and a value, of the report itself."""

    name: str
    value: str


@dataclass(frozen=True)
class Definition:
    """What one figure counts."""

    code: str
    title: str
    version: int
    counts: str
    out_of: str
    unit: str
    direction: str
    basis: str


@dataclass(frozen=True)
class Report:
    """The whole, in the order in which it is read. `before` names the period before."""

    title: str
    period: str
    marking: str
    before: str
    facts: tuple[Fact, ...]
    said: tuple[Said, ...]
    sections: tuple[Section, ...]
    rules: tuple[Rule, ...]
    notes: tuple[Fact, ...]
    definitions: tuple[Definition, ...]
