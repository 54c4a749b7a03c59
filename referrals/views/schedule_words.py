"""What differs from a plan's week, in words, and the words of movement slips."""

from __future__ import annotations

from buddyscheme.lib.fields import day_in_words
from referrals.models import SlotException
from schemes.models import Session


def exception_words(row: SlotException) -> str:
    """What an exception changes, on one line."""
    days = day_in_words(row.first_on)
    if row.last_on != row.first_on:
        days = f"{days} to {day_in_words(row.last_on)}"
    if not row.session:
        what = "left out"
    else:
        what = f"in the {Session(row.session).label.lower()}"
        what += f" of {day_in_words(row.to_day)}" if row.to_day else ""
    return f"{row.plan_task.task.name}, {days}: {what}. {row.reason}"


# A movement slip is read by prisoners and by staff: in Wales in both languages. The Welsh awaits a translator's check.
SLIP_WORDS: dict[str, tuple[str, str]] = {
    "title": ("Movement slip", "Slip symud"),
    "name": ("Name", "Enw"),
    "number": ("Prison number", "Rhif carchar"),
    "from": ("From", "O"),
    "to": ("To", "I"),
    "time": ("Time", "Amser"),
    "with": ("With", "Gyda"),
    "left": ("Left: time and signature", "Gadawodd: amser a llofnod"),
    "back": ("Back: time and signature", "Dychwelodd: amser a llofnod"),
    "AM": ("Morning", "Bore"),
    "PM": ("Afternoon", "Prynhawn"),
    "EV": ("Evening", "Gyda’r nos"),
}


def slip_words(both: bool) -> dict[str, str]:
    """The words of a slip: English, or English and Welsh side by side."""
    return {key: f"{english} / {welsh}" if both else english for key, (english, welsh) in SLIP_WORDS.items()}
