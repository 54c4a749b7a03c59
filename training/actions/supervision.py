"""Recording supervision: one-to-ones with what was agreed, missed ones, and group meetings."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction

from buddyscheme.accounts.actor import Actor
from buddyscheme.accounts.models import Prison
from buddyscheme.audit.events import Event
from buddyscheme.audit.record import record, record_many
from buddyscheme.lib.dates import london_today
from buddyscheme.outbox.publish import month_changed, months_changed
from schemes import guard
from schemes.models import Buddy
from schemes.queries.buddies import locked
from training.models import GroupMeeting, Supervision, SupervisionAction
from training.queries.results import locked_buddies
from training.queries.supervision import locked_actions, taken_on
from training.rules import supervision as rules
from training.rules.results import check_all_known

KIND, OUTCOME = Supervision.Kind, Supervision.Outcome


@transaction.atomic
def hold_one_to_one(
    *,
    by: Actor,
    now: datetime,
    buddy: Buddy,
    held_on: date,
    themes: Sequence[str],
    wellbeing_asked: bool,
    actions: Sequence[str] = (),
    done: Sequence[SupervisionAction] = (),
) -> Supervision:
    """Record a one-to-one that `by` held. What is not among `done` is carried to the next.

    New actions are due on the day of the next supervision.
    """
    buddy = locked(buddy)
    rules.check_can_record(
        buddy, day=held_on, today=london_today(now), taken=taken_on([buddy.pk], KIND.ONE_TO_ONE, held_on)
    )
    rules.check_themes(themes)
    rules.check_actions(actions)
    found: Supervision = Supervision.objects.create(
        prison_id=buddy.prison_id,
        buddy=buddy,
        person_id=buddy.person_id,
        kind=KIND.ONE_TO_ONE,
        outcome=OUTCOME.HELD,
        held_on=held_on,
        themes=list(themes),
        wellbeing_asked=wellbeing_asked,
        recorded_at=now,
        recorded_by=by.user,
    )
    closed = locked_actions(buddy, [action.pk for action in done])
    SupervisionAction.objects.filter(pk__in=[action.pk for action in closed]).update(
        closed_at=now, closed_by=by.user, closed_in=found
    )
    due_on = rules.next_due(held_on, buddy.scheme.supervision_months)
    kept = SupervisionAction.objects.bulk_create(
        SupervisionAction(
            prison_id=buddy.prison_id,
            supervision=found,
            buddy=buddy,
            words=guard.WAITS if guard.notices(words) else words,
            due_on=due_on,
        )
        for words in actions
    )
    for action, words in zip(kept, actions, strict=True):
        if action.words == guard.WAITS:
            guard.hold(by=by, now=now, prison=buddy.prison, place="SUPERVISION", subject_id=action.pk, words=words)
    months_changed(buddy.prison_id, held_on, london_today(now))
    record(
        Event.SUPERVISION_HELD, by=by, prison=buddy.prison_id, subject=found, person_id=buddy.person_id,
        agreed=len(actions), closed=len(closed),
    )  # fmt: skip
    return found


@transaction.atomic
def miss_one_to_one(*, by: Actor, now: datetime, buddy: Buddy, missed_on: date, reason: str) -> Supervision:
    """Record that a one-to-one did not take place, and why. The next one stays due when it was."""
    buddy = locked(buddy)
    rules.check_can_record(
        buddy, day=missed_on, today=london_today(now), taken=taken_on([buddy.pk], KIND.ONE_TO_ONE, missed_on)
    )
    rules.check_reason(reason)
    found: Supervision = Supervision.objects.create(
        prison_id=buddy.prison_id,
        buddy=buddy,
        person_id=buddy.person_id,
        kind=KIND.ONE_TO_ONE,
        outcome=OUTCOME.MISSED,
        held_on=missed_on,
        reason=reason,
        recorded_at=now,
        recorded_by=by.user,
    )
    month_changed(buddy.prison_id, [missed_on])
    record(
        Event.SUPERVISION_MISSED, by=by, prison=buddy.prison_id, subject=found, person_id=buddy.person_id,
        reason=reason,
    )  # fmt: skip
    return found


@transaction.atomic
def hold_group_meeting(
    *, by: Actor, now: datetime, prison: Prison, held_on: date, themes: Sequence[str], buddies: Sequence[Buddy]
) -> GroupMeeting:
    """Record one meeting for everybody who came."""
    rules.check_people(buddies)
    rules.check_themes(themes)
    came = locked_buddies(prison, [buddy.pk for buddy in buddies])
    check_all_known(came, len(buddies))
    taken, today = taken_on(list(came), KIND.GROUP, held_on), london_today(now)
    for buddy in came.values():
        rules.check_can_record(buddy, day=held_on, today=today, taken=taken)
    meeting: GroupMeeting = GroupMeeting.objects.create(
        prison=prison, held_on=held_on, themes=list(themes), held_by=by.user, recorded_at=now
    )
    Supervision.objects.bulk_create(
        Supervision(
            prison=prison,
            buddy=buddy,
            person_id=buddy.person_id,
            kind=KIND.GROUP,
            outcome=OUTCOME.HELD,
            held_on=held_on,
            themes=list(themes),
            meeting=meeting,
            recorded_at=now,
            recorded_by=by.user,
        )
        for buddy in came.values()
    )
    months_changed(prison.code, held_on, london_today(now))
    record_many(
        Event.GROUP_MEETING_HELD, by=by, prison=prison.code, subject=meeting,
        people=sorted(buddy.person_id for buddy in came.values()),
    )  # fmt: skip
    return meeting
