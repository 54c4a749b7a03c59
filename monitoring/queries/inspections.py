"""Inspections on site, and what they show: case lines without names."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, F, IntegerField, Min, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from buddyscheme.accounts.models import Membership, Prison, User
from buddyscheme.audit.events import Event
from buddyscheme.audit.models import AuditEvent
from buddyscheme.lib.dates import london_today
from buddyscheme.scope.transaction import DatabaseRole, scoped
from monitoring.measures.groups import AGE_BANDS, UNKNOWN, age_band, age_on
from monitoring.models import Inspection
from referrals.models import Plan, PlannedVisit, Referral, UnmetNeed, Visit

RECENT = timedelta(days=28)


def inspections(inspector: User | None = None) -> list[Inspection]:
    """Every inspection, or those of one inspector, the newest first. Run on behalf of a national role."""
    rows: QuerySet[Inspection] = Inspection.objects.select_related("prison", "inspector", "opened_by")
    if inspector is not None:
        rows = rows.filter(inspector=inspector)
    with scoped(DatabaseRole.NATIONAL):
        return list(rows.order_by("-first_on", "-id"))


def inspection_by(token: str, inspector: User | None = None) -> Inspection | None:
    """One of them by its token, or None; an inspector finds no one else's."""
    return next((each for each in inspections(inspector) if each.token == token), None)


def inspections_at(prison: Prison) -> QuerySet[Inspection]:
    """Those of one prison, the newest first."""
    rows: QuerySet[Inspection] = Inspection.objects.for_prison(prison).select_related("inspector", "opened_by")
    return rows.order_by("-first_on", "-id")


def open_at(prison: Prison, today: date) -> QuerySet[Inspection]:
    """Those that can be read today."""
    return inspections_at(prison).filter(first_on__lte=today, last_on__gte=today, ended_at__isnull=True)


def inspectors(today: date) -> QuerySet[User]:
    """Accounts with the role of inspector today, by name."""
    held = Membership.objects.filter(role="INSPECTOR", starts_on__lte=today)
    held = held.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=today))
    return User.objects.filter(pk__in=held.values("user_id"), is_active=True).order_by("name", "pk")


def prisons_to_inspect() -> QuerySet[Prison]:
    """Prisons that use the service, by name."""
    return Prison.objects.filter(switched_on=True).order_by("name", "code")


def overlaps(prison: Prison, inspector: User, first_on: date, last_on: date) -> bool:
    """Whether the inspector has one of this prison on some of these days."""
    rows = Inspection.objects.for_prison(prison).filter(inspector=inspector, ended_at__isnull=True)
    return rows.filter(first_on__lte=last_on, last_on__gte=first_on).exists()


def times_read(prison: Prison, tokens: list[Inspection]) -> dict[int, int]:
    """How many pages of each were read, by its id."""
    rows = (
        AuditEvent.objects.filter(
            prison_code=prison.code,
            subject_type="monitoring.inspection",
            subject_id__in=[str(each.pk) for each in tokens],
            code=Event.VIEWED.value,
        )
        .values_list("subject_id")
        .annotate(count=Count("pk"))
        .order_by()
    )
    return {int(pk): count for pk, count in rows}


@dataclass(frozen=True)
class CaseLine:
    """One person's help without a name: what happened, in bands, months and days."""

    case: str
    age: str
    needs: tuple[str, ...]
    referred: str
    days_to_help: int | None
    planned: int
    delivered: int
    unmet_days: int
    review: str
    status: str


def plans_for_lines(prison: Prison, today: date) -> QuerySet[Any]:
    """Plans with what a line needs, the newest referral first. One question whatever their number."""
    since = today - RECENT
    mine = PlannedVisit.objects.filter(plan=OuterRef("pk"), held_at_start=True, day__gt=since, day__lte=today)
    done = Visit.objects.filter(
        planned__plan=OuterRef("pk"), planned__held_at_start=True, day__gt=since, day__lte=today
    ).exclude(outcome=Visit.Outcome.NOT_DONE)
    replaced = Visit.objects.filter(replaces__isnull=False).values("replaces_id")
    needs = UnmetNeed.objects.filter(person=OuterRef("person_id"), met_on__isnull=True, left_on__isnull=True)
    rows: QuerySet[Any] = Plan.objects.for_prison(prison).select_related("person", "referral")
    lines: QuerySet[Any] = rows.annotate(
        began=Min("matches__started_on"),
        planned_count=Coalesce(Subquery(_count(mine), output_field=IntegerField()), 0),
        done_count=Coalesce(Subquery(_count(done.exclude(pk__in=replaced)), output_field=IntegerField()), 0),
        unmet_since=Subquery(needs.order_by("known_on").values("known_on")[:1]),
        referred_at=F("referral__referred_at"),
    )
    newest_first: QuerySet[Any] = lines.order_by("-referred_at", "-id")
    return newest_first


def _count(rows: QuerySet[Any]) -> QuerySet[Any]:
    counted: QuerySet[Any] = rows.order_by().annotate(one=F("prison_id")).values("one")
    summed: QuerySet[Any] = counted.annotate(count=Count("pk")).values("count")
    return summed


def case_line(plan: Any, *, key: str, today: date) -> CaseLine:
    """The line of a plan of `plans_for_lines`. `key` is the inspection's own, so that no other one shows the same."""
    band = age_band(age_on(plan.person.born_on, today))
    ages = {f"{least}-{most}": words for least, most, words in AGE_BANDS}
    referred_on = london_today(plan.referred_at)
    return CaseLine(
        case=pseudonym(key, plan.token),
        age="Not known" if band == UNKNOWN else ages[band],
        needs=tuple(str(Referral.NeedArea(code).label) for code in plan.referral.need_areas),
        referred=f"{referred_on:%B %Y}",
        days_to_help=None if plan.began is None else max((plan.began - referred_on).days, 0),
        planned=plan.planned_count,
        delivered=plan.done_count,
        unmet_days=0 if plan.unmet_since is None else (today - plan.unmet_since).days + 1,
        review=_review(plan, today),
        status=plan.get_status_display(),
    )


def _review(plan: Any, today: date) -> str:
    if plan.review_on is None or plan.status not in Plan.LIVE:
        return "–"
    return "Overdue" if plan.review_on < today else "In time"


def pseudonym(key: str, token: str) -> str:
    """Eight letters and figures that only this inspection gives to this plan."""
    digest = hashlib.blake2s(token.encode(), key=key.encode()[:32], digest_size=5).digest()
    return base64.b32encode(digest).decode()
