"""Words of the log sheet, in English and Welsh: what it asks is said in the terminal's own words.

The Welsh is awaiting a translator's check: it was written with the project and nobody has confirmed it yet.
A name in braces is filled in when the sentence is shown.
"""

from __future__ import annotations

from datetime import date

from referrals import visit_answers
from referrals.plan_words import WELSH_DAYS
from referrals.terminal_words import languages
from referrals.visit_answers import EXTRA, REASONS
from schemes.printed_words import ENGLISH, LANGUAGES, MONTHS, WELSH
from schemes.role_card_words import UNCHECKED as UNCHECKED

__all__ = [
    "ENGLISH",
    "HOW_PICTURES",
    "UNCHECKED",
    "WELSH",
    "WHY_PICTURES",
    "WORDS",
    "day_of_row",
    "say",
    "week_of_sheet",
]

WORDS: dict[str, tuple[str, str]] = {
    "title": ("Log sheet", "Taflen gofnodi"),
    "spare_title": ("Spare log sheet", "Taflen gofnodi sbâr"),
    "week": ("Week from {first} to {last}", "Wythnos o {first} hyd {last}"),
    "buddy": ("Buddy", "Cyfaill"),
    "week_starting": ("Week starting on Monday", "Wythnos yn dechrau ddydd Llun"),
    "row": ("No.", "Rhif"),
    "when": ("When", "Pryd"),
    "who": ("Who", "Pwy"),
    "plan": ("The plan", "Y cynllun"),
    "minutes": ("Minutes", "Munudau"),
    # How to fill it in
    "tick_how": ("Tick one box", "Ticiwch un blwch"),
    "if_some": ("Only if 2: tick each number", "Dim ond os 2: ticiwch bob rhif"),
    "if_not": ("Only if 3: tick one number", "Dim ond os 3: ticiwch un rhif"),
    "if_any": ("Only if any: tick each number", "Dim ond os oes: ticiwch bob rhif"),
    "if_other": ("Write only if not as planned", "Ysgrifennwch dim ond os nad fel y cynllun"),
    "why_key": ("Why it was not done", "Pam na chafodd ei wneud"),
    "how_key": ("How it went", "Sut aeth hi"),
    "extra_key": ("Anything else", "Unrhyw beth arall"),
    "leave_empty": (
        "Leave a row empty if you do not know.",
        "Gadewch res yn wag os nad ydych yn gwybod.",
    ),
    "worry": (
        "A worry? Tell an officer. Do not write it here: others may read it.",
        "Pryder? Dywedwch wrth swyddog. Peidiwch â’i ysgrifennu yma: gall eraill ei ddarllen.",
    ),
    # The boxes at the foot
    "totals": ("Staff add up", "Staff yn adio"),
    "total_done": ("Visits done", "Ymweliadau a wnaed"),
    "total_not_done": ("Visits not done", "Ymweliadau nas gwnaed"),
    "total_minutes": ("Minutes in all", "Cyfanswm y munudau"),
    "initials": ("Officer", "Swyddog"),
    "handling": (
        "This sheet holds personal information. Hand it to the wing office at the end of the week.",
        "Mae’r daflen hon yn cynnwys gwybodaeth bersonol. Rhowch hi i swyddfa’r adain ar ddiwedd yr wythnos.",
    ),
}
# What the paper asks in the terminal's own words: its key here, and there.
SHARED = {
    "how": "how", "DONE": "all", "PARTLY": "some", "NOT_DONE": "none", "which": "which", "extra": "extra", "why": "why",
    "AM": "AM", "PM": "PM", "EV": "EV", "cell": "cell", "boundary": "boundary",
    **{reason: reason for reason in REASONS.values()},
    **{f"extra_{number}": f"extra_{code}" for number, (code, _) in EXTRA.items()},
}  # fmt: skip
_TERMINAL = {language.code: language.texts for language in languages()}
WORDS |= {ours: (_TERMINAL[ENGLISH][theirs], _TERMINAL[WELSH][theirs]) for ours, theirs in SHARED.items()}
SHORT_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
HOW_PICTURES = {"1": "tick", "2": "some", "3": "cross"}
EXTRA_PICTURES = {number: visit_answers.EXTRA_PICTURES[code] for number, (code, _) in EXTRA.items()}
WHY_PICTURES = visit_answers.REASON_PICTURES


def say(key: str, language: str, **values: object) -> str:
    """The sentence in this language. An unknown key is an error: no string may be missing."""
    text = WORDS[key][LANGUAGES.index(language)]
    return text.format(**values) if values else text


def day_of_row(day: date, language: str) -> str:
    """A day as a narrow column has room for it."""
    name = WELSH_DAYS[day.weekday()].removeprefix("Dydd ") if language == WELSH else SHORT_DAYS[day.weekday()]
    month = MONTHS[language][day.month - 1]
    return f"{name} {day.day} {month[:3]}"


def week_of_sheet(monday: date, language: str) -> str:
    """From which day to which."""
    last = date.fromordinal(monday.toordinal() + 6)
    first_words = f"{monday.day} {MONTHS[language][monday.month - 1]}"
    last_words = f"{last.day} {MONTHS[language][last.month - 1]} {last.year}"
    return say("week", language, first=first_words, last=last_words)
