"""What stands beside figures in a file: which figures they are, of when, and how to read them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from buddyscheme.accounts.models import Prison
from buddyscheme.lib.dates import london_time, parse_period
from monitoring.exports import own_figures, releases
from monitoring.exports.archive import DICTIONARY, FIGURES_CSV, FIGURES_XLSX
from monitoring.models import Release

STATES = (
    "A number: the cell “value” holds it. Shares are fractions of 1.",
    "None: there was none; the value is 0.",
    "No return: the scheme was open and nothing was recorded. It is not nought, and the number cells are empty.",
    "Not yet due: nothing was due or planned, or the period lies ahead. The number cells are empty.",
    "Not reached yet: more than half still wait, so there is no median. “value” and “numerator” are empty, "
    "“denominator” says of how many.",
)
HIDDEN = (
    "Too few to show: the number is hidden, because it or a part of it is under 10, or because a small number could be "
    "worked out from it. The number cells are empty."
)
NOT_KNOWN = "Not known: somebody said that nobody knows it. The number cells are empty."
ROUNDING = (
    "Counts under 10 are hidden and the others are rounded to the nearest 5. Shares, rates and ratios are worked out "
    "from the rounded counts. Medians are in whole units and means to one decimal, hidden where fewer than about 20 "
    "stand behind them; “denominator” says how many do. Pounds are rounded to £1,000 and hidden under £2,000. What is "
    "about the prison and not about people is told as it is. The data dictionary says it for each measure. "
    "Completeness, lateness and the share looked at by staff are in steps of 5% or wider."
)
GROUPS = (
    "The column “group” names the group of people that a figure is about, such as “Age: 50 to 59”, and is empty for "
    "everybody together. Groups are of all prisons together and of the whole period. They are parts of the figure of "
    "everybody, with “Not known” among them: never add them to it."
)
FACTS = (
    "A fact of a prison is the number of its answer, which the data dictionary puts into words. Of all prisons "
    "together it is the share of them with the first answer."
)
BY_HAND = "Where the column “source” says so, a figure was given by hand; it also says who holds it."
EXACT = (
    "The figures are exact and not rounded. They are for work inside the prison: a small number may be about somebody "
    "who can be recognised. Do not publish them or send them on. What is published is rounded, and small numbers are "
    "hidden."
)
FILES = (
    f"{FIGURES_CSV}: the figures, one on a row (UTF-8, commas).",
    f"{FIGURES_XLSX}: the same as a spreadsheet, with the data dictionary and these notes.",
    f"{DICTIONARY}: what each measure counts, out of what, in which unit, and who provides it.",
)
APOSTROPHE = (
    "A text that a spreadsheet could take for a formula has an apostrophe in front, in every file. It is no part of "
    "the text."
)


def release_notes(release: Release) -> list[str]:
    """About a release, line by line."""
    corrects = release.replaces
    return [
        f"{releases.MARKING}. Figures of prison buddy schemes, {parse_period(release.period)}.",
        f"Published on {_moment(release.published_at)}, when the figures were taken from the prisons’ records.",
        *([f"Replaces the release of {_moment(corrects.published_at)}. {release.reason}"] if corrects else []),
        *([f"Note of the release: {release.note}"] if release.note else []),
        *_reading([*STATES, HIDDEN]),
        f"Rounding: {ROUNDING}",
        GROUPS,
        FACTS,
        BY_HAND,
        APOSTROPHE,
    ]


def own_notes(prison: Prison, periods: str) -> list[str]:
    """About a prison's own figures, line by line. `periods` says which are in the file."""
    return [
        f"{own_figures.MARKING}. Exact figures of the buddy scheme at {prison.name} ({prison.code}), {periods}.",
        EXACT,
        *_reading([*STATES, NOT_KNOWN]),
        "The column “as_of” says when a figure was worked out or given (UTC), “source” where it comes from.",
        "Groups of people are not in this file, only whole figures.",
        APOSTROPHE,
    ]


def readme(title: str, notes: Sequence[str], *, now: datetime) -> str:
    """The text of README.txt. `now` is when the file was taken from the service."""
    lines = [title, "", f"Taken from the service on {_moment(now)}.", "", "Files", *(f"- {each}" for each in FILES), ""]
    return "\n".join([*lines, "Notes", *(f"- {each}" for each in notes), ""])


def _reading(states: Sequence[str]) -> list[str]:
    return [f"State “{words.partition(':')[0]}”:{words.partition(':')[2]}" for words in states]


def _moment(moment: datetime) -> str:
    return f"{london_time(moment):%-d %B %Y at %H:%M}"
