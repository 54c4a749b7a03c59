"""Standing a buddy down and bringing them back, with cover for everybody they help, in one transaction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from buddyscheme.accounts.actor import Actor
from buddyscheme.audit.events import Event
from buddyscheme.audit.record import record
from referrals.actions.days import release_buddy, replan
from referrals.actions.matches import end_match, propose_match
from referrals.actions.news import keep_news
from referrals.actions.staff_tasks import hand_to_staff, take_from_staff
from referrals.models import Cover, Match, Plan
from referrals.queries.matches import live_parts
from referrals.queries.standing_down import covers_of, live_matches, other_buddy
from referrals.queries.suggestions import running_buddy_tasks
from referrals.rules import standing_down as rules
from referrals.rules.news import OF_STAND_DOWN
from schemes.actions import buddies as buddy_actions
from schemes.actions.stand_downs import record_stand_down
from schemes.models import Buddy, StandDown
from schemes.queries.stand_downs import running_suspension

Choice, Kind = Cover.Choice, StandDown.Kind
# Why a match ends when its buddy leaves the role: one of the reasons in `rules.matches`.
LEFT_ROLE = "The buddy no longer does the role"


@dataclass(frozen=True)
class Chosen:
    """Who covers one match: one of `Cover.Choice`, and for somebody new the buddy."""

    choice: str
    buddy: Buddy | None = None


@transaction.atomic
def stand_down(
    *, by: Actor, now: datetime, buddy: Buddy, kind: str, covers: Mapping[int, Chosen], **particulars: Any
) -> StandDown:
    """Suspend, remove or let a buddy go, and say by match id who covers. Today's visits follow at once.

    A removed or leaving buddy's matches end. Somebody new is proposed: both people are then asked in private, and
    until both have agreed nobody comes. `particulars` are those of `record_stand_down`.
    """
    matches = _locked_matches(buddy)
    rules.check_everybody_is_covered(matches, {pk: chosen.choice for pk, chosen in covers.items()})
    found = record_stand_down(by=by, now=now, buddy=buddy, kind=kind, **particulars)
    if kind in OF_STAND_DOWN:
        # Whoever writes here how they were told has not always been there: it is recorded when it has been done.
        keep_news(
            by=by,
            now=now,
            prison=found.prison,
            buddies=[buddy],
            person=buddy.person,
            event=OF_STAND_DOWN[kind],
            event_key=f"stand_down:{found.pk}",
        )
    ends = kind != Kind.SUSPENDED
    for match in matches:
        if ends:
            end_match(by=by, now=now, match=match, reason=LEFT_ROLE)
        _cover(by, now, found, match, covers[match.pk], ends=ends)
        replan(by=by, now=now, plan=match.plan)
    return found


@transaction.atomic
def bring_back(*, by: Actor, now: datetime, buddy: Buddy, reason: str) -> Buddy:
    """Reinstate a suspended buddy: what staff did meanwhile is theirs again, and today's visits follow."""
    _locked_matches(buddy)
    suspension = running_suspension(buddy)
    found = buddy_actions.reinstate(by=by, now=now, buddy=buddy, reason=reason)
    if suspension is not None:
        for cover in covers_of(suspension).filter(choice=Choice.STAFF, match__status__in=Match.LIVE):
            take_from_staff(by=by, now=now, plan=cover.match.plan, covers=[cover])
    release_buddy(by=by, now=now, buddy=found)
    return found


def _locked_matches(buddy: Buddy) -> list[Match]:
    """Plans first and in one order, as every change to a match locks them."""
    plans = live_matches(buddy).order_by().values_list("plan_id", flat=True)
    list(Plan.objects.select_for_update(of=("self",)).filter(pk__in=list(plans)).order_by("pk"))
    return list(live_matches(buddy))


def _cover(by: Actor, now: datetime, found: StandDown, match: Match, chosen: Chosen, *, ends: bool) -> None:
    buddy = chosen.buddy if chosen.choice == Choice.BUDDY else None
    if chosen.choice == Choice.OTHER:
        other = other_buddy(match)
        rules.check_other_buddy(match, other)
        buddy = other.buddy if other is not None else None
    cover = Cover.objects.create(
        prison_id=match.prison_id,
        stand_down=found,
        match=match,
        choice=Choice(chosen.choice),
        buddy=buddy,
        chosen_at=now,
        chosen_by=by.user,
    )
    record(
        Event.COVER_CHOSEN,
        by=by,
        prison=match.prison_id,
        subject=match,
        person_id=match.plan.person_id,
        choice=chosen.choice,
        buddy=buddy.pk if buddy is not None else None,
    )
    if chosen.choice == Choice.BUDDY and buddy is not None:
        part = rules.part_for(match, ends=ends, taken=live_parts(match.plan))
        propose_match(by=by, now=now, plan=match.plan, buddy=buddy, part=part, why=rules.WHY_THIS_BUDDY)
    if chosen.choice == Choice.STAFF:
        tasks = list(running_buddy_tasks(match.plan))
        hand_to_staff(by=by, now=now, plan=match.plan, tasks=tasks, cover=None if ends else cover)
