"""Prompting and recording welfare checks of buddies."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from buddyscheme.accounts.actor import Actor
from buddyscheme.accounts.models import Prison
from buddyscheme.audit.events import Event
from buddyscheme.audit.record import record
from buddyscheme.lib.bulk import insert_missing
from buddyscheme.lib.dates import london_today
from referrals.actions.boundary import hold_text
from referrals.models import HeldText, WelfareCheck
from referrals.queries.welfare import buddies_who_help
from referrals.rules import welfare as rules
from referrals.rules.boundary import check_words
from schemes.guard import WAITS
from schemes.models import Person


@transaction.atomic
def prompt_welfare(
    *, by: Actor, now: datetime, prison: Prison, person: Person, event: str, event_key: str, happened_at: datetime
) -> int:
    """Ask for a welfare check of every buddy who helps this person. Telling of the event twice prompts once.

    Returns how many were asked for.
    """
    rows = [
        {
            "prison_id": prison.pk,
            "buddy_id": buddy.pk,
            "person_id": person.pk,
            "event": WelfareCheck.Event(event).value,
            "event_key": event_key,
            "happened_at": happened_at,
            "due_at": rules.due_at(happened_at),
            "how": "",
            "words": "",
            "agreed": "",
        }
        for buddy in buddies_who_help(prison, person, happened_at)
    ]
    added = insert_missing(WelfareCheck, rows)
    if added:
        record(
            Event.WELFARE_PROMPTED,
            by=by,
            prison=prison.pk,
            subject=person,
            person_id=person.pk,
            after=event,
            checks=added,
        )
    return added


@transaction.atomic
def record_welfare(
    *, by: Actor, now: datetime, check: WelfareCheck, spoken_on: date, how: str, words: str, agreed: str
) -> WelfareCheck:
    """Keep when somebody spoke with the buddy, how they are, and what was agreed."""
    check = WelfareCheck.objects.select_for_update(of=("self",)).select_related("buddy").get(pk=check.pk)
    rules.check_can_record(check, spoken_on=spoken_on, today=london_today(now))
    check.done_at, check.done_by, check.spoken_on = now, by.user, spoken_on
    agreed = agreed.strip()
    hits = check_words(agreed)
    check.how, check.words, check.agreed = WelfareCheck.How(how), words.strip(), WAITS if hits else agreed
    check.save(update_fields=["done_at", "done_by", "spoken_on", "how", "words", "agreed"])
    if hits:
        hold_text(
            by=by, now=now, prison=check.buddy.prison, plan=None, place=HeldText.Place.WELFARE, subject_id=check.pk,
            words=agreed, hits=hits,
        )  # fmt: skip
    record(Event.WELFARE_DONE, by=by, prison=check.prison_id, subject=check, person_id=check.buddy.person_id, how=how)
    return check
