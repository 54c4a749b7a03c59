"""Recording results of a class. Results are only ever added."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from django.db import transaction

from buddyscheme.accounts.actor import Actor
from buddyscheme.accounts.models import Prison
from buddyscheme.audit.events import Event
from buddyscheme.audit.record import record_many
from buddyscheme.lib.dates import london_today
from buddyscheme.outbox.publish import months_changed
from schemes.models import Buddy
from training.models import ClassSession, Module, ModuleResult
from training.queries.results import locked_buddies, newest_results
from training.rules import results as rules
from training.rules.results import Mark, Settled


@transaction.atomic
def record_results(
    *, by: Actor, now: datetime, prison: Prison, module: Module, assessed_on: date, outcomes: list[tuple[Buddy, str]]
) -> list[ModuleResult]:
    """Record one module's results as a whole: the same answer for every part. See `record_marks`."""
    marks = [rules.whole(module, buddy, outcome) for buddy, outcome in outcomes]
    return record_marks(by=by, now=now, prison=prison, module=module, assessed_on=assessed_on, marks=marks)


@transaction.atomic
def record_marks(
    *,
    by: Actor,
    now: datetime,
    prison: Prison,
    module: Module,
    assessed_on: date,
    marks: Sequence[Mark],
    session: ClassSession | None = None,
    replaced: Mapping[int, ModuleResult] | None = None,
) -> list[ModuleResult]:
    """Record what a class achieved, part by part, in a few queries however large it is.

    A mistake is mended by recording the right answer for the same day. The same answer for the same day is in
    the record already and is not added twice; the rows added are returned. For a planned class (`session`) only
    what is new is handed in; `replaced` are results of it that these correct, by buddy.
    """
    buddies = locked_buddies(prison, [mark.buddy.pk for mark in marks])
    rules.check_all_known(buddies, len(marks))
    rules.check_can_record(list(buddies.values()), assessed_on=assessed_on, today=london_today(now))
    replaced = replaced or {}
    newest = {r.buddy_id: r for r in newest_results(buddies, without=session).filter(module=module)}
    settled = {
        m.buddy.pk: rules.settle(module, m, newest=newest.get(m.buddy.pk), assessed_on=assessed_on) for m in marks
    }
    added = ModuleResult.objects.bulk_create(
        ModuleResult(
            prison=prison,
            buddy=buddies[pk],
            person_id=buddies[pk].person_id,
            module=module,
            outcome=each.outcome,
            knowledge=each.knowledge,
            practical=each.practical,
            knowledge_on=each.knowledge_on,
            assessed_on=assessed_on,
            expires_on=each.expires_on,
            recorded_at=now,
            recorded_by=by.user,
            session=session,
            replaces=replaced.get(pk),
        )
        for pk, each in settled.items()
        if session is not None or not _is_there(each, assessed_on, newest.get(pk))
    )
    record_many(
        Event.MODULE_RESULTS_RECORDED,
        by=by,
        prison=prison.code,
        subject=module,
        people=[result.person_id for result in added],
        passed=sum(result.outcome == ModuleResult.Outcome.PASSED for result in added),
        not_yet=sum(result.outcome == ModuleResult.Outcome.NOT_YET for result in added),
    )
    # Whether a module holds at the end of a month may change for every month since.
    months_changed(prison.code, assessed_on, london_today(now))
    return added


def _is_there(each: Settled, assessed_on: date, newest: ModuleResult | None) -> bool:
    """The same answer for the same day is what counts already."""
    if newest is None or (newest.assessed_on, newest.outcome) != (assessed_on, each.outcome):
        return False
    # Results that were recorded as a whole say nothing of their parts.
    return newest.knowledge in ("", each.knowledge) and newest.practical in ("", each.practical)
