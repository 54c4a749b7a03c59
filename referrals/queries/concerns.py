"""Concerns for those on their access lists, soonest clock first; never for anyone named in them.

Every page, tile and count goes through `concerns_for` or, for notes, `notes_to_the_lead`. Behind them the row policy of
`models.Concern` hides a concern from whoever is named in it.
"""

from __future__ import annotations

from datetime import date, datetime

from django.db.models import Case, Exists, IntegerField, OuterRef, Q, QuerySet, Value, When

from buddyscheme.accounts.models import Membership, Prison, User
from referrals.models import Concern, ConcernAction, ConcernReader, HandOn
from referrals.queries import receivers
from referrals.rules.concerns import TELL_WITHIN


def concerns_for(prison: Prison, user: User, on: date) -> QuerySet[Concern]:
    """All that this user may see on that day: open ones first, by when somebody must act.

    Notes to the lead are not among them: they have a list of their own.
    """
    rows: QuerySet[Concern] = Concern.objects.for_prison(prison).exclude(kind=Concern.Kind.TALK_TO_STAFF)
    rows = _unnamed(rows, user).filter(_listed(prison, user, on))
    # New ones run against the clock; acted ones wait for the writer to be told; closed ones are history.
    standing = Case(
        When(status=Concern.Status.NEW, then=Value(0)),
        When(status=Concern.Status.ACTED, then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    return rows.select_related("about_person", "about_staff", "owner").order_by(standing, "due_at", "id")


def _unnamed(rows: QuerySet[Concern], user: User) -> QuerySet[Concern]:
    return rows.filter(Q(about_staff__isnull=True) | ~Q(about_staff=user)).exclude(hidden_from__contains=[user.pk])


def _listed(prison: Prison, user: User, on: date) -> Q:
    """On its access list, or standing in for somebody on it who is away.

    A concern never rests with nobody: where none of its list is there any more, all who handle concerns have it.
    """
    listed = ConcernReader.objects.for_prison(prison).filter(concern=OuterRef("pk"), ended_at=None)
    stood_in = receivers.stood_in_for(prison, user, on).values("user_id")
    own = listed.filter(Q(user=user) | Q(user__in=stood_in))
    return Q(Exists(own)) | ~Q(Exists(listed.filter(user__in=receivers.there(prison, on).values("pk"))))


def waiting(prison: Prison, user: User, on: date) -> QuerySet[Concern]:
    """Nobody has acted yet: what the home tile counts."""
    return concerns_for(prison, user, on).filter(status=Concern.Status.NEW)


def notes_to_the_lead(prison: Prison, user: User) -> QuerySet[Concern]:
    """Notes to the lead from people who want to talk, newest first."""
    rows: QuerySet[Concern] = Concern.objects.for_prison(prison).filter(kind=Concern.Kind.TALK_TO_STAFF)
    return _unnamed(rows, user).select_related("writer", "owner").order_by("-raised_at", "-id")


def notes_to_answer(prison: Prison, user: User) -> QuerySet[Concern]:
    """Nobody has talked with the writer yet, the longest waiting first."""
    return notes_to_the_lead(prison, user).exclude(status=Concern.Status.CLOSED).order_by("due_at", "id")


def writers_to_tell(prison: Prison, user: User, on: date) -> QuerySet[Concern]:
    """Acted on, but the writer has not been told in person."""
    return concerns_for(prison, user, on).filter(
        status=Concern.Status.ACTED, writer__isnull=False, writer_told_at__isnull=True
    )


def told_late(rows: QuerySet[Concern], now: datetime) -> QuerySet[Concern]:
    """Those of which the writer should have been told by now."""
    return rows.filter(acted_at__lt=now - TELL_WITHIN)


def concerns_to_chase(prison: Prison, user: User, on: date) -> QuerySet[Concern]:
    """Handed on, not answered, and due to be asked about again."""
    due = HandOn.objects.for_prison(prison).filter(concern=OuterRef("pk"), answered_at=None, chase_on__lte=on)
    return concerns_for(prison, user, on).filter(Exists(due))


def open_hand_ons(prison: Prison, user: User, on: date) -> QuerySet[HandOn]:
    """Handed on and not answered, the soonest chase first."""
    rows: QuerySet[HandOn] = HandOn.objects.for_prison(prison).filter(
        answered_at=None, concern__in=concerns_for(prison, user, on).order_by().values("pk")
    )
    return rows.select_related("concern").order_by("chase_on", "id")


def hand_ons_of(concern: Concern) -> QuerySet[HandOn]:
    """Where it was handed on to, the newest first."""
    rows: QuerySet[HandOn] = concern.hand_ons.select_related("handed_by", "answered_by").order_by("-handed_at", "-id")
    return rows


def council_told(concern: Concern) -> bool:
    """Whether the council was told."""
    return bool(concern.hand_ons.filter(to=HandOn.To.COUNCIL).exists())


def readers_of(concern: Concern) -> QuerySet[ConcernReader]:
    """Who is on its access list, in the order in which they came."""
    rows: QuerySet[ConcernReader] = concern.readers.filter(ended_at=None)
    return rows.select_related("user", "instead_of", "given_by").order_by("id")


def raised_by(prison: Prison, user: User) -> QuerySet[Concern]:
    """What this member of staff raised, newest first."""
    rows: QuerySet[Concern] = Concern.objects.for_prison(prison).filter(raised_by=user)
    return _unnamed(rows, user).order_by("-raised_at", "-id")


def actions_of(concern: Concern) -> QuerySet[ConcernAction]:
    """What was done, newest first."""
    rows: QuerySet[ConcernAction] = concern.actions.select_related("by").order_by("-at", "-id")
    return rows


def staff_here(prison: Prison, on: date) -> QuerySet[User]:
    """Members of staff with a role at the prison: whom a concern can be about."""
    current = Membership.objects.current(on).filter(prison=prison).values("user_id")
    return User.objects.filter(pk__in=current, is_active=True).order_by("name", "id")
