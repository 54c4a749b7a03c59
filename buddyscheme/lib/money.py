"""Money: whole pence inside, pounds on screen and in files."""

from __future__ import annotations

import re

# What a single amount of a prisoner's pay can be, in pence.
MOST = 100_000
SHAPE = re.compile(r"(\d{1,3}(?:,\d{3})+|\d{1,9})(?:\.(\d{1,2}))?", re.ASCII)
NEGATIVE = "An amount cannot be below nought. Enter it like 12.50"
TOO_FINE = "Enter pounds and whole pence, with two figures after the point, like 12.50"


def pounds(pence: int) -> str:
    """`£1,234.50`; below nought with a true minus sign."""
    sign = "−" if pence < 0 else ""
    return f"{sign}£{abs(pence) // 100:,}.{abs(pence) % 100:02d}"


def pounds_typed(pence: int) -> str:
    """The same amount as somebody would type it: `1234.50`."""
    return f"{pence // 100}.{pence % 100:02d}"


def pence_of(typed: str, *, most: int = MOST) -> int:
    """Pence of an amount as people type it: 12, 12.5, £12.50, 1,234.50.

    Raises `ValueError` with a sentence for the screen.
    """
    text = "".join(typed.split()).removeprefix("£")
    if text.startswith(("-", "−")):
        raise ValueError(NEGATIVE)
    if re.fullmatch(r"[\d,]*\.\d{3,}", text, re.ASCII):
        raise ValueError(TOO_FINE)
    found = SHAPE.fullmatch(text)
    if found is None:
        raise ValueError("Enter an amount in pounds and pence, like 12.50")
    pence = int(found[1].replace(",", "")) * 100 + int((found[2] or "0").ljust(2, "0"))
    if pence > most:
        raise ValueError(f"Enter an amount of {pounds(most)} or less")
    return pence
