"""The pairs that a concern may be about: whoever is named in it or wrote it, as buddy or as the one who is helped."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from referrals.models import Concern, Match
from schemes.models import Buddy


def pairs(concern: Concern) -> QuerySet[Match]:
    """Running matches of the people of the concern, of buddies in the role, by name."""
    about, writer = concern.about_person_id, concern.writer_id
    people = Q(pk__in=[])
    for person in (about, writer):
        if person is not None:
            people |= Q(plan__person=person) | Q(buddy__person=person)
    if concern.about_buddy_id is not None:
        people |= Q(buddy=concern.about_buddy_id)
    rows: QuerySet[Match] = Match.objects.for_prison(concern.prison_id).filter(
        people, status__in=(Match.Status.ACTIVE, Match.Status.PAUSED), buddy__status=Buddy.Status.ACTIVE
    )
    return rows.select_related("plan__person", "buddy__person", "buddy__scheme").order_by(
        "buddy__person__last_name", "id"
    )
