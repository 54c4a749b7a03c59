"""Recording a fall in six answers, and its other times when they are known."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from buddyscheme.accounts.actor import Actor
from buddyscheme.accounts.models import Prison
from buddyscheme.audit.events import Event
from buddyscheme.audit.record import record
from buddyscheme.lib.dates import london_today
from buddyscheme.lib.errors import NotAllowed
from buddyscheme.outbox.publish import month_changed
from referrals.actions.concerns import raise_concern
from referrals.drawing import create_with_reference
from referrals.models import Concern, Fall
from referrals.queries.falls import fall_of_concern, sessions_on
from referrals.rules import falls as rules
from schemes.models import Person
from schemes.queries.people import custody_of
from schemes.queries.schemes import scheme_of


@transaction.atomic
def record_fall(
    *,
    by: Actor,
    now: datetime,
    prison: Prison,
    person: Person,
    found_at: datetime,
    alarm_at: datetime,
    injury: str,
    helped_up: str,
    concern: Concern | None = None,
) -> Fall:
    """Record a fall. It is a concern to act on the same day, so one is raised unless it was raised already."""
    rules.check_can_record(
        here=custody_of(prison, person) is not None,
        found_at=found_at,
        alarm_at=alarm_at,
        injury=injury,
        helped_up=helped_up,
        now=now,
    )
    if concern is not None and fall_of_concern(concern) is not None:
        raise NotAllowed("The times of this fall are recorded already.")
    concern = concern or raise_concern(
        by=by,
        now=now,
        prison=prison,
        kind=Concern.Kind.FALL,
        happened_on=london_today(found_at),
        source=Concern.Source.STAFF,
        words="A fall. Its times are on its own page.",
        about_person=person,
    )
    scheme = scheme_of(prison)
    night = rules.is_night(found_at, sessions_on(prison, london_today(found_at)))
    fall = create_with_reference(
        Fall,
        "F",
        prison=prison,
        person=person,
        concern=concern,
        found_at=found_at,
        alarm_at=alarm_at,
        injury=injury,
        helped_up=helped_up,
        by_night=night,
        who_comes=(scheme.fall_night_who if night else scheme.fall_day_who) if scheme is not None else "",
        limit_minutes=(scheme.fall_night_minutes if night else scheme.fall_day_minutes) if scheme is not None else None,
        recorded_at=now,
        recorded_by=by.user,
    )
    record(
        Event.FALL_RECORDED, by=by, prison=prison.code, subject=fall, person_id=person.pk, by_night=night,
        prisoner_lifted=helped_up == Fall.HelpedUp.PRISONER,
    )  # fmt: skip
    month_changed(prison.code, [london_today(found_at)])
    return fall


@transaction.atomic
def complete_fall(
    *,
    by: Actor,
    now: datetime,
    fall: Fall,
    staff_at: datetime | None,
    healthcare_at: datetime | None,
    no_healthcare: bool,
    up_at: datetime | None,
    injury: str,
    helped_up: str,
    found_by: str,
    place: str,
    equipment: str,
    version: int,
) -> Fall:
    """Write down what is known by now; may be added to later."""
    fall = Fall.objects.select_for_update(of=("self",)).get(pk=fall.pk)
    times = {"staff_at": staff_at, "healthcare_at": healthcare_at, "up_at": up_at}
    rules.check_can_complete(fall, times=times, no_healthcare=no_healthcare, version=version, now=now)
    fall.staff_at, fall.healthcare_at, fall.up_at, fall.no_healthcare = staff_at, healthcare_at, up_at, no_healthcare
    fall.injury, fall.helped_up = Fall.Injury(injury), Fall.HelpedUp(helped_up)
    fall.found_by, fall.place, fall.equipment = found_by, place, equipment.strip()
    fall.version += 1
    fall.save(
        update_fields=[
            *times,
            "no_healthcare",
            "injury",
            "helped_up",
            "found_by",
            "place",
            "equipment",
            "version",
        ]
    )
    record(Event.FALL_COMPLETED, by=by, prison=fall.prison_id, subject=fall, person_id=fall.person_id)
    month_changed(fall.prison_id, [london_today(fall.found_at)])
    return fall
