"""What the record to take away says, in English and Welsh, as whole sentences.

The Welsh is awaiting a translator's check: it was written with the project and nobody has confirmed it yet.
"""

from __future__ import annotations

from dataclasses import dataclass

from schemes.printed_words import ENGLISH, WELSH


@dataclass(frozen=True, kw_only=True)
class Words:
    """One language's sentences of its own; those it shares are the certificate's. Figures go where the braces are."""

    title: str
    says: str
    role_heading: str
    role: str
    role_untitled: str
    since_until: str
    since: str
    months: str
    months_none: str
    hours: str
    visits: str
    modules_heading: str
    no_modules: str
    lapsed: str
    certificate: str
    handling: str


WORDS: dict[str, Words] = {
    ENGLISH: Words(
        title="My record as a buddy",
        says="This record was made for",
        role_heading="What I did",
        role="{role}, {wing}, {prison}",
        role_untitled="Buddy, {wing}, {prison}",
        since_until="In the role from {first} to {last}",
        since="In the role since {first}",
        months="Whole months in the role: {months}",
        months_none="Less than a month in the role",
        hours="Time helping other people: {hours} hours {minutes} minutes",
        visits="Visits made: {visits}",
        modules_heading="Training that I passed",
        no_modules="No module has been passed.",
        lapsed="Lapsed on {day}",
        certificate="Certificate",
        handling="This record belongs to the person it names. It says nothing about anybody whom they helped.",
    ),
    WELSH: Words(
        title="Fy nghofnod fel cyfaill",
        says="Gwnaed y cofnod hwn ar gyfer",
        role_heading="Beth wnes i",
        role="{role}, {wing}, {prison}",
        role_untitled="Cyfaill, {wing}, {prison}",
        since_until="Yn y rôl o {first} tan {last}",
        since="Yn y rôl ers {first}",
        months="Misoedd cyfan yn y rôl: {months}",
        months_none="Llai na mis yn y rôl",
        hours="Amser yn helpu pobl eraill: {hours} awr {minutes} munud",
        visits="Ymweliadau a wnaed: {visits}",
        modules_heading="Hyfforddiant a basiais",
        no_modules="Ni phasiwyd unrhyw fodiwl.",
        lapsed="Daeth i ben ar {day}",
        certificate="Tystysgrif",
        handling="Mae’r cofnod hwn yn eiddo i’r person a enwir arno. Nid yw’n dweud dim am neb a gafodd help.",
    ),
}
