"""One row of an extract from what the records say of a spell: days to weeks, counts to the nearest 5. Pure."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from buddyscheme.lib.dates import quarter_of
from monitoring.extracts.columns import QUESTIONS, ROUNDED_TO, SCORE, SEVERAL
from monitoring.measures.groups import age_band

LEFT_OUT_WORDS = {
    "UNSETTLED": "prison number not settled between two prisons",
    "CHILD": "under 18 when help began",
    "CANNOT_DECIDE": "could not decide for themselves about the help",
    "SHARING_REFUSED": "did not agree, or no longer agree, to sharing their plan outside the prison",
}
"""Why somebody is in no extract, whatever it is for."""
PSEUDONYM_BYTES = 10


def pseudonym(key: bytes, kind: str, number: int) -> str:
    """Sixteen letters and figures that only this key gives to this case or person."""
    digest = hmac.new(key, f"{kind}:{number}".encode(), hashlib.sha256).digest()
    return base64.b32encode(digest[:PSEUDONYM_BYTES]).decode()


def row_of(spell: Mapping[str, Any], asked: Sequence[Any], *, key: bytes, last: date) -> dict[str, Any]:
    """The whole row: what may be known, what is secret, what is neither. `last` is the last day of the period.

    `person` and `kind` are for the check alone and in no file: who has spells at two prisons may be the only one.
    """
    ended_on = spell["ended_on"]
    days = ((ended_on or last) - spell["began_on"]).days + 1
    weeks = max(1, -(-days // 7))
    areas = spell["need_areas"]
    return {
        "case": pseudonym(key, "case", spell["plan"]),
        "person": pseudonym(key, "person", spell["person"]),
        "place": spell["place"],
        "kind": spell["kind"],
        "started": quarter_of(spell["began_on"]).code,
        "age": age_band(spell["age"]),
        "sex": spell["sex"].lower(),
        "ethnicity": spell["ethnicity"].lower(),
        "disability": spell["disability"].lower(),
        "need": areas[0] if len(areas) == 1 else SEVERAL,
        "ended": _ended(ended_on, spell["went"]),
        "wait": _wait(spell["days_waited"]),
        "weeks": _weeks(weeks),
        "buddies": str(spell["buddies"]) if spell["buddies"] < 3 else "3+",
        "planned_visits": nearest(spell["planned"]),
        "visits_done": nearest(spell["done"]),
        "visits_locked_up": nearest(spell["locked_up"]),
        "minutes_a_week": nearest(int(spell["minutes"]) / weeks, 10),
        **_outcomes(asked),
    }


def nearest(number: float, to: int = ROUNDED_TO) -> int:
    """To the nearest 5, or what is asked for; halves go up."""
    return int((number + to / 2) // to * to)


def _ended(ended_on: date | None, went: str | None) -> str:
    if ended_on is None:
        return "STILL"
    return {"TRANSFER": "MOVED", "RELEASE": "RELEASED"}.get(went or "", "OTHER")


def _wait(days: int) -> str:
    weeks = days // 7
    return str(weeks) if weeks < 4 else "4+"


def _weeks(weeks: int) -> str:
    for most, band in ((4, "1-4"), (8, "5-8"), (12, "9-12"), (26, "13-26")):
        if weeks <= most:
            return band
    return "27+"


def _outcomes(asked: Sequence[Any]) -> dict[str, Any]:
    """Answers and scores at the start and later; nothing where nobody asked."""
    found: dict[str, Any] = {}
    by = {each.instrument: each for each in asked}
    for question in QUESTIONS:
        for each in asked:
            if question.code in each.start:
                found[f"{question.code.lower()}_start"] = each.start[question.code]
            if question.code in each.later:
                found[f"{question.code.lower()}_later"] = each.later[question.code]
    lonely = by.get("LONELY")
    if lonely is not None and lonely.start_score is not None:
        found[f"{SCORE}_start"] = int(lonely.start_score)
    if lonely is not None and lonely.later_score is not None:
        found[f"{SCORE}_later"] = int(lonely.later_score)
    if not asked:
        return found
    between = [each.days_between for each in asked if each.days_between is not None]
    found["later_after"] = _later(max(between)) if between else None
    found["for_the_person"] = "yes" if any(each.by_proxy for each in asked) else "no"
    return found


def _later(days: int) -> str:
    weeks = max(1, -(-days // 7))
    return "1-4" if weeks <= 4 else "5-12" if weeks <= 12 else "13+"
