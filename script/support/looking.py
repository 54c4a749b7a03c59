"""Looking at processes and ports without any tool that a bare machine may lack. Standard library only."""

from __future__ import annotations

import contextlib
import errno
import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

LOOPBACK = "127.0.0.1"


def command_line(pid: int) -> str:
    """Return what `pid` was started as; empty when it is gone. A zombie has no command line, so it counts as gone."""
    if Path("/proc/self/cmdline").exists():
        try:
            return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            return ""
    # macOS has no /proc but always has ps.
    answer = subprocess.run(["ps", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return answer.stdout.strip()


def runs(pid: int | None, needle: str) -> bool:
    """Whether `pid` is alive and is the program that we started, told by a folder name that only we use."""
    return pid is not None and pid > 1 and needle in command_line(pid)


def exists(pid: int) -> bool:
    """Whether the number means any process, also one that has ended and was not collected yet."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def wait_until(condition: Callable[[], bool], seconds: float, every: float = 0.05) -> bool:
    """Ask until the answer is yes or the time is over."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(every)
    return condition()


def send(pid: int, number: signal.Signals, *, group: bool = False) -> None:
    """Send a signal; a process that has just ended is no error."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        if group:
            os.killpg(pid, number)
        else:
            os.kill(pid, number)


def free_port() -> int:
    """Return a port of the loopback that nothing uses at this moment."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])


def port_error(port: int) -> int | None:
    """Return the error number that listening on `port` would give, None when it is free."""
    with socket.socket() as probe:
        probe.settimeout(1)
        if probe.connect_ex((LOOPBACK, port)) == 0:
            return errno.EADDRINUSE  # on macOS a second program may bind what another serves on all addresses
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
            probe.listen(1)
        except OSError as error:
            return error.errno or errno.EADDRINUSE
    return None


def last_lines(path: Path, count: int = 15) -> str:
    """Return the end of a log file, for a message."""
    try:
        lines = path.read_text(errors="replace").splitlines()
    except OSError:
        return ""
    return "\n".join(f"  | {line}" for line in lines[-count:])


def run_in_group(command: list[str], *, output: IO[bytes], **options: Any) -> int:
    """Run a command to its end in a group of its own, so that an interruption ends its children with it."""
    with subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, start_new_session=True, **options
    ) as child:
        try:
            return child.wait()
        except BaseException:
            send(child.pid, signal.SIGTERM, group=True)
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.wait(5)
            send(child.pid, signal.SIGKILL, group=True)
            raise
