"""Plans of a prison, and the one tag that says where a plan's review stands."""

from __future__ import annotations

from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from buddyscheme.accounts.models import Prison
from buddyscheme.lib.tables import Tag
from referrals.models import CapacityRecord, Consent, Match, Plan, PlanTask
from referrals.queries.places import with_place
from referrals.rules.plan_lines import day
from referrals.rules.plans import DUE_WITHIN
from schemes.models import Person

Status = Plan.Status


def plans_of(prison: Prison) -> QuerySet[Plan]:
    """Every plan with its person and place, by name."""
    rows: QuerySet[Plan] = Plan.objects.for_prison(prison)
    return with_place(rows).select_related("person").order_by("person__last_name", "person__first_name", "id")


def locked_plan(plan: Plan) -> Plan:
    """The plan's row, held until the transaction ends, with its prison and person. Plan before match, always."""
    found: Plan = Plan.objects.select_for_update(of=("self",)).select_related("prison", "person").get(pk=plan.pk)
    return found


def first_match(plan: Plan) -> Match | None:
    """The match with the first buddy, if one helps now."""
    rows: QuerySet[Match] = Match.objects.for_prison(plan.prison_id)
    rows = rows.filter(plan=plan, part=Match.Part.LEAD, status=Match.Status.ACTIVE)
    return rows.select_related("buddy__person").first()


def live_plan_of(prison: Prison, person: Person) -> Plan | None:
    """The person's one plan here that is not closed."""
    return plans_of(prison).filter(person=person, status__in=Plan.LIVE).first()


def to_write(prison: Prison) -> QuerySet[Plan]:
    """The person has agreed, and the plan is not active yet."""
    return plans_of(prison).filter(status__in=[Status.WISHES, Status.DRAFT])


def without_buddy(prison: Prison) -> QuerySet[Plan]:
    """Active plans in which no first buddy helps now."""
    helped = Match.objects.filter(plan=OuterRef("pk"), part=Match.Part.LEAD, status=Match.Status.ACTIVE)
    return plans_of(prison).filter(~Exists(helped), status=Status.ACTIVE)


def review_due(prison: Prison, today: date) -> QuerySet[Plan]:
    """Plans whose review is due or overdue: those that `review_tag` gives a tag."""
    full = Q(interim_from__isnull=True) | Q(made_full_at__isnull=False)
    return plans_of(prison).filter(full, status__in=[Status.ACTIVE, Status.PAUSED], review_on__lte=today + DUE_WITHIN)


def review_tag(plan: Plan, today: date) -> Tag | None:
    """Overdue, due, interim help with its last day, or nothing to say. Every screen that shows a plan shows this."""
    if plan.status not in (Status.ACTIVE, Status.PAUSED) or plan.review_on is None:
        return None
    if plan.is_interim:
        return Tag(text=f"Interim help ends on {day(plan.interim_until)}", colour="orange")
    if plan.review_on < today:
        return Tag(text="Review overdue", colour="red")
    if plan.review_on <= today + DUE_WITHIN:
        return Tag(text="Review due", colour="yellow")
    return None


def running_tasks(plan: Plan) -> QuerySet[PlanTask]:
    """Tasks that have not been stopped, in the catalogue's order."""
    rows: QuerySet[PlanTask] = plan.tasks.filter(stopped_at__isnull=True)
    return rows.select_related("task").order_by("task__position", "session", "id")


def consents_of(plan: Plan) -> list[Consent]:
    """The newest answer of each part of consent; to a buddy by name, one for each.

    A yes to support from before a decision that was made for the person, and has ended, is left out: they are asked.
    """
    newest: dict[tuple[str, int | None], Consent] = {}
    rows = plan.consents.filter(~_is_asked_anew()).select_related("match__buddy__person", "taken_by")
    for consent in rows.order_by("taken_at", "id"):
        newest[consent.scope, consent.match_id] = consent
    order = list(Consent.Scope.values)
    return sorted(newest.values(), key=lambda consent: (order.index(consent.scope), consent.pk))


def stands(plan: Plan, scope: str) -> bool:
    """Whether this part of consent was given, has not been withdrawn, and is not to be asked anew."""
    rows = plan.consents.filter(~_is_asked_anew(), scope=scope, given=True, withdrawn_at__isnull=True)
    standing: bool = rows.exists()
    return standing


def _is_asked_anew() -> Q:
    """What was said about support before help stopped standing on a decision made for the person.

    They can decide again, or they objected: what they said before that moment counts no more.
    """
    since = CapacityRecord.objects.filter(
        plan=OuterRef("plan"), end__in=CapacityRecord.ASKED_ANEW, ended_at__gt=OuterRef("taken_at")
    )
    return Q(Exists(since), scope=Consent.Scope.SUPPORT)
