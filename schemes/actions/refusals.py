"""What follows a refusal: telling the person, an appeal, and the decision about it by somebody else."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from buddyscheme.accounts.actor import Actor
from buddyscheme.audit.events import Event
from buddyscheme.audit.record import record
from buddyscheme.lib.dates import london_today
from schemes.actions.buddy_steps import take_step
from schemes.models import Buddy, Person, Refusal
from schemes.queries.buddies import locked, open_record_of
from schemes.queries.people import custody_of
from schemes.queries.refusals import locked_refusal
from schemes.rules import refusals as rules


@transaction.atomic
def refuse(
    *, by: Actor, now: datetime, buddy: Buddy, old_status: str, reason: str, telling: rules.Telling | None = None
) -> Refusal:
    """Keep the reason of an application that was just declined. Called by `buddies.decline`."""
    refusal = Refusal.objects.create(
        prison_id=buddy.prison_id,
        buddy=buddy,
        old_status=old_status,
        reason=reason.strip(),
        declined_at=now,
        declined_by=by.user,
    )
    if telling is not None:
        return tell_person(by=by, now=now, refusal=refusal, telling=telling)
    _record(Event.REFUSAL_RECORDED, by, refusal)
    return refusal


@transaction.atomic
def tell_person(*, by: Actor, now: datetime, refusal: Refusal, telling: rules.Telling) -> Refusal:
    """Record how, when and by whom the person was told."""
    refusal = locked_refusal(refusal)
    rules.check_not_told(refusal)
    rules.check_telling(telling, declined_on=_declined_on(refusal), today=london_today(now))
    refusal.told_on, refusal.told_how, refusal.told_who = telling.on, telling.how, telling.who.strip()
    refusal.told_entered_at, refusal.told_entered_by = now, by.user
    refusal.save(update_fields=["told_on", "told_how", "told_who", "told_entered_at", "told_entered_by"])
    _record(Event.REFUSAL_TOLD, by, refusal, on=str(telling.on), how=telling.how)
    return refusal


@transaction.atomic
def appeal(*, by: Actor, now: datetime, refusal: Refusal, appealed_on: date, words: str) -> Refusal:
    """Record the person's appeal in their words."""
    refusal = locked_refusal(refusal)
    rules.check_can_appeal(
        refusal, appealed_on=appealed_on, words=words, declined_on=_declined_on(refusal), today=london_today(now)
    )
    refusal.appealed_on, refusal.appeal_words = appealed_on, words.strip()
    refusal.appeal_entered_at, refusal.appeal_entered_by = now, by.user
    refusal.save(update_fields=["appealed_on", "appeal_words", "appeal_entered_at", "appeal_entered_by"])
    _record(Event.APPEAL_RECORDED, by, refusal, on=str(appealed_on))
    return refusal


@transaction.atomic
def decide_appeal(*, by: Actor, now: datetime, refusal: Refusal, upheld: bool, reason: str) -> Refusal:
    """Uphold the appeal, which opens the application again where it stood, or dismiss it. By somebody else."""
    # The person first, as when somebody applies: a new application cannot slip in between.
    Person.objects.select_for_update().get(pk=refusal.buddy.person_id)
    buddy = locked(refusal.buddy)
    refusal = locked_refusal(refusal)
    rules.check_can_decide(
        refusal,
        decider_id=by.id if by.kind == "staff" else None,
        upheld=upheld,
        reason=reason,
        held_here=custody_of(buddy.prison, buddy.person) is not None,
        open_record=open_record_of(buddy.prison, buddy.person),
    )
    refusal.outcome = Refusal.Outcome.UPHELD if upheld else Refusal.Outcome.DISMISSED
    refusal.outcome_reason = reason.strip()
    refusal.decided_at, refusal.decided_by = now, by.user
    refusal.save(update_fields=["outcome", "outcome_reason", "decided_at", "decided_by"])
    _record(Event.APPEAL_UPHELD if upheld else Event.APPEAL_DISMISSED, by, refusal)
    if upheld:
        take_step(
            by=by, now=now, buddy=buddy, to=refusal.old_status, event=Event.BUDDY_REOPENED, appeal_upheld=True,
            reason=f"Appeal upheld: {reason}"[:500], ended_on=None, end_reason="",
        )  # fmt: skip
    return refusal


def _declined_on(refusal: Refusal) -> date:
    assert refusal.declined_at is not None
    return london_today(refusal.declined_at)


def _record(event: Event, by: Actor, refusal: Refusal, **details: str) -> None:
    buddy = refusal.buddy
    record(event, by=by, prison=refusal.prison_id, subject=refusal, person_id=buddy.person_id, **details)
