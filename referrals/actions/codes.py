"""Issuing six-digit codes: an officer confirms the face, the terminal shows the digits once, to the person."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from buddyscheme.accounts.actor import Actor
from buddyscheme.accounts.models import Prison
from buddyscheme.audit import record
from buddyscheme.audit.events import Event
from buddyscheme.lib.errors import NotAllowed
from referrals import codes, throttle
from referrals.locking import lock_window
from referrals.models import FaceReason, TerminalCode, TerminalWindow
from referrals.rules import windows as rules
from schemes.models import Person
from schemes.queries.people import custody_of


@transaction.atomic
def allow_code(*, by: Actor, now: datetime, prison: Prison, person: Person, window: TerminalWindow) -> TerminalCode:
    """The officer has seen the face: the terminal may now make and show this person a new code.

    An earlier code ends here. No member of staff ever sees or chooses one.
    """
    window = lock_window(window.pk)
    rules.check_can_use(window, now)
    rules.check_is_here(custody_of(prison, person))
    # One code waits at a terminal at a time, so that the tap cannot show somebody else's.
    waiting = TerminalCode.objects.filter(prison=prison, window=window, shown_at=None, withdrawn_at=None)
    waiting.update(withdrawn_at=now)
    TerminalCode.objects.filter(prison=prison, person=person, withdrawn_at=None).update(withdrawn_at=now)
    throttle.forget(window, person.prison_number)
    issued: TerminalCode = TerminalCode.objects.create(
        prison=prison, person=person, window=window, issued_at=now, issued_by=by.user
    )
    record.record(Event.CODE_ISSUED, by=by, prison=prison.code, subject=issued, person_id=person.pk)
    return issued


@transaction.atomic
def make_code(*, by: Actor, now: datetime, issued: TerminalCode) -> str:
    """Draw the digits, keep their hash, and give them back once: they are nowhere else."""
    issued = TerminalCode.objects.select_for_update(of=("self",)).select_related("person").get(pk=issued.pk)
    if issued.shown_at is not None or issued.withdrawn_at is not None or now >= issued.issued_at + rules.UNTOUCHED:
        raise NotAllowed("Nobody is waiting for a code.")
    person = issued.person
    digits = codes.draw(prison_number=person.prison_number, born_on=person.born_on)
    issued.code_hash = codes.hash_code(digits, person_id=person.pk)
    issued.shown_at = now
    issued.save(update_fields=["code_hash", "shown_at"])
    record.record(Event.CODE_ISSUED, by=by, prison=issued.prison_id, subject=issued, person_id=person.pk, shown=True)
    return digits


@transaction.atomic
def confirm_face(
    *, by: Actor, now: datetime, prison: Prison, person: Person, window: TerminalWindow, reason: str
) -> None:
    """The officer has seen the face: wrong tries by whoever it was no longer stand in this person's way.

    `reason` is one of `FaceReason` and is kept with who looked.
    """
    if reason not in FaceReason.values:
        raise NotAllowed("Select why the face was checked", field="reason")
    window = lock_window(window.pk)
    rules.check_can_use(window, now)
    rules.check_is_here(custody_of(prison, person))
    throttle.forget(window, person.prison_number)
    record.record(Event.FACE_CONFIRMED, by=by, prison=prison.code, subject=window, person_id=person.pk, reason=reason)
