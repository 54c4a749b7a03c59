"""A wing's week of visits, sorted for confirming, in a fixed number of queries."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from buddyscheme.accounts.models import Prison, Wing
from buddyscheme.lib.dates import LONDON, Week, day_bounds, week_of
from referrals.models import HeldText, PlannedVisit, Visit, VisitLook, WeekConfirmation
from referrals.queries.matches import wing_id_of
from referrals.queries.schedule import days_from
from referrals.queries.visits import first_versions, visits_of
from referrals.rules.weeks import Sorted, VisitFacts, sort_week
from schemes.models import Buddy, BuddyStep, LockDown
from schemes.queries.schemes import Times, regime_on_days

STOPPED = frozenset({Buddy.Status.SUSPENDED, Buddy.Status.REMOVED, Buddy.Status.LEFT})


@dataclass(frozen=True)
class WingWeek:
    """What the page of a week shows. `newest` and `looked` go by planned visit."""

    wing: Wing
    week: Week
    order: Sorted
    newest: dict[int, Visit]
    looked: dict[int, str]
    unrecorded: int
    sources: dict[str, int]
    """How many visits were first recorded by whom."""
    late: int

    @property
    def visits(self) -> int:
        """How many visits are on record."""
        return len(self.newest)

    @property
    def shown(self) -> list[int]:
        """Planned-visit ids that the page puts before the reader: what does not fit, then the three drawn."""
        return [*self.order.misfits, *self.order.drawn]


def wing_week(prison: Prison, wing: Wing, monday: date) -> WingWeek:
    """Everything about one wing's week. The wing is where the person lives now, or last lived here."""
    week = week_of(monday)
    first = list(
        _in_week(first_versions(prison), wing, week).select_related("planned").order_by("day", "session", "id")
    )
    planned = [visit.planned_id for visit in first]
    versions = visits_of(prison).filter(planned__in=planned).select_related("entered_by", "slip__sheet")
    newest = {visit.planned_id: visit for visit in versions}
    facts = _facts(prison, wing, week, first)
    looks = VisitLook.objects.for_prison(prison).filter(visit__planned__in=planned).order_by("id")
    return WingWeek(
        wing=wing,
        week=week,
        order=sort_week(facts, seed=f"{wing.token}:{week.code}"),
        newest=newest,
        looked=dict(looks.values_list("visit__planned_id", "result")),
        unrecorded=_in_week(_unrecorded(prison), wing, week).count(),
        sources=dict(Counter(visit.source for visit in first)),
        late=sum(visit.late for visit in first),
    )


def confirmation_of(wing: Wing, monday: date) -> WeekConfirmation | None:
    """The week's confirmation, once it is made."""
    found: WeekConfirmation | None = (
        WeekConfirmation.objects.for_prison(wing.prison_id)
        .filter(wing=wing, week_starts_on=monday)
        .select_related("confirmed_by")
        .first()
    )
    return found


def confirmations_of(prison: Prison) -> QuerySet[WeekConfirmation]:
    """Weeks that were confirmed, newest first."""
    rows: QuerySet[WeekConfirmation] = WeekConfirmation.objects.for_prison(prison)
    return rows.select_related("wing", "confirmed_by").order_by("-week_starts_on", "wing__code", "id")


def _in_week(rows: QuerySet[Any], wing: Wing, week: Week) -> QuerySet[Any]:
    days = rows.filter(day__gte=week.first, day__lte=week.last)
    found: QuerySet[Any] = days.annotate(wing_id=wing_id_of("person_id")).filter(wing_id=wing.pk)
    return found


def _unrecorded(prison: Prison) -> QuerySet[PlannedVisit]:
    rows: QuerySet[PlannedVisit] = PlannedVisit.objects.for_prison(prison).filter(cancelled_at__isnull=True)
    silent: QuerySet[PlannedVisit] = rows.filter(~Exists(Visit.objects.filter(planned=OuterRef("pk"))))
    return silent


def _facts(prison: Prison, wing: Wing, week: Week, visits: list[Visit]) -> list[VisitFacts]:
    locked = _lock_downs(prison, wing, week)
    times = regime_on_days(prison, days_from(week.first))
    stopped = _stopped(week, {visit.buddy_id for visit in visits if visit.buddy_id})
    held = HeldText.objects.for_prison(prison).filter(place=HeldText.Place.VISIT_EXTRA)
    wordy = set(held.filter(subject_id__in=[visit.pk for visit in visits]).values_list("subject_id", flat=True))
    return [
        VisitFacts(
            planned_id=visit.planned_id,
            outcome=visit.outcome,
            minutes=visit.minutes,
            planned_minutes=visit.planned.minutes,
            late=visit.late,
            early=_early(visit, times),
            extra_help=bool(visit.extra_help) or visit.pk in wordy,
            locked_down=bool({(visit.day, ""), (visit.day, visit.session)} & locked),
            buddy_stopped=(visit.buddy_id, visit.day) in stopped,
        )
        for visit in visits
    ]


def _lock_downs(prison: Prison, wing: Wing, week: Week) -> set[tuple[date, str]]:
    rows = LockDown.objects.for_prison(prison).filter(day__gte=week.first, day__lte=week.last)
    return {(row.day, row.session) for row in rows if row.wing_id in (None, wing.pk)}


def _early(visit: Visit, times: dict[date, Times]) -> bool:
    """Entered on its day before people were unlocked for its session, as the regime stands now."""
    entered = visit.entered_at.astimezone(LONDON)
    unlock, _lock = times.get(visit.day, {}).get(visit.session, (None, None))
    return unlock is not None and entered.date() == visit.day and entered.time() < unlock


def _stopped(week: Week, buddies: set[int]) -> set[tuple[int, date]]:
    """Buddies with the days of the week on which they were suspended or gone, for the whole day or a part."""
    steps: dict[int, list[tuple[datetime, str]]] = defaultdict(list)
    rows = BuddyStep.objects.filter(buddy__in=buddies, at__lt=week.ends_at).order_by("at", "id")
    for buddy_id, at, status in rows.values_list("buddy_id", "at", "new_status"):
        steps[buddy_id].append((at, status))
    days = days_from(week.first)
    return {(pk, day) for pk, hops in steps.items() for day in days if _stopped_on(hops, day)}


def _stopped_on(hops: list[tuple[datetime, str]], day: date) -> bool:
    begins, ends = day_bounds(day)
    before = [status for at, status in hops if at < begins]
    during = [status for at, status in hops if begins <= at < ends]
    return bool({*before[-1:], *during} & STOPPED)
