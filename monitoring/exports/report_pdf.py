"""A report set as tagged PDF (PDF/UA-1), by a program that needs no library of the system and asks for nothing."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

from django.template.loader import render_to_string

from monitoring.charts.paper import on_paper

SHEET = Path(__file__).with_name("report.typ")
FONT = "Libertinus Serif"
"""Comes with typst, so that the file is the same on every machine."""
PICTURE_WIDTH = 760
"""Pixels: across the text of an A4 page the pictures' 16-pixel writing is then ten points high."""


def report_pdf(content: dict[str, Any], *, made_at: datetime) -> bytes:
    """The PDF of a report's stored form. No word of it is taken for a command: it goes in as data.

    Raises `typst.TypstError` when it cannot be set.
    """
    # Only the worker sets PDFs, and the program is 50 MB large.
    import typst

    compiler = typst.Compiler(
        SHEET.read_bytes(), ignore_system_fonts=True, sys_inputs={"report": json.dumps(_for_paper(content))}
    )
    pdf = compiler.compile(format="pdf", pdf_standards="ua-1", timestamp=int(made_at.timestamp()))
    assert isinstance(pdf, bytes)
    return pdf


def _for_paper(content: dict[str, Any]) -> dict[str, Any]:
    """The same with its pictures drawn for paper."""
    sections = [{**section, "found": [_found(each) for each in section["found"]]} for section in content["sections"]]
    return {**content, "sections": sections}


def _found(found: dict[str, Any]) -> dict[str, Any]:
    return {**found, "drawings": [{**each, "svg": _drawn(each["picture"])} for each in found["drawings"]]}


def _drawn(picture: dict[str, Any]) -> str:
    svg = render_to_string(picture["template"], {"chart": picture})
    return on_paper(svg, width=PICTURE_WIDTH, font=FONT)
