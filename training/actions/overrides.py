"""Overrides: asked for by the lead, decided by the governor's delegate. They end by their date; nothing ends them."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from buddyscheme.accounts.actor import Actor
from buddyscheme.audit.events import Event
from buddyscheme.audit.record import record
from buddyscheme.lib.dates import london_today
from buddyscheme.outbox.publish import month_changed
from schemes import guard
from schemes.models import Buddy
from schemes.queries.buddies import IN_DATE, locked, standing_of
from training.models import Module, Override
from training.queries.overrides import is_open
from training.queries.results import module_states
from training.rules import overrides as rules

Item = Override.Item


@transaction.atomic
def ask_override(
    *, by: Actor, now: datetime, buddy: Buddy, module: Module | None, ends_on: date, reason: str
) -> Override:
    """Ask that one module (or, without a module, the compact) may be missing until a day."""
    buddy, today = locked(buddy), london_today(now)
    item = Item.COMPACT if module is None else Item.MODULE
    if module is None:
        holds = standing_of(buddy, today).compact == IN_DATE
    else:
        holds = module.code in module_states([buddy.pk], today)[buddy.pk].in_date
    rules.check_can_ask(
        buddy,
        holds=holds,
        open_already=is_open(buddy, item=item, module=module.code if module else None, today=today),
        ends_on=ends_on,
        reason=reason,
        today=today,
    )
    guard.refuse(reason, field="reason")
    override: Override = Override.objects.create(
        prison_id=buddy.prison_id,
        buddy=buddy,
        item=item,
        module=module,
        reason=reason.strip(),
        ends_on=ends_on,
        asked_on=today,
        asked_at=now,
        asked_by=by.user,
    )
    _record(Event.OVERRIDE_ASKED, by, override)
    return override


@transaction.atomic
def decide_override(*, by: Actor, now: datetime, override: Override, approve: bool, reason: str = "") -> Override:
    """Approve or refuse, by somebody who neither asked nor leads the scheme."""
    buddy = locked(override.buddy)
    override = Override.objects.select_for_update().get(pk=override.pk)
    override.buddy = buddy
    rules.check_can_decide(
        override,
        decider_id=by.id,
        lead_id=buddy.scheme.lead_id,
        approve=approve,
        reason=reason,
        today=london_today(now),
    )
    override.decision = Override.Decision.APPROVED if approve else Override.Decision.REFUSED
    override.decision_reason = reason.strip()
    override.decided_at, override.decided_by = now, by.user
    override.save(update_fields=["decision", "decision_reason", "decided_at", "decided_by"])
    month_changed(override.prison_id, [london_today(now)])
    _record(Event.OVERRIDE_APPROVED if approve else Event.OVERRIDE_REFUSED, by, override)
    return override


def _record(event: Event, by: Actor, override: Override) -> None:
    record(
        event,
        by=by,
        prison=override.prison_id,
        subject=override,
        person_id=override.buddy.person_id,
        item=override.code,
        ends_on=str(override.ends_on),
    )
