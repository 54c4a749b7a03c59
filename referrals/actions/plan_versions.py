"""Every change of a plan that has been active is kept as a version: see docs/adr/0023."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from buddyscheme.accounts.actor import Actor
from buddyscheme.audit.events import Event
from buddyscheme.audit.record import record
from referrals.models import Plan, PlanVersion
from referrals.queries.plan_parts import body_of, versions_of


@transaction.atomic
def keep_version(*, by: Actor, now: datetime, plan: Plan, why: str = "CHANGED") -> PlanVersion | None:
    """Keep the plan as it stands. None before it was first active, and where no line differs from the last version."""
    if plan.activated_at is None:
        return None
    Plan.objects.select_for_update().get(pk=plan.pk)
    last = versions_of(plan).first()
    body = body_of(plan)
    if last is not None and last.body == body and why == PlanVersion.Why.CHANGED:
        return None
    version: PlanVersion = PlanVersion.objects.create(
        prison_id=plan.prison_id,
        plan=plan,
        number=last.number + 1 if last is not None else 1,
        why=PlanVersion.Why(why),
        body=body,
        at=now,
        by=by.user,
    )
    record(
        Event.PLAN_VERSION_KEPT, by=by, prison=plan.prison_id, subject=plan, person_id=plan.person_id,
        number=version.number,
    )  # fmt: skip
    return version
