"""Spreadsheets on their way in, by the actions that the pages and the worker call. Run inside `with at_prison(here):`.

file = uploaded(here, lead, now)              its columns are to be matched
file = checked(here, lead, now, good=3, bad=1)
file = saved(here, lead, now)
"""

from __future__ import annotations

from datetime import datetime

from buddyscheme.accounts.models import Prison, User
from buddyscheme.lib.csv_safe import csv_text
from schemes.actions import imports as actions
from schemes.imports.registry import kind_of
from schemes.models import ImportFile
from tests.cast import acts

HEAD = ("Prison number", "First name", "Last name", "Wing")


def uploaded(here: Prison, by: User, now: datetime, good: int = 1, bad: int = 1) -> ImportFile:
    """A list of people; the bad ones come first and name a wing that is not there."""
    wings = ["Nowhere"] * bad + ["A"] * good
    rows = [[f"Z{n:04d}ZX", "Kit", f"Listed{n}", wing] for n, wing in enumerate(wings, start=7000)]
    content = csv_text(HEAD, rows).encode()
    return actions.receive_file(
        by=acts(by, here), now=now, prison=here, kind=kind_of("PEOPLE"), name="people.csv", content=content
    )


def checked(here: Prison, by: User, now: datetime, good: int = 1, bad: int = 1) -> ImportFile:
    """Read and checked, and nothing saved."""
    file, actor = uploaded(here, by, now, good, bad), acts(by, here)
    actions.match_columns(by=actor, now=now, file=file, columns=file.columns)
    wings = ["Nowhere"] * bad + ["A"] * good
    rows = [(n - 6998, [f"Z{n:04d}ZX", "Kit", f"Listed{n}", wing]) for n, wing in enumerate(wings, start=7000)]
    while actions.stage_rows(by=actor, now=now, file=file, rows=rows):
        pass
    actions.check_file(by=actor, now=now, file=file)
    file.refresh_from_db()
    return file


def saved(here: Prison, by: User, now: datetime, good: int = 1) -> ImportFile:
    """Its people are on the prison's list."""
    file, actor = checked(here, by, now, good, bad=0), acts(by, here)
    actions.ask_to_save(by=actor, now=now, file=file)
    actions.save_rows(by=actor, now=now, file=file)
    file.refresh_from_db()
    return file
