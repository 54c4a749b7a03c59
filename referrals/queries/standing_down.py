"""Whom a buddy helps, who could cover, and what is uncovered today."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from buddyscheme.accounts.models import Prison
from referrals.models import Cover, Match, PlannedVisit
from referrals.queries.suggestions import facts_for
from schemes.models import Buddy, StandDown

SUGGESTED = 3


@dataclass(frozen=True)
class Coverable:
    """One person who is helped, the plan's other buddy if there is one, and who else could come, best first."""

    match: Match
    other: Match | None
    suggestions: tuple[tuple[Buddy, int, int], ...]
    """Buddy, points, and the most there could have been."""


def live_matches(buddy: Buddy) -> QuerySet[Match]:
    """Everybody the buddy helps or has been proposed for, by name."""
    rows: QuerySet[Match] = Match.objects.for_prison(buddy.prison_id).filter(buddy=buddy, status__in=Match.LIVE)
    rows = rows.select_related("plan__person", "plan__prison", "buddy__person")
    return rows.order_by("plan__person__last_name", "plan__person__first_name", "id")


def other_buddy(match: Match) -> Match | None:
    """The plan's other agreed match, of a buddy in the role."""
    rows = Match.objects.for_prison(match.prison_id).filter(
        plan=match.plan_id, status=Match.Status.ACTIVE, buddy__status=Buddy.Status.ACTIVE
    )
    found: Match | None = rows.exclude(pk=match.pk).select_related("buddy__person").first()
    return found


def coverable(prison: Prison, buddy: Buddy, today: date, *, ends: bool) -> list[Coverable]:
    """Each person the buddy helps, with who could cover. `ends`: the matches end, so their place is free."""
    found = []
    for match in live_matches(buddy):
        other = other_buddy(match)
        if not ends and (other is not None or match.part == Match.Part.SECOND):
            # Both places of the plan are taken while somebody is only suspended.
            found.append(Coverable(match, other, ()))
            continue
        part = match.part if ends else Match.Part.SECOND
        facts = facts_for(prison, match.plan, part, today, without=match.pk)
        ranked = [one for one in facts.ranked().suggestions if one.buddy_id != buddy.pk][:SUGGESTED]
        suggestions = tuple((facts.buddies[one.buddy_id], one.score, one.most) for one in ranked)
        found.append(Coverable(match, other, suggestions))
    return found


def covers_of(stand_down: StandDown) -> QuerySet[Cover]:
    """Who was chosen for each person, by name."""
    rows: QuerySet[Cover] = Cover.objects.for_prison(stand_down.prison_id).filter(stand_down=stand_down)
    return rows.select_related("match__plan__person", "buddy__person").order_by("match__plan__person__last_name", "id")


def uncovered_today(stand_down: StandDown, today: date) -> QuerySet[PlannedVisit]:
    """Visits of the day of those people for which nobody comes."""
    plans = Cover.objects.filter(stand_down=stand_down).values("match__plan")
    rows: QuerySet[PlannedVisit] = PlannedVisit.objects.for_prison(stand_down.prison_id).filter(
        plan__in=plans, day=today, cancelled_at__isnull=True, buddy__isnull=True
    )
    return rows.select_related("person").order_by("session", "id")
