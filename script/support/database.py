"""Roles, passwords, a database and its extensions, on our own server or on one that was given."""

from __future__ import annotations

import contextlib
import os
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit, urlunsplit

import psycopg2  # type: ignore[import-untyped]
from psycopg2 import sql
from psycopg2.extensions import connection as Connection  # type: ignore[import-untyped]
from psycopg2.extensions import cursor as Cursor

from script.support import messages
from script.support.state import ROOT, STATE, read_json, write_json

ROLES_SQL = ROOT / "buddyscheme" / "scope" / "roles.sql"
EXTENSIONS = ("btree_gist", "citext", "pg_trgm")
OWNER, APP = "buddy_owner", "buddy_app"


@dataclass(frozen=True)
class Addresses:
    """What the project needs to know: the application's login and the owner's."""

    app: str
    owner: str


def with_login(url: str, *, user: str | None = None, password: str = "", database: str | None = None) -> str:
    """Return `url` with another login and database; host, port and options (such as sslmode) stay."""
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    login = f"{quote(user, safe='')}:{quote(password, safe='')}@{host}" if user is not None else parts.netloc
    return urlunsplit(parts._replace(netloc=login, path=parts.path if database is None else f"/{database}"))


def without_password(url: str) -> str:
    """Return host, port and database of `url`, fit for the screen."""
    parts = urlsplit(url)
    return f"{parts.netloc.rpartition('@')[2]}{parts.path}"


@contextlib.contextmanager
def connected(url: str, *, name: str = "DATABASE_URL") -> Iterator[Connection]:
    """Connect with autocommit: roles and databases are made outside transactions."""
    try:
        connection = psycopg2.connect(url, connect_timeout=10)
    except psycopg2.OperationalError as error:
        raise messages.server_unreachable(name, without_password(url), str(error).strip().splitlines()[0]) from None
    connection.autocommit = True
    with contextlib.closing(connection):
        yield connection


def may_prepare(url: str) -> bool:
    """Whether the login of `url` may make roles and databases."""
    with connected(url) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper OR (rolcreaterole AND rolcreatedb) FROM pg_roles WHERE rolname = current_user")
        row = cursor.fetchone()
    return row is not None and bool(row[0])


def prepare(admin_url: str, *, database: str, passwords: Path) -> Addresses:
    """Make roles, database and extensions; safe to run again.

    The passwords of the two logins are kept in the file `passwords`. Logins that were there before, with passwords we
    do not know, are left alone: somebody else may be using them.
    """
    with connected(admin_url) as connection, connection.cursor() as cursor:
        existing = _logins(cursor)
        try:
            cursor.execute(ROLES_SQL.read_text())
        except psycopg2.errors.RaiseException as error:
            raise messages.roles_refused(without_password(admin_url), str(error.diag.message_primary)) from None
        known = read_json(passwords)
        for role in (OWNER, APP):
            if role in existing and not _works(admin_url, role, known.get(role)):
                _refuse_unless_told(admin_url, ours=role in known)
            if role not in known:
                known[role] = secrets.token_urlsafe(32)
        write_json(passwords, known)
        for role in (OWNER, APP):
            cursor.execute(sql.SQL("ALTER ROLE {} PASSWORD {}").format(sql.Identifier(role), sql.Literal(known[role])))
        _make_database(cursor, database)
    _make_extensions(admin_url, database)
    return Addresses(
        app=with_login(admin_url, user=APP, password=known[APP], database=database),
        owner=with_login(admin_url, user=OWNER, password=known[OWNER], database=database),
    )


def given_passwords(url: str) -> Path:
    """Return the file with our logins' passwords on a server that was given; all commands of the clone share it."""
    STATE.mkdir(mode=0o700, exist_ok=True)
    host = urlsplit(url).netloc.rpartition("@")[2]
    return STATE / f"logins-{quote(host, safe='')}.json"


def as_given(url: str) -> Addresses:
    """Return the addresses of DATABASE_URL and DATABASE_OWNER_URL as they are."""
    return Addresses(app=url, owner=os.environ.get("DATABASE_OWNER_URL") or url)


def throw_away_beside(addresses: Addresses, database: str) -> Addresses:
    """Make another database with the owner's login, for a check that must not touch the given one."""
    with connected(addresses.owner, name="DATABASE_OWNER_URL") as connection, connection.cursor() as cursor:
        try:
            cursor.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(database)))
        except psycopg2.errors.InsufficientPrivilege:
            raise messages.cannot_make_database(without_password(addresses.owner)) from None
    return Addresses(
        app=with_login(addresses.app, database=database), owner=with_login(addresses.owner, database=database)
    )


def drop(admin_url: str, database: str) -> None:
    """Remove a database of ours, its sessions first."""
    with connected(admin_url) as connection, connection.cursor() as cursor:
        cursor.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(database)))


# -- how far the demo's data are -----------------------------------------------------------------------------------
# A comment on a table that every migrated database has: it goes with the data, however the data go.

SEEDING, READY = "buddyscheme demo: seeding", "buddyscheme demo: ready"


def read_mark(cursor: Any) -> str | None:
    """Return the mark, None in a database that was never filled."""
    cursor.execute("SELECT obj_description(to_regclass('public.django_migrations'), 'pg_class')")
    row = cursor.fetchone()
    return str(row[0]) if row and row[0] else None


def write_mark(cursor: Any, text: str) -> None:
    """Say that filling has begun, or is complete."""
    cursor.execute("COMMENT ON TABLE public.django_migrations IS %s", [text])


def mark(url: str) -> str | None:
    """Return how far an earlier start came with filling the database."""
    with connected(url) as connection, connection.cursor() as cursor:
        return read_mark(cursor)


def _logins(cursor: Cursor) -> set[str]:
    cursor.execute("SELECT rolname FROM pg_roles WHERE rolname IN %s", ((OWNER, APP),))
    return {row[0] for row in cursor.fetchall()}


def _works(admin_url: str, role: str, password: str | None) -> bool:
    """Whether the password we remember still opens the login."""
    if password is None:
        return False
    try:
        psycopg2.connect(with_login(admin_url, user=role, password=password), connect_timeout=10).close()
    except psycopg2.OperationalError:
        return False
    return True


def _refuse_unless_told(admin_url: str, *, ours: bool) -> None:
    if not ours and os.environ.get("BUDDY_RESET_ROLES") != "1":
        raise messages.roles_have_unknown_passwords(without_password(admin_url))


def _make_database(cursor: Cursor, database: str) -> None:
    cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", (database,))
    if cursor.fetchone():
        return
    cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
    row = cursor.fetchone()
    if row is not None and not row[0]:
        # Only a member of a role may make a database that the role owns.
        cursor.execute(sql.SQL("GRANT {} TO CURRENT_USER").format(sql.Identifier(OWNER)))
    cursor.execute(
        sql.SQL("CREATE DATABASE {} OWNER {} ENCODING 'UTF8' TEMPLATE template1").format(
            sql.Identifier(database), sql.Identifier(OWNER)
        )
    )


def _make_extensions(admin_url: str, database: str) -> None:
    """Make the extensions in the database, and in template1 so that test databases have them from birth.

    The three are trusted, so where the login may not, the database's owner makes them when it migrates.
    """
    for name in (database, "template1"):
        with connected(with_login(admin_url, database=name)) as connection, connection.cursor() as cursor:
            for extension in EXTENSIONS:
                with contextlib.suppress(psycopg2.errors.InsufficientPrivilege):
                    cursor.execute(sql.SQL("CREATE EXTENSION IF NOT EXISTS {}").format(sql.Identifier(extension)))
