"""Starting, watching and stopping the processes of the site, each in a group that ends as one."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from script.support import looking, messages
from script.support.state import ROOT, State, read_json, write_json

# Gunicorn and Celery finish the request or task at hand; then patience ends.
PATIENCE_SECONDS = 12.0


class Stopped(BaseException):
    """Somebody pressed Ctrl-C or sent SIGTERM. Not an Exception, so that no handler of errors takes it for one."""


@contextlib.contextmanager
def stop_signals() -> Iterator[None]:
    """Turn Ctrl-C, SIGTERM and a closed terminal into `Stopped`, also when a shell started us with SIGINT ignored."""

    def stop(_number: int, _frame: FrameType | None) -> None:
        raise Stopped

    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = {number: signal.signal(number, stop) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextlib.contextmanager
def undisturbed() -> Iterator[None]:
    """Let a stop run to its end: a second Ctrl-C must not leave half of it running. Each step has a time limit."""
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = {number: signal.signal(number, signal.SIG_IGN) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def run_step(title: str, command: list[str], environment: dict[str, str], log: Path) -> None:
    """Run one command to its end; its words go to `log`, and the last of them to the screen when it fails."""
    with log.open("ab") as file:
        file.write(f"== {title}\n".encode())
        file.flush()
        code = looking.run_in_group(command, output=file, cwd=ROOT, env=environment)
    if code:
        raise messages.start_failed(title, log, looking.last_lines(log, 25))


@dataclass
class Supervisor:
    """The long-running processes of one start."""

    state: State
    children: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @property
    def record(self) -> Path:
        """The processes of the last start, for the case that it was killed and could not stop them."""
        return self.state.private / "processes.json"

    def log(self, name: str) -> Path:
        """What one process says."""
        return self.state.logs / f"{name}.log"

    def end_left_over(self) -> list[str]:
        """End what an earlier start of this state left running; every command line of ours names the state's folder."""
        ended = []
        for name, pid in read_json(self.record).items():
            if isinstance(pid, int) and looking.runs(pid, str(self.state.private)):
                looking.send(pid, signal.SIGTERM, group=True)
                if not looking.wait_until(lambda pid=pid: not looking.command_line(pid), 5):  # type: ignore[misc]
                    looking.send(pid, signal.SIGKILL, group=True)
                ended.append(name)
        self.record.unlink(missing_ok=True)
        return ended

    def start(self, name: str, command: list[str], environment: dict[str, str]) -> None:
        """Start one process; Ctrl-C in our terminal does not reach it, we stop it in order."""
        with self.log(name).open("wb") as log:
            self.children[name] = subprocess.Popen(
                command,
                cwd=ROOT,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        write_json(self.record, {known: child.pid for known, child in self.children.items()})

    def dead(self) -> str | None:
        """Return the name of a process that has ended by itself."""
        return next((name for name, child in self.children.items() if child.poll() is not None), None)

    def refuse_dead(self) -> None:
        """Raise the sentence for a process that has ended by itself."""
        name = self.dead()
        if name is not None:
            code = self.children[name].returncode
            raise messages.child_died(name, code, self.log(name), looking.last_lines(self.log(name)))

    def wait_until(self, condition: Callable[[], bool], seconds: float) -> bool:
        """Wait for `condition`, giving up at once when a process dies."""

        def settled() -> bool:
            self.refuse_dead()
            return condition()

        return looking.wait_until(settled, seconds, every=0.1)

    def watch(self, also: Callable[[], str | None] = lambda: None) -> None:
        """Stay until somebody stops us, or until a process or a server (named by `also`) ends by itself."""
        while True:
            self.refuse_dead()
            gone = also()
            if gone is not None:
                raise messages.server_died(gone, self.log(gone), looking.last_lines(self.log(gone)))
            time.sleep(0.5)

    def stop(self) -> None:
        """Stop everything that this object started, all at once, then wait for each."""
        for child in self.children.values():
            looking.send(child.pid, signal.SIGTERM, group=False)
        end = time.monotonic() + PATIENCE_SECONDS
        for child in self.children.values():
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.wait(max(0.1, end - time.monotonic()))
        for child in self.children.values():
            # Whatever is left of the group, also when its first process has ended.
            looking.send(child.pid, signal.SIGKILL, group=True)
            child.wait()
        self.children.clear()
        self.record.unlink(missing_ok=True)


def base_environment() -> dict[str, str]:
    """Return our environment without what would lead the site elsewhere."""
    dropped = (
        "DATABASE_URL",
        "DATABASE_OWNER_URL",
        "REDIS_URL",
        "BUDDY_DB_AS_OWNER",
        "BUDDY_MODE",
        "DJANGO_SETTINGS_MODULE",
        "DEBUG",
    )
    kept = {
        name: value
        for name, value in os.environ.items()
        if name not in dropped and not name.startswith(("PG", "OIDC_"))
    }
    return kept | {"PYTHONUNBUFFERED": "1", "DJANGO_SETTINGS_MODULE": "buddyscheme.settings"}
