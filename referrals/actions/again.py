"""Looking again at running matches: what was right when two people were matched may have changed since."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from buddyscheme.accounts.actor import Actor
from buddyscheme.accounts.models import Prison
from buddyscheme.audit.events import Event
from buddyscheme.audit.record import record
from buddyscheme.lib.dates import london_today
from referrals.actions.days import replan
from referrals.locking import lock_prison
from referrals.models import Match, MatchStop
from referrals.queries.again import WORDS, covered_plans, live_pairs, stops_found


@transaction.atomic
def look_again(*, by: Actor, now: datetime, prison: Prison) -> int:
    """Flag what has come to stop a match, and clear what no longer does. Coming visits follow at once, also those of
    somebody who only stands in.

    Safe to run again. Returns how many matches changed.
    """
    # One look at a time, so that two never flag the same.
    lock_prison(prison)
    today = london_today(now)
    found = stops_found(prison, today)
    flagged = {
        (row.match_id, row.code): row
        for row in MatchStop.objects.for_prison(prison).select_for_update().filter(cleared_at__isnull=True)
    }
    wanted = {(match_id, code) for match_id, codes in found.items() for code in codes}
    matches = {match.pk: match for match in live_pairs(prison)}
    for key in sorted(wanted - flagged.keys()):
        match_id, code = key
        stop = MatchStop.objects.create(prison=prison, match_id=match_id, code=code, words=WORDS[code], found_at=now)
        _record(Event.MATCH_STOPPED, by, stop, matches[match_id])
    for key in sorted(flagged.keys() - wanted):
        stop = flagged[key]
        stop.cleared_at = now
        stop.save(update_fields=["cleared_at"])
        _record(Event.MATCH_STOP_CLEARED, by, stop, matches.get(stop.match_id))
    changed = {match_id for match_id, _ in wanted ^ flagged.keys()}
    plans = {matches[match_id].plan for match_id in changed & matches.keys()} | set(covered_plans(prison, today))
    for plan in sorted(plans, key=lambda plan: plan.pk):
        replan(by=by, now=now, plan=plan)
    return len(changed)


def _record(event: Event, by: Actor, stop: MatchStop, match: Match | None) -> None:
    person = match.plan.person_id if match is not None else None
    record(event, by=by, prison=stop.prison_id, subject=stop, person_id=person, match=stop.match_id, check=stop.code)
