"""When a spreadsheet may be matched, mended, saved and thrown away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

from buddyscheme.lib.errors import NotAllowed
from buddyscheme.lib.rules import twin
from schemes.models import ImportFile

State = ImportFile.State
TRANSITIONS: dict[str, set[str]] = {
    State.UPLOADED: {State.STAGING, State.DROPPED},
    State.STAGING: {State.CHECKING, State.DROPPED},
    State.CHECKING: {State.CHECKED, State.DROPPED},
    State.CHECKED: {State.CHECKING, State.CHECKED, State.SAVING, State.DROPPED},
    State.SAVING: {State.SAVED, State.CHECKED, State.DROPPED},
    State.SAVED: set(),
    State.DROPPED: set(),
}
# The rows of a finished import go after so long; those of one that nobody touches any more as well.
KEPT_AFTER = timedelta(days=7)
KEPT_UNTOUCHED = timedelta(days=14)
# Up to so many rows are checked again while the page is awaited; more by a worker.
CHECKED_AT_ONCE = 2000


def check_size(rows: int, most: int) -> None:
    """There is something in it, and not more than is read at once."""
    if not rows:
        raise NotAllowed("The file has no row below the headings. Fill it in, then choose it again.", field="file")
    if rows > most:
        raise NotAllowed(f"The file has {rows:,} rows and there is room for {most:,}. Split it.", field="file")


def check_can_match(file: ImportFile, columns: Mapping[str, int], needed: Sequence[tuple[str, str]]) -> None:
    """Before the rows are read; every field that is needed has a column, and no column is used twice.

    `needed` are names of fields and what they are called.
    """
    if file.state != State.UPLOADED:
        raise NotAllowed("The columns of this file are matched already. Throw the import away to begin again.")
    for name, label in needed:
        if name not in columns:
            raise NotAllowed(f"Select the column that holds “{label}”.", field=name)
    seen: dict[int, str] = {}
    for name, place in columns.items():
        if place in seen:
            raise NotAllowed("This column is selected for something else already. Select another one.", field=name)
        seen[place] = name


def check_can_mend(file: ImportFile) -> None:
    """While it is looked at, and nothing is being saved."""
    if file.state == State.SAVED:
        raise NotAllowed("These rows are saved already. Change them on their own pages.")
    if file.state == State.DROPPED:
        raise NotAllowed("This import was thrown away. Bring the file again.")
    if file.state != State.CHECKED:
        raise NotAllowed("The rows are being worked on. Wait a moment, then try again.")


def check_can_save(file: ImportFile, *, bad: int, good: int, leave_out: bool) -> None:
    """Checked, every bad row mended or left out, and something to save."""
    check_can_mend(file)
    if bad and not leave_out:
        raise NotAllowed(
            f"{bad} {'row has' if bad == 1 else 'rows have'} to be mended first. Or tick the box to leave "
            f"{'it' if bad == 1 else 'them'} out.",
            field="leave_out",
        )
    if not good:
        raise NotAllowed("There is nothing new to save. Everything in the file is here already, or was left out.")


def check_can_drop(file: ImportFile) -> None:
    """Until it is being saved."""
    if file.state in (State.SAVING, State.SAVED):
        raise NotAllowed("These rows are saved, or are being saved, so the import cannot be thrown away.")
    if file.state == State.DROPPED:
        raise NotAllowed("This import was thrown away already.")


can_mend = twin(check_can_mend)
can_drop = twin(check_can_drop)
