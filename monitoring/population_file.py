"""The file of a prison's population: one group and its count in each row. Pure: text in, counts and problems out."""

from __future__ import annotations

import re
from dataclasses import dataclass

from buddyscheme.lib.csv_rows import body_of, cells_of, check_headings
from monitoring.measures.definition import By
from monitoring.measures.groups import GROUP_WORDS, UNKNOWN

BY, GROUP, COUNT = "By", "Group", "People"
COLUMNS = (BY, GROUP, COUNT)
TOTAL = ("total", "")
MOST_ROWS, MOST_PEOPLE, LONGEST_GROUP = 200, 9999, 40
Counts = dict[tuple[str, str], int]

# What the file may count: groups that are known here, and two that are never asked of anybody and come from it alone.
ENTERED = (By.AGE, By.SEX, By.ETHNICITY)
FILE_ALONE = ("religion", "orientation")


@dataclass(frozen=True)
class Problem:
    """One row that cannot be read: where it stands, what it says, what to do."""

    row: int
    said: str
    sentence: str


def groups_of(by: By) -> dict[str, str]:
    """The groups of a breakdown by code, with their words, "Not known" last."""
    return {**GROUP_WORDS[by], UNKNOWN: "Not known"}


def read(text: str) -> tuple[Counts, list[Problem]]:
    """Counts by (breakdown, group), and what is wrong with which row. Raises `NotAllowed` for what is no such file."""
    rows = [[" ".join(cell.split())[:60] for cell in row] for row in cells_of(text)]
    header = check_headings(rows, COLUMNS, row="row")
    places = {name: header.index(name.casefold()) for name in COLUMNS}
    counts: Counts = {}
    problems: list[Problem] = []
    for number, said in body_of(rows, places, most=MOST_ROWS, row="row"):
        sentence = _take(said[BY], said[GROUP], said[COUNT], counts)
        if sentence:
            problems.append(Problem(number, ", ".join(said[name] for name in COLUMNS), sentence))
    return counts, problems


def _take(by: str, group: str, count: str, counts: Counts) -> str:
    """Put one row's count in its place, or say what is wrong with it."""
    key = _key(by, group)
    if isinstance(key, str):
        return key
    if not re.fullmatch(r"\d{1,4}", count, re.ASCII):
        return f"Enter the people of this group as a whole number from 0 to {MOST_PEOPLE:,}."
    if key in counts:
        return "This group is in the file already. Keep one of the two rows."
    counts[key] = int(count)
    return ""


def _key(by: str, group: str) -> tuple[str, str] | str:
    code = by.casefold()
    if code == "total":
        return TOTAL
    if code in FILE_ALONE:
        name = group.casefold().replace(" ", "-")[:LONGEST_GROUP]
        return (code, name) if name else "Name the group."
    known = {each.value: each for each in ENTERED}
    if code not in known:
        return f"The first column must be total, {', '.join(known)}, {' or '.join(FILE_ALONE)}."
    names = {words.casefold(): which for which, words in groups_of(known[code]).items()}
    names |= {which: which for which in groups_of(known[code])}
    if group.casefold() not in names:
        words = "; ".join(groups_of(known[code]).values())
        return f"There is no such group. Choose from: {words}."
    return code, names[group.casefold()]


def template() -> list[list[str]]:
    """The rows of the file to fill in, without counts."""
    rows = [["total", "", ""]]
    rows += [[by.value, words, ""] for by in ENTERED for words in groups_of(by).values()]
    return rows
