"""Complaints and compliments: typed by the lead, with where the number comes from."""

from __future__ import annotations

from collections.abc import Iterator

from monitoring.measures.definition import Basis, Every, Heading, Kind, Measure, Source


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
            held_by="the prison’s complaints office",
        )


COMPLAINTS = tuple(_measures())
