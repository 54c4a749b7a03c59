"""What every test has: the cast, clients that are signed in, and the database as the application sees it."""

from __future__ import annotations

import functools
import gc
import itertools
import zlib
from collections.abc import Callable, Generator, Iterator
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from hypothesis import HealthCheck, settings
from pytest_django.fixtures import _django_db_helper as django_db_helper
from pytest_django.plugin import blocking_manager_key

from buddyscheme.accounts.models import Prison, User, Wing
from buddyscheme.scope.transaction import DatabaseRole, Reach, scoped
from tests import cast, kept
from tests.kept import keeper

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)  # a Monday
# How busy the machine is says nothing about our code.
settings.register_profile("ours", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("ours")


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


# What fixtures wrote is kept from one test to the next, see `kept.py` ------------------------------------------------

# Whether no test follows.
LAST = pytest.StashKey[bool]()


def _commits(request: pytest.FixtureRequest) -> bool:
    """Whether the test asks for real commits."""
    marker = request.node.get_closest_marker("django_db")
    asked = marker is not None and (marker.kwargs.get("transaction") or marker.args)
    return bool(asked) or bool({"transactional_db", "live_server"} & set(request.fixturenames))


@pytest.fixture
def _django_db_helper(request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: Any) -> Generator[None]:
    """The transaction of a test: a savepoint above those of its fixtures. With real commits as pytest-django has it."""
    if _commits(request):
        with django_db_blocker.unblock():
            keeper.close()
        yield from django_db_helper.__wrapped__(request, django_db_setup, django_db_blocker)  # type: ignore[attr-defined]
        return
    with django_db_blocker.unblock():
        keeper.begin(request.node)
        yield
        keeper.end()
        if request.node.stash[LAST]:
            # Playwright keeps a loop running, and with one Django has another connection: once the browser is closed,
            # at the end of all tests, what is open here could not be found any more.
            keeper.close()


@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup(fixturedef: pytest.FixtureDef[Any], request: pytest.FixtureRequest) -> Generator[Any, Any]:
    """Where a fixture's value is kept, its function is not called."""
    if not kept.keepable(fixturedef):
        return (yield)
    make = fixturedef.func
    fixturedef.func = functools.wraps(make)(lambda **given: keeper.value(fixturedef, make, given))  # type: ignore[misc]
    try:
        return (yield)
    finally:
        fixturedef.func = make  # type: ignore[misc]


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, Any, Any]:
    """Whatever fixtures of earlier tests are not this one's is gone when it begins."""
    keeper.begin_body()
    return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> Generator[None, Any, Any]:
    """After the last test of a file nothing is kept; after the last of all it goes with that test."""
    item.stash[LAST] = nextitem is None
    result = yield
    if keeper.outer is not None and nextitem is not None and nextitem.path != item.path:
        with item.config.stash[blocking_manager_key].unblock():
            keeper.close()
    return result


# Long files of many cases, for each of which two workers make the file's world once.
HALVED = ("tests/meta/test_access_matrix.py", "tests/meta/test_response_headers.py", "tests/browser/test_every_page.py")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """With several workers a file goes to one of them, which makes its fixtures once; the largest files first.

    Not by the marks of `--dist loadgroup`: xdist 3.8 writes them into a name that pytest 9.2 no longer reads, so that
    every test went to whichever worker was free.
    """
    from xdist.scheduler import LoadScopeScheduling

    class ByFile(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            file = nodeid.split("::")[0]
            return f"{file} {zlib.crc32(nodeid.encode()) % 2}" if file in HALVED else file

    return ByFile(config, log)


def pytest_collection_finish() -> None:
    """What was collected stays to the end: the search for what can be thrown away need not walk through it again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Within each file, tests that begin with the same fixtures stand together."""
    files = itertools.groupby(items, key=lambda item: item.path)
    items[:] = [item for _path, tests in files for item in kept.in_order(list(tests))]


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
duty = _staff("Dee Duty", "DUTY_MANAGER")
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
