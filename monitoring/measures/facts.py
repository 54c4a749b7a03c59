"""What the measures of one prison and span share, read from its rows once.

Run in the national role: a person who left long ago, and a concern about whoever happens to ask, count as well.
Every reading starts from the prison, so that a forgotten filter cannot reach another one's rows.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import Any, TypeVar

from django.db.models import Count, F, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from buddyscheme.lib.dates import day_bounds, london_moment, london_today, month_of
from monitoring.measures.definition import Span
from monitoring.measures.groups import NOBODY_KNOWN, Traits, age_on
from monitoring.models import Population
from referrals.models import PlannedVisit, Visit
from referrals.queries.visits import newest_versions
from schemes.models import Buddy, BuddyStep, CellMove, Custody
from training.models import Module, ModuleResult, ModuleVersion
from training.queries.results import counting

_A_MOMENT = timedelta(microseconds=1)


@dataclass(frozen=True)
class BuddyFacts:
    """One buddy's row, as far as measures ask for it."""

    pk: int
    person: int
    source: str
    applied_on: date
    since: date | None
    weekly_hours: int | None


@dataclass(frozen=True)
class Step:
    """One hop of a buddy's status."""

    buddy: int
    old: str
    new: str
    at: datetime


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


class Readings:
    """What is read of a prison whatever the span, once for all spans that share it."""

    def __init__(self, prison: str) -> None:
        self.prison = prison
        self._read: dict[Callable[[str], Any], Any] = {}

    def of(self, read: Callable[[str], T]) -> T:
        """What a function reads of this prison, read at most once."""
        if read not in self._read:
            self._read[read] = read(self.prison)
        found: T = self._read[read]
        return found


class Facts:
    """The span and what several measures need of it. A cached property is asked for at most once.

    Spans of one prison may share a set of `readings`, as long as nothing of it is changed between them.
    """

    def __init__(self, span: Span, readings: Readings | None = None) -> None:
        self.span = span
        self.prison = span.prison_code
        self.readings = readings or Readings(span.prison_code)
        self._read: dict[Callable[[Facts], Any], Any] = {}

    def once(self, read: Callable[[Facts], T]) -> T:
        """What a function reads of these facts, read at most once, however many measures ask for it."""
        if read not in self._read:
            self._read[read] = read(self)
        found: T = self._read[read]
        return found

    @cached_property
    def ends(self) -> datetime:
        """The moment at which the day after the span's last one begins."""
        return day_bounds(self.span.last)[1]

    @property
    def visits(self) -> QuerySet[Visit]:
        """Visits of the span's days, each in its newest version."""
        return newest_versions(self.prison).filter(day__gte=self.span.first, day__lte=self.span.last)

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

    @property
    def begins(self) -> datetime:
        """The moment at which the span's first day begins."""
        return london_moment(self.span.first, time(0))

    @property
    def followed_to(self) -> date:
        """The last day that is known of waits which began in the span."""
        return london_today(self.span.seen_until - _A_MOMENT)

    @property
    def month_ends(self) -> list[datetime]:
        """The ends of the months that have begun in the span; the last is the span's own end."""
        month, ends = month_of(self.span.first), []
        while month.first <= self.span.last:
            ends.append(min(month.ends_at, self.span.as_of))
            month = month.next()
        return ends

    @property
    def buddies(self) -> dict[int, BuddyFacts]:
        """Every buddy the prison ever had a record of."""
        return self.readings.of(_buddies)

    @cached_property
    def steps(self) -> list[Step]:
        """Every step of every buddy, the earliest first, as far as waits are followed."""
        return [step for step in self.readings.of(_steps) if step.at <= self.span.seen_until]

    @cached_property
    def hops(self) -> dict[int, list[tuple[datetime, str]]]:
        """The steps of each buddy as (moment, new status), the earliest first."""
        found: dict[int, list[tuple[datetime, str]]] = {}
        for step in self.steps:
            found.setdefault(step.buddy, []).append((step.at, step.new))
        return found

    def status_at(self, moment: datetime) -> dict[int, str]:
        """The status of every buddy at a moment."""
        return {step.buddy: step.new for step in self.steps if step.at <= moment}

    @cached_property
    def status(self) -> dict[int, str]:
        """The status of every buddy at the end of the span."""
        return self.status_at(self.span.as_of)

    @cached_property
    def active(self) -> list[int]:
        """Buddies who are active at the end of the span."""
        return sorted(pk for pk, status in self.status.items() if status == Buddy.Status.ACTIVE)

    @cached_property
    def results(self) -> list[Any]:
        """Every result that counts, by its day up to the span's last, the earliest first, as
        (buddy, module, outcome, assessed_on, expires_on)."""
        return [row for row in self.readings.of(_results) if row[3] <= self.span.last]

    @cached_property
    def mandatory(self) -> frozenset[str]:
        """Modules that every buddy had to have at the end of the span: national ones and the prison's own."""
        modules, versions = self.readings.of(_modules)
        due = {code: mandatory and not gone for code, mandatory, gone in modules}
        # A module that was never changed has no history.
        then: dict[str, bool] = {}
        for code, mandatory, gone, at in versions:
            then[code] = then.get(code, False) if at and at > self.span.as_of else mandatory and not gone
        return frozenset(code for code, is_due in {**due, **then}.items() if is_due)

    @cached_property
    def population(self) -> dict[tuple[str, str], int] | None:
        """Prisoners by (breakdown, group), the whole under ("", ""): of the span's newest month that has a count."""
        rows = Population.objects.for_prison(self.prison).filter(
            month__gte=self.span.first.replace(day=1), month__lte=self.span.last
        )
        newest = rows.order_by("-month", "-id").first()
        if newest is None:
            return None
        return {("", ""): newest.total} | {
            (by, group): n for by, group, n in newest.counts.values_list("by", "group", "count")
        }

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


def _buddies(prison: str) -> dict[int, BuddyFacts]:
    rows = Buddy.objects.for_prison(prison).values_list(
        "pk", "person_id", "source", "applied_on", Coalesce("in_role_since", "started_on"), "post__weekly_hours"
    )
    return {row[0]: BuddyFacts(*row) for row in rows}


def _steps(prison: str) -> list[Step]:
    rows = BuddyStep.objects.for_prison(prison).order_by("at", "id")
    return [Step(*row) for row in rows.values_list("buddy_id", "old_status", "new_status", "at")]


def _results(prison: str) -> list[Any]:
    rows = counting(ModuleResult.objects.for_prison(prison)).order_by("assessed_on", "id")
    return list(rows.values_list("buddy_id", "module_id", "outcome", "assessed_on", "expires_on"))


def _modules(prison: str) -> tuple[list[Any], list[Any]]:
    """Modules with whether they are mandatory and withdrawn, and what they were, each change with its moment."""
    modules = list(Module.objects.for_prison(prison).values_list("pk", "mandatory", "withdrawn"))
    versions = ModuleVersion.objects.filter(module__in=[code for code, *_ in modules]).order_by("number")
    return modules, list(versions.values_list("module_id", "mandatory", "withdrawn", "changed_at"))


def _wing_before(span: Span) -> Subquery:
    moves = CellMove.objects.filter(custody=OuterRef("pk"), moved_at__lte=span.as_of).order_by("-moved_at", "-id")
    return Subquery(moves.values("wing__code")[:1])


def _wing_left_later(span: Span) -> Subquery:
    moves = CellMove.objects.filter(custody=OuterRef("pk"), moved_at__gt=span.as_of).order_by("moved_at", "id")
    return Subquery(moves.values("from_wing__code")[:1])
