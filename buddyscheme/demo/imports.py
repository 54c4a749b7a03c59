"""A list from reception that somebody began to bring: most rows are good, two are to be mended."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from buddyscheme.demo.teller import Teller
from buddyscheme.lib.csv_safe import csv_text
from buddyscheme.lib.dates import london_moment
from schemes.actions import imports as actions
from schemes.imports.registry import kind_of
from schemes.models import ImportFile

HEADINGS = ("NOMS number", "Forename", "Surname", "Wing", "Landing", "Cell", "DOB")


def leave_a_saved_import(teller: Teller) -> ImportFile:
    """A shorter list that was right, and is saved."""
    lead, wing = teller.by("LEAD"), teller.wings[0].code
    now = london_moment(teller.today - timedelta(days=1), time(9, 20))
    rows = [
        ["Z9011ZW", "Corin", "Sallow", wing, "1", "1-35", "7/3/1955"],
        ["Z9012ZW", "Bram", "Tolland", wing, "2", "2-36", "23/10/1968"],
    ]
    file = _checked(teller, now, "reception-monday.csv", rows)
    actions.ask_to_save(by=lead, now=now, file=file)
    actions.save_rows(by=lead, now=now, file=file)
    return file


def leave_an_import(teller: Teller) -> ImportFile:
    """Read and checked this morning; nothing is saved from it yet."""
    now = london_moment(teller.today - timedelta(days=1), time(16, 10))
    wing = teller.wings[0].code
    rows = [
        ["Z9001ZW", "Ivor", "Pennant", wing, "1", "1-31", "4/2/1958"],
        ["Z9002ZW", "Moss", "Hadley", wing, "2", "2-07", "19/11/1971"],
        ["Z9003ZW", "Rune", "Ostler", "Q", "1", "1-32", "2/6/1964"],
        ["Z9004ZW", "Emlyn", "Garth", wing, "1", "1-33", "31/2/1949"],
        ["Z9005ZW", "Teal", "Windrow", wing, "1", "1-34", "12/8/1980"],
    ]
    return _checked(teller, now, "reception.csv", rows)


def _checked(teller: Teller, now: datetime, name: str, rows: list[list[str]]) -> ImportFile:
    lead = teller.by("LEAD")
    file = actions.receive_file(
        by=lead, now=now, prison=teller.prison, kind=kind_of("PEOPLE"), name=name,
        content=csv_text(HEADINGS, rows).encode(),
    )  # fmt: skip
    actions.match_columns(by=lead, now=now, file=file, columns=file.columns)
    actions.stage_rows(by=lead, now=now, file=file, rows=list(enumerate(rows, start=2)))
    actions.check_file(by=lead, now=now, file=file)
    return file
