"""Restricted tasks: asked for by the lead, decided by the governor's delegate, withdrawn at once by either."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.db import transaction

from buddyscheme.accounts.actor import Actor
from buddyscheme.audit.events import Event
from buddyscheme.audit.record import record
from buddyscheme.lib.dates import london_today
from schemes.actions.schemes import set_restricted
from schemes.models import Scheme, TaskKind
from training.models import LocalTaskModule, RestrictedTask
from training.queries import restricted as queries
from training.queries.catalogue import running_links
from training.rules import restricted as rules

S = RestrictedTask.Status


@transaction.atomic
def ask_restricted(
    *, by: Actor, now: datetime, scheme: Scheme, task: TaskKind, reason: str, modules: Sequence[str], review_on: date
) -> RestrictedTask:
    """Ask that buddies here may do a restricted task until its review date. For one that is on: a renewal."""
    scheme = Scheme.objects.select_for_update(of=("self",)).select_related("prison").get(pk=scheme.pk)
    rules.check_can_ask(
        scheme,
        task,
        reason=reason,
        modules=modules,
        offered=queries.extra_modules(scheme.prison).values_list("code", flat=True),
        review_on=review_on,
        waiting=queries.waiting(scheme.prison).filter(task=task).exists(),
        today=london_today(now),
    )
    asked: RestrictedTask = RestrictedTask.objects.create(
        prison_id=scheme.prison_id,
        scheme=scheme,
        task=task,
        reason=reason.strip(),
        modules=sorted(set(modules)),
        review_on=review_on,
        asked_on=london_today(now),
        asked_at=now,
        asked_by=by.user,
    )
    _record(Event.RESTRICTED_ASKED, by, asked)
    return asked


@transaction.atomic
def decide_restricted(
    *, by: Actor, now: datetime, asked: RestrictedTask, approve: bool, reason: str = ""
) -> RestrictedTask:
    """Approve or refuse, by somebody who neither asked nor leads the scheme. Approved: the task is on from now.

    The modules it names are needed for the task here from then on, so that matching and new slots ask for them.
    """
    asked = _locked(asked)
    rules.check_can_decide(
        asked,
        decider_id=by.id,
        lead_id=asked.scheme.lead_id,
        approve=approve,
        reason=reason,
        today=london_today(now),
    )
    before = queries.approved_for(asked.prison, asked.task) if approve else None
    if before is not None:
        before.status = S.RENEWED
        before.save(update_fields=["status"])
    asked.status = S.APPROVED if approve else S.REFUSED
    asked.decision_reason, asked.decided_at, asked.decided_by = reason.strip(), now, by.user
    asked.save(update_fields=["status", "decision_reason", "decided_at", "decided_by"])
    if approve:
        _need_modules(by, now, asked)
        set_restricted(by=by, now=now, scheme=asked.scheme, task=asked.task, until=asked.review_on, allowed=True)
    _record(Event.RESTRICTED_APPROVED if approve else Event.RESTRICTED_REFUSED, by, asked)
    return asked


@transaction.atomic
def withdraw_restricted(*, by: Actor, now: datetime, asked: RestrictedTask, reason: str) -> RestrictedTask:
    """Switch the task off at once; visits of today and later follow."""
    asked = _locked(asked)
    rules.check_can_withdraw(asked, reason)
    asked.status = S.WITHDRAWN
    asked.withdraw_reason, asked.withdrawn_at, asked.withdrawn_by = reason.strip(), now, by.user
    asked.save(update_fields=["status", "withdraw_reason", "withdrawn_at", "withdrawn_by"])
    yesterday = london_today(now) - timedelta(days=1)
    until = min(asked.review_on, yesterday)
    set_restricted(by=by, now=now, scheme=asked.scheme, task=asked.task, until=until, allowed=False)
    _record(Event.RESTRICTED_WITHDRAWN, by, asked)
    return asked


def _need_modules(by: Actor, now: datetime, asked: RestrictedTask) -> None:
    there = set(running_links(asked.prison).filter(task=asked.task).values_list("module_id", flat=True))
    LocalTaskModule.objects.bulk_create(
        LocalTaskModule(prison=asked.prison, task=asked.task, module_id=code, added_at=now, added_by=by.user)
        for code in asked.modules
        if code not in there
    )


def _locked(asked: RestrictedTask) -> RestrictedTask:
    # The scheme first, as when it is asked for: one at a time at a prison.
    Scheme.objects.select_for_update().get(pk=asked.scheme_id)
    rows = RestrictedTask.objects.select_for_update(of=("self",)).select_related("scheme", "task", "prison")
    found: RestrictedTask = rows.get(pk=asked.pk)
    return found


def _record(event: Event, by: Actor, asked: RestrictedTask) -> None:
    record(event, by=by, prison=asked.prison_id, subject=asked, task=asked.task_id, review_on=str(asked.review_on))
