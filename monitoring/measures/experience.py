"""Complaints, compliments and the agreement with the council: typed by the lead, with where the number comes from."""

from __future__ import annotations

from collections.abc import Iterator

from monitoring.measures.definition import Adds, Basis, Direction, Every, Heading, Kind, Measure, Source


def _measures() -> Iterator[Measure]:
    for letter, title, numerator in (
        ("a", "Complaints about the scheme", "Complaints about the scheme or its buddies made in the period"),
        ("b", "Compliments for the scheme", "Compliments for the scheme or its buddies received in the period"),
    ):
        yield Measure(
            code=f"OP-26{letter}",
            title=title,
            answers="What do people say about the scheme of their own accord?",
            numerator=numerator,
            unit=title.split()[0].lower(),
            kind=Kind.COUNT,
            level="scheme",
            provider="lead",
            frequency="quarterly",
            every=Every.QUARTER,
            basis=Basis.OURS,
            # Few complaints may mean that nobody dares to complain: no way is good.
            expectation="People are heard, and the scheme learns from what they say",
            heading=Heading.LEADERSHIP,
            source=Source.TYPED,
            adds=Adds.UP,
            held_by="the prison’s complaints office",
        )


COMPLAINTS = tuple(_measures())

AGREEMENT = Measure(
    code="OP-31",
    title="Agreement between prison and council",
    answers="Is there a memorandum of understanding between the prison and the council in force?",
    numerator="Whether a memorandum of understanding between the prison and the council is in force, and since when",
    unit="yes or no, with its date",
    kind=Kind.FACT,
    level="prison",
    provider="lead",
    frequency="annual",
    every=Every.YEAR,
    basis=Basis.STATED,
    direction=Direction.HIGHER,
    expectation="The prison, the council and providers work in partnership, with an agreement",
    heading=Heading.LEADERSHIP,
    source=Source.TYPED,
    held_by="the lead",
    facts={1: "In force", 2: "Being written", 3: "None"},
)
