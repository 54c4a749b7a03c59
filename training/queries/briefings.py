"""Briefings of staff, and how much of each wing's staff has been briefed by quarter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from buddyscheme.accounts.models import Prison, Wing
from buddyscheme.lib.dates import Quarter, quarter_of
from schemes.queries.wings import wings_of
from training.models import StaffBriefing

QUARTERS = 4


@dataclass(frozen=True)
class WingShare:
    """One wing with the newest briefing of each quarter, in the order of the quarters; None where there was none."""

    wing: Wing
    newest: list[StaffBriefing | None]


def briefings_of(prison: Prison) -> QuerySet[StaffBriefing]:
    """Every briefing, newest first."""
    rows: QuerySet[StaffBriefing] = StaffBriefing.objects.for_prison(prison)
    return rows.select_related("wing", "recorded_by").order_by("-held_on", "wing__code", "-id")


def last_quarters(today: date) -> list[Quarter]:
    """This quarter and those before it, the oldest first."""
    found = [quarter_of(today)]
    while len(found) < QUARTERS:
        found.insert(0, found[0].months[0].previous().quarter)
    return found


def shares(prison: Prison, quarters: Sequence[Quarter]) -> list[WingShare]:
    """Every wing in use, by code. A briefing says how many have been briefed so far, so the newest counts."""
    rows = StaffBriefing.objects.for_prison(prison).filter(held_on__range=(quarters[0].first, quarters[-1].last))
    newest: dict[tuple[int, str], StaffBriefing] = {}
    for row in rows.order_by("held_on", "id"):
        newest[row.wing_id, quarter_of(row.held_on).code] = row
    return [WingShare(wing, [newest.get((wing.pk, quarter.code)) for quarter in quarters]) for wing in wings_of(prison)]


def briefed_on(wing: Wing, day: date) -> bool:
    """Whether a briefing of the wing on this day is recorded."""
    return StaffBriefing.objects.filter(wing=wing, held_on=day).exists()
