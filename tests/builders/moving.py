"""People who are helped and move on: care records and handovers. Each runs in the reach of the prison that acts."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from buddyscheme.accounts.models import Prison, User
from buddyscheme.outbox.relay import drain
from buddyscheme.scope.transaction import DatabaseRole, scoped
from referrals.actions import moving
from referrals.actions.falls import record_fall
from referrals.actions.plans import record_wishes
from referrals.models import CarePack, Fall, Handover, Plan
from schemes.actions.people import add_person, end_custody, set_release_date
from schemes.models import Custody, Person
from schemes.queries.people import custody_of
from tests.builders.referrals import screened
from tests.cast import acts


def leave(
    person: Person, prison: Prison, by: User, now: datetime, *, reason: str = "TRANSFER", to: Prison | None = None
) -> Custody:
    """The person is off the list, and what follows from it has happened."""
    custody = custody_of(prison, person)
    assert custody is not None
    ended = end_custody(by=acts(by, prison), now=now, custody=custody, reason=reason, moved_to=to)
    with scoped(DatabaseRole.NATIONAL):
        drain()
    return ended


def sent(plan: Plan, by: User, to: Prison, now: datetime, *, first_day: bool = True) -> CarePack:
    """The care record of the plan's person, on its way."""
    return moving.send_care_pack(
        by=acts(by, plan.prison), now=now, prison=plan.prison, person=plan.person, to=to, help_on_first_day=first_day
    )


def sent_of(person: Person, prison: Prison, by: User, to: Prison, now: datetime) -> CarePack:
    """The care record of somebody without a plan."""
    return moving.send_care_pack(
        by=acts(by, prison), now=now, prison=prison, person=person, to=to, help_on_first_day=False
    )


def accepted(pack: CarePack, by: User, now: datetime) -> CarePack:
    """Accepted at the receiving prison."""
    with scoped(DatabaseRole.WEB, prisons=[pack.to_prison_id]):
        return moving.accept_care_pack(by=acts(by, pack.to_prison), now=now, pack=pack)


def arrived(pack: CarePack, by: User, now: datetime, **fields: Any) -> Person:
    """The same person on the receiving prison's list."""
    values = {"first_name": pack.summary["first_name"], "last_name": pack.summary["last_name"], **fields}
    with scoped(DatabaseRole.WEB, prisons=[pack.to_prison_id]):
        return add_person(
            by=acts(by, pack.to_prison), now=now, prison=pack.to_prison, prison_number=pack.prison_number, **values
        )


def plan_from(pack: CarePack, by: User, now: datetime) -> Plan:
    """A plan at the receiving prison whose referral was made from the record; nothing is in it yet."""
    with scoped(DatabaseRole.WEB, prisons=[pack.to_prison_id]):
        referral = moving.start_from_pack(by=acts(by, pack.to_prison), now=now, pack=pack)
        return record_wishes(
            by=acts(by, pack.to_prison), now=now, referral=screened(referral, by, now),
            own_words="I want to go on as before.", answer="AGREES", share=True,
        )  # fmt: skip


def handed_over(person: Person, prison: Prison, by: User, now: datetime, *, agrees: str = "YES") -> Handover:
    """Letters for a council and a probation office."""
    return moving.make_handover(
        by=acts(by, prison), now=now, prison=prison, person=person, council="Hometown Council",
        probation="Hometown probation", agrees=agrees,
    )  # fmt: skip


def releasing(person: Person, prison: Prison, by: User, now: datetime, release_on: Any) -> Custody:
    """The person's release date is known."""
    custody = custody_of(prison, person)
    assert custody is not None
    return set_release_date(by=acts(by, prison), now=now, custody=custody, release_on=release_on)


def fall_of(person: Person, prison: Prison, by: User, now: datetime, **fields: Any) -> Fall:
    """A fall this morning after which the alarm was raised at once."""
    found_at = fields.pop("found_at", now - timedelta(minutes=30))
    values = {"alarm_at": found_at, "injury": "NONE", "helped_up": "STAFF", **fields}
    return record_fall(by=acts(by, prison), now=now, prison=prison, person=person, found_at=found_at, **values)
