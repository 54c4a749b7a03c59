"""Recording that somebody was told what came of a referral."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from buddyscheme.accounts.actor import Actor
from buddyscheme.audit.events import Event
from buddyscheme.audit.record import record
from buddyscheme.lib.dates import london_today
from referrals.models import ReferralTelling
from referrals.queries.tellings import told_with
from referrals.rules import tellings as rules


@transaction.atomic
def tell(
    *, by: Actor, now: datetime, telling: ReferralTelling, how: str, told_on: date, person_agrees: bool = False
) -> ReferralTelling:
    """Record how and when somebody was told. A person is told once of all that had the same outcome."""
    rows = ReferralTelling.objects.select_for_update(of=("self",)).select_related("referral")
    telling = rows.get(pk=telling.pk)
    referral = telling.referral
    assert referral.screened_at is not None
    rules.check_can_tell(
        telling,
        how=how,
        told_on=told_on,
        screened_on=london_today(referral.screened_at),
        today=london_today(now),
        person_agrees=person_agrees,
    )
    telling.person_agrees = person_agrees
    for one in (telling, *told_with(telling).select_for_update(of=("self",))):
        one.how, one.told_on, one.told_at, one.told_by = how, told_on, now, by.user
        one.save(update_fields=["how", "told_on", "told_at", "told_by", "person_agrees"])
        record(
            Event.REFERRAL_TOLD,
            by=by,
            prison=one.prison_id,
            subject=one.referral,
            person_id=referral.person_id,
            audience=one.audience,
        )
    telling.how, telling.told_on, telling.told_at, telling.told_by = how, told_on, now, by.user
    return telling
