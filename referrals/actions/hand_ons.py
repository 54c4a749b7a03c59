"""Handing a concern on to safer custody, incident reporting, the council or the police, and asking what came of it."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from buddyscheme.accounts.actor import Actor
from buddyscheme.audit.events import Event
from buddyscheme.audit.record import record
from buddyscheme.lib.dates import london_today
from buddyscheme.lib.errors import Stale
from referrals.locking import lock_concern
from referrals.models import Concern, HandOn
from referrals.rules import concerns as rules


@transaction.atomic
def hand_on(*, by: Actor, now: datetime, concern: Concern, to: str, their_reference: str, chase_on: date) -> HandOn:
    """It was put to somebody else as well. The concern stays with its owner."""
    concern = lock_concern(concern, by=by)
    rules.check_is_open(concern)
    rules.check_chase_on(chase_on, london_today(now))
    found: HandOn = HandOn.objects.create(
        prison_id=concern.prison_id,
        concern=concern,
        to=to,
        their_reference=their_reference.strip(),
        handed_at=now,
        handed_by=by.user,
        chase_on=chase_on,
    )
    _record(Event.CONCERN_HANDED_ON, by, found, to=to)
    return found


@transaction.atomic
def chase_hand_on(
    *, by: Actor, now: datetime, hand_on: HandOn, their_reference: str, chase_on: date, version: int
) -> HandOn:
    """They were asked again, and when to ask next. A reference that they gave only now is kept with it."""
    found = _locked(hand_on, version)
    rules.check_chase_on(chase_on, london_today(now))
    found.chased_at, found.chased_by, found.chase_on = now, by.user, chase_on
    found.their_reference = their_reference.strip() or found.their_reference
    _save(found, "chased_at", "chased_by", "chase_on", "their_reference")
    _record(Event.CONCERN_CHASED, by, found, to=found.to)
    return found


@transaction.atomic
def answer_hand_on(*, by: Actor, now: datetime, hand_on: HandOn, outcome: str, version: int) -> HandOn:
    """What came of it. Nothing is chased any more."""
    found = _locked(hand_on, version)
    found.outcome, found.answered_at, found.answered_by = outcome.strip(), now, by.user
    _save(found, "outcome", "answered_at", "answered_by")
    _record(Event.CONCERN_HAND_ON_ANSWERED, by, found, to=found.to)
    return found


def _locked(hand_on: HandOn, version: int) -> HandOn:
    found: HandOn = HandOn.objects.select_for_update(of=("self",)).select_related("concern").get(pk=hand_on.pk)
    if found.version != version:
        raise Stale("this entry")
    rules.check_can_chase(found)
    return found


def _save(found: HandOn, *fields: str) -> None:
    found.version += 1
    found.save(update_fields=[*fields, "version"])


def _record(event: Event, by: Actor, found: HandOn, **details: object) -> None:
    concern = found.concern
    record(event, by=by, prison=found.prison_id, subject=concern, person_id=concern.about_person_id, **details)
