"""The first sheet of a workbook or a CSV file as rows of text, and files that are too much or nothing at all."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime, time

import pytest
import xlsxwriter

from buddyscheme.lib import sheet_rows
from buddyscheme.lib.errors import NotAllowed
from buddyscheme.lib.sheet_rows import rows_of_file, sheet_of_file


def workbook(fill) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    fill(book)
    book.close()
    return out.getvalue()


def test_cells_come_out_as_somebody_would_type_them_in_rows_of_the_same_number() -> None:
    def fill(book):
        sheet = book.add_worksheet("List")
        formats = {name: book.add_format({"num_format": name}) for name in ("dd/mm/yyyy", "hh:mm", "dd/mm/yyyy hh:mm")}
        sheet.write_row(2, 1, ["Heading", "Other"])
        sheet.write_datetime(3, 1, date(2026, 3, 27), formats["dd/mm/yyyy"])
        sheet.write_datetime(3, 2, time(9, 30), formats["hh:mm"])
        sheet.write_row(4, 1, [30, 1.5])
        sheet.write_boolean(4, 3, True)
        sheet.write_datetime(5, 1, datetime(2026, 3, 27, 9, 30), formats["dd/mm/yyyy hh:mm"])
        sheet.write_row(5, 2, ["'=1+1", " spaced "])

    place, rows = sheet_of_file(workbook(fill))
    assert place == 2
    assert rows[2][1:3] == ["Heading", "Other"]
    assert rows[3][1:3] == ["2026-03-27", "09:30"]
    assert rows[4][1:4] == ["30", "1.5", "yes"]
    assert rows[5][1:4] == ["2026-03-27 09:30", "=1+1", "spaced"]


def test_only_the_first_sheet_is_read_and_only_its_formulas_matter() -> None:
    def fill(book):
        book.add_worksheet("List").write_row(0, 0, ["One"])
        book.add_worksheet("Sums").write_formula(0, 0, "=1+1")

    assert rows_of_file(workbook(fill)) == [["One"]]


def test_a_small_file_that_unpacks_to_a_very_large_one_is_refused_unread(monkeypatch) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as part:
            for _ in range(300):
                part.write(b" " * 1_000_000)
    assert len(out.getvalue()) < 1_000_000
    monkeypatch.setattr(sheet_rows, "CalamineWorkbook", None)
    with pytest.raises(NotAllowed, match="unpacks to more than can be read here"):
        rows_of_file(out.getvalue())


@pytest.mark.parametrize("content", [b"Name,Age\n" + b"Ash,40\n" * 900 + b"Bo\0,41\n", b"\xff\xfeN\0a\0\n\0\0\0"])
def test_a_sign_that_cannot_be_kept_is_refused_wherever_it_stands(content) -> None:
    with pytest.raises(NotAllowed, match="signs that are no text"):
        rows_of_file(content)


def test_an_archive_that_is_no_workbook_and_a_file_that_is_too_large_say_so(monkeypatch) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("letter.txt", "Dear Sir")
    with pytest.raises(NotAllowed, match="This is not an Excel workbook"):
        rows_of_file(out.getvalue())
    monkeypatch.setattr(sheet_rows, "MOST_MEGABYTES", 0)
    with pytest.raises(NotAllowed, match="larger than 0 MB"):
        rows_of_file(b"One,Two")
    with pytest.raises(NotAllowed, match="The file is empty"):
        rows_of_file(b" \r\n")
    monkeypatch.undo()
    with pytest.raises(NotAllowed, match="The file is empty"):
        sheet_of_file(b",,,\r\n,,")
