"""Caps of the scheme and of one buddy. What is planned already goes on; new matches and slots are refused above."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import F

from buddyscheme.accounts.actor import Actor
from buddyscheme.audit.events import Event
from buddyscheme.audit.record import record
from buddyscheme.outbox.publish import publish
from schemes.models import Buddy, Scheme
from schemes.queries.buddies import locked
from schemes.rules import caps as rules
from schemes.rules.caps import NATIONAL, Caps
from schemes.rules.schemes import check_can_change_scheme

# Upper apps bring today's visits in line.
REST_CHANGED = "buddy.rest_changed"
NAMES = ("capacity", "weekly_minutes", "days_in_row")


@transaction.atomic
def set_scheme_caps(*, by: Actor, now: datetime, scheme: Scheme, caps: Caps, version: int) -> Scheme:
    """Set the scheme's caps. Buddies who had the old one get the new one; nobody keeps more than the scheme allows."""
    scheme = Scheme.objects.select_for_update().get(pk=scheme.pk)
    check_can_change_scheme(scheme, version)
    rules.check_within(caps, NATIONAL, whose="the national cap")
    buddies = Buddy.objects.filter(scheme=scheme, status__in=Buddy.OPEN)
    for name in NAMES:
        before, after = getattr(scheme, name), getattr(caps, name)
        buddies.filter(**{name: before}).exclude(**{name: after}).update(**{name: after}, version=F("version") + 1)
        buddies.filter(**{f"{name}__gt": after}).update(**{name: after}, version=F("version") + 1)
        setattr(scheme, name, after)
    scheme.version += 1
    scheme.save(update_fields=[*NAMES, "version"])
    details = {name: getattr(caps, name) for name in NAMES}
    record(Event.SCHEME_CHANGED, by=by, prison=scheme.prison_id, subject=scheme, step="caps", **details)
    return scheme


@transaction.atomic
def set_buddy_caps(*, by: Actor, now: datetime, buddy: Buddy, caps: Caps, rest_day: int) -> Buddy:
    """Lower one buddy's caps, or raise them again up to the scheme's, and say on which day they rest."""
    buddy = locked(buddy)
    scheme = Caps(**{name: getattr(buddy.scheme, name) for name in NAMES})
    rules.check_can_set_for(buddy, caps, scheme=scheme, rest_day=rest_day)
    moved = rest_day != buddy.rest_day
    for name in NAMES:
        setattr(buddy, name, getattr(caps, name))
    buddy.rest_day = rest_day
    buddy.version += 1
    buddy.save(update_fields=[*NAMES, "rest_day", "version"])
    details = {name: getattr(caps, name) for name in NAMES}
    record(
        Event.BUDDY_CAPS_CHANGED,
        by=by,
        prison=buddy.prison_id,
        subject=buddy,
        person_id=buddy.person_id,
        rest_day=rest_day,
        **details,
    )
    if moved:
        publish(REST_CHANGED, prison=buddy.prison_id, key=f"buddy:{buddy.pk}", buddy_id=buddy.pk)
    return buddy
