"""Referrals of a prison, urgent ones first."""

from __future__ import annotations

from django.db.models import Case, Exists, IntegerField, OuterRef, Q, QuerySet, Value, When

from buddyscheme.accounts.models import Prison
from referrals.models import Plan, Referral
from referrals.queries.places import with_place
from referrals.rules.referrals import WITH_BUDDY
from schemes.models import Person

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
        .order_by(waits, _URGENT_FIRST, "referred_at", "id")
    )


def to_screen(prison: Prison) -> QuerySet[Referral]:
    """Waiting to be screened."""
    return referrals_of(prison).filter(status=Referral.Status.RECEIVED)


def to_ask(prison: Prison) -> QuerySet[Referral]:
    """Screened for buddy support, and nobody has asked the person yet what they want."""
    # Whoever had only interim help, which is over, has still to be asked about a full plan.
    only_interim = Q(interim_from__isnull=False, made_full_at__isnull=True)
    asked = Plan.objects.filter(~only_interim, referral=OuterRef("pk"))
    running = Plan.objects.filter(prison=OuterRef("prison"), person=OuterRef("person"), status__in=Plan.LIVE)
    return referrals_of(prison).filter(~Exists(asked), ~Exists(running), outcome__in=WITH_BUDDY)


def open_referral_of(prison: Prison, person: Person) -> Referral | None:
    """A referral of this person that still waits to be screened: a second one may be a duplicate."""
    return to_screen(prison).filter(person=person).first()
