"""What the measures of one prison and span share, read from its rows once.

Run in the national role: a person who left long ago, and a concern about whoever happens to ask, count as well.
Every reading starts from the prison, so that a forgotten filter cannot reach another one's rows.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any, TypeVar

from django.db.models import Count, Exists, F, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from buddyscheme.lib.dates import day_bounds, london_today
from monitoring.measures.definition import Span
from monitoring.measures.groups import NOBODY_KNOWN, Traits, age_on
from referrals.models import PlannedVisit, Visit
from schemes.models import CellMove, Custody

T = TypeVar("T")


@dataclass(frozen=True)
class VisitCount:
    """How many visits of one person went one way; `planned` says that the plan held them when the day began."""

    person: int
    outcome: str
    reason: str
    planned: bool
    visits: int
    minutes: int


class Facts:
    """The span and what several measures need of it. A cached property is asked for at most once."""

    def __init__(self, span: Span) -> None:
        self.span = span
        self.prison = span.prison_code
        self._read: dict[Callable[[Facts], Any], Any] = {}

    def once(self, read: Callable[[Facts], T]) -> T:
        """What a function reads of these facts, read at most once, however many measures ask for it."""
        if read not in self._read:
            self._read[read] = read(self)
        found: T = self._read[read]
        return found

    @cached_property
    def begins(self) -> datetime:
        """The moment at which the span's first day begins."""
        return day_bounds(self.span.first)[0]

    @cached_property
    def ends(self) -> datetime:
        """The moment at which the day after the span's last one begins."""
        return day_bounds(self.span.last)[1]

    @cached_property
    def seen_on(self) -> date:
        """The last day on which waits that began in the span are followed."""
        return london_today(self.span.seen_until - timedelta(microseconds=1))

    @property
    def visits(self) -> QuerySet[Visit]:
        """Visits of the span's days, each in its newest version."""
        return Visit.objects.for_prison(self.prison).filter(
            ~Exists(Visit.objects.filter(replaces=OuterRef("pk"))), day__gte=self.span.first, day__lte=self.span.last
        )

    @property
    def planned(self) -> QuerySet[PlannedVisit]:
        """What the plans held when each day began."""
        return PlannedVisit.objects.for_prison(self.prison).filter(
            held_at_start=True, day__gte=self.span.first, day__lte=self.span.last
        )

    @cached_property
    def visit_counts(self) -> list[VisitCount]:
        """The same visits counted: how many of each person went how, and their minutes."""
        rows = (
            self.visits.order_by()
            .values_list("person_id", "outcome", "reason", "planned__held_at_start")
            .annotate(visits=Count("pk"), minutes_in_all=Sum("minutes"))
        )
        return [VisitCount(*row) for row in rows]

    @cached_property
    def minutes(self) -> int:
        """Minutes of support recorded in the span."""
        return sum(row.minutes for row in self.visit_counts)

    def traits_of(self, people: Collection[int]) -> dict[int, Traits]:
        """Whatever a breakdown needs to know of these people, as of the end of the span. One question for all."""
        stays = (
            Custody.objects.for_prison(self.prison)
            .filter(person_id__in=people, started_at__lte=self.span.as_of)
            .annotate(then=Coalesce(_wing_before(self.span), _wing_left_later(self.span), F("wing__code")))
            .order_by("person_id", "started_at", "id")
            .values_list(
                "person_id",
                "then",
                "person__born_on",
                "person__sex",
                "person__ethnicity",
                "person__disability",
                "person__languages",
            )
        )
        return {
            person: Traits(wing or "", age_on(born_on, self.span.last), sex, ethnicity, disability, (*languages, "")[0])
            for person, wing, born_on, sex, ethnicity, disability, languages in stays
        }

    def known(self, people: Collection[int | None]) -> dict[int | None, Traits]:
        """The same, with everybody who is not known to this prison, and nobody, among them."""
        found = self.traits_of([person for person in people if person is not None])
        return {person: found.get(person, NOBODY_KNOWN) if person is not None else NOBODY_KNOWN for person in people}


def _wing_before(span: Span) -> Subquery:
    moves = CellMove.objects.filter(custody=OuterRef("pk"), moved_at__lte=span.as_of).order_by("-moved_at", "-id")
    return Subquery(moves.values("wing__code")[:1])


def _wing_left_later(span: Span) -> Subquery:
    moves = CellMove.objects.filter(custody=OuterRef("pk"), moved_at__gt=span.as_of).order_by("moved_at", "id")
    return Subquery(moves.values("from_wing__code")[:1])
