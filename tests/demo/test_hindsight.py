"""Telling of a time that lies further back than prisons read of people who have left."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

from buddyscheme.accounts.models import Prison, User
from buddyscheme.demo.hindsight import whoever_left
from buddyscheme.scope.transaction import DatabaseRole, scoped
from schemes.models import Custody, Person
from tests.builders.schemes import person_in


def test_a_prison_reads_whoever_left_long_ago_while_the_story_is_told(
    here: Prison, elsewhere: Prison, lead: User, now: datetime
) -> None:
    with scoped(DatabaseRole.WEB, prisons=[here.code]):
        person = person_in(here, lead, now)
    left = timezone.now() - timedelta(days=settings.FORMER_READ_DAYS + 30)
    Custody.objects.filter(person=person).update(
        started_at=left - timedelta(days=90), ended_at=left, end_reason="RELEASE"
    )
    assert not reads(here, person)
    with whoever_left():
        assert reads(here, person)
        assert not reads(elsewhere, person)
    assert not reads(here, person)


def reads(prison: Prison, person: Person) -> bool:
    """Whether the prison's staff pages see the row."""
    with scoped(DatabaseRole.WEB, prisons=[prison.code]):
        return Person.objects.filter(pk=person.pk).exists()
