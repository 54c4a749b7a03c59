"""Accounts and roles of a prison, by its administrator."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction

from buddyscheme.accounts.actor import Actor
from buddyscheme.accounts.models import Membership, Prison, User
from buddyscheme.accounts.queries.departments import departments_offered
from buddyscheme.accounts.roles import ROLES
from buddyscheme.accounts.rules.staff import check_can_end_role, check_can_give_role
from buddyscheme.audit.events import Event
from buddyscheme.audit.record import record
from buddyscheme.lib.dates import london_today


@transaction.atomic
def give_role(
    *,
    by: Actor,
    now: datetime,
    prison: Prison,
    email: str,
    name: str,
    role: str,
    department: str = "",
    starts_on: date,
    ends_on: date | None = None,
) -> Membership:
    """Give somebody a role here; an e-mail that nobody has gets an account, opened by the work account.

    An account made here has no password: it opens with the work account, or after an operator has set one.
    """
    user = User.objects.filter(email__iexact=email.strip()).first()
    if user is None:
        user = User.objects.create_user(email, name=name)
        record(Event.USER_ADDED, by=by, prison=prison.code, subject=user)
    running = Membership.objects.current(max(starts_on, london_today(now))).filter(user=user, prison=prison, role=role)
    check_can_give_role(
        role,
        starts_on=starts_on,
        ends_on=ends_on,
        held=running.exists(),
        giver=by.user,
        user=user,
        department=department,
        departments=departments_offered(prison),
    )
    membership = Membership.objects.create(
        user=user, prison=prison, role=role, department=department, starts_on=starts_on, ends_on=ends_on
    )
    record(Event.MEMBERSHIP_GIVEN, by=by, prison=prison.code, subject=membership, role=ROLES[role].code, user=user.pk)
    return membership


@transaction.atomic
def end_role(*, by: Actor, now: datetime, membership: Membership) -> Membership:
    """End a role at once: yesterday was its last day, so the person's next page is refused."""
    membership = Membership.objects.select_for_update().get(pk=membership.pk)
    check_can_end_role(membership, by=by.user)
    membership.ends_on = max(membership.starts_on, london_today(now) - timedelta(days=1))
    membership.save(update_fields=["ends_on"])
    record(
        Event.MEMBERSHIP_ENDED,
        by=by,
        prison=str(membership.prison_id or ""),
        subject=membership,
        role=membership.role,
        user=membership.user_id,
    )
    return membership
