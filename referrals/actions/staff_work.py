"""Marking a visit as work that staff or carers should do, and taking that back."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from buddyscheme.accounts.actor import Actor
from buddyscheme.audit.events import Event
from buddyscheme.audit.record import record
from buddyscheme.lib.errors import NotAllowed
from referrals.models import PlannedVisit, StaffWorkMark, Visit
from referrals.queries.staff_work import mark_on
from referrals.rules import staff_work as rules


@transaction.atomic
def mark_staff_work(*, by: Actor, now: datetime, visit: Visit, whose: str, words: str) -> StaffWorkMark:
    """Say that a buddy did here what staff or carers should do. The visit itself stays as it is."""
    PlannedVisit.objects.select_for_update(of=("self",)).get(pk=visit.planned_id)
    rules.check_can_mark(visit)
    rules.check_mark(whose=whose, words=words)
    assert visit.buddy_id is not None
    mark: StaffWorkMark = StaffWorkMark.objects.create(
        prison_id=visit.prison_id,
        planned_id=visit.planned_id,
        buddy_id=visit.buddy_id,
        marked=True,
        whose=whose,
        words=words.strip(),
        marked_at=now,
        marked_by=by.user,
    )
    record(Event.STAFF_WORK_MARKED, by=by, prison=visit.prison_id, subject=visit, person_id=visit.person_id)
    return mark


@transaction.atomic
def take_back_staff_work(*, by: Actor, now: datetime, visit: Visit) -> StaffWorkMark:
    """The mark was wrong. That it stood is kept."""
    PlannedVisit.objects.select_for_update(of=("self",)).get(pk=visit.planned_id)
    standing = mark_on(visit)
    if standing is None:
        raise NotAllowed("This visit is not marked, so there is nothing to take back.")
    mark: StaffWorkMark = StaffWorkMark.objects.create(
        prison_id=visit.prison_id,
        planned_id=visit.planned_id,
        buddy_id=standing.buddy_id,
        marked=False,
        marked_at=now,
        marked_by=by.user,
    )
    record(Event.STAFF_WORK_TAKEN_BACK, by=by, prison=visit.prison_id, subject=visit, person_id=visit.person_id)
    return mark
