"""CSV files that no spreadsheet takes for a program.

RFC 4180 (comma, doubled quotes, CRLF). Text is always quoted, so that a semicolon or tab inside it
cannot be taken for a separator in another locale; text that a spreadsheet could read as a formula
gets a leading apostrophe (OWASP ASVS 5.0.0, 1.2.10). Numbers stay numbers.
"""

import csv
import io
import math
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time
from decimal import Decimal

Cell = str | int | float | Decimal | bool | date | datetime | time | None

# Formula starters, their full-width forms, and the control characters that hide one.
DANGEROUS_START = frozenset("=+-@\t\r\n\0\uff1d\uff0b\uff0d\uff20\u2212")
# Characters that are not seen and that some readers skip before they look for a formula.
_UNSEEN = "\ufeff\u200b\u200c\u200d\u2060\u00ad\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


def safe_text(text: str) -> str:
    """``text`` with an apostrophe in front when a spreadsheet could run it."""
    if text and (text[0] in DANGEROUS_START or text.lstrip(_UNSEEN + " \u00a0\u3000")[:1] in DANGEROUS_START):
        return "'" + text
    return text


def safe_cell(value: Cell) -> str | int | float | Decimal:
    """One cell as the writer wants it: numbers untouched, the rest as safe text.

    Days and times are ISO 8601, truth is ``yes`` or ``no``, ``None`` is empty.
    Raises ``ValueError`` for a float or Decimal that is not a finite number.
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float | Decimal):
        if not math.isfinite(value):
            raise ValueError("A figure in a file must be a finite number.")
        return value
    if isinstance(value, date | time):
        return value.isoformat()
    return safe_text(value)


def csv_lines(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[str]:
    """The lines of a file, header first, each ended by CRLF; made as they are asked for.

    Raises ``ValueError`` when a row is not as long as the header.
    """
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\r\n")

    def line(cells: Sequence[Cell]) -> str:
        writer.writerow([safe_cell(cell) for cell in cells])
        text = buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()
        return text

    yield line(header)
    for row in rows:
        if len(row) != len(header):
            raise ValueError(f"A row has {len(row)} cells where the header has {len(header)}.")
        yield line(row)


def csv_text(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> str:
    """The whole file as one text; encode it as ``utf-8-sig``, or Excel spoils Welsh letters."""
    return "".join(csv_lines(header, rows))
