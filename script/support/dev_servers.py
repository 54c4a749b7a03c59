"""`script/dev-servers start|stop|env`: PostgreSQL and Valkey in the background, for people who write this project."""

from __future__ import annotations

import shlex
import sys

from script.support import messages, state
from script.support.database import prepare
from script.support.processes import Stopped, stop_signals
from script.support.servers import PostgreSQL, Valkey
from script.support.state import State

DATABASE = "buddyscheme_dev"


def _servers(kept: State) -> tuple[PostgreSQL, Valkey]:
    # Not durable: a power cut may cost the development database, and tests run twice as fast.
    return PostgreSQL(kept, durable=False, max_connections=200), Valkey(kept, durable=False)


def variables(kept: State) -> dict[str, str]:
    """Start what does not run yet and return the environment for a developer's shell."""
    postgresql, valkey = _servers(kept)
    postgresql.start()
    valkey.start()
    addresses = prepare(postgresql.url(), database=DATABASE, passwords=kept.private / "logins.json")
    return {
        "BUDDY_MODE": "test",
        "DJANGO_ALLOW_ASYNC_UNSAFE": "1",  # Playwright's loop runs in the thread that also uses the database
        "DATABASE_OWNER_URL": addresses.owner,
        "DATABASE_URL": addresses.app,
        "REDIS_URL": valkey.url,
    }


def main(arguments: list[str]) -> int:
    """Run one of the three verbs."""
    kept = state.named("dev")
    if arguments == ["stop"]:
        for server in reversed(_servers(kept)):
            server.stop()
        return 0
    if arguments not in (["start"], ["env"]):
        messages.complain("Usage: script/dev-servers start|stop|env")
        return 2
    for name, value in variables(kept).items():
        messages.say(f"export {name}={shlex.quote(value)}")
    return 0


if __name__ == "__main__":
    try:
        with stop_signals():
            sys.exit(main(sys.argv[1:]))
    except messages.CannotGoOn as stop:
        messages.complain(str(stop))
        sys.exit(1)
    except Stopped:
        sys.exit(130)
