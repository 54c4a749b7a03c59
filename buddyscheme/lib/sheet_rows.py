"""Reading the first sheet of a spreadsheet file, XLSX or CSV, as rows of text.

What is in the file decides, not its name. Every way in which a file can be bad has one sentence of its own. An XLSX
file is a ZIP file, so that a small one can unpack to a very large one: what it would unpack to is asked before.
"""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date, datetime, time, timedelta

from python_calamine import CalamineError, CalamineWorkbook

from buddyscheme.lib.csv_rows import NO_TEXT, cells_of, decoded
from buddyscheme.lib.errors import NotAllowed

MOST_MEGABYTES = 20
# A year of visits unpacks to about 40 MB; nobody's list of people comes near this.
MOST_UNPACKED = 250_000_000
MOST_PARTS = 500
OLD_EXCEL = b"\xd0\xcf\x11\xe0"
FORMULA = re.compile(rb'<c [^>]*?r="([A-Z]{1,3}[0-9]{1,7})"[^>]*>\s*<f[ />]')
SHEET = re.compile(rb"<(?:\w+:)?sheet [^>]*?r:id=\"([^\"]+)\"")
RELATION = re.compile(rb"<Relationship [^>]*>")
CHUNK = 1 << 20


def rows_of_file(content: bytes, *, strict: bool = False) -> list[list[str]]:
    """Every row of the first sheet, empty ones too, so that the row with the number n is `rows[n - 1]`.

    Days come out as 2025-03-27, times as 09:30, whole numbers without a point. `strict` is about CSV: see `cells_of`.
    Raises `NotAllowed` on field `file`.
    """
    if not content.strip():
        raise _bad("The file is empty. Choose another file.")
    if len(content) > MOST_MEGABYTES * 1_000_000:
        raise _bad(f"The file is larger than {MOST_MEGABYTES} MB. Split it, and bring one part after the other.")
    if content.startswith(b"PK"):
        return _xlsx_rows(content)
    if content.startswith(OLD_EXCEL):
        raise _bad("This is an old Excel file, or one with a password. Save it as an Excel workbook (.xlsx) or as CSV.")
    head = content[:4096]
    unicode_text = head.startswith((b"\xff\xfe", b"\xfe\xff"))
    if head.startswith((b"%PDF", b"{\\rtf", b"<")) or (b"\0" in head and not unicode_text):
        raise _bad("This is not a spreadsheet, whatever its name says. Save the list as CSV or as an Excel workbook.")
    return cells_of(decoded(content), strict=strict)


def sheet_of_file(content: bytes) -> tuple[int, list[list[str]]]:
    """At which place (from 0) the headings stand, which is the first row that says something, and every row."""
    rows = rows_of_file(content)
    place = next((place for place, cells in enumerate(rows) if any(cells)), None)
    if place is None:
        raise _bad("The file is empty. Choose another file.")
    return place, rows


def _bad(sentence: str) -> NotAllowed:
    return NotAllowed(sentence, field="file")


def _xlsx_rows(content: bytes) -> list[list[str]]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _check_size(archive)
            _check_no_formulas(archive)
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
        sheet = workbook.get_sheet_by_index(0)
        rows = sheet.to_python(skip_empty_area=False)
    except (zipfile.BadZipFile, CalamineError, KeyError, IndexError, RuntimeError, ValueError, OSError):
        raise _bad(
            "This is not an Excel workbook, or it is damaged. Open it in the spreadsheet and save it again as .xlsx."
        ) from None
    found = [[cell_text(cell) for cell in row] for row in rows]
    if any("\0" in cell for row in found for cell in row):
        raise _bad(NO_TEXT)
    return found


def _check_size(archive: zipfile.ZipFile) -> None:
    parts = archive.infolist()
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise _bad("The workbook unpacks to more than can be read here. Save the one sheet that you need as CSV.")
    if "xl/workbook.xml" not in archive.namelist():
        raise _bad("This is not an Excel workbook. Save the list as an Excel workbook (.xlsx) or as CSV.")


def _check_no_formulas(archive: zipfile.ZipFile) -> None:
    """A formula's last result may be old, and is not there at all where a program wrote the file."""
    with archive.open(_first_sheet(archive)) as part:
        kept = b""
        while chunk := part.read(CHUNK):
            found = FORMULA.search(kept + chunk)
            if found is not None:
                raise _bad(
                    f"The sheet has formulas, the first in cell {found[1].decode()}. Copy the sheet, paste it as "
                    "values only, save, and choose the file again."
                )
            kept = chunk[-200:]


def _first_sheet(archive: zipfile.ZipFile) -> str:
    found = SHEET.search(archive.read("xl/workbook.xml"))
    for relation in RELATION.findall(archive.read("xl/_rels/workbook.xml.rels")) if found is not None else ():
        if found is not None and b'Id="' + found[1] + b'"' in relation:
            target = re.search(rb'Target="([^"]+)"', relation)
            if target is not None:
                path = target[1].decode()
                return path.lstrip("/") if path.startswith("/") else f"xl/{path}"
    return "xl/worksheets/sheet1.xml"


def cell_text(cell: object) -> str:
    """One cell of a workbook as somebody would have typed it."""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else str(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else f"{cell:%Y-%m-%d %H:%M}"
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, time):
        return f"{cell:%H:%M}"
    if isinstance(cell, timedelta):
        minutes = int(cell.total_seconds() // 60)
        return f"{minutes // 60:02d}:{minutes % 60:02d}"
    return str(cell).strip().lstrip("'")
