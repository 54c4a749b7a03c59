"""Which prisons have returned which months: states only, no figures."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from buddyscheme.accounts.models import Prison
from buddyscheme.lib.dates import Month, Quarter
from buddyscheme.scope.transaction import DatabaseRole, scoped
from monitoring.models import DataQuery, Figure, MonthClose, QuarterSign
from monitoring.models.quality import ASKED

# A return is there when the visits' own measure has something to say.
WATCHED = "OP-07"


NOT_DUE = "Not yet due"
SIGN_WORDS = {"SIGNED": "Signed", "REOPENED": "Opened again", "": "Not signed"}


@dataclass(frozen=True)
class PrisonReturns:
    """One prison's months: closed, open with something recorded, no return, or not yet due."""

    prison: Prison
    months: tuple[str, ...]
    quarter: str = ""
    asked: tuple[datetime, str] | None = None
    """When somebody of the national team last asked what is still open, and who."""


def returns_of(months: list[Month], quarter: Quarter) -> list[PrisonReturns]:
    """Every switched-on prison by name, with a word for each month and for the quarter, and whether it was asked.

    Run on behalf of a national role.
    """
    firsts = [month.first for month in months]
    with scoped(DatabaseRole.NATIONAL):
        prisons = list(Prison.objects.filter(switched_on=True).order_by("name", "code"))
        states = {
            (code, month): state
            for code, month, state in Figure.objects.filter(
                measure=WATCHED, breakdown="", period__in=[month.code for month in months]
            ).values_list("prison_id", "first_day", "state")
        }
        signs = dict(
            QuarterSign.objects.filter(period=quarter.code)
            .order_by("prison_id", "-version")
            .distinct("prison_id")
            .values_list("prison_id", "kind")
        )
        asked = {
            code: (at, name)
            for code, at, name in DataQuery.objects.filter(rule=ASKED, closed_at__isnull=True)
            .order_by("prison_id", "-raised_at", "-id")
            .distinct("prison_id")
            .values_list("prison_id", "raised_at", "asked_by__name")
        }
        closed = set(MonthClose.objects.filter(month__in=firsts).values_list("prison_id", "month"))
    rows = []
    for prison in prisons:
        words = {
            month: _word(states.get((prison.code, month.first)), (prison.code, month.first) in closed)
            for month in months
        }
        due = any(words.get(month, NOT_DUE) != NOT_DUE for month in quarter.months)
        sign = SIGN_WORDS[signs.get(prison.code, "")] if due else NOT_DUE
        rows.append(PrisonReturns(prison, tuple(words.values()), sign, asked.get(prison.code)))
    return rows


def _word(state: str | None, closed: bool) -> str:
    if closed:
        return "Closed"
    if state is None or state == "NOT_YET_DUE":
        return NOT_DUE
    return "No return" if state == "NOT_RETURNED" else "Open"


def asked_on(codes: Iterable[str]) -> dict[str, datetime]:
    """When each of these prisons was last asked by the national team about what is still open. No staff."""
    with scoped(DatabaseRole.NATIONAL):
        rows = DataQuery.objects.filter(rule=ASKED, closed_at__isnull=True, prison__in=list(codes))
        return dict(rows.order_by("prison_id", "raised_at", "id").values_list("prison_id", "raised_at"))
