"""Adding up what each person contributes, for a figure and for its groups."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from monitoring.measures.definition import By, Line, Parts
from monitoring.measures.groups import Traits, breakdown_of


def total_of(lines: Iterable[Line]) -> Parts:
    """The sum of the lines. `n` is how many people there are with something in the denominator, or the numerator."""
    numerator, denominator, n = Decimal(0), None, 0
    for line in lines:
        numerator += line.numerator
        if line.denominator is not None:
            denominator = (denominator or Decimal(0)) + line.denominator
        n += bool(line.numerator if line.denominator is None else line.denominator)
    return Parts(numerator, denominator, n)


def people_of(people: Iterable[int]) -> Iterable[Line]:
    """One line for each person, counted as one."""
    return [Line(person, Decimal(1)) for person in sorted(set(people))]


def by_group(lines: Iterable[Line], by: By, traits: dict[int | None, Traits]) -> dict[str, list[Line]]:
    """The lines by group, each under the code it is stored with. Nobody in particular is "not known"."""
    groups: dict[str, list[Line]] = {}
    for line in lines:
        if line.only not in (None, by):
            continue
        groups.setdefault(breakdown_of(by, _group_of(line, by, traits)), []).append(line)
    return groups


def _group_of(line: Line, by: By, traits: dict[int | None, Traits]) -> str:
    if line.only is not None:
        return line.group
    return line.wing if by is By.WING and line.wing else traits[line.person].group(by)
