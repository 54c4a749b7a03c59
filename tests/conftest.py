"""What every test has: the cast, clients that are signed in, and the database as the application sees it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client

from buddyscheme.accounts.models import Prison, User, Wing
from buddyscheme.scope.transaction import DatabaseRole, Reach, scoped
from tests import cast

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)  # a Monday


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """At the very end, connections that a browser's last request or a thread left open are closed.

    The test database cannot be dropped while somebody is connected, and a live server's thread may outlive its test.
    """
    yield
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND usename = current_user AND pid <> pg_backend_pid()"
        )


@pytest.fixture
def now() -> datetime:
    """The moment at which tests act: Monday 23 November 2026, 10:00."""
    return NOW


@pytest.fixture
def here(db: None) -> Prison:
    """The prison at which the cast works."""
    return cast.make_prison()


@pytest.fixture
def elsewhere(db: None) -> Prison:
    """Another prison."""
    return cast.make_prison("ZTB", "Otherfield")


@pytest.fixture
def wing(here: Prison) -> Wing:
    """A wing of `here`, with three landings."""
    return cast.make_wing(here)


@pytest.fixture
def at_prison() -> Callable[[Prison], AbstractContextManager[Reach]]:
    """`with at_prison(here):` runs actions as the web role, with row-level security, as a request does."""
    return lambda prison: scoped(DatabaseRole.WEB, prisons=[prison.code])


def _staff(name: str, role: str, department: str = "") -> Callable[[Prison], User]:
    def make(here: Prison) -> User:
        return cast.make_staff(name, role, here, department=department)

    return pytest.fixture(make)


lead = _staff("Lena Lead", "LEAD")
deputy = _staff("Dev Deputy", "DEPUTY_LEAD")
officer = _staff("Olu Officer", "OFFICER")
trainer = _staff("Tess Trainer", "TRAINER")
council = _staff("Cai Council", "COUNCIL")
healthcare = _staff("Hana Health", "HEALTHCARE")
delegate = _staff("Gil Governor", "GOVERNOR_DELEGATE")
safeguarding = _staff("Sol Safeguarding", "SAFEGUARDING")
security = _staff("Sid Security", "SECURITY")
dpo = _staff("Dot Data", "DPO")
admin = _staff("Ada Admin", "ADMIN")


@pytest.fixture
def outsider(elsewhere: Prison) -> User:
    """A lead like `lead`, of another prison."""
    return cast.make_staff("Otto Outside", "LEAD", elsewhere)


@pytest.fixture
def inspector(db: None) -> User:
    """Aggregates only."""
    return cast.make_staff("Ina Inspector", "INSPECTOR", None)


@pytest.fixture
def national_lead(db: None) -> User:
    """Publishes releases."""
    return cast.make_staff("Nat National", "NATIONAL_LEAD", None)


@pytest.fixture
def signed_in() -> Callable[[User], Client]:
    """`signed_in(lead).get(…)`: a browser with that person's session, checking CSRF as the real one does not."""

    def client_for(user: User) -> Client:
        client = Client()
        client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return client_for


@pytest.fixture(autouse=True)
def _counts_start_at_nought() -> None:
    """Guesses of one test are not another's."""
    cache.clear()


@pytest.fixture(autouse=True)
def _no_reach_left() -> Iterator[None]:
    """A test that leaves a scope open would hide another's mistake."""
    yield
    from buddyscheme.scope.transaction import current_reach

    assert current_reach() is None
