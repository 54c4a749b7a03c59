"""Watching and stopping processes, and looking at them."""

from __future__ import annotations

import errno
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from script.support import demo, looking, messages
from script.support.processes import Stopped, Supervisor, base_environment, stop_signals
from script.support.state import State

SLEEP = "import time; time.sleep(60)"
WITH_CHILD = (
    f"import subprocess, sys; print(subprocess.Popen([sys.executable, '-c', {SLEEP!r}]).pid, flush=True); {SLEEP}"
)


@pytest.fixture
def supervisor(tmp_path: Path) -> Iterator[Supervisor]:
    (tmp_path / "logs").mkdir()
    made = Supervisor(State("unit", tmp_path, tmp_path))
    yield made
    made.stop()


def _start(supervisor: Supervisor, name: str, code: str) -> int:
    # Every command of ours names the state's folder; here as an argument that is not used.
    command = [sys.executable, "-c", code, str(supervisor.state.private)]
    supervisor.start(name, command, dict(os.environ))
    pid = supervisor.children[name].pid
    assert looking.wait_until(lambda: supervisor.dead() == name or looking.command_line(pid) != "", 5)
    return pid


def test_stop_ends_what_a_process_started_too(supervisor: Supervisor) -> None:
    _start(supervisor, "web", WITH_CHILD)
    assert supervisor.wait_until(lambda: supervisor.log("web").read_text().strip() != "", 10)
    grandchild = int(supervisor.log("web").read_text())
    supervisor.stop()
    assert looking.wait_until(lambda: not looking.command_line(grandchild), 5)
    assert not supervisor.record.exists()


def test_a_process_that_dies_is_named_with_its_last_words(supervisor: Supervisor) -> None:
    _start(supervisor, "beat", SLEEP)
    _start(supervisor, "worker", "import sys; sys.exit('no broker')")
    with pytest.raises(messages.CannotGoOn, match=r"(?s)no broker.*worker process ended by itself with code 1"):
        supervisor.watch()


def test_a_server_that_dies_is_named(supervisor: Supervisor) -> None:
    with pytest.raises(messages.CannotGoOn, match="The valkey server is gone"):
        supervisor.watch(lambda: "valkey")


def test_the_next_start_ends_what_a_killed_one_left(supervisor: Supervisor) -> None:
    pid = _start(supervisor, "web", SLEEP)
    left = supervisor.children.pop("web")
    # A killed parent is not there to collect its child; here we are, so collect it in the background.
    ended = Supervisor(supervisor.state).end_left_over()
    assert ended == ["web"]
    assert left.wait(5) == -signal.SIGTERM
    assert not looking.command_line(pid)


def test_a_strangers_process_with_a_remembered_number_is_left_alone(supervisor: Supervisor) -> None:
    stranger = subprocess.Popen([sys.executable, "-c", SLEEP])
    try:
        supervisor.record.write_text(f'{{"web": {stranger.pid}}}')
        assert supervisor.end_left_over() == []
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_each_way_to_stop_is_heard(number: signal.Signals) -> None:
    with pytest.raises(Stopped), stop_signals():
        signal.raise_signal(number)


def test_a_port_in_use_is_said_before_any_work() -> None:
    with socket.create_server((looking.LOOPBACK, 0)) as other:
        port = other.getsockname()[1]
        assert looking.port_error(port) == errno.EADDRINUSE
        with pytest.raises(messages.CannotGoOn, match=f"Port {port} is already in use"):
            demo.require_port(port)


@pytest.mark.parametrize("value", ["eighty", "0", "65536", "-1", "８０"])
def test_what_is_no_port_is_refused(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", value)
    with pytest.raises(messages.CannotGoOn, match="PORT must be a number"):
        demo.wanted_port()


def test_the_site_sees_no_database_of_ours_by_accident(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DATABASE_URL", "DATABASE_OWNER_URL", "BUDDY_DB_AS_OWNER", "PGHOST", "DEBUG", "OIDC_ISSUER"):
        monkeypatch.setenv(name, "x")
    kept = base_environment()
    assert not {"DATABASE_URL", "DATABASE_OWNER_URL", "BUDDY_DB_AS_OWNER", "PGHOST", "DEBUG", "OIDC_ISSUER"} & set(kept)
