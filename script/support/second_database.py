"""The database-dependent tests once more, on Debian's PostgreSQL and Redis: production may be older than our wheels.

python -m script.support.second_database [pytest arguments]
"""

from __future__ import annotations

import contextlib
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

from script.support import database, messages, state
from script.support.checks import DATABASE, apt_install, environment_for_tests, pytest
from script.support.processes import Stopped, stop_signals, undisturbed
from script.support.servers import PostgreSQL, Valkey

POLICY = Path("/usr/sbin/policy-rc.d")


def postgresql_programs() -> Path | None:
    """Return the folder of the oldest PostgreSQL of the machine that we support."""
    folders = {int(path.parts[-3]): path.parent for path in Path("/usr/lib/postgresql").glob("[0-9]*/bin/initdb")}
    supported = sorted(number for number in folders if number >= 15)
    return folders[supported[0]] if supported else None


def redis_program() -> Path | None:
    """Return the Redis (or Valkey) of the machine."""
    found = shutil.which("redis-server") or shutil.which("valkey-server")
    return Path(found) if found else None


@contextlib.contextmanager
def no_services() -> Iterator[None]:
    """Keep Debian from starting the installed servers: we start our own, on free ports with their own data."""
    if POLICY.exists():
        yield
        return
    POLICY.write_text("#!/bin/sh\nexit 101\n")
    POLICY.chmod(0o755)
    try:
        yield
    finally:
        POLICY.unlink(missing_ok=True)


def programs() -> tuple[Path, Path]:
    """Return PostgreSQL's folder and Redis's program, installed by apt when missing and we are root."""
    missing = [
        name
        for name, found in (("postgresql", postgresql_programs()), ("redis-server", redis_program()))
        if found is None
    ]
    if missing and state.is_root() and shutil.which("apt-get"):
        messages.say(f"Installing {' and '.join(missing)} with apt …")
        with no_services():
            apt_install(*missing)
    postgresql, broker = postgresql_programs(), redis_program()
    if postgresql is None or broker is None:
        raise messages.no_second_servers()
    return postgresql, broker


def run(arguments: list[str]) -> int:
    """Start both servers with throw-away data, run the tests that depend on them, and stop them."""
    folder, program = programs()
    kept = state.throw_away("second")
    postgresql = PostgreSQL(kept, durable=False, max_connections=200, programs=folder, locale=("--locale", "C.UTF-8"))
    broker = Valkey(kept, durable=False, program=program)
    try:
        postgresql.start()
        broker.start()
        messages.say(f"The database-dependent tests again, on {folder} and {program}:")
        addresses = database.prepare(postgresql.url(), database=DATABASE, passwords=kept.private / "logins.json")
        given = {"DATABASE_URL": addresses.app, "DATABASE_OWNER_URL": addresses.owner, "REDIS_URL": broker.url}
        return pytest(["-m", "second_database", *arguments], environment_for_tests(given))
    finally:
        with undisturbed():
            broker.stop()
            postgresql.stop()
            kept.remove()


def main(arguments: list[str]) -> int:
    """Run it and turn what stops it into a sentence."""
    try:
        with stop_signals():
            return run(arguments)
    except messages.CannotGoOn as stop:
        messages.complain(str(stop).strip("\n"))
    except Stopped:
        messages.complain("\nStopped.")
        return 130
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
