"""A list from reception that somebody began to bring: most rows are good, two are to be mended."""

from __future__ import annotations

from datetime import time, timedelta

from buddyscheme.demo.teller import Teller
from buddyscheme.lib.csv_safe import csv_text
from buddyscheme.lib.dates import london_moment
from schemes.actions import imports as actions
from schemes.imports.registry import kind_of
from schemes.models import ImportFile

HEADINGS = ("NOMS number", "Forename", "Surname", "Wing", "Landing", "Cell", "DOB")


def leave_an_import(teller: Teller) -> ImportFile:
    """Read and checked this morning; nothing is saved from it yet."""
    lead, now = teller.by("LEAD"), london_moment(teller.today - timedelta(days=1), time(16, 10))
    wing = teller.wings[0].code
    rows = [
        ["Z9001ZW", "Ivor", "Pennant", wing, "1", "1-31", "4/2/1958"],
        ["Z9002ZW", "Moss", "Hadley", wing, "2", "2-07", "19/11/1971"],
        ["Z9003ZW", "Rune", "Ostler", "Q", "1", "1-32", "2/6/1964"],
        ["Z9004ZW", "Emlyn", "Garth", wing, "1", "1-33", "31/2/1949"],
        ["Z9005ZW", "Teal", "Windrow", wing, "1", "1-34", "12/8/1980"],
    ]
    file = actions.receive_file(
        by=lead, now=now, prison=teller.prison, kind=kind_of("PEOPLE"), name="reception.csv",
        content=csv_text(HEADINGS, rows).encode(),
    )  # fmt: skip
    actions.match_columns(by=lead, now=now, file=file, columns=file.columns)
    actions.stage_rows(by=lead, now=now, file=file, rows=list(enumerate(rows, start=2)))
    actions.check_file(by=lead, now=now, file=file)
    return file
