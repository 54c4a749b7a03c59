"""The audit: never anonymous, never changed, sealed into a chain that shows any break."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, connection
from django.utils import timezone

from buddyscheme.accounts.actor import Actor
from buddyscheme.accounts.models import Prison, User
from buddyscheme.audit.chain import seal_pending, verify
from buddyscheme.audit.events import Event
from buddyscheme.audit.models import AuditEvent, Seal
from buddyscheme.audit.record import record
from buddyscheme.scope.transaction import DatabaseRole, scoped

pytestmark = [pytest.mark.django_db, pytest.mark.second_database]


def old_event(by: User, prison: Prison) -> AuditEvent:
    """An event old enough to be sealed."""
    actor = Actor.staff(by, roles=("LEAD",))
    return AuditEvent.objects.create(
        code=Event.SCHEME_OPENED,
        actor_kind=actor.kind,
        actor_id=actor.id,
        prison_code=prison.code,
        at=timezone.now() - timedelta(minutes=1),
    )


def test_an_event_has_a_person_behind_it() -> None:
    with pytest.raises(ValueError, match="person"):
        record(Event.SCHEME_OPENED, by=Actor("staff", None))
    with pytest.raises(IntegrityError, match="audit_not_anonymous"):
        AuditEvent.objects.create(code="x", actor_kind="staff")


def test_an_event_is_never_changed_or_removed(lead: User, here: Prison) -> None:
    event = old_event(lead, here)
    with pytest.raises(DatabaseError, match="Cannot update"):
        AuditEvent.objects.filter(pk=event.pk).update(code="y")


def test_a_sealed_chain_is_whole(lead: User, here: Prison, elsewhere: Prison) -> None:
    for prison in (here, elsewhere, here):
        old_event(lead, prison)
    with scoped(DatabaseRole.NATIONAL):
        assert seal_pending() == 3
        assert seal_pending() == 0
    assert verify(here.code).sealed == 2
    assert verify(here.code).broken_at is None


def test_an_event_just_written_is_left_to_settle(lead: User, here: Prison) -> None:
    record(Event.SCHEME_OPENED, by=Actor.staff(lead), prison=here.code)
    with scoped(DatabaseRole.NATIONAL):
        assert seal_pending() == 0


def test_a_changed_event_breaks_the_chain_at_its_row(lead: User, here: Prison) -> None:
    events = [old_event(lead, here) for _ in range(3)]
    with scoped(DatabaseRole.NATIONAL):
        seal_pending()
    with connection.cursor() as cursor:
        # What only somebody with the owner's rights and time could do.
        cursor.execute("ALTER TABLE audit_auditevent DISABLE TRIGGER USER")
        cursor.execute("UPDATE audit_auditevent SET code = 'y' WHERE id = %s", [events[1].pk])
        cursor.execute("ALTER TABLE audit_auditevent ENABLE TRIGGER USER")
    report = verify(here.code)
    assert report.broken_at == events[1].pk
    assert report.sealed == 1


def test_one_event_has_one_seal(lead: User, here: Prison) -> None:
    old_event(lead, here)
    with scoped(DatabaseRole.NATIONAL):
        seal_pending()
    assert Seal.objects.count() == 1
