"""Clearances of people in the role that end within 28 days, have ended, or were never given, by department."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from buddyscheme.accounts.models import Prison
from schemes.models import Buddy, Clearance
from schemes.models.scheme import needed_from
from schemes.queries.buddies import buddies_of, in_list_order
from schemes.rules.buddies import IN_ROLE
from schemes.rules.clearance import SOON


class Due(StrEnum):
    """What a line asks for, the most pressing first."""

    OVERDUE = "OVERDUE"
    REFUSED = "REFUSED"
    MISSING = "MISSING"
    SOON = "SOON"


DUE_WORDS: dict[str, str] = {
    Due.OVERDUE: "Overdue",
    Due.REFUSED: "Not cleared",
    Due.MISSING: "No answer yet",
    Due.SOON: "Due in 28 days",
}


@dataclass(frozen=True, kw_only=True)
class Renewal:
    """One department's clearance of one buddy that has to be renewed. `day` is when it ends, or counts from."""

    buddy: Any
    department: str
    due: Due
    day: date | None
    asked: bool


def renewals(prison: Prison, today: date) -> list[Renewal]:
    """Every line, the most pressing first. The same number of queries for two buddies and for two hundred."""
    buddies = list(in_list_order(buddies_of(prison).filter(status__in=IN_ROLE)))
    newest, asked = _answers([buddy.pk for buddy in buddies])
    lines = [
        Renewal(buddy=buddy, department=department, due=due, day=day, asked=(buddy.pk, department) in asked)
        for buddy in buddies
        for department in buddy.scheme.departments
        for due, day in _due(buddy, newest[buddy.pk].get(department), department, today)
    ]
    order = list(Due)
    return sorted(lines, key=lambda line: (order.index(line.due), line.day or date.min))


Answer = tuple[str, date | None]


def _answers(ids: list[int]) -> tuple[dict[int, dict[str, Answer]], set[tuple[int, str]]]:
    rows = Clearance.objects.filter(buddy__in=ids).order_by("signed_at", "id")
    newest: dict[int, dict[str, Answer]] = defaultdict(dict)
    asked = set()
    for buddy_id, department, decision, expires_on in rows.values_list(
        "buddy_id", "department", "decision", "expires_on"
    ):
        if decision == Clearance.Decision.WAITING:
            asked.add((buddy_id, department))
        else:
            newest[buddy_id][department] = (decision, expires_on)
    return newest, asked


def _due(buddy: Buddy, answer: Answer | None, department: str, today: date) -> list[tuple[Due, date | None]]:
    if answer is None:
        since = needed_from(buddy.scheme.departments_from, department)
        return [(Due.MISSING, None if since == date.min else since)]
    decision, expires_on = answer
    if decision == Clearance.Decision.REFUSED or expires_on is None:
        return [(Due.REFUSED, None)]
    if expires_on < today:
        return [(Due.OVERDUE, expires_on)]
    return [(Due.SOON, expires_on)] if expires_on <= today + SOON else []
