"""Standing down with its particulars. Who covers is chosen above, in `referrals`, in the same transaction."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import transaction

from buddyscheme.accounts.actor import Actor
from buddyscheme.audit.events import Event
from buddyscheme.audit.record import record
from buddyscheme.lib.dates import london_today
from schemes.actions import buddies as actions
from schemes.models import Buddy, StandDown
from schemes.queries.buddies import locked
from schemes.rules import stand_downs as rules

Kind, Appeal = StandDown.Kind, StandDown.Appeal


@transaction.atomic
def record_stand_down(
    *,
    by: Actor,
    now: datetime,
    buddy: Buddy,
    kind: str,
    reason: str,
    category: str = "",
    evidence: str = "",
    paid: bool | None = None,
    review_on: date | None = None,
    told_how: str = "",
    appeal_route: str = "",
) -> StandDown:
    """Suspend, remove or let go, and keep why, what there is to show for it, and what the person was told."""
    today = london_today(now)
    rules.check_is_whole(
        kind,
        reason=reason,
        category=category,
        paid=paid,
        review_on=review_on,
        told_how=told_how,
        appeal_route=appeal_route,
        today=today,
    )
    buddy = locked(buddy)
    if kind == Kind.SUSPENDED:
        actions.suspend(by=by, now=now, buddy=buddy, reason=reason)
    else:
        actions.leave_role(by=by, now=now, buddy=buddy, reason=reason, removed=kind == Kind.REMOVED)
    found: StandDown = StandDown.objects.create(
        prison_id=buddy.prison_id,
        buddy=buddy,
        kind=Kind(kind),
        category=category if kind == Kind.REMOVED else "",
        reason=reason.strip(),
        evidence=evidence.strip(),
        paid=paid if kind == Kind.SUSPENDED else None,
        told_how=told_how.strip(),
        appeal_route=appeal_route.strip(),
        review_on=review_on if kind == Kind.SUSPENDED else None,
        starts_on=today,
        decided_at=now,
        decided_by=by.user,
    )
    _record(Event.BUDDY_STOOD_DOWN, by, found, kind=kind)
    return found


@transaction.atomic
def put_off_review(*, by: Actor, now: datetime, stand_down: StandDown, review_on: date | None) -> StandDown:
    """The suspension was looked at and goes on; it is looked at again on another day."""
    found = _locked(stand_down)
    rules.check_can_put_off(found, review_on, london_today(now))
    found.review_on = review_on
    _save(found, "review_on")
    _record(Event.BUDDY_STOOD_DOWN, by, found, kind=found.kind, review_on=str(review_on))
    return found


@transaction.atomic
def record_appeal(*, by: Actor, now: datetime, stand_down: StandDown, appealed_on: date, words: str) -> StandDown:
    """Keep what the person says against the decision."""
    found = _locked(stand_down)
    rules.check_can_appeal(found, appealed_on=appealed_on, today=london_today(now))
    found.appeal, found.appealed_on, found.appeal_words = Appeal.WAITING, appealed_on, words.strip()
    found.appeal_recorded_at, found.appeal_recorded_by = now, by.user
    _save(found, "appeal", "appealed_on", "appeal_words", "appeal_recorded_at", "appeal_recorded_by")
    _record(Event.STAND_DOWN_APPEALED, by, found)
    return found


@transaction.atomic
def decide_appeal(*, by: Actor, now: datetime, stand_down: StandDown, stands: bool, answer: str) -> StandDown:
    """Decide about the appeal, by somebody who did not take the decision. What follows is done on the buddy's page."""
    found = _locked(stand_down)
    rules.check_can_decide_appeal(found, decider_id=by.id, answer=answer)
    found.appeal, found.appeal_answer = Appeal.STANDS if stands else Appeal.CHANGED, answer.strip()
    found.appeal_decided_at, found.appeal_decided_by = now, by.user
    _save(found, "appeal", "appeal_answer", "appeal_decided_at", "appeal_decided_by")
    _record(Event.STAND_DOWN_APPEAL_DECIDED, by, found, stands=stands)
    return found


def _locked(stand_down: StandDown) -> StandDown:
    found: StandDown = (
        StandDown.objects.select_for_update(of=("self",)).select_related("buddy__person").get(pk=stand_down.pk)
    )
    return found


def _save(found: StandDown, *fields: str) -> None:
    found.version += 1
    found.save(update_fields=[*fields, "version"])


def _record(event: Event, by: Actor, found: StandDown, **details: Any) -> None:
    record(event, by=by, prison=found.prison_id, subject=found, person_id=found.buddy.person_id, **details)
