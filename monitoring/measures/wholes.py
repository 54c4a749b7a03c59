"""Counts that are the parts of a whole: a page of one of them shows them all beside each other."""

from __future__ import annotations

from dataclasses import dataclass

from monitoring.measures.catalogue import ITEMS


@dataclass(frozen=True)
class Whole:
    """`words` names the whole in the middle of a sentence. `unknown` is the code of the part that nobody can place."""

    title: str
    words: str
    parts: tuple[str, ...]
    unknown: str = ""
    counts_all: bool = True
    """Whether the item's first measure counts them all together."""


def _parts(item: str, letters: str) -> tuple[str, ...]:
    """Codes of an item's parts by their letters; raises `KeyError` for one that is not there."""
    there = {measure.code for each in ITEMS if each.code == item for measure in each.measures}
    wanted = [f"{item}{letter}" for letter in letters]
    if missing := set(wanted) - there:
        raise KeyError(f"{item} has no {sorted(missing)}.")
    return tuple(wanted)


WHOLES: tuple[Whole, ...] = (
    Whole("Support hours by sort of help", "the support hours", _parts("OP-06", "bcdefghi"), "OP-06j"),
    Whole("Why visits did not happen", "the visits that did not happen", _parts("OP-08", "abcde")),
    Whole("Referrals by who made them", "the referrals", _parts("OP-09", "bcdefgh")),
    Whole("Referrals by urgency", "the referrals", _parts("OP-09", "ijk")),
    Whole("Buddies who left the role", "the leavers", _parts("OP-21", "bcd"), counts_all=False),
    Whole("Safeguarding concerns by kind", "the concerns", _parts("OP-23", "bcdefghi")),
)


def wholes_of(code: str) -> list[Whole]:
    """The wholes that a measure is a part of, or adds up."""
    return [whole for whole in WHOLES if code in (*whole.parts, whole.unknown, total_of(whole))]


def stands_alone(code: str) -> bool:
    """Whether a list of measures names it: a part whose whole has a measure of its own stands on that one's page."""
    return not any(code in (*whole.parts, whole.unknown) and total_of(whole) for whole in WHOLES)


def total_of(whole: Whole) -> str:
    """The code of the measure that the parts add up to; empty where there is none."""
    total = f"{whole.parts[0][:-1]}a"
    return "" if total in whole.parts or not whole.counts_all else total
