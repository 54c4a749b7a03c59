"""Sending a buddy's record to the next prison, acknowledging it there, and deciding about its modules."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from django.db import transaction

from buddyscheme.accounts.actor import Actor
from buddyscheme.accounts.models import Prison
from buddyscheme.audit.events import Event
from buddyscheme.audit.record import record
from buddyscheme.lib.dates import london_today
from buddyscheme.lib.errors import NotAllowed
from referrals.models import BuddyPack, PackDecision
from referrals.pack_file import body_of, checksum
from referrals.queries import packs as queries
from referrals.queries.take_away import record_of
from referrals.rules import packs as rules
from schemes.models import Buddy
from schemes.queries.buddies import locked
from schemes.queries.people import custody_of, person_here
from training.actions.prior import decide_prior_learning

D = PackDecision.Decision
RETAKE_REASON = "Marked to be taken again when the record of the other prison was looked at"


@transaction.atomic
def send_pack(*, by: Actor, now: datetime, buddy: Buddy, to: Prison) -> BuddyPack:
    """Send what a buddy takes along. It is fixed from now on, and both prisons see it."""
    buddy, today = locked(buddy), london_today(now)
    what = record_of(buddy, today)
    rules.check_can_send(
        buddy,
        held_here=custody_of(buddy.prison, buddy.person) is not None,
        anything=what.since is not None or bool(what.modules),
        to=to,
        sent=queries.sent_to(buddy),
    )
    body = body_of(what, to=to, sent_on=today, suspended_since=queries.suspended_since(buddy))
    pack: BuddyPack = BuddyPack.objects.create(
        prison_id=buddy.prison_id,
        to_prison=to,
        buddy=buddy,
        prison_number=buddy.person.prison_number,
        body=body,
        checksum=checksum(body),
        sent_at=now,
        sent_by=by.user,
    )
    record(Event.PACK_SENT, by=by, prison=buddy.prison_id, subject=pack, person_id=buddy.person_id, to=to.pk)
    return pack


@transaction.atomic
def acknowledge_pack(*, by: Actor, now: datetime, pack: BuddyPack) -> BuddyPack:
    """Say for the receiving prison that the record has come. The person need not be on its list yet."""
    pack = _locked(pack)
    rules.check_can_acknowledge(acknowledged=pack.acknowledged_at is not None)
    pack.acknowledged_at, pack.acknowledged_by = now, by.user
    pack.save(update_fields=["acknowledged_at", "acknowledged_by"])
    record(Event.PACK_ACKNOWLEDGED, by=by, prison=pack.to_prison_id, subject=pack)
    return pack


@transaction.atomic
def decide_pack(*, by: Actor, now: datetime, pack: BuddyPack, accept: Mapping[str, bool]) -> list[PackDecision]:
    """Accept modules of a record, or say that they are to be taken again: by code, all of these or none.

    Each becomes a decision about prior learning with its own day, so that it lapses as it would have there. The
    practical part is always shown here. Deciding acknowledges the record, if nobody has.
    """
    pack = _locked(pack)
    if pack.acknowledged_at is None:
        pack = acknowledge_pack(by=by, now=now, pack=pack)
    buddy = queries.record_here(pack)
    rules.check_can_decide(
        buddy=buddy,
        held_here=person_here(pack.to_prison, pack.prison_number) is not None,
        number=pack.prison_number,
    )
    assert buddy is not None
    sent = {module["code"]: module for module in pack.body["modules"]}
    known = queries.known_modules(pack.to_prison, list(sent))
    if set(accept) & queries.decisions_about(pack).keys() or not set(accept) <= sent.keys():
        raise NotAllowed("Somebody has decided about one of these modules meanwhile. Open the page again.")
    made = []
    for code, accepted in accept.items():
        module = known.get(code)
        rules.check_is_known(module, code)
        assert module is not None
        try:
            prior = decide_prior_learning(
                by=by,
                now=now,
                buddy=buddy,
                module=module,
                place=pack.prison.name,
                passed_on=date.fromisoformat(sent[code]["passed_on"]),
                evidence=f"Record {sent[code]['certificate']}, checksum {pack.checksum[:12]}",
                evidence_on=max(
                    date.fromisoformat(pack.body["sent_on"]), date.fromisoformat(sent[code]["passed_on"])
                ),
                accept=accepted,
                reason="" if accepted else RETAKE_REASON,
            )  # fmt: skip
        except NotAllowed as error:
            raise NotAllowed(f"{module.title}: {error}", field=code) from None
        made.append(
            PackDecision.objects.create(
                prison_id=pack.to_prison_id,
                pack=pack,
                module_code=code,
                decision=D.ACCEPTED if accepted else D.RETAKE,
                prior=prior,
                decided_at=now,
                decided_by=by.user,
            )
        )
    record(
        Event.PACK_DECIDED, by=by, prison=pack.to_prison_id, subject=pack, person_id=buddy.person_id,
        accepted=sum(accept.values()), retake=len(accept) - sum(accept.values()),
    )  # fmt: skip
    return made


def _locked(pack: BuddyPack) -> BuddyPack:
    rows = BuddyPack.objects.select_for_update(of=("self",)).select_related("prison", "to_prison")
    return rows.get(pk=pack.pk)
