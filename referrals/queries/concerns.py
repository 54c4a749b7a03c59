"""Concerns for those who handle them, soonest clock first; never for anyone named in them."""

from __future__ import annotations

from datetime import date

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When

from buddyscheme.accounts.models import Membership, Prison, User
from referrals.models import Concern, ConcernAction


def concerns_for(prison: Prison, user: User | None = None) -> QuerySet[Concern]:
    """All that this user may see: open ones first, by when somebody must act. Without a user, all.

    Notes to the lead are not among them: they have a list of their own.
    """
    rows: QuerySet[Concern] = Concern.objects.for_prison(prison).exclude(kind=Concern.Kind.TALK_TO_STAFF)
    if user is not None:
        rows = rows.filter(Q(about_staff__isnull=True) | ~Q(about_staff=user))
    # New ones run against the clock; acted ones wait for the writer to be told; closed ones are history.
    standing = Case(
        When(status=Concern.Status.NEW, then=Value(0)),
        When(status=Concern.Status.ACTED, then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    return rows.select_related("about_person", "about_staff", "owner").order_by(standing, "due_at", "id")


def waiting(prison: Prison, user: User | None = None) -> QuerySet[Concern]:
    """Nobody has acted yet: what the home tile counts."""
    return concerns_for(prison, user).filter(status=Concern.Status.NEW)


def notes_to_the_lead(prison: Prison) -> QuerySet[Concern]:
    """Notes to the lead from people who want to talk, newest first."""
    rows: QuerySet[Concern] = Concern.objects.for_prison(prison).filter(kind=Concern.Kind.TALK_TO_STAFF)
    return rows.select_related("writer", "owner").order_by("-raised_at", "-id")


def notes_to_answer(prison: Prison) -> QuerySet[Concern]:
    """Nobody has talked with the writer yet, the longest waiting first."""
    return notes_to_the_lead(prison).exclude(status=Concern.Status.CLOSED).order_by("due_at", "id")


def writers_to_tell(prison: Prison, user: User | None = None) -> QuerySet[Concern]:
    """Acted on, but the writer has not been told in person."""
    return concerns_for(prison, user).filter(
        status=Concern.Status.ACTED, writer__isnull=False, writer_told_at__isnull=True
    )


def actions_of(concern: Concern) -> QuerySet[ConcernAction]:
    """What was done, newest first."""
    rows: QuerySet[ConcernAction] = concern.actions.select_related("by").order_by("-at", "-id")
    return rows


def staff_here(prison: Prison, on: date) -> QuerySet[User]:
    """Members of staff with a role at the prison: whom a concern can be about."""
    current = Membership.objects.current(on).filter(prison=prison).values("user_id")
    return User.objects.filter(pk__in=current, is_active=True).order_by("name", "id")
