"""A class as a file: one line for each person, read and checked line by line before anything is saved.

Pure: text and facts in, lines with their problems out.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date

from buddyscheme.lib.errors import NotAllowed
from buddyscheme.lib.fields import PRISON_NUMBER, PRISON_NUMBER_SHAPE
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


def decoded(content: bytes) -> str:
    """The text of a file that a spreadsheet saved."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


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
    first = text.lstrip("\ufeff").split("\n", 1)[0]
    reader = csv.reader(io.StringIO(text.lstrip("\ufeff"), newline=""), delimiter=";" if ";" in first else ",")
    try:
        rows = [[cell.strip().lstrip("'") for cell in row] for row in reader]
    except csv.Error:
        raise NotAllowed(
            "This file cannot be read. Save it as CSV, or begin with the file to fill in.", field="file"
        ) from None
    header = [cell.casefold() for cell in rows[0]] if rows else []
    missing = [name for name in columns(module) if name != NAME and name.casefold() not in header]
    if missing:
        raise NotAllowed(
            f"The first line of the file must name the columns. Missing: {', '.join(missing)}. "
            "Begin with the file to fill in.",
            field="file",
        )
    places = {name: header.index(name.casefold()) for name in columns(module) if name.casefold() in header}
    body = [
        (number, {name: row[place] if place < len(row) else "" for name, place in places.items()})
        for number, row in enumerate(rows[1:], start=2)
        if any(row)
    ]
    if not body:
        raise NotAllowed("The file has no line about anybody. Fill it in, then choose it again.", field="file")
    if len(body) > MOST_LINES:
        raise NotAllowed(f"The file has {len(body)} lines and there is room for {MOST_LINES}. Split it.", field="file")
    return body


def _line(number: int, row: Mapping[str, str], facts: Facts, known: Mapping[str, int]) -> Line:
    prison_number = "".join(row[NUMBER].split()).upper()
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
