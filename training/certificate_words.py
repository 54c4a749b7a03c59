"""What a certificate says, in English and Welsh, as whole sentences.

The Welsh is awaiting a translator's check: it was written with the project and nobody has confirmed it yet.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from schemes.printed_words import ENGLISH, WELSH, day_of
from training.models import Module


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


def module_line(
    module: Module, words: Words, language: str, *, elsewhere: str, passed_on: date, until: str
) -> dict[str, str]:
    """One module as papers show it, with where it was passed if that was elsewhere."""
    welsh = language == WELSH and bool(module.title_cy)
    return {
        "title": module.title_cy if welsh else module.title,
        # Where there is no Welsh title the English one stands, and is read out as English.
        "language": "" if welsh or language == ENGLISH else ENGLISH,
        "note": f"{words.accepted} {elsewhere}" if elsewhere else "",
        "passed_on": day_of(passed_on, language),
        "until": until,
    }
