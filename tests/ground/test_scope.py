"""Row-level security and roles: a forgotten filter returns nothing, and a role can do only its own."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any

import pytest
from django.apps import apps
from django.db import DatabaseError, ProgrammingError, connection, transaction

from buddyscheme.accounts.models import Prison, User
from buddyscheme.scope.access import has_prison, row_condition
from buddyscheme.scope.transaction import DatabaseRole, current_reach, narrow, scoped
from schemes.models import LockDown

pytestmark = [pytest.mark.django_db, pytest.mark.second_database]
At = Callable[[Prison], AbstractContextManager[Any]]


def lock_down(prison: Prison, by: User, now: datetime) -> LockDown:
    return LockDown.objects.create(
        prison=prison, day=now.date(), reason="Staff training", recorded_at=now, recorded_by=by
    )


def test_rows_of_another_prison_are_not_there(
    here: Prison, elsewhere: Prison, lead: User, now: datetime, at_prison: At
) -> None:
    lock_down(here, lead, now)
    lock_down(elsewhere, lead, now)
    with at_prison(here):
        assert [row.prison_id for row in LockDown.objects.all()] == [here.code]
    with scoped(DatabaseRole.WEB):
        assert not LockDown.objects.exists()
    with scoped(DatabaseRole.WEB, prisons=[here.code, elsewhere.code]):
        assert LockDown.objects.count() == 2


def test_a_row_for_another_prison_cannot_be_written(
    here: Prison, elsewhere: Prison, lead: User, now: datetime, at_prison: At
) -> None:
    with pytest.raises(ProgrammingError, match="row-level security"), at_prison(here):
        lock_down(elsewhere, lead, now)


def test_a_row_cannot_be_moved_to_another_prison(
    here: Prison, elsewhere: Prison, lead: User, now: datetime, at_prison: At
) -> None:
    row = lock_down(here, lead, now)
    with pytest.raises(ProgrammingError, match="row-level security"), at_prison(here):
        LockDown.objects.filter(pk=row.pk).update(prison=elsewhere)


def test_the_national_role_sees_all_and_changes_no_prison_rows(here: Prison, lead: User, now: datetime) -> None:
    lock_down(here, lead, now)
    with scoped(DatabaseRole.NATIONAL):
        assert LockDown.objects.count() == 1
    with pytest.raises(ProgrammingError, match="permission denied"), scoped(DatabaseRole.NATIONAL):
        LockDown.objects.update(reason="x")


def test_nothing_of_a_prison_is_deleted(here: Prison, lead: User, now: datetime, at_prison: At) -> None:
    lock_down(here, lead, now)
    with pytest.raises(ProgrammingError, match="permission denied"), at_prison(here):
        LockDown.objects.all().delete()


def test_the_terminal_role_reads_no_table_that_it_was_not_given(here: Prison) -> None:
    with pytest.raises(ProgrammingError, match="permission denied"), scoped(DatabaseRole.TERMINAL, prisons=[here.code]):
        LockDown.objects.count()


def test_a_scope_puts_the_old_one_back(here: Prison, elsewhere: Prison, lead: User, now: datetime) -> None:
    lock_down(here, lead, now)
    with scoped(DatabaseRole.WEB, prisons=[here.code]):
        with scoped(DatabaseRole.WEB, prisons=[elsewhere.code]):
            assert not LockDown.objects.exists()
        assert LockDown.objects.exists()
        with pytest.raises(ZeroDivisionError), scoped(DatabaseRole.NATIONAL):
            raise ZeroDivisionError
        assert current_reach() is not None
        assert current_reach().role == DatabaseRole.WEB  # type: ignore[union-attr]
        assert LockDown.objects.exists()
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user = session_user")
        assert cursor.fetchone() == (True,)


def test_narrowing_needs_a_scope() -> None:
    with pytest.raises(RuntimeError):
        narrow(prisons=["ZTA"])


def test_every_table_with_a_prison_has_row_level_security() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relrowsecurity")
        secured = {row[0] for row in cursor.fetchall()}
    open_by_name = {"accounts_wing", "accounts_membership", "accounts_terminal"}
    for model in apps.get_models():
        if has_prison(model) and model._meta.db_table not in open_by_name:
            assert row_condition(model), model
            assert model._meta.db_table in secured, model


def test_no_policy_holds_an_or() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename, policyname, qual, with_check FROM pg_policies WHERE schemaname = 'public'")
        policies = cursor.fetchall()
    assert len(policies) > 40
    for table, name, qual, check in policies:
        assert " OR " not in f"{qual} {check}", (table, name)


def test_the_roles_are_neither_superusers_nor_owners() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolname, rolsuper, rolbypassrls FROM pg_roles WHERE rolname LIKE 'buddy\\_%%'", [])
        roles = cursor.fetchall()
        cursor.execute("SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname = 'public'")
        owners = {row[0] for row in cursor.fetchall()}
    assert len(roles) == 5
    assert not any(superuser or bypass for _, superuser, bypass in roles)
    assert owners == {"buddy_owner"}


@pytest.mark.parametrize(
    "table", ["audit_auditevent", "audit_seal", "referrals_visit", "monitoring_release", "monitoring_releasefigure"]
)
@pytest.mark.parametrize("verb", ["UPDATE {} SET id = id", "DELETE FROM {}"])
def test_kept_rows_are_not_changed_even_by_the_owner(table: str, verb: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
            " WHERE c.relname = %s AND NOT t.tgisinternal",
            [table],
        )
        assert cursor.fetchone()[0] >= 1
    for role in (DatabaseRole.WEB, DatabaseRole.NATIONAL):
        with pytest.raises(DatabaseError), scoped(role), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(verb.format(table))


def test_no_page_reads_the_history_of_rows(here: Prison, lead: User) -> None:
    history = [model for model in apps.get_models() if hasattr(model, "pgh_tracked_model")]
    assert len(history) > 10
    for model in history:
        for role in (DatabaseRole.WEB, DatabaseRole.NATIONAL, DatabaseRole.TERMINAL):
            with pytest.raises(ProgrammingError, match="permission denied"), scoped(role, prisons=[here.code]):
                model._default_manager.exists()
