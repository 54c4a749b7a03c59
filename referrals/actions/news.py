"""What buddies are told in person: kept in the same step in which their visits fall away."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from buddyscheme.accounts.actor import Actor
from buddyscheme.accounts.models import Prison
from buddyscheme.audit.events import Event
from buddyscheme.audit.record import record
from buddyscheme.lib.bulk import insert_missing
from referrals.models import BuddyNews
from referrals.rules import news as rules
from schemes.models import Buddy, Person


@transaction.atomic
def keep_news(
    *,
    by: Actor,
    now: datetime,
    prison: Prison,
    buddies: Iterable[Buddy],
    person: Person,
    event: str,
    event_key: str,
) -> int:
    """Ask for these buddies to be told. Safe to run again. Returns how many were new.

    Until somebody records that they were told, their visits at the terminal read "Please speak to staff".
    """
    rows = [
        {
            "prison_id": prison.pk,
            "buddy_id": buddy.pk,
            "person_id": person.pk,
            "event": BuddyNews.Event(event).value,
            "event_key": event_key,
            "happened_at": now,
        }
        for buddy in buddies
    ]
    added = insert_missing(BuddyNews, rows)
    if added:
        record(
            Event.NEWS_TO_TELL, by=by, prison=prison.pk, subject=person, person_id=person.pk, after=event, buddies=added
        )
    return added


@transaction.atomic
def tell_news(*, by: Actor, now: datetime, news: BuddyNews) -> BuddyNews:
    """Record that the buddy was told in person."""
    news = BuddyNews.objects.select_for_update(of=("self",)).select_related("buddy").get(pk=news.pk)
    rules.check_can_tell(news)
    news.told_at, news.told_by = now, by.user
    news.save(update_fields=["told_at", "told_by"])
    record(
        Event.NEWS_TOLD, by=by, prison=news.prison_id, subject=news, person_id=news.buddy.person_id, after=news.event
    )
    return news
