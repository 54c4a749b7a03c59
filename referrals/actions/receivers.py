"""Who has a concern: the two to whom it goes, who else is let in, who is named in it, and who stands in."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from buddyscheme.accounts.actor import Actor
from buddyscheme.accounts.models import Prison, User
from buddyscheme.audit.events import Event
from buddyscheme.audit.record import record
from buddyscheme.lib.dates import london_today
from buddyscheme.lib.errors import NotAllowed
from referrals.locking import lock_concern
from referrals.models import Concern, ConcernReader, ReceiverDeputy, ReceiverLeave
from referrals.queries import receivers as queries
from referrals.rules import receivers as rules
from referrals.rules.concerns import check_is_open, is_about_staff

Standing = ConcernReader.Standing


@transaction.atomic
def send_to_receivers(*, by: Actor, now: datetime, concern: Concern) -> list[ConcernReader]:
    """Put the concern on the lists of two people. Fills up where somebody on them had to be taken off."""
    prison = concern.prison
    about_staff = is_about_staff(concern)
    opener = concern.window.opened_by_id if concern.window is not None else None
    named = set(concern.named_ids)
    if about_staff and opener is not None and opener not in named:
        concern.hidden_from = [*concern.hidden_from, opener]
        concern.save(update_fields=["hidden_from"])
        named.add(opener)
    there = set(concern.readers.filter(ended_at=None).values_list("user_id", flat=True))
    chosen = rules.choose(
        queries.candidates(prison, london_today(now)),
        about_staff=about_staff,
        shut_out=named | there,
        # Whoever opened the window sat beside the writer, who may have meant them.
        last={opener} if opener is not None else (),
    )[: max(0, rules.MANY - len(there))]
    added = [
        ConcernReader.objects.create(
            prison=prison,
            concern=concern,
            user_id=one.user_id,
            standing=Standing.RECEIVER,
            instead_of_id=one.instead_of,
            listed_at=now,
        )
        for one in chosen
    ]
    if added:
        _record(Event.CONCERN_ACCESS_GIVEN, by, concern, users=[one.user_id for one in added], by_rule=True)
    return added


@transaction.atomic
def give_access(*, by: Actor, now: datetime, concern: Concern, user: User) -> ConcernReader:
    """Let somebody else who handles concerns read this one."""
    concern = _open(concern, by)
    if user.pk in concern.named_ids:
        raise NotAllowed("This person is named in the concern and may never read it.", field="user")
    if not queries.handling(concern.prison, london_today(now)).filter(pk=user.pk).exists():
        raise NotAllowed("Only somebody with a role that handles concerns may read one.", field="user")
    if concern.readers.filter(user=user, ended_at=None).exists():
        raise NotAllowed("This person is on the list already.", field="user")
    reader: ConcernReader = ConcernReader.objects.create(
        prison_id=concern.prison_id,
        concern=concern,
        user=user,
        standing=Standing.GIVEN,
        listed_at=now,
        given_by=by.user,
    )
    _record(Event.CONCERN_ACCESS_GIVEN, by, concern, users=[user.pk])
    return reader


@transaction.atomic
def take_access(*, by: Actor, now: datetime, reader: ConcernReader) -> ConcernReader:
    """Take somebody off the list who was let in. Never so that fewer than two are left."""
    concern = _open(reader.concern, by)
    lines = list(ConcernReader.objects.select_for_update().filter(concern=concern, ended_at=None))
    found = next((line for line in lines if line.pk == reader.pk), None)
    if found is None:
        raise NotAllowed("This person is no longer on the list.")
    if len(lines) <= rules.MANY:
        raise NotAllowed("Every concern stays with at least two people. Let somebody else in first.")
    _end(found, by, now)
    _record(Event.CONCERN_ACCESS_ENDED, by, concern, users=[found.user_id])
    return found


@transaction.atomic
def name_in_concern(*, by: Actor, now: datetime, concern: Concern, user: User) -> Concern:
    """Another member of staff is named in it: they lose it for good, and it goes to somebody else instead.

    It is then about staff, so the officer who opened the window loses it too.
    """
    concern = _open(concern, by)
    opener = concern.window.opened_by if concern.window is not None else None
    if by.user is not None and user.pk == by.user.pk:
        raise NotAllowed("You cannot shut yourself out. Ask somebody else on the access list to do it.", field="user")
    if by.user is not None and opener is not None and opener.pk == by.user.pk:
        raise NotAllowed(
            "You opened the window in which this was written, and a concern about staff is never with that officer. "
            "Ask somebody else on the access list to record this.",
            field="user",
        )
    if user.pk in concern.named_ids:
        raise NotAllowed("It is recorded already that this person is named.", field="user")
    shut = [user.pk] + ([opener.pk] if opener is not None and opener.pk not in concern.hidden_from else [])
    for line in ConcernReader.objects.select_for_update().filter(concern=concern, ended_at=None, user__in=shut):
        _end(line, by, now)
    concern.hidden_from = [*concern.hidden_from, *shut]
    concern.version += 1
    changed = ["hidden_from", "version"]
    if concern.owner_id in shut:
        concern.owner = None
        changed.append("owner")
    concern.save(update_fields=changed)
    _record(Event.CONCERN_NAMED, by, concern, users=shut)
    send_to_receivers(by=by, now=now, concern=concern)
    return concern


@transaction.atomic
def name_deputy(*, by: Actor, now: datetime, prison: Prison, user: User, deputy: User) -> ReceiverDeputy:
    """Who stands in for somebody while they are away. A new name takes the place of the old one."""
    rules.check_deputy(user_id=user.pk, deputy_id=deputy.pk)
    rows = ReceiverDeputy.objects.select_for_update().filter(prison=prison, user=user, ended_at=None)
    for old in rows:
        old.ended_at, old.ended_by = now, by.user
        old.save(update_fields=["ended_at", "ended_by"])
    found: ReceiverDeputy = ReceiverDeputy.objects.create(
        prison=prison, user=user, deputy=deputy, named_at=now, named_by=by.user
    )
    record(Event.RECEIVER_DEPUTY_NAMED, by=by, prison=prison.code, subject=found, user=user.pk, deputy=deputy.pk)
    return found


@transaction.atomic
def record_leave(
    *, by: Actor, now: datetime, prison: Prison, user: User, first_on: date, last_on: date
) -> ReceiverLeave:
    """Somebody is away: their concerns are their deputy's on these days, and new ones go to others."""
    rules.check_leave(first_on, last_on, london_today(now))
    # The person's row is locked, so that two entries of one leave wait for each other.
    User.objects.select_for_update().get(pk=user.pk)
    rows = ReceiverLeave.objects.filter(prison=prison, user=user, cancelled_at=None)
    if rows.filter(first_on__lte=last_on, last_on__gte=first_on).exists():
        raise NotAllowed("Some of these days are recorded already. Take those back first.", field="first_on")
    found: ReceiverLeave = ReceiverLeave.objects.create(
        prison=prison, user=user, first_on=first_on, last_on=last_on, recorded_at=now, recorded_by=by.user
    )
    record(Event.RECEIVER_LEAVE, by=by, prison=prison.code, subject=found, user=user.pk)
    return found


@transaction.atomic
def cancel_leave(*, by: Actor, now: datetime, leave: ReceiverLeave) -> ReceiverLeave:
    """They are not away after all, or are back early."""
    found: ReceiverLeave = ReceiverLeave.objects.select_for_update().get(pk=leave.pk)
    if found.cancelled_at is not None:
        raise NotAllowed("This was taken back already.")
    found.cancelled_at, found.cancelled_by = now, by.user
    found.save(update_fields=["cancelled_at", "cancelled_by"])
    record(Event.RECEIVER_LEAVE_CANCELLED, by=by, prison=found.prison_id, subject=found, user=found.user_id)
    return found


def _open(concern: Concern, by: Actor) -> Concern:
    found = lock_concern(concern, by=by)
    check_is_open(found)
    return found


def _end(line: ConcernReader, by: Actor, now: datetime) -> None:
    line.ended_at, line.ended_by = now, by.user
    line.save(update_fields=["ended_at", "ended_by"])


def _record(event: Event, by: Actor, concern: Concern, **details: object) -> None:
    record(event, by=by, prison=concern.prison_id, subject=concern, person_id=concern.about_person_id, **details)
