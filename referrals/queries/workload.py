"""How much each buddy has to do: people, hours planned and worked, days in a row. Four queries for one page."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import QuerySet, Sum

from buddyscheme.accounts.models import Prison
from buddyscheme.lib.dates import week_of
from referrals.models import Match, Visit
from referrals.queries.suggestions import with_weekly_load
from referrals.rules.workload import Workload
from schemes.models import Buddy
from schemes.queries.buddies import buddies_of, in_list_order

# As far back as a run of days is looked for.
LOOKS_BACK = timedelta(days=28)


@dataclass(frozen=True)
class Line:
    """One buddy with what they have to do."""

    buddy: Any
    load: Workload


def in_role(prison: Prison) -> QuerySet[Any]:
    """Buddies in the role, by name."""
    return in_list_order(buddies_of(prison).filter(status__in=(Buddy.Status.ACTIVE, Buddy.Status.SUSPENDED)))


def lines(buddies: Sequence[Any], today: date) -> list[Line]:
    """These buddies' workload, in their order."""
    ids = [buddy.pk for buddy in buddies]
    matches, worked, days = _matches(ids), _worked(ids, today), _days(ids, today)
    return [
        Line(buddy, _load(buddy, matches[buddy.pk], worked.get(buddy.pk, 0), days[buddy.pk], today))
        for buddy in buddies
    ]


def _matches(ids: list[int]) -> dict[int, list[Match]]:
    found: dict[int, list[Match]] = defaultdict(list)
    rows = Match.objects.filter(buddy__in=ids, status__in=Match.LIVE)
    for match in with_weekly_load(rows).order_by("id"):
        found[match.buddy_id].append(match)
    return found


def _worked(ids: list[int], today: date) -> dict[int, int]:
    """Minutes since Monday, as they stand after corrections."""
    rows = Visit.objects.filter(buddy__in=ids, replaced_by__isnull=True, day__gte=week_of(today).monday, day__lte=today)
    return dict(rows.order_by().values("buddy").annotate(n=Sum("minutes")).values_list("buddy", "n"))


def _days(ids: list[int], today: date) -> dict[int, set[date]]:
    """Days on which each helped somebody."""
    rows = Visit.objects.filter(buddy__in=ids, replaced_by__isnull=True, day__gt=today - LOOKS_BACK, day__lte=today)
    found: dict[int, set[date]] = defaultdict(set)
    done = rows.exclude(outcome=Visit.Outcome.NOT_DONE).order_by().values_list("buddy_id", "day").distinct()
    for buddy_id, day in done:
        found[buddy_id].add(day)
    return found


def _load(buddy: Any, matches: Iterable[Match], worked: int, days: set[date], today: date) -> Workload:
    first = [match for match in matches if match.part == Match.Part.LEAD]
    weekdays = {day for match in first for day in getattr(match, "weekly_days", ())}
    return Workload(
        people=len(first),
        second_for=sum(match.part == Match.Part.SECOND for match in matches),
        people_cap=buddy.capacity,
        minutes_planned=sum(int(getattr(match, "weekly", 0)) for match in first),
        minutes_cap=buddy.weekly_minutes,
        minutes_worked=worked,
        weekdays=frozenset(weekdays),
        rest_day=buddy.rest_day,
        days_cap=buddy.days_in_row,
        days_in_row=_run(days, today),
    )


def _run(days: set[date], today: date) -> int:
    """Days one after the other up to today, or up to yesterday while nothing of today is recorded."""
    day = today if today in days else today - timedelta(days=1)
    run = 0
    while day in days:
        run, day = run + 1, day - timedelta(days=1)
    return run
