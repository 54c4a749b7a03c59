"""Running matches and covers that a keep-apart record or an alert has come to stop, for all of a prison at once."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, QuerySet

from buddyscheme.accounts.models import Prison
from referrals.models import CoverSlot, Match, MatchStop, Plan, PlannedVisit
from referrals.suitability import ALERT_WORDS, KEEP_APART_WORDS
from schemes.queries.alerts import AlertFact, alerts_by_person, stops
from schemes.queries.people import custodies_of, keep_apart_others

KEEP_APART, ALERTS = "KEEP_APART", "ALERTS"
WORDS = {KEEP_APART: KEEP_APART_WORDS, ALERTS: ALERT_WORDS}


def live_pairs(prison: Prison) -> QuerySet[Match]:
    """Every match that has not ended, with both people."""
    rows: QuerySet[Match] = Match.objects.for_prison(prison).filter(status__in=Match.LIVE)
    return rows.select_related("plan", "buddy").order_by("id")


@dataclass(frozen=True)
class Stopping:
    """What may stop two people: keep-apart records, alerts and cell-mates of everybody who was asked about."""

    kept: dict[int, set[int]]
    alerts: dict[int, list[AlertFact]]
    mates: dict[int, set[int]]

    def codes(self, helped: int, buddy: int) -> frozenset[str]:
        """What stops these two now; empty where nothing does."""
        codes = set()
        with_mates = {buddy} | self.mates.get(buddy, set()), {helped} | self.mates.get(helped, set())
        if self.kept[helped] & with_mates[0] or self.kept[buddy] & with_mates[1]:
            codes.add(KEEP_APART)
        if stops(self.alerts[buddy], buddy=True) or stops(self.alerts[helped], buddy=False):
            codes.add(ALERTS)
        return frozenset(codes)


def stopping(prison: Prison, people: set[int], kept: dict[int, set[int]], today: date) -> Stopping:
    """What may stop these people, beside the keep-apart records (by person) that the caller has read."""
    return Stopping(kept, alerts_by_person(prison, people, today), _cellmates(prison))


def stops_found(prison: Prison, today: date) -> dict[int, frozenset[str]]:
    """By match the codes of what stops it now; a match that nothing stops is not in the answer."""
    matches = list(live_pairs(prison))
    if not matches:
        return {}
    people = {match.plan.person_id for match in matches} | {match.buddy.person_id for match in matches}
    known = stopping(prison, people, keep_apart_others(people), today)
    found = {match.pk: known.codes(match.plan.person_id, match.buddy.person_id) for match in matches}
    return {pk: codes for pk, codes in found.items() if codes}


def covered_plans(prison: Prison, today: date) -> QuerySet[Plan]:
    """Plans with an open day on which somebody else was to come: no match tells that the visit changes."""
    opened = PlannedVisit.objects.filter(plan=OuterRef("plan"), day=OuterRef("day"), session=OuterRef("session"))
    covers = CoverSlot.objects.for_prison(prison).filter(Exists(opened), day__gte=today, ended_at__isnull=True)
    rows: QuerySet[Plan] = Plan.objects.for_prison(prison).filter(pk__in=covers.values("plan"))
    return rows.order_by("id")


def _cellmates(prison: Prison) -> dict[int, set[int]]:
    """By person who shares the cell now. A cell that is not known is shared with nobody."""
    cells: dict[tuple[int | None, str], set[int]] = defaultdict(set)
    for person_id, wing_id, cell in custodies_of(prison).exclude(cell="").values_list("person_id", "wing_id", "cell"):
        cells[(wing_id, cell)].add(person_id)
    mates: dict[int, set[int]] = defaultdict(set)
    for inside in cells.values():
        for person_id in inside:
            mates[person_id] = inside - {person_id}
    return mates


def open_stops(prison: Prison) -> QuerySet[MatchStop]:
    """What stops running matches, longest first."""
    rows: QuerySet[MatchStop] = MatchStop.objects.for_prison(prison).filter(
        cleared_at__isnull=True, match__status__in=Match.LIVE
    )
    return rows.select_related("match__plan__person", "match__buddy__person").order_by("found_at", "id")


def stops_of(match: Match) -> QuerySet[MatchStop]:
    """What stops one match."""
    return MatchStop.objects.filter(match=match, cleared_at__isnull=True).order_by("found_at", "id")
