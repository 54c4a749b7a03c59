"""Words of the log sheet, in English and Welsh: what it asks is said as the terminal says it.

The Welsh is awaiting a translator's check: it was written with the project and nobody has confirmed it yet.
A name in braces is filled in when the sentence is shown.
"""

from __future__ import annotations

from datetime import date

from referrals.plan_words import WELSH_DAYS
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
    "cell": ("Cell {cell}", "Cell {cell}"),
    "plan": ("The plan", "Y cynllun"),
    # The five questions, as at the terminal
    "how": ("How did it go?", "Sut aeth hi?"),
    "which": ("What did you do?", "Beth wnaethoch chi?"),
    "why": ("Why was it not done?", "Pam na chafodd ei wneud?"),
    "minutes": ("Minutes", "Munudau"),
    "extra": ("Extra help", "Help ychwanegol"),
    "DONE": ("All as planned", "Popeth fel y cynllun"),
    "PARTLY": ("Some of it", "Rhywfaint ohono"),
    "NOT_DONE": ("Not done", "Heb ei wneud"),
    "NOT_UNLOCKED": ("Not unlocked", "Heb ddatgloi"),
    "BUDDY_ABSENT": ("I was away", "Roeddwn i i ffwrdd"),
    "DECLINED": ("They did not want it", "Doedden nhw ddim ei eisiau"),
    "STAFF_REFUSED": ("Staff said no", "Dywedodd staff na"),
    "OTHER": ("Something else", "Rhywbeth arall"),
    "AM": ("Morning", "Bore"),
    "PM": ("Afternoon", "Prynhawn"),
    "EV": ("Evening", "Gyda’r nos"),
    # How to fill it in
    "tick_how": ("Tick one box", "Ticiwch un blwch"),
    "if_some": ("Only if 2: tick each number", "Dim ond os 2: ticiwch bob rhif"),
    "if_not": ("Only if 3: tick one number", "Dim ond os 3: ticiwch un rhif"),
    "if_other": ("Only if not {minutes}", "Dim ond os nad {minutes}"),
    "if_any": ("Only if any", "Dim ond os oes"),
    "tasks_of": ("Task numbers: see The plan", "Rhifau’r tasgau: gweler Y cynllun"),
    "why_key": ("Why it was not done", "Pam na chafodd ei wneud"),
    "how_key": ("How it went", "Sut aeth hi"),
    "leave_empty": (
        "Leave a row empty if you do not know.",
        "Gadewch res yn wag os nad ydych yn gwybod.",
    ),
    "worry": (
        "A worry? Tell an officer. Do not write it here: others may read it.",
        "Pryder? Dywedwch wrth swyddog. Peidiwch â’i ysgrifennu yma: gall eraill ei ddarllen.",
    ),
    "boundary": (
        "Not your job: washing, dressing, toilet, lifting people, medicines, money.",
        "Nid eich gwaith chi: ymolchi, gwisgo, toiled, codi pobl, moddion, arian.",
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
SHORT_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
HOW_PICTURES = {"1": "tick", "2": "some", "3": "cross"}
WHY_PICTURES = {
    "NOT_UNLOCKED": "locked", "BUDDY_ABSENT": "away", "DECLINED": "declined", "STAFF_REFUSED": "officer",
    "OTHER": "other",
}  # fmt: skip


def say(key: str, language: str, **values: object) -> str:
    """The sentence in this language. An unknown key is an error: no string may be missing."""
    text = WORDS[key][LANGUAGES.index(language)]
    return text.format(**values) if values else text


def day_of_row(day: date, language: str) -> str:
    """A day as a narrow column has room for it."""
    name = WELSH_DAYS[day.weekday()] if language == WELSH else SHORT_DAYS[day.weekday()]
    month = MONTHS[language][day.month - 1]
    return f"{name} {day.day} {month if language == WELSH else month[:3]}"


def week_of_sheet(monday: date, language: str) -> str:
    """From which day to which."""
    last = date.fromordinal(monday.toordinal() + 6)
    first_words = f"{monday.day} {MONTHS[language][monday.month - 1]}"
    last_words = f"{last.day} {MONTHS[language][last.month - 1]} {last.year}"
    return say("week", language, first=first_words, last=last_words)
