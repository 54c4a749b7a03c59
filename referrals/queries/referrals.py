"""Referrals of a prison, urgent ones first."""

from __future__ import annotations

from datetime import datetime

from django.db.models import (
    Case,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
)

from buddyscheme.accounts.models import Prison, User
from referrals.models import Plan, Referral
from referrals.queries.places import with_place
from referrals.queries.plans import live_plan_of
from referrals.rules.referrals import WITH_BUDDY
from schemes.models import Custody, Person

_URGENT_FIRST = Case(
    When(urgency=Referral.Urgency.URGENT, then=Value(0)),
    When(urgency=Referral.Urgency.SOON, then=Value(1)),
    default=Value(2),
    output_field=IntegerField(),
)


def referrals_of(prison: Prison) -> QuerySet[Referral]:
    """Every referral with its person and place; what still waits comes first, urgent ones on top."""
    rows: QuerySet[Referral] = Referral.objects.for_prison(prison)
    waits = Case(When(status=Referral.Status.RECEIVED, then=Value(0)), default=Value(1), output_field=IntegerField())
    return (
        with_place(rows)
        .select_related("person", "referred_by", "screened_by")
        .order_by(waits, _URGENT_FIRST, F("due_at").asc(nulls_last=True), "referred_at", "id")
    )


def to_screen(prison: Prison) -> QuerySet[Referral]:
    """Waiting to be screened."""
    return referrals_of(prison).filter(status=Referral.Status.RECEIVED)


def to_ask(prison: Prison) -> QuerySet[Referral]:
    """Screened for buddy support in this stay, and nobody has asked the person since what they want.

    A plan that was running then answers it as well, also once it has ended: so does a no to what this one repeats.
    """
    # Whoever had only interim help, which is over, has still to be asked about a full plan.
    only_interim = Q(interim_from__isnull=False, made_full_at__isnull=True)
    plans = Plan.objects.filter(prison=OuterRef("prison"), person=OuterRef("person"))
    since = Q(asked_at__gte=OuterRef("screened_at")) | Q(ended_at__gte=OuterRef("screened_at"))
    asked = plans.filter(~only_interim, Q(referral=OuterRef("pk")) | since)
    running = plans.filter(status__in=Plan.LIVE)
    here = Custody.objects.filter(
        prison=OuterRef("prison"), person=OuterRef("person"), ended_at__isnull=True,
        started_at__lte=OuterRef("screened_at"),
    )  # fmt: skip
    return referrals_of(prison).filter(~Exists(asked), ~Exists(running), Exists(here), outcome__in=WITH_BUDDY)


def late(prison: Prison, now: datetime) -> QuerySet[Referral]:
    """Urgent ones that wait past their due time."""
    return to_screen(prison).filter(due_at__lt=now)


def made_by(prison: Prison, user: User) -> QuerySet[Referral]:
    """What a member of staff has referred here, newest first."""
    return referrals_of(prison).filter(referred_by=user).order_by("-referred_at", "-id")


def open_referral_of(prison: Prison, person: Person) -> Referral | None:
    """A referral of this person that still waits to be screened: a second one may be a duplicate."""
    return to_screen(prison).filter(person=person).first()


def own_waiting(prison: Prison, person: Person) -> QuerySet[Referral]:
    """What the person asked for at a terminal and nobody has screened."""
    rows: QuerySet[Referral] = Referral.objects.for_prison(prison)
    return rows.filter(person=person, window__isnull=False, status=Referral.Status.RECEIVED)


def earlier_referral(prison: Prison, person: Person) -> Referral | None:
    """What a new referral of this person would say again: one that waits, or the one behind the plan that runs."""
    waiting = to_screen(prison).filter(person=person).order_by("referred_at", "id").first()
    if waiting is not None:
        return waiting.repeats if waiting.repeats is not None and waiting.repeats.status == waiting.status else waiting
    plan = live_plan_of(prison, person)
    return plan.referral if plan is not None else None


def others_of(referral: Referral) -> QuerySet[Referral]:
    """Other referrals of the person that wait, or are linked to this one: looked at together."""
    rows = referrals_of(referral.prison).filter(person=referral.person_id).exclude(pk=referral.pk)
    linked = Q(repeats=referral.pk) | Q(status=Referral.Status.RECEIVED)
    return rows.filter(linked | Q(pk=referral.repeats_id)) if referral.repeats_id else rows.filter(linked)


def areas_of(referral: Referral) -> list[str]:
    """What the referral and those that say the same ask help with, each once."""
    root = referral.repeats_id or referral.pk
    rows: QuerySet[Referral] = Referral.objects.filter(Q(repeats=root) | Q(pk=root), prison=referral.prison_id)
    named = {area for areas in rows.values_list("need_areas", flat=True) for area in areas}
    return [area for area in Referral.NeedArea.values if area in named]


def repeats_waiting(referral: Referral) -> QuerySet[Referral]:
    """Those that say the same as this one, as far as they still wait."""
    rows: QuerySet[Referral] = Referral.objects.filter(
        prison=referral.prison_id, person=referral.person_id, status=Referral.Status.RECEIVED
    )
    root = referral.repeats_id or referral.pk
    return rows.filter(Q(repeats=root) | Q(pk=root)).exclude(pk=referral.pk).order_by("id")
