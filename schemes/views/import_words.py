"""What the pages of an import say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.contrib.humanize.templatetags.humanize import intcomma
from django.urls import reverse
from django.utils import timezone

from buddyscheme.accounts.requests import StaffRequest
from buddyscheme.lib.csv_safe import Cell as CsvCell
from buddyscheme.lib.fields import day_in_words
from buddyscheme.lib.tables import Cell, Column, Row, Table, Tag
from schemes.imports.mended import ROW, WRONG
from schemes.imports.registry import Elsewhere, Kind, kind_of
from schemes.models import ImportFile, ImportRow

State = ImportFile.State
TAGS = {
    State.UPLOADED: "yellow",
    State.STAGING: "blue",
    State.CHECKING: "blue",
    State.CHECKED: "yellow",
    State.SAVING: "blue",
    State.SAVED: "green",
    State.DROPPED: "grey",
}


def files_table(request: StaffRequest, files: Iterable[ImportFile]) -> Table:
    """The list of imports."""
    return Table(
        caption="Imports, newest first",
        first="List",
        columns=["File", "Brought", Column(text="Rows", numeric=True), Column(text="Saved", numeric=True)],
        rows=[
            Row(
                text=kind_of(file.kind).name,
                href=reverse("schemes:import_file", args=[request.prison.code, file.token]),
                hidden=f"from {file.name}",
                cells=[
                    file.name,
                    Cell(text=_day(file.uploaded_at), note=f"by {file.uploaded_by.name}"),
                    intcomma(file.rows_in_file),
                    intcomma(file.saved) if file.state == State.SAVED else "–",
                ],
                tag=Tag(text=file.get_state_display(), colour=TAGS[State(file.state)]),
            )
            for file in files
        ],
    )


def _day(moment: datetime) -> str:
    return day_in_words(timezone.localtime(moment).date())


def guide_url(request: StaffRequest, kind: Kind, name: str = "import_guide") -> str:
    """The page about one list, or the file to fill in."""
    return reverse(f"schemes:{name}", args=[request.prison.code, kind.code.lower().replace("_", "-")])


def step_of(request: StaffRequest, one: Kind | Elsewhere, saved: Mapping[str, tuple[int, datetime]]) -> dict[str, str]:
    """One list on the way of a whole scheme: what it is, where its file is, and what has been brought of it."""
    if isinstance(one, Elsewhere):
        lead = f"{one.lead[:1].upper()}{one.lead[1:]}"
        href, template = (reverse(name, args=[request.prison.code]) for name in (one.url, one.template))
        return {"name": one.name, "lead": lead, "href": href, "template_href": template}
    rows, last = saved.get(one.code, (0, None))
    return {
        "name": one.name,
        "lead": one.lead,
        "href": guide_url(request, one),
        "template_href": guide_url(request, one, "import_template"),
        "brought": f"{_rows(rows, 'row', 'rows')} saved, last on {_day(last)}" if rows and last else "",
    }


def guide_table(kind: Kind, today: date) -> Table:
    """What each column means."""
    return Table(
        caption="Columns",
        first="Column",
        columns=["What to write", "Example"],
        status="Needed",
        rows=[
            Row(
                text=field.label,
                cells=[field.meaning, field.example_on(today) or "–"],
                tag=Tag(text="Needed", colour="blue") if field.needed else Tag(text="May be empty", colour="grey"),
            )
            for field in kind.fields
        ],
    )


def _rows(count: int, words: str, many: str) -> str:
    return f"{intcomma(count)} {words if count == 1 else many}"


def counts(file: ImportFile) -> list[str]:
    """How many rows of each sort, as sentences; none for nought but the first."""
    done = file.state == State.SAVED
    first = _rows(file.saved, "row is saved", "rows are saved") if done else _rows(
        file.good, "row is good", "rows are good"
    )  # fmt: skip
    found = [f"{first}."]
    if file.bad:
        found.append(f"{_rows(file.bad, 'row has', 'rows have')} to be mended or left out.")
    if file.already:
        changes = "changes" if file.already == 1 else "change"
        found.append(f"{_rows(file.already, 'row is', 'rows are')} here already and {changes} nothing.")
    if file.left_out:
        found.append(f"{_rows(file.left_out, 'row is', 'rows are')} left out.")
    if file.checked_at is not None and file.state == State.CHECKED:
        at = timezone.localtime(file.checked_at)
        found.append(f"Checked against what is on record here at {at:%H:%M} on {day_in_words(at.date())}.")
    return found


def progress(file: ImportFile) -> dict[str, Any]:
    """What a worker is doing, in words, and how far it is where that is known."""
    if file.state == State.STAGING:
        read, all_rows = file.rows_read, file.rows_in_file
        return {"text": f"{intcomma(read)} of {intcomma(all_rows)} rows are read.", "value": read, "most": all_rows}
    if file.state == State.CHECKING:
        return {"text": f"{intcomma(file.rows_in_file)} rows are read, and are being checked."}
    return {"text": f"{_rows(file.good, 'row is', 'rows are')} being saved, all of them or none."}


def rows_table(request: StaffRequest, file: ImportFile, kind: Kind, rows: Iterable[ImportRow]) -> Table:
    """Rows to mend and rows left out, each with its number in the file."""
    return Table(
        caption="Rows to look at",
        first="Row",
        columns=["What it says", "What to mend"],
        status="Check",
        rows=[
            Row(
                text=f"Row {row.number}",
                href=reverse("schemes:import_row", args=[request.prison.code, file.token, row.number]),
                hidden=": mend it or leave it out",
                cells=[said_words(kind, row), " ".join(problems_of(kind, row)) or "–"],
                tag=state_of(row),
            )
            for row in rows
        ],
    )


def said_words(kind: Kind, row: ImportRow) -> str:
    """The row in one line: what stands under the first headings."""
    said = [row.said[name] for name in kind.labels if row.said.get(name)]
    line = ", ".join(said[:6])
    return (line if len(line) <= 120 else f"{line[:119]}…") or "Nothing"


def problems_of(kind: Kind, row: ImportRow) -> list[str]:
    """Each with the name of its column."""
    return [f"{kind.labels.get(each['field'], each['field'])}: {each['says']}" for each in row.problems]


def state_of(row: ImportRow) -> Tag:
    """Where a row stands."""
    if row.left_out_at is not None:
        return Tag(text="Left out", colour="grey")
    colours = {ImportRow.State.GOOD: "green", ImportRow.State.BAD: "red", ImportRow.State.ALREADY: "blue"}
    return Tag(text=row.get_state_display(), colour=colours[ImportRow.State(row.state)])


def then_of(request: StaffRequest, kind: Kind) -> dict[str, str] | None:
    """Where the saved rows can be looked at."""
    name, text = kind.then
    return {"href": reverse(name, args=[request.prison.code]), "text": text} if name else None


def bad_headings(kind: Kind) -> list[str]:
    """Of the file of the rows to mend."""
    return [ROW, *kind.labels.values(), WRONG]


def bad_line(kind: Kind, row: ImportRow) -> list[CsvCell]:
    """One row to mend, as it was written, and what is wrong."""
    return [row.number, *(row.said.get(name, "") for name in kind.labels), " ".join(problems_of(kind, row))]
