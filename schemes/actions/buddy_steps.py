"""One hop of a buddy's status. Every change of status goes through here: who, when and why are kept with it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from buddyscheme.accounts.actor import Actor
from buddyscheme.audit.events import Event
from buddyscheme.audit.record import record
from buddyscheme.lib.dates import london_today
from buddyscheme.outbox.publish import month_changed, publish
from schemes.models import Buddy, BuddyStep, Clearance, TakeOver
from schemes.post_places import recount_places
from schemes.queries.buddies import standing_of
from schemes.rules import buddies as rules

S = Buddy.Status


@transaction.atomic
def take_step(
    *,
    by: Actor,
    now: datetime,
    buddy: Buddy,
    to: str,
    event: Event,
    reason: str = "",
    appeal_upheld: bool = False,
    **changes: Any,
) -> Buddy:
    """Move a locked buddy on, with other fields of the row that change in the same breath.

    Raises `NotAllowed` where the transition table says no. Whatever ends visits is announced as `buddy.stopped`.
    """
    rules.check_can_become(buddy, to, appeal_upheld=appeal_upheld)
    before = buddy.status
    buddy.status = to
    buddy.version += 1
    for name, value in changes.items():
        setattr(buddy, name, value)
    buddy.save(update_fields=["status", "version", *changes])
    BuddyStep.objects.create(
        prison_id=buddy.prison_id,
        buddy=buddy,
        old_status=before,
        new_status=to,
        at=now,
        reason=reason,
        **BuddyStep.taken_by(by),
    )
    if buddy.post is not None and (before in rules.IN_ROLE) != (to in rules.IN_ROLE):
        recount_places(buddy.post)
    record(event, by=by, prison=buddy.prison_id, subject=buddy, person_id=buddy.person_id, old=before, new=to)
    if before == S.ACTIVE:
        publish("buddy.stopped", prison=buddy.prison_id, key=f"buddy:{buddy.pk}", buddy_id=buddy.pk)
    # The month of the application too: how long security took ends with some steps.
    month_changed(buddy.prison_id, [buddy.applied_on, london_today(now)])
    return buddy


@transaction.atomic
def go_on_when_ready(*, by: Actor, now: datetime, buddy: Buddy) -> Buddy:
    """After the last clearance or the approval: an applicant goes on to the interview, a take-over to training.

    Does nothing while something is still waited for.
    """
    if buddy.status != S.CHECKS or not standing_of(buddy, london_today(now)).cleared:
        return buddy
    waiting = buddy.clearances.filter(decision=Clearance.Decision.WAITING, department__in=buddy.scheme.departments)
    if waiting.exists():
        # A department whose answer does not count yet for those in the role is not skipped for an applicant.
        return buddy
    if buddy.source == Buddy.Source.APPLICATION:
        reason = "Every department has cleared"
        return take_step(by=by, now=now, buddy=buddy, to=S.INTERVIEW, event=Event.BUDDY_CHECKS_ENDED, reason=reason)
    if TakeOver.objects.filter(buddy=buddy, decision=TakeOver.Decision.APPROVED).exists():
        reason = "Take-over approved and every department has cleared"
        return take_step(by=by, now=now, buddy=buddy, to=S.IN_TRAINING, event=Event.BUDDY_CHECKS_ENDED, reason=reason)
    return buddy
