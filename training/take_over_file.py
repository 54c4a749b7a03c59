"""A list of buddies who already do the job: one line for each, read and checked before anything is saved.

Pure: text and facts in, lines with their problems out. There is no column that waives clearance, keep-apart or a
prohibited task; a department's own dated paper may be entered, as on the buddy's page.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from buddyscheme.accounts.departments import department_name
from buddyscheme.lib.csv_rows import body_of, check_headings
from buddyscheme.lib.errors import NotAllowed
from buddyscheme.lib.fields import PRISON_NUMBER, PRISON_NUMBER_SHAPE, day_in_words, prison_number_of
from schemes.imports.reading import day_of
from schemes.models import Buddy, Clearance, Person
from schemes.rules import clearance as clearance_rules
from schemes.rules import take_overs as take_over_rules
from schemes.rules.buddies import open_record_words
from training.models import Module
from training.rules.results import OLDEST, expires_after

NUMBER, NAME, SINCE, COMPACT = "Prison number", "Name", "In role since", "Compact signed"
MODULES, PASSED_ON = "Modules passed", "Modules passed on"
FIXED = (NUMBER, NAME, SINCE, COMPACT, MODULES, PASSED_ON)
DATED, UNTIL, WRITTEN_BY = "paper dated", "cleared until", "written by"
MOST_LINES = 60
LONGEST_CELL = 300
NOTHING, EVERYTHING = "none", "all"
MONTHS = {name: n for n, name in enumerate(
    ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), start=1
)}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What is known here: who is held, whose record is open, the catalogue, the compact, who signs clearance."""

    today: date
    people: Mapping[str, Person]
    open_records: Mapping[int, Buddy]
    modules: Sequence[Module]
    # Versions of the compact with the first day of each, newest first, and the one that has to be signed today.
    compacts: Sequence[tuple[int, date]]
    compact_needed: int | None
    departments: Sequence[str]
    # For each department with an account: who signs.
    signers: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Paper:
    """What a department wrote on paper or by e-mail."""

    department: str
    decided_on: date
    expires_on: date
    written_by: str


@dataclass(frozen=True, kw_only=True)
class Entry:
    """What a good line asks for. `compact` is a version and the day of signing."""

    person: Person
    in_role_since: date
    compact: tuple[int, date] | None
    lacks_compact: bool
    modules: tuple[Module, ...]
    passed_on: date | None
    lacks_modules: bool
    papers: tuple[Paper, ...]


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line: what it says, and the entry that it makes, or what to mend, or the record that is there already."""

    number: int
    said: Mapping[str, str]
    left_out: bool
    person: Person | None = None
    entry: Entry | None = None
    problems: tuple[str, ...] = ()
    already: Buddy | None = None

    @property
    def bad(self) -> bool:
        """It has to be mended or left out."""
        return bool(self.problems) and not self.left_out

    @property
    def good(self) -> bool:
        """It is saved when the list is."""
        return self.entry is not None and not self.left_out


def heading(department: str, what: str) -> str:
    """The heading of one column about a department's paper."""
    return f"{department_name(department)}: {what}"


def columns(facts: Facts, *, every: bool = False) -> list[str]:
    """Headings of the file. Departments that sign in their own name have none, unless `every` is asked for."""
    asked = [d for d in facts.departments if every or d not in facts.signers]
    return [*FIXED, *(heading(d, what) for d in asked for what in (DATED, UNTIL, WRITTEN_BY))]


def rows_of(rows: Sequence[Sequence[str]], facts: Facts) -> list[tuple[int, dict[str, str]]]:
    """Numbered lines of a file by heading. Raises `NotAllowed` where the file as a whole cannot be read."""
    body = body_of(rows, _places(rows, facts), most=MOST_LINES, row="line")
    return [(number, {name: cell[:LONGEST_CELL] for name, cell in said.items()}) for number, said in body]


def _places(rows: Sequence[Sequence[str]], facts: Facts) -> dict[str, int]:
    known = {name.casefold(): name for name in columns(facts, every=True)}
    names = check_headings(rows, (NUMBER, SINCE, COMPACT, MODULES), row="line")
    strange = [name for name in rows[0] if name and name.casefold() not in known]
    if strange:
        raise NotAllowed(
            f"The file has columns that are not known: {', '.join(strange)}. Take them out, or rename them.",
            field="file",
        )
    doubled = sorted({known[name] for name in names if name and names.count(name) > 1})
    if doubled:
        raise NotAllowed(f"The file has a column twice: {', '.join(doubled)}. Take one out.", field="file")
    return {known[name]: place for place, name in enumerate(names) if name}


def read(rows: Sequence[tuple[int, Mapping[str, str], bool]], facts: Facts) -> list[Line]:
    """Every line, checked: its number, what it says, and whether it is left out."""
    first: dict[str, int] = {}
    found = []
    for number, said, left_out in rows:
        line = _line(number, said, left_out, facts, first)
        found.append(line)
        if not left_out:
            first.setdefault(number_in(said), number)
    return found


def seen(lines: Sequence[Line]) -> str:
    """A mark of what was shown: the same lines with the same outcome have the same mark."""
    shown = [
        [line.number, sorted(line.said.items()), line.left_out, line.problems, line.already and line.already.pk]
        for line in lines
    ]
    return hashlib.sha256(json.dumps(shown).encode()).hexdigest()


def number_in(said: Mapping[str, str]) -> str:
    """The prison number that a line says."""
    return prison_number_of(said.get(NUMBER, ""))


def _line(number: int, said: Mapping[str, str], left_out: bool, facts: Facts, first: Mapping[str, int]) -> Line:
    prison_number = number_in(said)
    person = facts.people.get(prison_number)

    def line(problems: Sequence[str] = (), **more: object) -> Line:
        return Line(
            number=number, said=said, left_out=left_out, person=person, problems=tuple(problems),
            **more,  # type: ignore[arg-type]
        )  # fmt: skip

    if not PRISON_NUMBER.fullmatch(prison_number):
        typed = said.get(NUMBER, "")
        what = f"“{typed}” is not a prison number" if typed else "The prison number is empty"
        return line([f"{what}. {PRISON_NUMBER_SHAPE}."])
    if prison_number in first:
        return line([f"This person is in line {first[prison_number]} already. Leave one of the two out."])
    if person is None:
        return line(["Nobody with this prison number is held here now. Check it, or add the person first."])
    record = facts.open_records.get(person.pk)
    if record is not None and record.source == Buddy.Source.TAKE_OVER:
        return line(already=record)
    if record is not None:
        return line([open_record_words(record)])
    reading = _Reading(said, facts)
    entry = reading.entry(person)
    return line(reading.problems) if reading.problems else line(entry=entry)


@dataclass
class _Reading:
    """One line of somebody who can be taken over; what is wrong with it is collected."""

    said: Mapping[str, str]
    facts: Facts
    problems: list[str] = field(default_factory=list)

    def entry(self, person: Person) -> Entry | None:
        since = self._since()
        compact, lacks_compact = self._compact(since)
        modules, passed_on = self._modules(since)
        papers = self._papers()
        if self.problems or since is None:
            return None
        passed = {module.code for module in modules if not module.practical}
        return Entry(
            person=person,
            in_role_since=since,
            compact=compact,
            lacks_compact=lacks_compact,
            modules=modules,
            passed_on=passed_on,
            lacks_modules=any(m.mandatory and m.code not in passed for m in self.facts.modules),
            papers=papers,
        )

    def _cell(self, name: str) -> str:
        return " ".join(self.said.get(name, "").split())

    def _day(self, name: str) -> date | None:
        typed = self._cell(name)
        day = day_of(typed)
        if day is None:
            words = f"“{typed}” in “{name}” is not a date" if typed else f"“{name}” is empty"
            self.problems.append(f"{words}. Write it like 27/3/2025.")
        return day

    def _since(self) -> date | None:
        since = self._day(SINCE)
        if since is not None:
            self._checked(
                lambda: take_over_rules.check_can_ask(
                    held_here=True, open_record=None, in_role_since=since, reason="list",
                    good_by=self.facts.today + take_over_rules.USUAL, today=self.facts.today,
                )
            )  # fmt: skip
        return since

    def _checked(self, check: object) -> bool:
        try:
            check()  # type: ignore[operator]
        except NotAllowed as error:
            self.problems.append(str(error))
            return False
        return True

    def _compact(self, since: date | None) -> tuple[tuple[int, date] | None, bool]:
        typed = self._cell(COMPACT)
        if typed.casefold() in ("no", "n"):
            return None, True
        day = day_of(typed)
        if day is None:
            words = f"“{typed}” in “{COMPACT}” is not known" if typed else f"“{COMPACT}” is empty"
            self.problems.append(f"{words}. Write the date of signing, like 27/3/2025, or no.")
            return None, True
        if day > self.facts.today or (since is not None and day < since):
            self.problems.append(
                "The compact must be signed between the day since when the person does the job and today. "
                "Write no if it is to be signed."
            )
            return None, True
        version = next((number for number, starts in self.facts.compacts if starts <= day), None)
        if version is None:
            self.problems.append("No version of the compact was in force on the day of signing. Write no.")
            return None, True
        needed = self.facts.compact_needed
        return (version, day), needed is None or version < needed

    def _modules(self, since: date | None) -> tuple[tuple[Module, ...], date | None]:
        typed = self._cell(MODULES)
        on = self._cell(PASSED_ON)
        if typed.casefold() == NOTHING:
            if on:
                self.problems.append(
                    f"“{PASSED_ON}” has a date, but no module is named. Empty it, or name the modules."
                )
            return (), None
        if not typed:
            self.problems.append(f"“{MODULES}” is empty. Write none, all, or the codes of the modules.")
            return (), None
        named = self._named(typed)
        day = self._day(PASSED_ON)
        if day is None:
            return named, None
        if day > self.facts.today or day < self.facts.today - OLDEST:
            earliest = day_in_words(self.facts.today - OLDEST)
            self.problems.append(f"The modules must be passed between {earliest} and today.")
            return named, day
        for module in named:
            until = expires_after(day, module.refresh_months)
            if until is not None and until < self.facts.today:
                self.problems.append(
                    f"{module.code} passed on {day_in_words(day)} lapsed on {day_in_words(until)}. Take it out of the "
                    "list of modules."
                )
        return named, day

    def _named(self, typed: str) -> tuple[Module, ...]:
        if typed.casefold() == EVERYTHING:
            return tuple(module for module in self.facts.modules if module.mandatory)
        by_code = {module.code.casefold(): module for module in self.facts.modules}
        codes = dict.fromkeys(code for code in re.split(r"[\s,;/+]+", typed.casefold()) if code)
        unknown = [code.upper() for code in codes if code not in by_code]
        if unknown:
            self.problems.append(
                f"No module has the code {', '.join(unknown)}. Write none, all, or codes of this prison’s catalogue."
            )
        return tuple(by_code[code] for code in codes if code in by_code)

    def _papers(self) -> tuple[Paper, ...]:
        found = [self._paper(department) for department in self.facts.departments]
        return tuple(paper for paper in found if paper is not None)

    def _paper(self, department: str) -> Paper | None:
        names = {what: heading(department, what) for what in (DATED, UNTIL, WRITTEN_BY)}
        if not any(self._cell(name) for name in names.values()):
            return None
        signer = self.facts.signers.get(department, "")
        if not self._checked(lambda: clearance_rules.check_has_no_account(department, signer)):
            return None
        decided_on, expires_on = self._day(names[DATED]), self._day(names[UNTIL])
        written_by = self._cell(names[WRITTEN_BY])[:120]
        if decided_on is None or expires_on is None:
            return None
        before = len(self.problems)
        self._checked(
            lambda: clearance_rules.check_decision(
                Clearance.Decision.CLEARED, decided_on=decided_on, expires_on=expires_on, today=self.facts.today
            )
        )
        self._checked(lambda: clearance_rules.check_paper(clearance_rules.paper_kind(written_by), written_by))
        # A sentence that names no department is of no help on a line with several.
        for place in range(before, len(self.problems)):
            self.problems[place] = f"{department_name(department)}: {self.problems[place]}"
        return Paper(department=department, decided_on=decided_on, expires_on=expires_on, written_by=written_by)
