"""Recording results of a class. Results are only ever added."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from buddyscheme.accounts.actor import Actor
from buddyscheme.accounts.models import Prison
from buddyscheme.audit.events import Event
from buddyscheme.audit.record import record_many
from buddyscheme.lib.dates import london_today
from buddyscheme.lib.errors import NotAllowed
from buddyscheme.outbox.publish import month_changed
from schemes.models import Buddy
from training.models import Module, ModuleResult
from training.queries.results import newest_results
from training.rules import results as rules


@transaction.atomic
def record_results(
    *, by: Actor, now: datetime, prison: Prison, module: Module, assessed_on: date, outcomes: list[tuple[Buddy, str]]
) -> list[ModuleResult]:
    """Record one module's results for a class, in a few queries however large it is.

    A mistake is mended by recording the right outcome for the same day. The same outcome for the same day is in
    the record already and is not added twice; the rows added are returned.
    """
    buddies = _locked(prison, [buddy.pk for buddy, _ in outcomes])
    if len(buddies) != len(outcomes):
        raise NotAllowed("Somebody on this list is not a buddy of this prison, or is on it twice. Open the page again.")
    rules.check_can_record(list(buddies.values()), assessed_on=assessed_on, today=london_today(now))
    newest = {r.buddy_id: r for r in newest_results(buddies).filter(module=module)}
    wanted = {buddy.pk: ModuleResult.Outcome(outcome) for buddy, outcome in outcomes}
    added = ModuleResult.objects.bulk_create(
        ModuleResult(
            prison=prison,
            buddy=buddies[pk],
            person_id=buddies[pk].person_id,
            module=module,
            outcome=outcome,
            assessed_on=assessed_on,
            expires_on=_expires(module, outcome, assessed_on),
            recorded_at=now,
            recorded_by=by.user,
        )
        for pk, outcome in wanted.items()
        if pk not in newest or (newest[pk].assessed_on, newest[pk].outcome) != (assessed_on, outcome)
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
    month_changed(prison.code, [assessed_on])
    return added


def _locked(prison: Prison, ids: list[int]) -> dict[int, Buddy]:
    rows = Buddy.objects.for_prison(prison).select_for_update(of=("self",)).select_related("person")
    return {buddy.pk: buddy for buddy in rows.filter(pk__in=ids).order_by("pk")}


def _expires(module: Module, outcome: str, assessed_on: date) -> date | None:
    if outcome != ModuleResult.Outcome.PASSED:
        return None
    return rules.expires_after(assessed_on, module.refresh_months)
