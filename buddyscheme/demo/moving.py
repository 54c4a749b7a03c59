"""People who are helped move on: care records between prisons, handovers at release, and what was left undone."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from buddyscheme.accounts.models import Prison
from buddyscheme.demo.take_along import hour_of, lead_of
from buddyscheme.demo.teller import Teller
from buddyscheme.lib.dates import london_today
from buddyscheme.scope.transaction import DatabaseRole, scoped
from referrals.actions.moving import (
    accept_care_pack,
    answer_handover,
    follow_leaving,
    make_handover,
    send_care_pack,
    start_from_pack,
    take_tasks,
)
from referrals.actions.plans import record_wishes
from referrals.actions.referrals import screen_referral
from referrals.models import CarePack, Referral
from referrals.queries.moving import to_send
from schemes.actions.people import add_person, end_custody, set_release_date
from schemes.models import Custody, Person

COUNCILS = ("Northmoor Council", "Wexbridge City Council", "Haleshire County Council")


def leave(teller: Teller, now: datetime, custody: Custody, reason: str) -> None:
    """Off the list, mostly with a handover when it is a release; what ends then ends here too."""
    if reason == Custody.EndReason.RELEASE and teller.chance(0.8):
        hand_over(teller, now, custody.person)
    by = teller.by("OFFICER")
    ended = end_custody(by=by, now=now, custody=custody, reason=reason)
    follow_leaving(by=by, now=now, custody=ended)


def hand_over(teller: Teller, now: datetime, person: Person) -> None:
    """Letters to council and probation, which mostly say within a week or two that they have them."""
    made = make_handover(
        by=teller.by("LEAD"), now=now, prison=teller.prison, person=person, council=teller.rng.choice(COUNCILS),
        probation="Northmoor probation" if teller.chance(0.8) else "None",
        agrees="YES" if teller.chance(0.8) else "NO",
    )  # fmt: skip
    if teller.chance(0.75):
        teller.put(
            teller.later(now, 3, 12),
            lambda at: answer_handover(
                by=teller.by("LEAD"), now=at, handover=made, received_on=london_today(at), words="Duty desk, by phone"
            ),
        )


def name_release_dates(teller: Teller, now: datetime, people: list[Person]) -> None:
    """Two people who are helped go home soon: one in three weeks, one in two months. Nobody has begun a handover."""
    for person, days in zip(people, (21, 60), strict=False):
        custody = Custody.objects.for_prison(teller.prison).filter(person=person, ended_at__isnull=True).first()
        if custody is not None:
            day: date = london_today(now) + timedelta(days=days)
            set_release_date(by=teller.by("OFFICER"), now=now, custody=custody, release_on=day)


def send_care_records(codes: list[str], now: datetime) -> None:
    """A record went with all who moved lately but one; one of those that came to the first prison is late."""
    if len(codes) < 2:
        return
    sent: list[CarePack] = []
    for nth, code in enumerate(codes):
        to = codes[0] if nth % 2 else codes[(nth + 1) % len(codes)]
        with scoped(DatabaseRole.WEB, prisons=[code]):
            stays = list(to_send(Prison.objects.get(code=code), london_today(now))) if to != code else []
            # At the second prison the last who moved was forgotten.
            sent += [_send(stay, to, now) for stay in (stays[:-1] if nth == 1 else stays)]
    newest = max((pack for pack in sent if pack.to_prison_id == codes[0]), key=lambda pack: pack.sent_at, default=None)
    accepted: list[CarePack] = []
    for pack in sent:
        if pack is not newest:
            with scoped(DatabaseRole.WEB, prisons=[pack.to_prison_id]):
                # The next day, and early enough for what follows to lie before the story's end.
                at = max(pack.sent_at, min(pack.sent_at + timedelta(hours=20), now - timedelta(hours=2)))
                by = lead_of(pack.to_prison_id)
                accepted.append(accept_care_pack(by=by, now=at, pack=pack))
    _go_on(sorted(accepted, key=lambda pack: pack.sent_at, reverse=True), codes[0], now)


def _send(stay: Custody, to: str, now: datetime) -> CarePack:
    assert stay.ended_at is not None
    return send_care_pack(
        by=lead_of(stay.prison_id), now=min(stay.ended_at + timedelta(hours=2), now), prison=stay.prison,
        person=stay.person, to=Prison.objects.get(code=to), help_on_first_day=True,
    )  # fmt: skip


def _go_on(accepted: list[CarePack], first: str, now: datetime) -> None:
    """At the first prison one whose record was accepted waits to be screened; elsewhere one has their tasks already."""
    here = next((pack for pack in accepted if pack.to_prison_id == first), None)
    if here is not None:
        _arrive(here, now)
    elsewhere = next((pack for pack in accepted if pack.to_prison_id != first), None)
    if elsewhere is not None:
        _take_over(elsewhere, _arrive(elsewhere, now))


def _arrive(pack: CarePack, now: datetime) -> Referral:
    """On the list of the prison that accepted the record, with the referral that it makes."""
    assert pack.accepted_at is not None
    by, at = lead_of(pack.to_prison_id), max(hour_of(now, 1), pack.accepted_at + timedelta(hours=1))
    with scoped(DatabaseRole.WEB, prisons=[pack.to_prison_id]):
        add_person(
            by=by, now=at, prison=pack.to_prison, prison_number=pack.prison_number,
            first_name=pack.summary["first_name"], last_name=pack.summary["last_name"],
        )  # fmt: skip
        return start_from_pack(by=by, now=at + timedelta(minutes=20), pack=pack)


def _take_over(pack: CarePack, referral: Referral) -> None:
    """The person says that it shall go on, and the plan begins with the tasks of the one before."""
    by, at = lead_of(pack.to_prison_id), referral.referred_at
    with scoped(DatabaseRole.WEB, prisons=[pack.to_prison_id]):
        screened = screen_referral(
            by=by, now=at + timedelta(minutes=10), referral=referral, outcome="BUDDY", reason="",
            version=referral.version, care_given=True,
        )  # fmt: skip
        plan = record_wishes(
            by=by, now=at + timedelta(minutes=20), referral=screened, answer="AGREES", share=True,
            own_words="I want it to go on as it was.",
        )  # fmt: skip
        take_tasks(by=by, now=at + timedelta(minutes=30), plan=plan, pack=pack)
