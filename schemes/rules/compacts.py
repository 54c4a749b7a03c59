"""When a version of the compact may be published."""

from __future__ import annotations

from datetime import date, timedelta

from buddyscheme.lib.errors import NotAllowed
from buddyscheme.lib.fields import day_in_words

LONGEST = timedelta(days=366)
# How long people get to sign again, as offered.
USUAL_TIME = timedelta(days=56)


def check_can_publish(
    *, text: str, text_cy: str, text_easy: str, in_force_from: date, sign_by: date, newest: date | None, today: date
) -> None:
    """All three formats; in force from today on and after the version before; signed by a day not before that."""
    for field, words, name in (
        ("text", text, "English"),
        ("text_cy", text_cy, "Welsh"),
        ("text_easy", text_easy, "easy read"),
    ):
        if not words.strip():
            raise NotAllowed(f"Enter the words in {name}.", field=field)
    if in_force_from < today:
        raise NotAllowed("The day from which it is in force must be today or later.", field="in_force_from")
    if newest is not None and in_force_from <= newest:
        raise NotAllowed(
            f"The version before is in force from {day_in_words(newest)}. Enter a later day.", field="in_force_from"
        )
    if in_force_from > today + LONGEST:
        raise NotAllowed(
            f"The day from which it is in force must be on or before {day_in_words(today + LONGEST)}.",
            field="in_force_from",
        )
    if sign_by < in_force_from:
        raise NotAllowed(
            f"The day by which people sign must be on or after {day_in_words(in_force_from)}, "
            "the day from which the version is in force.",
            field="sign_by",
        )
    if sign_by > in_force_from + LONGEST:
        raise NotAllowed(
            f"The day by which people sign must be on or before {day_in_words(in_force_from + LONGEST)}.",
            field="sign_by",
        )
