"""What differs from the plan's week: a task left out or moved for some days, and somebody else who comes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction

from buddyscheme.accounts.actor import Actor
from buddyscheme.audit.events import Event
from buddyscheme.audit.record import record
from buddyscheme.lib.dates import day_bounds, london_today
from buddyscheme.outbox.publish import month_changed
from referrals.actions.days import replan
from referrals.models import CoverSlot, Match, Plan, PlanTask, SlotException
from referrals.queries.days import buddy_facts
from referrals.queries.matches import locked_pair
from referrals.queries.plans import locked_plan
from referrals.queries.schedule import open_slots
from referrals.queries.suggestions import facts_for
from referrals.rules import schedule as rules
from referrals.rules.days import why_not
from referrals.rules.schedule import Slot
from schemes import guard
from schemes.models import Buddy
from schemes.queries.buddies import locked as lock_buddy


@transaction.atomic
def except_slots(
    *,
    by: Actor,
    now: datetime,
    plan: Plan,
    tasks: Sequence[PlanTask],
    first_on: date,
    last_on: date | None = None,
    session: str = "",
    to_day: date | None = None,
    reason: str,
) -> list[SlotException]:
    """Leave tasks of a plan out, or move them to another session or day, from one day to another. Visits follow."""
    plan = locked_plan(plan)
    guard.refuse(reason, field="reason")
    until = last_on or first_on
    own = PlanTask.objects.filter(plan=plan, pk__in=[task.pk for task in tasks], stopped_at__isnull=True)
    running = list(own.filter(done_by=PlanTask.DoneBy.BUDDY).select_related("task").order_by("id"))
    rules.check_can_except(
        plan, running, first_on=first_on, last_on=until, session=session, to_day=to_day, reason=reason,
        today=london_today(now),
    )  # fmt: skip
    rows = [
        SlotException.objects.create(
            prison_id=plan.prison_id,
            plan_task=task,
            first_on=first_on,
            last_on=until,
            session=session,
            to_day=to_day,
            reason=reason.strip(),
            made_at=now,
            made_by=by.user,
        )
        for task in running
    ]
    record(
        Event.SLOT_EXCEPTED, by=by, prison=plan.prison_id, subject=plan, person_id=plan.person_id, first=str(first_on),
        last=str(until), session=session, tasks=[task.task_id for task in running],
    )  # fmt: skip
    replan(by=by, now=now, plan=plan)
    return rows


@transaction.atomic
def end_exception(*, by: Actor, now: datetime, exception: SlotException) -> SlotException:
    """Take it back: from now on the plan's own week counts again."""
    plan = locked_plan(exception.plan_task.plan)
    row = SlotException.objects.select_for_update(of=("self",)).get(pk=exception.pk)
    rules.check_can_end_exception(row, today=london_today(now))
    row.ended_at, row.ended_by = now, by.user
    row.save(update_fields=["ended_at", "ended_by"])
    record(Event.SLOT_EXCEPTION_ENDED, by=by, prison=plan.prison_id, subject=plan, person_id=plan.person_id)
    replan(by=by, now=now, plan=plan)
    return row


@transaction.atomic
def give_cover(
    *, by: Actor, now: datetime, plan: Plan, slots: Sequence[Slot], buddy: Buddy, agreed: bool
) -> list[CoverSlot]:
    """Somebody else comes to these visits, once each. Both people were asked; the gate and keep-apart hold as ever."""
    plan = locked_plan(plan)
    wanted = sorted(set(slots))
    free = open_slots(plan, now, sorted({day for day, _ in wanted}))
    rules.check_can_cover(plan, wanted, open_slots=free, agreed=agreed, today=london_today(now))
    locked_pair([plan.person_id, buddy.person_id])
    lock_buddy(buddy)
    facts = facts_for(plan.prison, plan, Match.Part.SECOND, london_today(now), also=buddy.pk)
    rules.check_covers(facts.checks(buddy.pk), matched=buddy.pk in facts.need.current)
    known = facts.buddies[buddy.pk]
    there = buddy_facts(plan.prison, [known], day_bounds(london_today(now))[0])[buddy.pk]
    for day, session in wanted:
        rules.check_can_come(known.person.full_name, why_not(there, day, session, now))
    rows = [_give(by, now, plan, known, day, session) for day, session in wanted]
    record(
        Event.COVER_GIVEN, by=by, prison=plan.prison_id, subject=plan, person_id=plan.person_id, buddy=buddy.pk,
        visits=[f"{day} {session}" for day, session in wanted],
    )  # fmt: skip
    replan(by=by, now=now, plan=plan)
    month_changed(plan.prison_id, {day for day, _ in wanted})
    return rows


@transaction.atomic
def end_cover(*, by: Actor, now: datetime, cover: CoverSlot) -> CoverSlot:
    """They do not come after all: the visit goes to whoever may, or to nobody."""
    plan = locked_plan(cover.plan)
    row = CoverSlot.objects.select_for_update(of=("self",)).get(pk=cover.pk)
    rules.check_can_end_cover(row, today=london_today(now))
    row.ended_at, row.ended_by = now, by.user
    row.save(update_fields=["ended_at", "ended_by"])
    record(
        Event.COVER_TAKEN_BACK, by=by, prison=plan.prison_id, subject=plan, person_id=plan.person_id,
        buddy=row.buddy_id,
    )  # fmt: skip
    replan(by=by, now=now, plan=plan)
    return row


def _give(by: Actor, now: datetime, plan: Plan, buddy: Buddy, day: date, session: str) -> CoverSlot:
    # One whose buddy cannot come any more makes room for the new one. The plan is locked, so nobody else gives one.
    old = CoverSlot.objects.filter(plan=plan, day=day, session=session, ended_at__isnull=True)
    old.update(ended_at=now, ended_by=by.user)
    row: CoverSlot = CoverSlot.objects.create(
        prison_id=plan.prison_id, plan=plan, day=day, session=session, buddy=buddy, agreed_at=now, agreed_by=by.user
    )
    return row
