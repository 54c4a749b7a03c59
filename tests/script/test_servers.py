"""PostgreSQL and Valkey from their wheels: real ones, with throw-away data."""

from __future__ import annotations

import contextlib
import os
import signal
import stat
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import psycopg2
import pytest
import redis

from script.support import database, looking, messages, state
from script.support.servers import PostgreSQL, Server, Valkey

STARTED: list[Server] = []


def _started(server: Server) -> None:
    """Start a server and remember it: what a test process started it must also collect."""
    STARTED.append(server)
    server.start()


@pytest.fixture(scope="module")
def kept() -> Iterator[state.State]:
    made = state.throw_away("unit")
    yield made
    while STARTED:
        server = STARTED.pop()
        server.stop()
        if server._child is not None:
            server._child.wait(10)
    made.remove()


@pytest.fixture(scope="module")
def postgresql(kept: state.State) -> PostgreSQL:
    server = PostgreSQL(kept, durable=False)
    _started(server)
    return server


@pytest.fixture(scope="module")
def addresses(postgresql: PostgreSQL, kept: state.State) -> database.Addresses:
    for _twice in range(2):
        made = database.prepare(postgresql.url(), database="unit", passwords=kept.private / "logins.json")
    return made


def _ask(url: str, *statements: str) -> object:
    with database.connected(url) as connection, connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
        row = cursor.fetchone() if cursor.description else None
    return row[0] if row else None


def _kill(server: Server) -> None:
    pid = server.pid()
    assert pid is not None
    os.kill(pid, signal.SIGKILL)


def test_the_servers_never_run_as_root(postgresql: PostgreSQL) -> None:
    pid = postgresql.pid()
    assert pid is not None
    with contextlib.suppress(FileNotFoundError):  # no /proc on macOS
        assert os.stat(f"/proc/{pid}").st_uid != 0


def test_the_data_are_closed_to_others(postgresql: PostgreSQL) -> None:
    assert stat.S_IMODE(postgresql.data.stat().st_mode) == 0o700
    assert not (postgresql.folder / "password").exists()


def test_a_wrong_password_is_refused(postgresql: PostgreSQL) -> None:
    with pytest.raises(messages.CannotGoOn, match="password authentication failed"):
        _ask(postgresql.url(password="wrong"))


def test_it_listens_on_the_loopback_only(postgresql: PostgreSQL) -> None:
    assert _ask(postgresql.url(), "SHOW listen_addresses") == looking.LOOPBACK
    assert _ask(postgresql.url(), "SHOW unix_socket_directories") == ""


def test_the_logins_are_no_superusers_and_take_the_three_roles(addresses: database.Addresses) -> None:
    for url in (addresses.app, addresses.owner):
        assert _ask(url, "SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user") is False
        for role in ("buddy_web", "buddy_terminal", "buddy_national"):
            assert _ask(url, f"SET ROLE {role}", "SELECT current_user::text") == role


def test_the_application_may_not_become_the_owner(addresses: database.Addresses) -> None:
    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        _ask(addresses.app, "SET ROLE buddy_owner")


def test_the_owner_makes_test_databases_that_have_the_extensions(addresses: database.Addresses) -> None:
    _ask(addresses.owner, "CREATE DATABASE test_unit")
    there = database.with_login(addresses.owner, database="test_unit")
    assert _ask(there, "SELECT count(*) FROM pg_extension WHERE extname IN ('btree_gist', 'citext', 'pg_trgm')") == 3


def test_logins_of_somebody_else_keep_their_passwords(
    postgresql: PostgreSQL, addresses: database.Addresses, kept: state.State
) -> None:
    with pytest.raises(messages.CannotGoOn, match="with passwords that this folder does not know"):
        database.prepare(postgresql.url(), database="unit", passwords=kept.private / "other.json")
    assert _ask(addresses.app, "SELECT 1") == 1


def test_the_mark_goes_with_the_data(addresses: database.Addresses) -> None:
    assert database.mark(addresses.owner) is None
    _ask(addresses.owner, "CREATE TABLE django_migrations ()")
    with database.connected(addresses.owner) as connection, connection.cursor() as cursor:
        database.write_mark(cursor, database.SEEDING)
    assert database.mark(addresses.owner) == database.SEEDING


def test_a_crash_and_four_starts_at_once_make_one_server_with_the_data(
    postgresql: PostgreSQL, addresses: database.Addresses, kept: state.State
) -> None:
    _ask(addresses.owner, "CREATE TABLE kept AS SELECT 1 AS one")
    _ask(postgresql.url(), "CHECKPOINT")  # a server for tests writes late, and would lose the last moment
    _kill(postgresql)
    # At the same port, so that the addresses of the other tests stay right.
    others = [PostgreSQL(kept, durable=False, port=postgresql.port) for _number in range(4)]
    with ThreadPoolExecutor() as pool:
        list(pool.map(_started, others))
    assert len({server.port for server in others}) == 1
    assert len({server.pid() for server in others}) == 1
    assert _ask(addresses.owner, "SELECT one FROM kept") == 1


def test_a_lost_record_is_found_again(postgresql: PostgreSQL, kept: state.State) -> None:
    postgresql.record.unlink()
    again = PostgreSQL(kept, durable=False)
    _started(again)
    assert again.port == postgresql.port


def test_valkey_keeps_what_it_had_when_killed_and_stops_when_asked(kept: state.State) -> None:

    server = Valkey(kept)
    _started(server)
    redis.Redis.from_url(server.url).set("kept", "yes")
    assert looking.wait_until(lambda: _appended(server), 5)
    _kill(server)
    again = Valkey(kept)
    _started(again)
    assert redis.Redis.from_url(again.url).get("kept") == b"yes"
    with pytest.raises(redis.AuthenticationError):
        redis.Redis(host=looking.LOOPBACK, port=again.port or 0).get("kept")
    again.stop()
    assert again.pid() is None


def _appended(server: Valkey) -> bool:
    return any(b"kept" in path.read_bytes() for path in server.folder.rglob("*.aof"))


def test_data_whose_password_is_gone_are_made_anew() -> None:
    made = state.throw_away("unit-anew")
    servers = [PostgreSQL(made, durable=False), PostgreSQL(made, durable=False)]
    try:
        servers[0].start()
        servers[0].stop()
        (made.private / "secrets.json").unlink()
        servers[1].start()
        assert _ask(servers[1].url(), "SELECT 1") == 1
    finally:
        for server in servers:
            server.stop()
            if server._child is not None:
                server._child.wait(10)
        made.remove()
