"""Somebody who is helped says how it goes, stops help, or wants a change: at the terminal, without a reason."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import transaction

from buddyscheme.accounts.actor import Actor
from buddyscheme.accounts.models import Prison
from buddyscheme.audit.events import Event
from buddyscheme.audit.record import record
from buddyscheme.lib.errors import NotAllowed
from referrals.actions.plans import stop_task
from referrals.models import OwnWish, Plan, PlanTask, TerminalWindow
from referrals.queries.own_wishes import waiting_of
from referrals.queries.plans import live_plan_of, locked_plan, running_tasks
from referrals.rules import own_wishes as rules
from schemes.models import Person

Kind = OwnWish.Kind


@transaction.atomic
def say_going(
    *, by: Actor, now: datetime, prison: Prison, person: Person, window: TerminalWindow, came: str, feels: str
) -> OwnWish:
    """Keep whether the help comes and how the person feels about it, for the lead alone."""
    plan = _plan(prison, person)
    answers = {"came": OwnWish.Came(came), "feels": OwnWish.Feels(feels)}
    return _keep(by, now, plan, window, Kind.GOING, **answers)


@transaction.atomic
def want_change(
    *, by: Actor, now: datetime, prison: Prison, person: Person, window: TerminalWindow, change: str
) -> OwnWish:
    """Keep what the person wants changed: somebody talks to them about it."""
    return _keep(by, now, _plan(prison, person), window, Kind.CHANGE, change=OwnWish.Change(change))


@transaction.atomic
def stop_own_help(
    *, by: Actor, now: datetime, prison: Prison, person: Person, window: TerminalWindow, tasks: Collection[str]
) -> OwnWish:
    """Stop tasks (by token) of one's own plan, or all that a buddy does where none is named.

    It is the same stop that staff record: visits later today follow at once. Nobody is asked why.
    """
    # Never refused for what staff have yet to look at.
    plan = locked_plan(_plan(prison, person, stopping=True))
    running = running_tasks(plan).filter(done_by=PlanTask.DoneBy.BUDDY)
    chosen = list(running.filter(token__in=tasks) if tasks else running)
    if not chosen:
        raise NotAllowed("This help has been stopped already.")
    for plan_task in chosen:
        stop_task(by=by, now=now, plan_task=plan_task, window=window)
    return _keep(by, now, plan, window, Kind.STOP, tasks=[plan_task.task_id for plan_task in chosen])


@transaction.atomic
def look_at_wish(*, by: Actor, now: datetime, wish: OwnWish) -> OwnWish:
    """Somebody has looked at it, and has done or will do what follows."""
    wish = OwnWish.objects.select_for_update(of=("self",)).get(pk=wish.pk)
    rules.check_can_look(wish)
    wish.seen_at, wish.seen_by = now, by.user
    wish.save(update_fields=["seen_at", "seen_by"])
    record(Event.OWN_WISH_SEEN, by=by, prison=wish.prison_id, subject=wish, person_id=wish.person_id, kind=wish.kind)
    return wish


def _plan(prison: Prison, person: Person, *, stopping: bool = False) -> Plan:
    plan = live_plan_of(prison, person)
    rules.check_can_say(plan, waiting=0 if stopping else waiting_of(prison, person).count())
    assert plan is not None  # by the rule
    return plan


def _keep(by: Actor, now: datetime, plan: Plan, window: TerminalWindow, kind: str, **said: Any) -> OwnWish:
    wish: OwnWish = OwnWish.objects.create(
        prison_id=plan.prison_id, person_id=plan.person_id, plan=plan, window=window, kind=Kind(kind), said_at=now,
        **said,
    )  # fmt: skip
    record(Event.OWN_WISH_SAID, by=by, prison=plan.prison_id, subject=wish, person_id=plan.person_id, kind=wish.kind)
    return wish
