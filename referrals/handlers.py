"""What this app does when something changed below it. Each is safe to run twice."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from buddyscheme.accounts.actor import Actor
from buddyscheme.accounts.models import Prison, User
from buddyscheme.lib.dates import london_today
from buddyscheme.outbox.registry import handles
from buddyscheme.scope.transaction import DatabaseRole, scoped
from referrals.actions.again import look_again
from referrals.actions.concerns import CONCERN_RAISED
from referrals.actions.days import follow_person, open_day, release_buddy, replan
from referrals.actions.lock_downs import follow_lock_down
from referrals.actions.moving import follow_leaving
from referrals.actions.welfare import prompt_welfare
from referrals.models import Concern
from referrals.queries.restricted import plans_with_task
from referrals.rules.welfare import OF_CONCERN, OF_LEAVING
from schemes.actions.absences import ABSENCE_CHANGED
from schemes.actions.alerts import ALERTS_CHANGED
from schemes.actions.caps import REST_CHANGED
from schemes.actions.keep_apart import KEEP_APART_CHANGED
from schemes.actions.people import CELL_MOVED, CUSTODY_ENDED
from schemes.actions.regime import LOCKED_DOWN
from schemes.actions.schemes import RESTRICTED_CHANGED
from schemes.models import Buddy, Custody, LockDown


@handles("buddy.stopped")
def buddy_stopped(prison_code: str, payload: dict[str, Any]) -> None:
    """Visits of a buddy who was suspended, left or is no longer cleared: from today they are not theirs."""
    with scoped(DatabaseRole.WEB, prisons=[prison_code]):
        buddy = Buddy.objects.for_prison(prison_code).get(pk=payload["buddy_id"])
        release_buddy(by=Actor.system(), now=timezone.now(), buddy=buddy)


@handles(CUSTODY_ENDED)
def custody_ended(prison_code: str, payload: dict[str, Any]) -> None:
    """Somebody has left the prison."""
    with scoped(DatabaseRole.WEB, prisons=[prison_code]):
        rows = Custody.objects.for_prison(prison_code).select_related("prison", "person", "moved_to")
        custody = rows.get(pk=payload["custody"])
        # What ends now ends in the name of whoever recorded that the person left.
        by = Actor.staff(User.objects.get(pk=payload["user"]))
        _ask_after_leaving(custody)
        follow_leaving(by=by, now=timezone.now(), custody=custody)
        look_again(by=Actor.system(), now=timezone.now(), prison=custody.prison)


def _ask_after_leaving(custody: Custody) -> None:
    event = OF_LEAVING.get(custody.end_reason)
    if event is not None and custody.ended_at is not None:
        prompt_welfare(
            by=Actor.system(),
            now=timezone.now(),
            prison=custody.prison,
            person=custody.person,
            event=event,
            event_key=f"custody:{custody.pk}",
            happened_at=custody.ended_at,
        )


@handles(CONCERN_RAISED)
def concern_raised(prison_code: str, payload: dict[str, Any]) -> None:
    """Something hard happened to somebody who is helped: their buddies are asked how they are."""
    with scoped(DatabaseRole.WEB, prisons=[prison_code]):
        rows = Concern.objects.for_prison(prison_code).select_related("prison", "about_person")
        concern = rows.get(pk=payload["concern"])
        event = OF_CONCERN.get(concern.kind)
        if event is None or concern.about_person is None or concern.about_staff_id is not None:
            return
        prompt_welfare(
            by=Actor.system(),
            now=timezone.now(),
            prison=concern.prison,
            person=concern.about_person,
            event=event,
            event_key=f"concern:{concern.pk}",
            happened_at=concern.raised_at,
        )


@handles(REST_CHANGED)
def rest_changed(prison_code: str, payload: dict[str, Any]) -> None:
    """A buddy rests on another day: today's visits follow."""
    buddy_stopped(prison_code, payload)


@handles(RESTRICTED_CHANGED)
def restricted_changed(prison_code: str, payload: dict[str, Any]) -> None:
    """A restricted task was switched on or off: visits of the plans that use it follow."""
    with scoped(DatabaseRole.WEB, prisons=[prison_code]):
        for plan in plans_with_task(prison_code, payload["task"]):
            replan(by=Actor.system(), now=timezone.now(), plan=plan)


@handles(KEEP_APART_CHANGED)
def keep_apart_changed(prison_code: str, payload: dict[str, Any]) -> None:
    """Two people must not meet any more: today's visits follow at once, not at the timer's next look."""
    now = timezone.now()
    with scoped(DatabaseRole.WEB, prisons=[prison_code]):
        prison = Prison.objects.get(code=prison_code)
        look_again(by=Actor.system(), now=now, prison=prison)
        open_day(by=Actor.system(), now=now, prison=prison, day=london_today(now))


@handles(ALERTS_CHANGED)
def alerts_changed(prison_code: str, payload: dict[str, Any]) -> None:
    """Somebody has another alert, or one means something else: running matches are looked at again."""
    with scoped(DatabaseRole.WEB, prisons=[prison_code]):
        prison = Prison.objects.get(code=prison_code)
        look_again(by=Actor.system(), now=timezone.now(), prison=prison)


@handles(CELL_MOVED)
def cell_moved(prison_code: str, payload: dict[str, Any]) -> None:
    """Somebody has other cell-mates now."""
    alerts_changed(prison_code, payload)


@handles(ABSENCE_CHANGED)
def absence_changed(prison_code: str, payload: dict[str, Any]) -> None:
    """Somebody is at court, in hospital or out on licence, or is back."""
    with scoped(DatabaseRole.WEB, prisons=[prison_code]):
        prison = Prison.objects.get(code=prison_code)
        follow_person(by=Actor.system(), now=timezone.now(), prison=prison, person_id=payload["person"])


@handles(LOCKED_DOWN)
def locked_down(prison_code: str, payload: dict[str, Any]) -> None:
    """A session did not happen: visits and people follow, in the name of whoever recorded it."""
    with scoped(DatabaseRole.WEB, prisons=[prison_code]):
        rows = LockDown.objects.for_prison(prison_code).select_related("prison", "recorded_by")
        lock_down = rows.get(pk=payload["lock_down"])
        follow_lock_down(by=Actor.staff(lock_down.recorded_by), now=timezone.now(), lock_down=lock_down)
