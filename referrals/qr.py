"""A square pattern that a scanner reads, drawn as SVG in the page: sharp on paper, and no file of it is kept."""

from __future__ import annotations

import qrcode
from django.utils.html import format_html
from django.utils.safestring import SafeString
from qrcode.constants import ERROR_CORRECT_Q

# Light modules round the pattern, without which scanners do not find it.
QUIET = 4


def pattern(text: str) -> SafeString:
    """The pattern of a text. A quarter of it may be worn off and it is still read."""
    code = qrcode.QRCode(error_correction=ERROR_CORRECT_Q, border=QUIET)
    code.add_data(text)
    code.make(fit=True)
    rows = code.get_matrix()
    dark = "".join(f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, on in enumerate(row) if on)
    return format_html(
        '<svg class="app-qr" role="img" aria-label="Pattern for the scanner" viewBox="0 0 {} {}"'
        ' shape-rendering="crispEdges"><path d="{}"></path></svg>',
        len(rows), len(rows), dark,
    )  # fmt: skip
