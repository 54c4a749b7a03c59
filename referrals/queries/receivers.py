"""Who receives concerns at a prison, who is away, and who stands in."""

from __future__ import annotations

from datetime import date

from django.db.models import Exists, OuterRef, QuerySet

from buddyscheme.accounts.models import Membership, Prison, User
from referrals.models import ReceiverDeputy, ReceiverLeave
from referrals.rules.receivers import HANDLING_ROLES, ORDER, Candidate


def handlers(prison: Prison, on: date) -> QuerySet[Membership]:
    """The roles in which somebody handles concerns on that day, in the order in which they are asked."""
    rows: QuerySet[Membership] = Membership.objects.current(on).filter(
        prison=prison, role__in=HANDLING_ROLES, user__is_active=True
    )
    return rows.select_related("user").order_by("starts_on", "id")


def handling(prison: Prison, on: date) -> QuerySet[User]:
    """The people themselves, by name."""
    ids = handlers(prison, on).order_by().values("user_id")
    return User.objects.filter(pk__in=ids).order_by("name", "id")


def away(prison: Prison, on: date) -> QuerySet[ReceiverLeave]:
    """Who is away on that day."""
    rows: QuerySet[ReceiverLeave] = ReceiverLeave.objects.for_prison(prison).filter(
        cancelled_at=None, first_on__lte=on, last_on__gte=on
    )
    return rows


def leaves(prison: Prison, on: date) -> QuerySet[ReceiverLeave]:
    """Running and coming, the soonest first."""
    rows: QuerySet[ReceiverLeave] = ReceiverLeave.objects.for_prison(prison).filter(cancelled_at=None, last_on__gte=on)
    return rows.select_related("user").order_by("first_on", "id")


def deputies(prison: Prison) -> QuerySet[ReceiverDeputy]:
    """Who stands in for whom, by name."""
    rows: QuerySet[ReceiverDeputy] = ReceiverDeputy.objects.for_prison(prison).filter(ended_at=None)
    return rows.select_related("user", "deputy").order_by("user__name", "id")


def there(prison: Prison, on: date) -> QuerySet[User]:
    """Whoever handles concerns and is there on that day, or has a deputy who is."""
    gone = away(prison, on).values("user_id")
    present = handling(prison, on).order_by().exclude(pk__in=gone)
    stood_in = ReceiverDeputy.objects.for_prison(prison).filter(
        ended_at=None, user=OuterRef("pk"), deputy__in=present.values("pk")
    )
    absent = handling(prison, on).order_by().filter(Exists(stood_in))
    return User.objects.filter(pk__in=present.values("pk").union(absent.values("pk"), all=True))


def stood_in_for(prison: Prison, user: User, on: date) -> QuerySet[ReceiverDeputy]:
    """For whom this user stands in on that day: whoever is away and named them."""
    rows: QuerySet[ReceiverDeputy] = ReceiverDeputy.objects.for_prison(prison).filter(
        ended_at=None, deputy=user, user__in=away(prison, on).values("user_id")
    )
    return rows


def candidates(prison: Prison, on: date) -> list[Candidate]:
    """As the rule takes them."""
    gone = set(away(prison, on).values_list("user_id", flat=True))
    stands_in = dict(deputies(prison).values_list("user_id", "deputy_id"))
    rows = handlers(prison, on).values_list("user_id", "role")
    found = [Candidate(user, role, user in gone, stands_in.get(user)) for user, role in rows]
    return sorted(found, key=lambda one: ORDER.index(one.role))
