"""Whether buddies and the people helped are like the prison they are in."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal

from monitoring.measures.buddies import ACTIVE_BUDDIES
from monitoring.measures.definition import Adds, Basis, By, Heading, Kind, Line, Measure, Needs, Parts
from monitoring.measures.facts import Facts
from monitoring.measures.lines import total_of
from monitoring.measures.recipients import helped_at_all

COMPARED = frozenset({By.AGE, By.SEX, By.ETHNICITY})
Lines = Callable[[Facts], Iterable[Line]]


def _beside_prisoners(people: Lines) -> Lines:
    """The people, and how many prisoners each group has."""

    def lines(facts: Facts) -> Iterable[Line]:
        yield from people(facts)
        for (by, group), count in (facts.population or {}).items():
            if by in COMPARED:
                yield Line(None, Decimal(0), Decimal(count), only=By(by), group=group)

    return lines


def _of_prisoners(people: Lines) -> Callable[[Facts], Parts | None]:
    def compute(facts: Facts) -> Parts | None:
        if facts.population is None:
            return None
        total = facts.population["", ""]
        return Parts(total_of(people(facts)).numerator, Decimal(total), total)

    return compute


def _compared(letter: str, title: str, answers: str, numerator: str, unit: str, people: Lines) -> Measure:
    return Measure(
        code=f"OP-25{letter}",
        title=title,
        answers=answers,
        numerator=numerator,
        denominator="Prisoners, or prisoners of the group, as the newest count for the last month of the period that "
        "has one says; without a count there is no figure",
        unit=unit,
        kind=Kind.RATE,
        level="scheme, prison",
        provider="system, prison",
        frequency="quarterly",
        basis=Basis.DOMAIN,
        minimum_n=10,
        expectation="Help and the role are open to everybody alike",
        heading=Heading.EQUALITY,
        needs=Needs.POPULATION,
        adds=Adds.NOT,
        compute=_of_prisoners(people),
        lines=_beside_prisoners(people),
        by=COMPARED,
        per=100,
    )


assert ACTIVE_BUDDIES.lines is not None
COMPARED_WITH_PRISON = (
    _compared(
        "a",
        "Buddies for every 100 prisoners",
        "Are buddies like the prison?",
        "Buddies whose status is active at the end of the period",
        "buddies for every 100 prisoners",
        ACTIVE_BUDDIES.lines,
    ),
    _compared(
        "b",
        "People helped for every 100 prisoners",
        "Does help reach every group?",
        "People with a match that ran on at least one day of the period",
        "people for every 100 prisoners",
        helped_at_all,
    ),
)
