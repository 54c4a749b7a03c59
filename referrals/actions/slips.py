"""Printing numbered slips for when the link is down."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from buddyscheme.accounts.actor import Actor
from buddyscheme.accounts.models import Prison
from buddyscheme.audit.events import Event
from buddyscheme.audit.record import record_many
from referrals.locking import lock_prison
from referrals.models import PaperSlip
from referrals.queries.slips import highest_number
from referrals.rules import slips as rules


@transaction.atomic
def print_slips(*, by: Actor, now: datetime, prison: Prison, how_many: int) -> list[PaperSlip]:
    """Give out the next numbers of the prison. A number is given once, also when two people print at once."""
    rules.check_can_print(how_many)
    lock_prison(prison)
    first = max(highest_number(prison) + 1, rules.FIRST_NUMBER)
    slips: list[PaperSlip] = PaperSlip.objects.bulk_create(
        PaperSlip(prison=prison, number=number, printed_at=now, printed_by=by.user)
        for number in range(first, first + how_many)
    )
    record_many(Event.SLIPS_PRINTED, by=by, prison=prison.code, first=first, last=first + how_many - 1)
    return slips
