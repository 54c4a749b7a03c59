"""Recording what somebody said on arriving."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from buddyscheme.accounts.actor import Actor
from buddyscheme.audit.events import Event
from buddyscheme.audit.record import record
from referrals.actions.informal_help import record_help
from referrals.actions.referrals import make_referral
from referrals.models import InformalHelp, ReceptionScreening, Referral
from referrals.queries.reception import prompts, screening_of
from referrals.rules import reception as rules
from schemes.models import Custody


@transaction.atomic
def record_reception(
    *, by: Actor, now: datetime, custody: Custody, yes: Sequence[str], declined: bool, urgency: str
) -> ReceptionScreening:
    """Keep the answers of somebody who has arrived; needs among them become a referral in the same step."""
    custody = Custody.objects.select_for_update(of=("self",)).select_related("prison", "person").get(pk=custody.pk)
    offered = prompts()
    rules.check_can_record(
        here=custody.ended_at is None,
        asked=screening_of(custody) is not None,
        yes=yes,
        offered=[prompt.code for prompt in offered],
        declined=declined,
    )
    categories = rules.categories_of(offered, yes)
    helped = any(prompt.other_help for prompt in offered if prompt.code in set(yes))
    referral: Referral | None = None
    if categories:
        said = [prompt.words for prompt in offered if prompt.code in set(yes)]
        referral = make_referral(
            by=by,
            now=now,
            prison=custody.prison,
            person=custody.person,
            source=Referral.Source.STAFF,
            urgency=urgency,
            need_areas=categories,
            reason=f"Said at reception: {'; '.join(said)}.",
            other_help=Referral.OtherHelp.YES if helped else Referral.OtherHelp.UNKNOWN,
            need_source="RECEPTION",
        )
    elif helped:
        record_help(
            by=by,
            now=now,
            prison=custody.prison,
            person=custody.person,
            how_known=InformalHelp.HowKnown.RECEPTION,
        )
    screening: ReceptionScreening = ReceptionScreening.objects.create(
        prison=custody.prison,
        custody=custody,
        person=custody.person,
        yes=list(yes),
        declined=declined,
        referral=referral,
        asked_at=now,
        asked_by=by.user,
    )
    record(
        Event.RECEPTION_ASKED,
        by=by,
        prison=custody.prison_id,
        subject=screening,
        person_id=custody.person_id,
        referred=referral is not None,
    )
    return screening
