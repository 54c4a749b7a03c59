"""`script/demo`: the whole service with synthetic prisons on this machine, for looking at. Never as production."""

from __future__ import annotations

import argparse
import contextlib
import errno
import json
import os
import secrets
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, TextIO

import redis

from script.support import database, looking, messages, state, voice, walk
from script.support.database import Addresses
from script.support.environment import PYTHON
from script.support.looking import LOOPBACK
from script.support.processes import Stopped, Supervisor, base_environment, run_step, stop_signals, undisturbed
from script.support.servers import PostgreSQL, Valkey
from script.support.state import ROOT, State, read_json, require_space, try_lock, write_json

READY_SECONDS = 90
DATABASE = "buddyscheme_demo"


@dataclass
class Demo:
    """One start of the site: its state, its servers and its processes."""

    state: State
    port: int
    lock: TextIO
    supervisor: Supervisor = field(init=False)
    postgresql: PostgreSQL | None = None
    valkey: Valkey | None = None
    given_database: str | None = None
    given_redis: str | None = None
    recording: subprocess.Popen[bytes] | None = None

    def __post_init__(self) -> None:
        self.supervisor = Supervisor(self.state)
        self.environment: dict[str, str] = {}

    @property
    def url(self) -> str:
        """The address for a browser."""
        return f"http://localhost:{self.port}"

    # -- servers ---------------------------------------------------------------------------------------------------

    def start_servers(self) -> dict[str, str]:
        """Start or check PostgreSQL and Redis, and return the environment of the site."""
        addresses = self._database()
        return base_environment() | {
            "BUDDY_MODE": "demo",
            "SECRET_KEY": self.state.secret("secret_key"),
            "CODE_PEPPER": self.state.secret("code_pepper"),
            "DATABASE_URL": addresses.app,
            "DATABASE_OWNER_URL": addresses.owner,
            "REDIS_URL": self._redis(),
            "STATIC_ROOT": str(self.state.private / "static"),
            "AUDIO_ROOT": str(self.state.private / "audio"),
        }

    def _database(self) -> Addresses:
        url = os.environ.get("DATABASE_URL")
        if url:
            return self._given_database(url)
        self.postgresql = PostgreSQL(self.state, durable=not self.state.throw_away)
        self.postgresql.start()
        admin, passwords = self.postgresql.url(), self.state.private / "logins.json"
        addresses = database.prepare(admin, database=DATABASE, passwords=passwords)
        return self._filled_from_scratch(admin, addresses, DATABASE, passwords)

    def _given_database(self, url: str) -> Addresses:
        """Use the server at DATABASE_URL: a database of ours if its login may make one, else the one given."""
        name = f"buddyscheme_check_{secrets.token_hex(4)}" if self.state.throw_away else DATABASE
        if database.may_prepare(url):
            passwords = database.given_passwords(url)
            addresses = database.prepare(url, database=name, passwords=passwords)
            self.given_database = name if self.state.throw_away else None
            return self._filled_from_scratch(url, addresses, name, passwords)
        addresses = database.as_given(url)
        if self.state.throw_away:
            addresses = database.throw_away_beside(addresses, name)
            self.given_database = name
        if database.mark(addresses.owner) == database.SEEDING:
            raise messages.half_seeded()
        return addresses

    def _filled_from_scratch(self, admin: str, addresses: Addresses, name: str, passwords: Any) -> Addresses:
        """Begin again when an earlier start was interrupted half-way through the story."""
        if database.mark(addresses.owner) != database.SEEDING:
            return addresses
        messages.say("An earlier start was interrupted while it filled the demo's database: beginning again …")
        database.drop(admin, name)
        return database.prepare(admin, database=name, passwords=passwords)

    def _redis(self) -> str:
        url = os.environ.get("REDIS_URL")
        if not url:
            self.valkey = Valkey(self.state, durable=not self.state.throw_away)
            self.valkey.start()
            return self.valkey.url
        client = redis.Redis.from_url(url, socket_timeout=5)
        try:
            client.ping()
        except redis.RedisError as error:
            host = client.connection_pool.connection_kwargs.get("host", "the socket")
            raise messages.server_unreachable("REDIS_URL", str(host), str(error)) from None
        if self.state.throw_away:
            self.given_redis = url = _empty_redis(url)
        return url

    def missing_server(self) -> str | None:
        """Return the name of a server of ours that is gone."""
        for server in (self.postgresql, self.valkey):
            if server is not None and server.pid() is None:
                return server.name
        return None

    # -- processes -------------------------------------------------------------------------------------------------

    def start_site(self, environment: dict[str, str]) -> None:
        """Prepare the database, start web, worker and beat, and wait until the site says that it is ready."""
        self.environment = environment
        if not self.state.throw_away and voice.is_there():
            self.recording = voice.start_recording(environment, self.state.logs / "audio.log")
        filled = database.mark(environment["DATABASE_OWNER_URL"]) == database.READY
        messages.say(
            "Preparing the database …"
            if filled
            else "Filling the database with six made-up prisons (about a minute, this once) …"
        )
        log = self.state.logs / "prepare.log"
        run_step(
            "Preparing the database",
            _python("script.support.site", str(self.state.private)),
            environment | {"BUDDY_DB_AS_OWNER": "1"},
            log,
        )
        for name, command in self._commands().items():
            self.supervisor.start(name, command, environment)
        messages.say("Waiting for the site …")
        if not self.supervisor.wait_until(self._ready, READY_SECONDS):
            raise messages.not_ready(READY_SECONDS, self._health(), self.state.logs)

    def _commands(self) -> dict[str, list[str]]:
        """Return the commands of the three processes; each names the state's folder, by which it is known again."""
        kept = self.state.private
        for name in ("web.pid", "worker.pid"):
            (kept / name).unlink(missing_ok=True)
        web = ["--bind", f"{LOOPBACK}:{self.port}", "--workers", "2", "--worker-class", "gthread", "--threads", "4"]
        web += ["--no-control-socket", "--graceful-timeout", "8", "--timeout", "60", "--pid", str(kept / "web.pid")]
        worker = [
            "--concurrency",
            "2",
            "--without-gossip",
            "--without-mingle",
            "--loglevel",
            "INFO",
            "--pidfile",
            str(kept / "worker.pid"),
        ]
        celery = _python("celery", "--app", "buddyscheme.celery:app")
        return {
            "web": _python("gunicorn", "buddyscheme.wsgi:application", *web),
            "worker": [*celery, "worker", *worker],
            "beat": [*celery, "beat", "--loglevel", "INFO", "--schedule", str(kept / "beat-schedule")],
        }

    def _ready(self) -> bool:
        return self._health() == "200"

    def _health(self) -> str:
        """Return the status of the readiness page, or why there is none."""
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(f"http://{LOOPBACK}:{self.port}/health/ready", timeout=5) as answer:
                return str(answer.status)
        except urllib.error.HTTPError as error:
            return f"{error.code} {error.read(300).decode(errors='replace')}"
        except OSError as error:
            return str(error)

    def accounts(self) -> list[dict[str, Any]]:
        """Return the ready-made accounts for the walk."""
        try:
            found = json.loads((self.state.private / "accounts.json").read_text() or "[]")
        except (OSError, ValueError):
            return []
        return found if isinstance(found, list) else []

    def accounts_table(self) -> str:
        """Return the table of accounts for people."""
        try:
            return (self.state.private / "accounts.txt").read_text().rstrip()
        except OSError:
            return ""

    # -- the end ---------------------------------------------------------------------------------------------------

    def stop(self) -> None:
        """Stop what this start started, last first, and nothing else."""
        with undisturbed():
            if self.recording is not None:
                self.recording.kill()
                self.recording.wait()
            self.supervisor.stop()
            for server in (self.valkey, self.postgresql):
                if server is not None:
                    server.stop()
            if self.given_redis is not None:
                redis.Redis.from_url(self.given_redis).flushdb()
            if self.given_database is not None:
                database.drop(os.environ.get("DATABASE_OWNER_URL") or os.environ["DATABASE_URL"], self.given_database)
            (self.state.private / "running.json").unlink(missing_ok=True)
            self.lock.close()
            if self.state.throw_away:
                self.state.remove()


def _python(module: str, *arguments: str) -> list[str]:
    return [str(PYTHON), "-m", module, *arguments]


def _empty_redis(url: str) -> str:
    """Return the address of an empty database on the given server: a check must not eat another site's tasks."""
    parts = urllib.parse.urlsplit(url)
    for number in range(1, 16):
        candidate = urllib.parse.urlunsplit(parts._replace(path=f"/{number}"))
        with contextlib.suppress(redis.RedisError):
            if not redis.Redis.from_url(candidate, socket_timeout=5).dbsize():
                return candidate
    raise messages.no_empty_redis()


def wanted_port() -> int:
    """Return PORT, refusing what no server can listen on."""
    value = os.environ.get("PORT") or "8000"
    if not value.isascii() or not value.isdigit() or not 1 <= int(value) <= 65535:
        raise messages.not_a_port(value)
    return int(value)


def require_port(port: int) -> None:
    """Say at once that the port is taken, before a minute of work."""
    error = looking.port_error(port)
    if error == errno.EACCES:
        raise messages.port_not_allowed(port)
    if error is not None:
        raise messages.port_in_use(port)


@contextlib.contextmanager
def started(kept: State, *, port: int | None) -> Iterator[Demo]:
    """Run one demo from its lock to its stop."""
    lock = try_lock(kept.private / "run.lock")
    if lock is None:
        running = read_json(kept.private / "running.json")
        detail = f" at {running['url']} (process {running['pid']})" if running else ""
        raise messages.already_running("The demo", detail)
    demo = Demo(kept, port or looking.free_port(), lock)
    try:
        left = demo.supervisor.end_left_over()
        if left:
            messages.say(f"Ended what an earlier start had left running: {', '.join(left)}.")
        require_port(demo.port)
        write_json(kept.private / "running.json", {"url": demo.url, "pid": os.getpid()})
        require_space(kept.servers, 400)
        messages.say("Starting PostgreSQL and Valkey …")
        demo.start_site(demo.start_servers())
        yield demo
    finally:
        demo.stop()


def clear_abandoned() -> None:
    """Remove what a check left behind that was killed before it could."""
    for kept in state.abandoned("check"):
        lock = try_lock(kept.private / "run.lock")
        if lock is None:
            continue  # a check that runs at this moment
        Supervisor(kept).end_left_over()
        PostgreSQL(kept).stop()
        Valkey(kept).stop()
        lock.close()
        kept.remove()


def show(*, stop_after_ready: bool) -> int:
    """Run the demo until somebody stops it."""
    began = time.monotonic()
    with started(state.named("demo"), port=wanted_port()) as demo:
        messages.say(
            f"\nBuddy Scheme is at {demo.url}/  "
            f"(ready after {time.monotonic() - began:.0f} s; made-up prisons and people)\n"
        )
        messages.say(demo.accounts_table() or "There are no ready-made accounts in this version yet.")
        messages.say(
            f"\nCtrl-C stops it. What it writes is in {demo.state.logs.relative_to(ROOT)}; "
            "the data stay for the next start."
        )
        if not stop_after_ready:
            demo.supervisor.watch(demo.missing_server)
    return 0


def check() -> int:
    """Walk the main line on a throw-away copy of everything, and say how it went."""
    clear_abandoned()
    with started(state.throw_away("check"), port=None) as demo:
        messages.say(f"Walking the main line at {demo.url} …")
        passed = walk.run(demo.url, demo.accounts(), demo.environment)
        messages.say(
            "The check passed."
            if passed
            else f"The check failed.\n{looking.last_lines(demo.supervisor.log('web'), 40)}"
        )
    return 0 if passed else 1


def main(arguments: list[str]) -> int:
    """Run `script/demo` and turn what stops it into a sentence."""
    parser = argparse.ArgumentParser(prog="script/demo", description=__doc__)
    parser.add_argument(
        "--check", action="store_true", help="walk the main line over HTTP with throw-away data, then stop"
    )
    parser.add_argument("--stop-after-ready", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    try:
        with stop_signals():
            return check() if options.check else show(stop_after_ready=options.stop_after_ready)
    except messages.CannotGoOn as stop:
        messages.complain(str(stop).strip("\n"))
    except OSError as error:
        sentence = messages.from_os_error(error, ROOT)
        if sentence is None:
            raise
        messages.complain(str(sentence))
    except Stopped:
        messages.say("\nStopped.")
        return 130 if options.check else 0
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
