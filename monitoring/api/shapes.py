"""What the interface answers, as dataclasses. Answers and the OpenAPI description are both made from these.

Within version 1 a field may be added; none goes and none changes its meaning. A number that is not there is null and
the state says why: it is never nought. Each field's type comes with the sentence that describes it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Generic, TypeVar

from monitoring.disclosure import State
from monitoring.measures.definition import Basis, Direction, Kind, Source

VERSION = "1"
RowT = TypeVar("RowT")


@dataclass(frozen=True, kw_only=True)
class Measure:
    """What a figure counts. Made from the definition in the code, with the words as they were last amended."""

    code: Annotated[str, "The code by which figures name the measure, such as OP-07."]
    item: Annotated[str, "The code of the data item that it is, or is a part of: OP-10 of OP-10a."]
    title: Annotated[str, "Its name on every page."]
    answers: Annotated[str, "The question that it answers."]
    numerator: Annotated[str, "What is counted."]
    denominator: Annotated[str | None, "Out of what; null for a plain count."]
    unit: Annotated[str, "The unit of the value."]
    kind: Annotated[Kind, "What sort of number it is. A share is a fraction of 1."]
    level: Annotated[str, "For whom it is given."]
    provider: Annotated[str, "Who records it."]
    frequency: Annotated[str, "How often it is given."]
    basis: Annotated[Basis, "Where the item comes from: stated by a source, a domain that a source names, or our own."]
    direction: Annotated[Direction, "Which way is good."]
    minimum_n: Annotated[int, "The fewest it is shown for; 0 where the rule for all figures is the only one."]
    expectation: Annotated[str, "The inspection expectation that it speaks to."]
    computed: Annotated[bool, "Whether the service works it out from records; otherwise a person gives it."]
    released: Annotated[bool, "Whether releases hold it."]
    source: Annotated[Source, "Where the value comes from. What a person gave is given by hand."]
    held_by: Annotated[str, "Who holds what is given by hand; empty where the service works it out or nobody is named."]
    broken_down_by: Annotated[
        list[str], "What releases break it down by, of all prisons together; the filter takes it."
    ]
    answers_by_number: Annotated[dict[str, str], "What the numbers of a fact stand for; empty for every other kind."]
    protection: Annotated[str, "How releases protect its figures, or that they do not hold it."]
    definition_version: Annotated[int, "Goes up when what is counted changes."]


@dataclass(frozen=True, kw_only=True)
class Release:
    """Figures of one period, published at once and never changed. A correction is a release of its own."""

    id: Annotated[str, "Names the release in addresses."]
    kind: Annotated[str, "QUARTER or YEAR."]
    period: Annotated[str, "The code of its period, such as 2026-Q3."]
    period_in_words: Annotated[str, "The period as pages write it."]
    first_day: Annotated[date, "The first day of the period."]
    last_day: Annotated[date, "The last day of the period."]
    published_at: Annotated[datetime, "When it was published."]
    note: Annotated[str, "What its publisher says about it; empty where nothing."]
    replaces: Annotated[str | None, "The id of the release that this one corrects, or null."]
    replaced_by: Annotated[str | None, "The id of the release that corrects this one, or null."]
    digest: Annotated[str, "SHA-256 over what was published, which shows a later change of a stored figure."]


@dataclass(frozen=True, kw_only=True)
class Prison:
    """A prison of which a release says something."""

    code: Annotated[str, "Its code in figures."]
    name: Annotated[str, "Its name."]
    nation: Annotated[str, "ENGLAND or WALES."]
    kind: Annotated[str, "The kind by which like is compared with like."]
    kind_in_words: Annotated[str, "The kind as pages write it."]


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One protected figure. What is hidden, and how the rest is rounded, the measure says under “protection”."""

    prison: Annotated[str | None, "The prison’s code, or null for all prisons together."]
    period: Annotated[str, "The code of the release’s period, or of a month in it."]
    measure: Annotated[str, "The measure’s code."]
    group: Annotated[
        str | None,
        "The group of people that it is about, such as age:50-59, or null for everybody together. Only figures of all "
        "prisons together, of the release’s own period, have groups; “unknown” is one of them.",
    ]
    group_in_words: Annotated[str | None, "The group as pages write it, or null."]
    state: Annotated[
        State,
        "What the figure is. Only VALUE and NONE come with a value. With NOT_REACHED more than half still wait: there "
        "is no median, and the denominator says of how many.",
    ]
    state_in_words: Annotated[str, "The state as pages write it."]
    value: Annotated[
        float | None,
        "The figure in the measure’s unit, or null. Null is never nought. A share is a fraction of 1. A fact of a "
        "prison is the number of its answer; of all prisons together it is the share of them with the first answer.",
    ]
    numerator: Annotated[
        float | None,
        "What stands above the line: the rounded count of a share, a rate or a ratio, the rounded pounds of a unit "
        "cost. Null for counts, sums of money, medians and means. What is about a prison and not about people is not "
        "rounded.",
    ]
    denominator: Annotated[
        float | None,
        "What stands below the line, rounded alike. For a median or a mean: how many it rests on, rounded.",
    ]
    n: Annotated[
        int | None,
        "How many people or events it rests on, rounded: of a count the count itself, of a share, a median or a mean "
        "the denominator. Null for every other kind.",
    ]
    completeness: Annotated[
        float | None, "Share of planned visits for which something was recorded, to the nearest 0.05."
    ]
    looked_at_share: Annotated[float | None, "Share of visits that staff looked at, to the nearest 0.05."]
    late_share: Annotated[float | None, "Share of visits entered on a later day, to the nearest 0.05."]
    sources: Annotated[dict[str, float], "Share of visits by where the entry came from; empty where too few."]
    definition_version: Annotated[int, "The definition by which it was worked out."]


@dataclass(frozen=True, kw_only=True)
class Answer(Generic[RowT]):
    """One page of a list."""

    version: Annotated[str, "The version of the interface."]
    total: Annotated[int, "How many rows the whole list has."]
    next: Annotated[str | None, "The address of the next page, or null on the last."]
    rows: Annotated[list[RowT], "The rows of this page."]


@dataclass(frozen=True, kw_only=True)
class Refusal:
    """Why there is no answer, in one sentence."""

    version: Annotated[str, "The version of the interface."]
    error: Annotated[str, "A word for programs that never changes."]
    message: Annotated[str, "A sentence for people."]
