"""Whether the people helped, or the buddies, are like the prisoners of the same prisons, from published figures alone.

Both shares come from one measure: so many of a group for every 100 prisoners of the group. It counts the prisons that
counted their people, above the line and below it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from monitoring.charts.point import count_words, listed
from monitoring.disclosure import ROUNDED_TO
from monitoring.statistics import wilson_interval
from monitoring.words import percent

LEVEL = 0.998
"""That of the outer limits of a funnel: several groups are looked at, and one in twenty would be found by chance."""
QUESTIONS = "These are questions, not verdicts: the figures do not say why."


@dataclass(frozen=True)
class Beside:
    """A group's part of those who are looked at and of all prisoners, as rounded counts; None where hidden."""

    name: str
    people: float | None
    prisoners: float | None


def beside_of(name: str, figure: Any) -> Beside:
    """From a published figure for every 100 prisoners."""
    if figure is None or figure.numerator is None or figure.denominator is None:
        return Beside(name, None, None)
    return Beside(name, float(figure.numerator), float(figure.denominator))


def share_words(part: float | None, whole: float | None) -> str:
    """`12%` of rounded counts; empty where one is hidden. Never over 100%, which only rounding could make of it."""
    return percent(Decimal(str(min(1.0, part / whole)))) if part is not None and whole else ""


def conclusion_of(what: str, groups: Sequence[Beside], unknown: Any, whole: Beside) -> list[str]:
    """What may be concluded of these groups, "not known" apart. `what` names who is looked at ("the people helped")."""
    if whole.people is None or not whole.people or not whole.prisoners:
        return [f"No share of {what} can be shown, so nothing is concluded."]
    shown = [each for each in groups if each.people is not None and each.prisoners is not None]
    hidden = len(groups) - len(shown)
    ways = {each.name: _way(each, whole) for each in shown}
    said = [
        f"{word} of {what} than of all prisoners are in {listed([_named(each, whole) for each in theirs])}: more than "
        "chance or rounding would explain."
        for way, word in ((1, "More"), (-1, "Fewer"))
        if (theirs := [each for each in shown if ways[each.name] == way])
    ]
    if said:
        said.append(QUESTIONS)
    elif shown:
        said.append(
            f"No group shown differs between {what} and all prisoners by more than chance or rounding explains."
        )
    if hidden:
        groups_are, them = ("group is", "it") if hidden == 1 else ("groups are", "them")
        said.append(f"Of {what} {count_words(hidden)} {groups_are} hidden; nothing is concluded about {them}.")
    said.append(_unknown(what, beside_of("", unknown), whole))
    return said


def _unknown(what: str, unknown: Beside, whole: Beside) -> str:
    share = share_words(unknown.people, whole.people)
    return f"Not known: {share} of {what}." if share else f"Not known: too few of {what} to show."


def _named(each: Beside, whole: Beside) -> str:
    return f"{each.name} ({share_words(each.people, whole.people)} and {share_words(each.prisoners, whole.prisoners)})"


def _way(each: Beside, whole: Beside) -> int:
    """1 or -1 where the prisoners' share lies outside the interval of the group's, whatever the exact counts were."""
    assert each.people is not None and each.prisoners is not None and whole.people and whole.prisoners
    half = ROUNDED_TO / 2
    n = whole.people + half
    low = wilson_interval(max(0.0, each.people - half), n, LEVEL).low
    high = wilson_interval(
        min(whole.people, each.people + half), max(whole.people - half, each.people + half), LEVEL
    ).high
    least = (each.prisoners - half) / (whole.prisoners + half)
    most = (each.prisoners + half) / (whole.prisoners - half)
    return 1 if low > most else -1 if high < least else 0
