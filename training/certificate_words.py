"""What a certificate says, in English and Welsh, as whole sentences.

The Welsh is awaiting a translator's check: it was written with the project and nobody has confirmed it yet.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

ENGLISH, WELSH = "en", "cy"
WELSH_MONTHS = (
    "Ionawr", "Chwefror", "Mawrth", "Ebrill", "Mai", "Mehefin",
    "Gorffennaf", "Awst", "Medi", "Hydref", "Tachwedd", "Rhagfyr",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Words:
    """One language's sentences."""

    title: str
    course_title: str
    certifies: str
    modules: str
    course: str
    module: str
    passed_on: str
    counts_until: str
    no_end: str
    accepted: str
    signed: str
    signature: str
    day: str
    handling: str


WORDS: dict[str, Words] = {
    ENGLISH: Words(
        title="Certificate of training",
        course_title="Certificate: the whole buddy course",
        certifies="This certifies that",
        modules="has passed these modules of the buddy course",
        course="has passed every module of the course that a buddy must pass",
        module="Module",
        passed_on="Passed on",
        counts_until="Counts until",
        no_end="Does not lapse",
        accepted="Accepted from",
        signed="Signed for the prison",
        signature="Name and signature",
        day="Date",
        handling="This certificate belongs to the person it names.",
    ),
    WELSH: Words(
        title="Tystysgrif hyfforddiant",
        course_title="Tystysgrif: y cwrs cyfeillion cyfan",
        certifies="Tystir bod",
        modules="wedi pasio’r modiwlau hyn o’r cwrs cyfeillion",
        course="wedi pasio pob modiwl o’r cwrs y mae’n rhaid i gyfaill ei basio",
        module="Modiwl",
        passed_on="Pasiwyd ar",
        counts_until="Yn cyfrif tan",
        no_end="Nid yw’n dod i ben",
        accepted="Derbyniwyd gan",
        signed="Llofnodwyd ar ran y carchar",
        signature="Enw a llofnod",
        day="Dyddiad",
        handling="Mae’r dystysgrif hon yn eiddo i’r person a enwir arni.",
    ),
}


def day_words(day: date, language: str) -> str:
    """A day in words: 3 May 2026, or 3 Mai 2026."""
    if language == WELSH:
        return f"{day.day} {WELSH_MONTHS[day.month - 1]} {day.year}"
    return f"{day.day} {day:%B %Y}"
