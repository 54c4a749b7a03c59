"""From a cell's words to a value. Pure: each reader gives what is kept as JSON, or says in one sentence what to do.

A sentence names neither row nor column: the page says both beside it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError

from buddyscheme.lib.dates import WEEKDAYS
from buddyscheme.lib.errors import NotAllowed
from buddyscheme.lib.fields import (
    MONTHS,
    PRISON_NUMBER,
    PRISON_NUMBER_SHAPE,
    ClockField,
    day_in_words,
    plain_text,
    prison_number_of,
    refuse_hidden_characters,
)

# What is kept of a cell; longer than any field here.
LONGEST_CELL = 2000
Reader = Callable[[str, date], Any]
# Other words for the parts of a day.
SESSION_WORDS = {"a.m.": "AM", "p.m.": "PM", "Eve": "EV"}
DAYS = tuple(name.lower() for name in WEEKDAYS)


def shown(typed: str) -> str:
    """What was typed, short enough for a sentence."""
    return typed if len(typed) <= 40 else f"{typed[:39]}…"


def words(most: int, *, lines: bool = False) -> Reader:
    """Words of at most `most` characters."""

    def read(typed: str, today: date) -> str:
        text = plain_text(typed).strip()
        if len(text) > most:
            raise NotAllowed(f"This has {len(text)} characters and there is room for {most}. Shorten it.")
        try:
            refuse_hidden_characters(text, lines=lines)
        except ValidationError as error:
            raise NotAllowed(f"{error.messages[0]}.") from None
        return text if lines else " ".join(text.split())

    return read


def prison_number(typed: str, today: date) -> str:
    """A prison number in its shape."""
    number = prison_number_of(typed)
    if not PRISON_NUMBER.fullmatch(number):
        raise NotAllowed(f"“{shown(typed)}” is not a prison number. {PRISON_NUMBER_SHAPE}.")
    return number


def day_of(typed: str) -> date | None:
    """A day as spreadsheets and people write it: 27/3/2025, 27.3.2025, 27 March 2025, 2025-03-27."""
    text = " ".join(typed.split())
    found = re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})( 00:00(:00)?)?", text, re.ASCII)
    if found is not None:
        year, month, day = int(found[1]), int(found[2]), int(found[3])
    else:
        found = re.fullmatch(r"(\d{1,2})[ ./-]([A-Za-z]{3,9}|\d{1,2})[ ./-](\d{4})", text, re.ASCII)
        if found is None:
            return None
        day, year = int(found[1]), int(found[3])
        month = MONTHS.get(found[2].lower(), 0) if found[2].isalpha() else int(found[2])
    try:
        return date(year, month, day)
    except ValueError:
        return None


def day(*, back: timedelta | None = None, ahead: timedelta | None = None) -> Reader:
    """A date; between so long ago and so far ahead, where that is said."""

    def read(typed: str, today: date) -> str:
        found = day_of(typed)
        if found is None and re.fullmatch(r"[1-9]\d{4}", typed):
            raise NotAllowed(
                f"“{typed}” is how a spreadsheet counts days. Format the column as a date there, or write the date "
                "like 27/3/2025."
            )
        if found is None:
            raise NotAllowed(f"“{shown(typed)}” is not a date. Write it like 27/3/2025.")
        if back is not None and found < today - back:
            raise NotAllowed(f"Enter a date from {day_in_words(today - back)} on.")
        if ahead is not None and found > today + ahead:
            latest = "before today" if ahead < timedelta(0) else f"up to {day_in_words(today + ahead)}"
            raise NotAllowed(f"{day_in_words(found)} is too late here. Enter a date {latest}.")
        return found.isoformat()

    return read


def whole(least: int, most: int) -> Reader:
    """A whole number."""

    def read(typed: str, today: date) -> int:
        if not re.fullmatch(r"\d{1,6}", typed, re.ASCII) or not least <= int(typed) <= most:
            raise NotAllowed(f"“{shown(typed)}” does not fit. Enter a whole number from {least} to {most}.")
        return int(typed)

    return read


def clock(typed: str, today: date) -> str:
    """A time of the day."""
    try:
        found = ClockField().clean(typed.removesuffix(":00") if typed.count(":") == 2 else typed)
    except ValidationError:
        found = None
    if found is None:
        raise NotAllowed(f"“{shown(typed)}” is not a time. Write it like 09:30.")
    return f"{found:%H:%M}"


def yes_no(typed: str, today: date) -> bool:
    """Yes or no."""
    found = {"yes": True, "y": True, "true": True, "no": False, "n": False, "false": False}.get(typed.casefold())
    if found is None:
        raise NotAllowed(f"“{shown(typed)}” is not known. Write yes or no.")
    return found


def _plain(text: str) -> str:
    return re.sub(r"[^0-9a-zà-ÿ]+", " ", text.casefold()).strip()


def one_of(choices: Iterable[tuple[str, str]], also: Mapping[str, str] | None = None) -> Reader:
    """One of a closed list, by the words on our screens or by code. `also`: other words that mean one of the codes."""
    offered = list(choices)
    known = {_plain(code): code for code, _ in offered}
    known |= {_plain(label): code for code, label in offered}
    known |= {_plain(name): code for name, code in (also or {}).items()}
    listed = ", ".join(label for _, label in offered)

    def read(typed: str, today: date) -> str:
        code = known.get(_plain(typed))
        if code is None:
            raise NotAllowed(f"“{shown(typed)}” is not on the list. Write one of: {listed}.")
        return code

    return read


def some_of(choices: Iterable[tuple[str, str]], also: Mapping[str, str] | None = None) -> Reader:
    """Several of a closed list, with semicolons between them, or with commas where no choice has one in it."""
    offered = list(choices)
    one = one_of(offered, also)
    commas = not any("," in label for _, label in offered)

    def read(typed: str, today: date) -> list[str]:
        parts = [part.strip() for part in re.split(r"[;,\n]" if commas else r"[;\n]", typed) if part.strip()]
        return list(dict.fromkeys(one(part, today) for part in parts))

    return read


def weekdays(typed: str, today: date) -> list[int]:
    """Days of the week: "Mon, Wed, Fri", "every day", "Monday to Friday"."""
    text = _plain(typed)
    if text in ("every day", "daily", "all", "mon sun", "monday to sunday", "mon to sun"):
        return list(range(7))
    if text in ("weekdays", "mon fri", "monday to friday", "mon to fri"):
        return list(range(5))
    found = []
    for word in text.split():
        number = next((n for n, name in enumerate(DAYS) if name.startswith(word)), None)
        if number is None or len(word) < 3:
            raise NotAllowed(f"“{shown(typed)}” is not known. Write days like Mon, Wed, Fri, or every day.")
        found.append(number)
    return sorted(set(found))


def weekday(typed: str, today: date) -> int:
    """One day of the week."""
    found = weekdays(typed, today)
    if len(found) != 1:
        raise NotAllowed(f"“{shown(typed)}” is not one day. Write one day of the week, and a row for each day.")
    return found[0]


def task_codes(typed: str, today: date) -> list[str]:
    """Codes of the catalogue, such as DOM-03, with spaces, commas or semicolons between them."""
    return list(dict.fromkeys(part.upper() for part in re.split(r"[\s,;/+]+", typed) if part))


def listed_words(most: int) -> Reader:
    """Words with commas between them, each of at most `most` characters."""
    one = words(most)

    def read(typed: str, today: date) -> list[str]:
        return [one(part, today) for part in re.split(r"[;,]", typed) if part.strip()]

    return read
