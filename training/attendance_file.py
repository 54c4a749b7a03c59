"""A class as a file: one line for each person, read and checked line by line before anything is saved.

Pure: text and facts in, lines with their problems out.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date

from buddyscheme.lib.csv_rows import body_of, cells_of, check_headings
from buddyscheme.lib.fields import PRISON_NUMBER, PRISON_NUMBER_SHAPE, prison_number_of
from schemes.models import Buddy
from training.models import Module, ModuleResult
from training.rules.results import HELD, Mark, is_trainable
from training.rules.sessions import places_words

NUMBER, NAME, THERE, KNOWLEDGE, PRACTICAL = "Prison number", "Name", "There", "Knowledge", "Practical"
MOST_LINES = 200
YES_NO = {"yes": True, "y": True, "there": True, "no": False, "n": False, "not there": False}
PARTS = {"passed": ModuleResult.Part.PASSED, "pass": ModuleResult.Part.PASSED, "not yet": ModuleResult.Part.NOT_YET}


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What is known of the class: its module, its people by prison number, who is booked, how many places there are."""

    module: Module
    buddies: Mapping[str, Buddy]
    held: Mapping[int, date]
    booked: Collection[int]
    places: int


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line of the file: its number there, what it says, and what is wrong with it, if anything."""

    number: int
    prison_number: str
    name: str
    said: str
    mark: Mark | None
    problem: str


def columns(module: Module) -> list[str]:
    """Headings of the file. `Name` is for people: it is not read."""
    return [NUMBER, NAME, THERE, KNOWLEDGE, *([PRACTICAL] if module.practical else [])]


def seen(lines: list[Line]) -> str:
    """A mark of what was shown: the same lines with the same problems have the same mark."""
    text = "\n".join(f"{line.number}|{line.prison_number}|{line.said}|{line.problem}" for line in lines)
    return hashlib.sha256(text.encode()).hexdigest()


def read(text: str, facts: Facts) -> list[Line]:
    """Every line that says something. Raises `NotAllowed` where the file as a whole cannot be read."""
    rows = _rows(text, facts.module)
    found: list[Line] = []
    known: dict[str, int] = {}
    more = 0
    for number, row in rows:
        line = _line(number, row, facts, known)
        if line.mark is not None and line.mark.there and line.mark.buddy.pk not in facts.booked:
            more += 1
            if len(facts.booked) + more > facts.places:
                full = f"The class has {places_words(facts.places)} and they are all taken."
                line = _bad(line, f"{full} Give the class more places first.")
        found.append(line)
        known.setdefault(line.prison_number, number)
    return found


def _rows(text: str, module: Module) -> list[tuple[int, dict[str, str]]]:
    rows = cells_of(text)
    header = check_headings(rows, [name for name in columns(module) if name != NAME], row="line")
    places = {name: header.index(name.casefold()) for name in columns(module) if name.casefold() in header}
    return body_of(rows, places, most=MOST_LINES, row="line")


def _line(number: int, row: Mapping[str, str], facts: Facts, known: Mapping[str, int]) -> Line:
    prison_number = prison_number_of(row[NUMBER])
    buddy = facts.buddies.get(prison_number)
    said = ", ".join(f"{name}: {row[name]}" for name in (THERE, KNOWLEDGE, PRACTICAL) if row.get(name))
    line = Line(
        number=number,
        prison_number=prison_number,
        name=buddy.person.full_name if buddy is not None else "",
        said=said or "Nothing",
        mark=None,
        problem="",
    )
    if not PRISON_NUMBER.fullmatch(prison_number):
        return _bad(line, f"“{row[NUMBER]}” is not a prison number. {PRISON_NUMBER_SHAPE}.")
    if prison_number in known:
        return _bad(line, f"This person is in line {known[prison_number]} already.")
    if buddy is None:
        return _bad(line, "No buddy or applicant here has this prison number.")
    if not is_trainable(buddy):
        return _bad(line, f"Not in training: the record says “{buddy.get_status_display()}”.")
    return _marked(line, row, buddy, facts)


def _marked(line: Line, row: Mapping[str, str], buddy: Buddy, facts: Facts) -> Line:
    there = YES_NO.get(row[THERE].casefold())
    if there is None:
        return _bad(line, _unknown(THERE, row[THERE], "yes or no"))
    answers = {name: row[name].casefold() for name in (KNOWLEDGE, PRACTICAL) if name in row}
    if not there:
        if any(answers.values()):
            return _bad(line, "Not there, but a result is given. Empty the result, or write yes in “There”.")
        return _good(line, Mark(buddy=buddy, there=False))
    knowledge = PARTS.get(answers[KNOWLEDGE], "")
    if answers[KNOWLEDGE] == "" and buddy.pk in facts.held:
        knowledge = HELD
    if not knowledge:
        return _bad(line, _unknown(KNOWLEDGE, row[KNOWLEDGE], "passed or not yet"))
    if not facts.module.practical:
        return _good(line, Mark(buddy=buddy, knowledge=knowledge))
    practical = PARTS.get(answers[PRACTICAL], "")
    if not practical:
        return _bad(line, _unknown(PRACTICAL, row[PRACTICAL], "passed or not yet"))
    return _good(line, Mark(buddy=buddy, knowledge=knowledge, practical=practical))


def _unknown(name: str, typed: str, allowed: str) -> str:
    return f"“{typed}” in “{name}” is not known. Write {allowed}." if typed else f"“{name}” is empty. Write {allowed}."


def _good(line: Line, mark: Mark) -> Line:
    return replace(line, mark=mark)


def _bad(line: Line, problem: str) -> Line:
    return replace(line, mark=None, problem=problem)
