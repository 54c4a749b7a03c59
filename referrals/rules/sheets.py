"""Log sheets: which may be printed, what is written on them in numbers, and when the totals agree. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from buddyscheme.lib.dates import week_of
from buddyscheme.lib.errors import NotAllowed
from buddyscheme.lib.rules import twin
from referrals import visit_answers
from referrals.models import PaperSheet, Visit
from referrals.visit_answers import REASONS

O = Visit.Outcome  # noqa: E741 - read as a namespace
FIRST_NUMBER = 1001
MOST_SPARES = 30
MOST_FORMS = 30
SPARE_ROWS = 11
"""As many blank rows as two sides of paper hold."""

# The numbers that stand on the paper, on its key and at the terminal.
HOW = {"1": O.DONE.value, "2": O.PARTLY.value, "3": O.NOT_DONE.value}
WHY = REASONS
# Help beside the plan, as staff read it.
EXTRA = {number: words for number, (_, words) in visit_answers.EXTRA.items()}
# What is asked of each visit, in the order of the terminal's screens: the paper's columns and the boxes of its entry.
COLUMNS = ("how", "which", "extra", "why", "minutes")


@dataclass(frozen=True)
class Totals:
    """What the three boxes at the foot of a sheet say."""

    done: int
    not_done: int
    minutes: int

    def __str__(self) -> str:
        return f"{self.done} done, {self.not_done} not done, {self.minutes} minutes"


@dataclass(frozen=True, kw_only=True)
class RowEntry:
    """One row as it was keyed. `planned_id` is the visit that it is about."""

    place: int
    planned_id: int
    outcome: str
    minutes: int
    tasks_done: tuple[str, ...] = ()
    reason: str = ""
    extra_help: str = ""


class TotalsDiffer(NotAllowed):
    """The boxes at the foot of the sheet do not say what its rows add up to."""


def totals_of(visits: Iterable[tuple[str, int]]) -> Totals:
    """Of outcomes with their minutes."""
    found = list(visits)
    not_done = sum(outcome == O.NOT_DONE for outcome, _ in found)
    return Totals(len(found) - not_done, not_done, sum(minutes for _, minutes in found))


def weeks_to_print(today: date) -> tuple[date, date]:
    """The Mondays of this week and the next: further ahead the schedule still changes."""
    monday = week_of(today).monday
    return monday, monday + timedelta(days=7)


def check_can_print_week(week_starts_on: date, *, today: date, visits: int) -> None:
    """This week or the next, with a visit in it."""
    if week_starts_on not in weeks_to_print(today):
        raise NotAllowed("Log sheets are printed for this week or the next one. Select one of the two.", field="week")
    if not visits:
        raise NotAllowed("No visit is planned in this week for whom you chose, so there is no sheet.", field="whose")


def check_how_many(how_many: int, most: int) -> None:
    """At least one, and no more than a prison uses in a week."""
    if not 1 <= how_many <= most:
        raise NotAllowed(f"Enter how many to print, from 1 to {most}.", field="how_many")


def check_can_key(sheet: PaperSheet, *, keyed_by: str = "") -> None:
    """A log sheet that nobody has keyed."""
    if sheet.kind not in PaperSheet.LOGS:
        raise NotAllowed(f"{sheet.reference} is a form and no log sheet. Enter it on the page of its own questions.")
    if sheet.keyed_at is not None:
        who = f" by {keyed_by}" if keyed_by else ""
        raise NotAllowed(
            f"Sheet {sheet.reference} was entered already{who}. Open it to see what was saved; there each visit can be "
            "corrected."
        )


can_key = twin(check_can_key)


def check_rows(rows: Iterable[RowEntry], places: Collection[int], *, recorded: int) -> None:
    """Rows of this sheet, each once, each about another visit; and something to save."""
    found = list(rows)
    if not found and not recorded:
        raise NotAllowed("No row is filled in. Enter what stands on the paper, or leave this page without saving.")
    if {row.place for row in found} - set(places) or len({row.place for row in found}) != len(found):
        raise NotAllowed("This sheet has other rows. Open it again from its reference.")
    planned = [row.planned_id for row in found]
    twice = next((row.place for row in found if planned.count(row.planned_id) > 1), None)
    if twice is not None:
        raise NotAllowed(f"Row {twice} names the same visit as another row. Select each visit once.")


def check_totals(on_paper: Totals, counted: Totals, *, paper_wrong: bool) -> None:
    """The same three numbers, unless whoever keys has looked and says that the paper is added up wrongly."""
    if on_paper != counted and not paper_wrong:
        raise TotalsDiffer(
            f"The totals differ. On the paper: {on_paper}. The rows here: {counted}. Compare the rows with the paper. "
            "If the rows are right, tick that the paper is added up wrongly.",
            field="paper_wrong",
        )
