"""Taking over a buddy who already does the job. Compact and modules may be made good later; clearance never is."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from django.db import transaction

from buddyscheme.accounts.actor import Actor
from buddyscheme.accounts.models import Prison
from buddyscheme.audit.events import Event
from buddyscheme.audit.record import record
from buddyscheme.lib.dates import london_today
from buddyscheme.outbox.publish import month_changed
from schemes.actions.buddies import begin_take_over
from schemes.actions.buddy_steps import go_on_when_ready, take_step
from schemes.models import Buddy, Person, TakeOver, TakeOverBatch
from schemes.queries.buddies import locked, open_record_of
from schemes.queries.people import custody_of
from schemes.rules import take_overs as rules


@transaction.atomic
def ask_take_over(
    *,
    by: Actor,
    now: datetime,
    prison: Prison,
    person: Person,
    in_role_since: date,
    lacks_compact: bool,
    lacks_modules: bool,
    good_by: date,
    reason: str,
    batch: TakeOverBatch | None = None,
) -> TakeOver:
    """Enter what is known of a buddy who already does the job, ask every department, and wait for the approval.

    `batch` is what it was asked for with, where several were.
    """
    Person.objects.select_for_update().get(pk=person.pk)
    rules.check_can_ask(
        held_here=custody_of(prison, person) is not None,
        open_record=open_record_of(prison, person),
        in_role_since=in_role_since,
        good_by=good_by,
        reason=reason,
        today=london_today(now),
    )
    buddy = begin_take_over(by=by, now=now, prison=prison, person=person, in_role_since=in_role_since, reason=reason)
    take_over = TakeOver.objects.create(
        prison=prison,
        buddy=buddy,
        batch=batch,
        good_by=good_by,
        lacks_compact=lacks_compact,
        lacks_modules=lacks_modules,
        reason=reason,
        asked_at=now,
        asked_by=by.user,
    )
    record(Event.TAKE_OVER_ASKED, by=by, prison=prison.code, subject=take_over, person_id=person.pk)
    return take_over


@transaction.atomic
def decide_take_over(*, by: Actor, now: datetime, take_over: TakeOver, approve: bool, reason: str = "") -> TakeOver:
    """Approve or refuse, by somebody who neither asked nor leads the scheme. A refusal closes the record."""
    buddy = locked(take_over.buddy)
    take_over = TakeOver.objects.select_for_update().get(pk=take_over.pk)
    take_over.buddy = buddy
    rules.check_can_decide(
        take_over,
        decider_id=by.id,
        lead_id=buddy.scheme.lead_id,
        approve=approve,
        reason=reason,
        today=london_today(now),
    )
    take_over.decision = TakeOver.Decision.APPROVED if approve else TakeOver.Decision.REFUSED
    take_over.decision_reason = reason
    take_over.decided_at, take_over.decided_by = now, by.user
    take_over.save(update_fields=["decision", "decision_reason", "decided_at", "decided_by"])
    month_changed(take_over.prison_id, [london_today(now)])
    event = Event.TAKE_OVER_APPROVED if approve else Event.TAKE_OVER_REFUSED
    record(event, by=by, prison=buddy.prison_id, subject=take_over, person_id=buddy.person_id)
    if approve:
        go_on_when_ready(by=by, now=now, buddy=buddy)
    else:
        _close(by, now, buddy, reason)
    return take_over


@transaction.atomic
def open_batch(*, by: Actor, now: datetime, prison: Prison, good_by: date, reason: str) -> TakeOverBatch:
    """One day and one reason for the take-overs that are about to be asked for together."""
    rules.check_good_by(good_by, london_today(now))
    rules.check_says_why(reason)
    batch: TakeOverBatch = TakeOverBatch.objects.create(
        prison=prison, good_by=good_by, reason=reason, asked_at=now, asked_by=by.user
    )
    record(Event.TAKE_OVERS_ASKED, by=by, prison=prison.code, subject=batch, good_by=good_by.isoformat())
    return batch


@transaction.atomic
def decide_batch(
    *, by: Actor, now: datetime, batch: TakeOverBatch, refuse: Collection[str] = (), reason: str = ""
) -> list[TakeOver]:
    """Approve all that still wait, but for those whose tokens are in `refuse`. All of them or, on any refusal, none.

    Each is decided as if it stood alone, so nobody decides about what they asked for.
    """
    waiting = batch.take_overs.filter(decision=TakeOver.Decision.WAITING, buddy__status__in=Buddy.OPEN)
    found = list(waiting.select_related("buddy__person").order_by("id"))
    rules.check_can_decide_batch({each.token for each in found}, set(refuse), reason)
    decided = [
        decide_take_over(
            by=by, now=now, take_over=each, approve=each.token not in refuse,
            reason=reason if each.token in refuse else "",
        )
        for each in found
    ]  # fmt: skip
    record(
        Event.TAKE_OVERS_DECIDED,
        by=by,
        prison=batch.prison_id,
        subject=batch,
        approved=len(found) - len(set(refuse)),
        refused=len(set(refuse)),
    )
    return decided


def _close(by: Actor, now: datetime, buddy: Buddy, reason: str) -> None:
    take_step(
        by=by,
        now=now,
        buddy=buddy,
        to=Buddy.Status.DECLINED,
        event=Event.BUDDY_DECLINED,
        reason=f"Take-over refused: {reason}",
        ended_on=london_today(now),
        end_reason=reason[:200],
    )
