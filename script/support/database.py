"""Roles, passwords, a database and its extensions, on our own server or on one that was given."""

from __future__ import annotations

import contextlib
import os
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlsplit, urlunsplit

import psycopg2
from psycopg2 import sql
from psycopg2.extensions import connection as Connection
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
        cursor.execute(ROLES_SQL.read_text())
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


def given(url: str, *, database: str) -> Addresses:
    """Return the addresses for a server named by DATABASE_URL: prepared by us if its login may, else as given."""
    if not may_prepare(url):
        return Addresses(app=url, owner=os.environ.get("DATABASE_OWNER_URL", url))
    host = urlsplit(url).netloc.rpartition("@")[2]
    STATE.mkdir(mode=0o700, exist_ok=True)
    return prepare(url, database=database, passwords=STATE / f"logins-{quote(host, safe='')}.json")


def drop(admin_url: str, database: str) -> None:
    """Remove a throw-away database of ours from a server that was given."""
    with connected(admin_url) as connection, connection.cursor() as cursor:
        cursor.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(database)))


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
    cursor.execute(sql.SQL("CREATE DATABASE {} OWNER {} ENCODING 'UTF8' TEMPLATE template1").format(sql.Identifier(database), sql.Identifier(OWNER)))


def _make_extensions(admin_url: str, database: str) -> None:
    """Make the extensions in the database, and in template1 so that test databases have them from birth.

    The three are trusted, so where the login may not, the database's owner makes them when it migrates.
    """
    for name in (database, "template1"):
        with connected(with_login(admin_url, database=name)) as connection, connection.cursor() as cursor:
            for extension in EXTENSIONS:
                with contextlib.suppress(psycopg2.errors.InsufficientPrivilege):
                    cursor.execute(sql.SQL("CREATE EXTENSION IF NOT EXISTS {}").format(sql.Identifier(extension)))
