"""Questions about log sheets. A sheet is entered in the order of its paper: row by row, and in each row as the terminal
asks.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from buddyscheme.accounts.models import Wing
from buddyscheme.lib.errors import NotAllowed
from buddyscheme.lib.fields import Choice, ChoiceField, NumberField, TickField, WordsField, day_in_words
from buddyscheme.lib.forms import FilterForm, GovukForm
from referrals.models import PlannedVisit
from referrals.queries.sheets import Line
from referrals.rules.sheets import COLUMNS, EXTRA, HOW, MOST_FORMS, MOST_SPARES, WHY, RowEntry, Totals, TotalsDiffer
from referrals.rules.visits import DAYS_BACK, MOST_MINUTES
from schemes.models import Buddy, TaskKind

WAITING = "waiting"
EVERYBODY = "all"
REFERENCE = re.compile(r"([LSRCI])?\s*(\d{1,7})", re.IGNORECASE | re.ASCII)


class SheetFilter(FilterForm):
    """Which to show."""

    show = ChoiceField(label="Show", select=True, choices=[(WAITING, "To enter")])


class PrintWeekForm(GovukForm):
    """Which week, and whose sheets."""

    submit_label = "Make the sheets"

    week = ChoiceField(label="Which week?", missing="Select which week")
    whose = ChoiceField(
        label="Whose sheets?", select=True, nothing_chosen=None, missing="Select whose sheets to make",
        hint="A buddy without a visit in that week gets none.",
    )  # fmt: skip

    def __init__(
        self, *args: Any, weeks: Iterable[date], wings: Iterable[Wing], buddies: Iterable[Buddy], **kwargs: Any
    ):
        super().__init__(*args, **kwargs)
        names = ("This week, from today on", "Next week")
        self.fields["week"].offer(
            [
                Choice(value=monday.isoformat(), text=name, hint=week_words(monday))
                for monday, name in zip(weeks, names, strict=True)
            ]
        )
        self.fields["whose"].offer([
            (EVERYBODY, "All buddies"),
            *((f"wing:{wing.code}", f"Buddies of {wing.name}") for wing in wings),
            *((f"buddy:{buddy.token}", buddy.person.list_name) for buddy in buddies),
        ])  # fmt: skip


def week_words(monday: date) -> str:
    """A week by its first and last day."""
    return f"{day_in_words(monday)} to {day_in_words(monday + timedelta(days=6))}"


class SparesForm(GovukForm):
    """How many spare sheets."""

    submit_label = "Make spare sheets"

    how_many = NumberField(
        label="How many spare sheets?", hint="Keep some on each wing. They have blank rows and a number.", least=1,
        most=MOST_SPARES, width="2", initial=5,
    )  # fmt: skip


class FormsForm(GovukForm):
    """How many forms."""

    submit_label = "Make the forms"

    how_many = NumberField(label="How many forms?", least=1, most=MOST_FORMS, width="2", initial=5)


class SheetNumberForm(GovukForm):
    """Which sheet lies on the desk."""

    submit_label = "Continue"
    heading_in_first_field = True

    reference = WordsField(
        label="What is the number of the sheet?", hint="Printed at the top of every page, for example L1001",
        max_length=10, width="5", missing="Enter the number that is printed at the top of the sheet",
    )  # fmt: skip

    def clean_reference(self) -> tuple[str, int]:
        """The letter, if it was typed, and the number."""
        found = REFERENCE.fullmatch(self.cleaned_data["reference"].strip())
        if found is None:
            self.add_error("reference", "Enter the number as it is printed, for example L1001")
            return "", 0
        return (found[1] or "").upper(), int(found[2])


class WhoseForm(GovukForm):
    """Whose spare sheet, of which week: it is written at its top."""

    submit_label = "Continue"

    buddy = ChoiceField(label="Which buddy’s sheet is it?", select=True, missing="Select which buddy’s sheet it is")
    week = ChoiceField(label="Which week is it about?", missing="Select which week it is about")

    def __init__(self, *args: Any, buddies: Iterable[Buddy], weeks: Iterable[date], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["buddy"].offer([(buddy.token, buddy.person.list_name) for buddy in buddies])
        self.fields["week"].offer([(monday.isoformat(), week_words(monday)) for monday in weeks])


def weeks_back(monday: date) -> list[date]:
    """This week and those of which something can still be entered."""
    return [monday - timedelta(days=back) for back in range(0, DAYS_BACK + 1, 7)]


@dataclass(frozen=True)
class Box:
    """One box of a row as the page shows it."""

    id: str
    name: str
    label: str
    heading: str
    column: str
    value: str
    wrong: bool
    choices: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class KeyRow:
    """One row on the screen: what was printed, and its boxes in the paper's order (none where nothing can be entered).

    `which` is the box of a spare row that says which visit it is about.
    """

    line: Line
    kinds: tuple[TaskKind, ...]
    which: Box | None
    boxes: tuple[Box, ...]
    errors: tuple[str, ...]


HEADINGS = {"how": "How", "which": "Done", "why": "Why not", "minutes": "Minutes", "extra": "Anything else"}


class KeySheetForm(GovukForm):
    """Every row of a sheet, then the totals at its foot. A row whose first box stays empty is left out.

    The numbers are those on the paper: 1, 2 or 3 for how it went; the tasks done as "1 3"; other help by its numbers,
    or in words; 1 to 5 for why not. Minutes are typed only where they were written.
    """

    submit_label = "Save the sheet"
    mark_optional = False

    done = NumberField(label="Visits done", least=0, most=999, width="3")
    not_done = NumberField(label="Visits not done", least=0, most=999, width="3")
    minutes = NumberField(label="Minutes in all", least=0, most=99_999, width="4")
    paper_wrong = TickField(label="The rows are right: the paper is added up wrongly", required=False)

    def __init__(
        self, *args: Any, lines: Sequence[Line], kinds: dict[str, TaskKind], visits: Sequence[PlannedVisit] = (),
        choices: Sequence[tuple[str, str]] = (), **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        self.lines = lines
        self.kinds = kinds
        self.visits = {visit.token: visit for visit in visits}
        self.totals_differ = False
        last = {name: self.fields.pop(name) for name in ("done", "not_done", "minutes", "paper_wrong")}
        for line in lines:
            if line.is_open:
                self._add_row(line, choices)
        self.fields.update(last)

    def _add_row(self, line: Line, choices: Sequence[tuple[str, str]]) -> None:
        row = f"Row {line.slip.place}"
        if line.planned is None:
            field = ChoiceField(label=f"{row}: which visit", select=True, required=False)
            field.offer(choices)
            self.fields[f"visit_{line.slip.place}"] = field
        words = {"how": "how it went", "which": "what was done", "why": "why not", "minutes": "minutes"}
        for name in COLUMNS:
            label = f"{row}: {words.get(name, 'anything else')}"
            most = 280 if name == "extra" else 20
            self.fields[f"{name}_{line.slip.place}"] = WordsField(label=label, max_length=most, required=False)

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or {}
        self.entries: list[RowEntry] = []
        for line in self.lines:
            if line.is_open:
                self._read_row(line, answers)
        return answers

    def _read_row(self, line: Line, answers: dict[str, Any]) -> None:
        place = line.slip.place or 0
        typed = {name: str(answers.get(f"{name}_{place}") or "").strip() for name in COLUMNS}
        token = str(answers.get(f"visit_{place}") or "")
        if not any(typed.values()) and not token:
            return
        planned = line.planned or self.visits.get(token)
        if planned is None:
            self.add_error(f"visit_{place}", f"Row {place}: select which visit it is")
            return
        try:
            self.entries.append(_row_of(place, planned, typed, line.slip.tasks or planned.tasks, line.slip.minutes))
        except NotAllowed as error:
            self.add_error(f"{error.field}_{place}", str(error))

    @property
    def rows(self) -> list[KeyRow]:
        """For the page, in the paper's order."""
        found = []
        for line in self.lines:
            place = line.slip.place
            codes = line.slip.tasks or (line.planned.tasks if line.planned else [])
            names = [f"{name}_{place}" for name in ("visit", *COLUMNS) if f"{name}_{place}" in self.fields]
            found.append(
                KeyRow(
                    line,
                    tuple(self.kinds[code] for code in codes if code in self.kinds),
                    next((self._box(name) for name in names if name.startswith("visit")), None),
                    tuple(self._box(name) for name in names if not name.startswith("visit")),
                    tuple(str(error) for name in names for error in self[name].errors),
                )
            )
        return found

    def _box(self, name: str) -> Box:
        bound, column = self[name], name.partition("_")[0]
        choices = tuple((choice.value, choice.text) for choice in getattr(bound.field, "offered", ()) if choice.value)
        return Box(
            id=bound.auto_id,
            name=bound.html_name,
            label=str(bound.label),
            heading=HEADINGS.get(column, ""),
            column=column,
            value=str(bound.value() or ""),
            wrong=bool(bound.errors),
            choices=choices,
        )

    @property
    def totals(self) -> Totals:
        """Those of the paper."""
        answers = self.cleaned_data
        return Totals(answers["done"], answers["not_done"], answers["minutes"])

    def refuse(self, sentence: str | NotAllowed, field: str | None = None) -> None:
        """Totals that differ bring up the box that says so."""
        self.totals_differ = isinstance(sentence, TotalsDiffer)
        super().refuse(sentence, field)


def _row_of(place: int, planned: PlannedVisit, typed: dict[str, str], tasks: Sequence[str], minutes: int) -> RowEntry:
    """One row as the action takes it, or a sentence at the box that is wrong."""
    if typed["how"] not in HOW:
        raise NotAllowed(f"Row {place}: enter 1, 2 or 3 for how it went", field="how")
    outcome = HOW[typed["how"]]
    if typed["which"] and typed["how"] != "2":
        raise NotAllowed(f"Row {place}: what was done goes only with 2. Take it out, or enter 2", field="which")
    if typed["why"] and typed["how"] != "3":
        raise NotAllowed(f"Row {place}: why not goes only with 3. Take it out, or enter 3", field="why")
    extra = _extra(place, typed["extra"])
    if typed["how"] == "3":
        if typed["why"] not in WHY:
            raise NotAllowed(f"Row {place}: enter a number from 1 to {len(WHY)} for why not", field="why")
        if typed["minutes"] not in ("", "0"):
            raise NotAllowed(f"Row {place}: a visit that was not done has no minutes. Take them out", field="minutes")
        return RowEntry(
            place=place, planned_id=planned.pk, outcome=outcome, minutes=0, reason=WHY[typed["why"]],
            extra_help=extra,
        )  # fmt: skip
    chosen = _tasks(place, typed["which"], tasks) if typed["how"] == "2" else ()
    if chosen and len(chosen) == len(tasks):
        outcome, chosen = HOW["1"], ()
    took = _minutes(place, typed["minutes"], minutes, planned)
    return RowEntry(
        place=place, planned_id=planned.pk, outcome=outcome, minutes=took, tasks_done=chosen, extra_help=extra
    )


def _numbers(typed: str) -> list[str] | None:
    """The figures of what has nothing but figures, with or without something between them; else nothing."""
    return re.findall(r"\d", typed) if re.fullmatch(r"[\d\s,.;+]+", typed, re.ASCII) else None


def _tasks(place: int, typed: str, tasks: Sequence[str]) -> tuple[str, ...]:
    """Numbers of tasks."""
    numbers = _numbers(typed)
    if not numbers or not all(1 <= int(number) <= len(tasks) for number in numbers):
        last = f"from 1 to {len(tasks)}" if len(tasks) > 1 else "1"
        raise NotAllowed(f"Row {place}: enter the numbers of the tasks that were done, {last}", field="which")
    return tuple(code for nth, code in enumerate(tasks, start=1) if str(nth) in numbers)


def _extra(place: int, typed: str) -> str:
    """Numbers of the list as the terminal says them to staff; words as they are."""
    numbers = _numbers(typed)
    if numbers is None:
        return typed
    if not numbers or not set(numbers) <= EXTRA.keys():
        raise NotAllowed(f"Row {place}: enter numbers from 1 to {len(EXTRA)} for anything else", field="extra")
    return "; ".join(words for number, words in EXTRA.items() if number in numbers)


def _minutes(place: int, typed: str, printed: int, planned: PlannedVisit) -> int:
    if not typed:
        return printed or planned.minutes
    if not re.fullmatch(r"\d{1,3}", typed, re.ASCII) or not 1 <= int(typed) <= MOST_MINUTES:
        raise NotAllowed(f"Row {place}: enter whole minutes from 1 to {MOST_MINUTES}", field="minutes")
    return int(typed)
