"""Figures as a ZIP: the same table as CSV and as spreadsheet, what every measure means, and how to read it all."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from buddyscheme.lib.csv_safe import csv_text
from buddyscheme.lib.dates import london_time
from buddyscheme.lib.xlsx_safe import Sheet, xlsx_bytes

FIGURES_CSV, FIGURES_XLSX, DICTIONARY, README = "figures.csv", "figures.xlsx", "data-dictionary.csv", "README.txt"


def archive(figures: Sheet, dictionary: Sheet, notes: Sequence[str], *, now: datetime) -> bytes:
    """The ZIP without its README, which `with_readme` adds. `notes` stand in a sheet of the workbook."""
    about = Sheet("Notes", ("Notes",), [(line,) for line in notes])
    out = io.BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as bundle:
        _add(bundle, FIGURES_CSV, _csv(figures), now)
        _add(bundle, FIGURES_XLSX, xlsx_bytes([figures, dictionary, about], made_at=now), now)
        _add(bundle, DICTIONARY, _csv(dictionary), now)
    return out.getvalue()


def with_readme(bundled: bytes, text: str, *, now: datetime) -> bytes:
    """The ZIP with its README."""
    out = io.BytesIO(bundled)
    with ZipFile(out, "a", ZIP_DEFLATED) as bundle:
        # Windows' own editor wants both characters at the end of a line, and says so with a mark at the start.
        _add(bundle, README, text.replace("\n", "\r\n").encode("utf-8-sig"), now)
    return out.getvalue()


def _csv(sheet: Sheet) -> bytes:
    return csv_text(sheet.header, sheet.rows).encode("utf-8-sig")


def _add(bundle: ZipFile, name: str, content: bytes, now: datetime) -> None:
    local = london_time(now)
    entry = ZipInfo(name, (local.year, local.month, local.day, local.hour, local.minute, local.second))
    entry.compress_type = ZIP_DEFLATED
    entry.external_attr = 0o644 << 16
    bundle.writestr(entry, content)
