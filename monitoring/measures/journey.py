"""The rows of a recipient's journey that several measures read: referrals, plans, matches, stays, unmet needs.

Days are London's. Each function reads its table once for a span; ask for it with `facts.once`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models.functions import Coalesce

from buddyscheme.lib.dates import london_today
from monitoring.measures.facts import Facts
from referrals.models import Match, Plan, Referral, UnmetNeed
from schemes.models import Custody

# With these outcomes no buddy was decided on.
NO_BUDDY = frozenset({"NONE", "LEFT", "COUNCIL", "HEALTHCARE"})


@dataclass(frozen=True)
class Asked:
    """A referral."""

    person: int
    at: datetime
    source: str
    urgency: str
    repeats: bool
    no_buddy_on: date | None
    """The day on which screening ended it without a buddy."""

    @property
    def on(self) -> date:
        """The day it was made."""
        return london_today(self.at)


@dataclass(frozen=True)
class Planned:
    """A plan with its dates."""

    person: int
    refused: bool
    asked_at: datetime
    activated_at: datetime | None
    ended_at: datetime | None
    review_on: date | None
    interim: bool

    @property
    def stopped_on(self) -> date | None:
        """The day on which the person refused it or it ended."""
        return london_today(self.asked_at) if self.refused else _day(self.ended_at)

    def ran_at(self, moment: datetime) -> bool:
        """Whether it was active, or had been, and had not ended before that moment."""
        active = self.activated_at is not None and self.activated_at <= moment
        return active and (self.ended_at is None or self.ended_at >= moment)


@dataclass(frozen=True)
class Helped:
    """A match that has started. It runs on the days from the first to the last, both inside."""

    person: int
    first: date
    ended_at: datetime | None

    @property
    def last(self) -> date | None:
        """The day on which it ended."""
        return _day(self.ended_at)

    def ran_on(self, day: date) -> bool:
        """Whether it ran on that day."""
        last = self.last
        return self.first <= day and (last is None or last >= day)


@dataclass(frozen=True)
class Left:
    """A stay that has ended."""

    person: int
    started_at: datetime
    ended_at: datetime
    reason: str

    @property
    def on(self) -> date:
        """The day on which the person left."""
        return london_today(self.ended_at)


@dataclass(frozen=True)
class Unmet:
    """An unmet need. It is open from the day it was known to the day before it was met or the person left."""

    person: int
    known_on: date
    met_on: date | None
    left_on: date | None
    ended_on: date | None

    def open_on(self, day: date) -> bool:
        """Whether it counts on that day."""
        return self.known_on <= day and (self.ended_on is None or self.ended_on > day)

    def unmet_at_leaving(self, day: date) -> bool:
        """Whether a person who left on that day left with it."""
        met = self.met_on is not None and self.met_on <= day
        return self.known_on <= day and not met and (self.left_on is None or self.left_on >= day)


def referrals(facts: Facts) -> list[Asked]:
    """Those received in the span."""
    rows = Referral.objects.for_prison(facts.prison).filter(referred_at__gte=facts.begins, referred_at__lt=facts.ends)
    return [
        Asked(person, at, source, urgency, repeats is not None, _day(screened_at) if outcome in NO_BUDDY else None)
        for person, at, source, urgency, repeats, outcome, screened_at in rows.order_by("id").values_list(
            "person_id", "referred_at", "source", "urgency", "repeats_id", "outcome", "screened_at"
        )
    ]


def plans(facts: Facts) -> list[Planned]:
    """All that were begun before the span's end or while its waits are followed."""
    return [plan for plan in facts.readings.of(_plans) if plan.asked_at <= facts.span.seen_until]


def _plans(prison: str) -> list[Planned]:
    rows = Plan.objects.for_prison(prison)
    return [
        Planned(
            person,
            status == Plan.Status.REFUSED,
            asked_at,
            activated_at,
            ended_at,
            review_on,
            interim_from is not None and made_full_at is None,
        )
        for person, status, asked_at, activated_at, ended_at, review_on, interim_from, made_full_at in rows.order_by(
            "id"
        ).values_list(
            "person_id",
            "status",
            "asked_at",
            "activated_at",
            "ended_at",
            "review_on",
            "interim_from",
            "made_full_at",
        )
    ]


def helps(facts: Facts) -> list[Helped]:
    """Matches that started before the span's end or while its waits are followed."""
    return [match for match in facts.readings.of(_helps) if match.first <= facts.followed_to]


def _helps(prison: str) -> list[Helped]:
    rows = Match.objects.for_prison(prison).filter(started_on__isnull=False)
    return [
        Helped(person, first, ended_at)
        for person, first, ended_at in rows.order_by("id").values_list("plan__person_id", "started_on", "ended_at")
        if first is not None
    ]


def leavings(facts: Facts) -> list[Left]:
    """Stays that ended in the span or while its waits are followed."""
    rows = Custody.objects.for_prison(facts.prison).filter(
        ended_at__gte=facts.begins, ended_at__lte=facts.span.seen_until
    )
    stays = rows.order_by("id").values_list("person_id", "started_at", "ended_at", "end_reason")
    return [Left(person, since, at, reason) for person, since, at, reason in stays if at is not None]


def unmet_needs(facts: Facts) -> list[Unmet]:
    """Needs that were known by the span's end."""
    return [need for need in facts.readings.of(_unmet_needs) if need.known_on <= facts.span.last]


def _unmet_needs(prison: str) -> list[Unmet]:
    rows = UnmetNeed.objects.for_prison(prison).annotate(ended_on=Coalesce("met_on", "left_on")).order_by("id")
    return [Unmet(*row) for row in rows.values_list("person_id", "known_on", "met_on", "left_on", "ended_on")]


def helped_people(helps: Iterable[Helped], day: date) -> set[int]:
    """Who had a running match on that day."""
    return {each.person for each in helps if each.ran_on(day)}


def by_person(rows: Iterable[Any]) -> dict[int, list[Any]]:
    """Rows by the person they are about."""
    found: dict[int, list[Any]] = {}
    for row in rows:
        found.setdefault(row.person, []).append(row)
    return found


def _day(moment: datetime | None) -> date | None:
    return None if moment is None else london_today(moment)
