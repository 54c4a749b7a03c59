"""Running matches that a keep-apart record or an alert has come to stop. Seven queries for all of a prison."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from django.db.models import QuerySet

from buddyscheme.accounts.models import Prison
from referrals.models import Match, MatchStop
from referrals.suitability import ALERT_WORDS, KEEP_APART_WORDS
from schemes.queries.alerts import alerts_by_person, stops
from schemes.queries.people import custodies_of, keep_apart_others

KEEP_APART, ALERTS = "KEEP_APART", "ALERTS"
WORDS = {KEEP_APART: KEEP_APART_WORDS, ALERTS: ALERT_WORDS}


def live_pairs(prison: Prison) -> QuerySet[Match]:
    """Every match that has not ended, with both people."""
    rows: QuerySet[Match] = Match.objects.for_prison(prison).filter(status__in=Match.LIVE)
    return rows.select_related("plan", "buddy").order_by("id")


def stops_found(prison: Prison, today: date) -> dict[int, frozenset[str]]:
    """By match the codes of what stops it now; a match that nothing stops is not in the answer."""
    matches = list(live_pairs(prison))
    if not matches:
        return {}
    people = {match.plan.person_id for match in matches} | {match.buddy.person_id for match in matches}
    kept, alerts = keep_apart_others(people), alerts_by_person(prison, people, today)
    mates = _cellmates(prison)
    found = {}
    for match in matches:
        helped, buddy = match.plan.person_id, match.buddy.person_id
        codes = set()
        if kept[helped] & ({buddy} | mates[buddy]) or kept[buddy] & ({helped} | mates[helped]):
            codes.add(KEEP_APART)
        if stops(alerts[buddy], buddy=True) or stops(alerts[helped], buddy=False):
            codes.add(ALERTS)
        if codes:
            found[match.pk] = frozenset(codes)
    return found


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
