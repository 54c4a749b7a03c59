"""`script/test`: every check of the repository on real servers. With arguments, pytest runs alone, with them."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from script.support import database, looking, messages, state, voice
from script.support.environment import VENV
from script.support.processes import Stopped, stop_signals, undisturbed
from script.support.servers import PostgreSQL, Valkey
from script.support.state import ROOT, State

DATABASE = "buddyscheme_test"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MAC_BROWSERS = (
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)


@dataclass(frozen=True)
class Check:
    """One command and what it is for."""

    name: str
    command: list[str]


def tool(name: str, *arguments: str) -> list[str]:
    """Return the command of a tool in our environment."""
    return [str(VENV / "bin" / name), *arguments]


def python(*arguments: str) -> list[str]:
    """Return a command of our Python."""
    return [str(VENV / "bin" / "python"), *arguments]


def sources() -> list[str]:
    """Return our own Python folders: every package of the first level, and the project's commands."""
    packages = [path.parent.name for path in sorted(ROOT.glob("*/__init__.py"))]
    return [name for name in packages if name != "tests"] + ["manage.py"]


def static_checks() -> list[Check]:
    """Return the checks that read files only."""
    return [
        Check("mypy: types", tool("mypy", *sources())),  # the longest by far, so it begins first
        Check("ruff: lint", tool("ruff", "check", "--output-format", "concise", ".")),
        Check("ruff: format", tool("ruff", "format", "--check", "--output-format", "concise", ".")),
        Check("djlint: templates", tool("djlint", "templates", "--lint", "--quiet")),
        Check("bandit: security", tool("bandit", "-q", "-r", "-ll", "-ii", "-c", "pyproject.toml", *sources())),
        Check(
            "compose file", tool("check-jsonschema", "--builtin-schema", "vendor.compose-spec", "docker-compose.yml")
        ),
        Check("Dockerfile", tool("hadolint", "Dockerfile")),
        Check("migrations are complete", python("manage.py", "makemigrations", "--check", "--dry-run")),
        Check("Django's own checks", python("manage.py", "check", "--fail-level", "WARNING")),
    ]


def run(check: Check, environment: dict[str, str], running: list[subprocess.Popen[str]]) -> bool:
    """Run one check; what it says is shown when it fails."""
    began = time.monotonic()
    child = subprocess.Popen(
        check.command,
        cwd=ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    running.append(child)
    said, _ = child.communicate()
    passed = child.returncode == 0
    if not passed:
        messages.say(f"\n$ {' '.join(check.command)}\n{said.rstrip()}")
    messages.say(f"{'ok    ' if passed else 'FAILED'}  {check.name}  ({time.monotonic() - began:.1f} s)")
    return passed


def run_all(checks: list[Check], environment: dict[str, str]) -> list[str]:
    """Run all checks, two at a time; return the names of those that failed. None outlives an interruption."""
    running: list[subprocess.Popen[str]] = []
    with ThreadPoolExecutor(max_workers=2) as pool:
        started = [(check, pool.submit(run, check, environment, running)) for check in checks]
        try:
            return [check.name for check, done in started if not done.result()]
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            for child in running:
                child.kill()
            raise


def pytest(arguments: list[str], environment: dict[str, str]) -> int:
    """Run pytest with its own output; it is the last thing to speak."""
    messages.say(f"\n$ python -m pytest {' '.join(arguments)}")
    # At a keyboard pytest keeps the terminal, for --pdb; otherwise it gets a group of its own, which ends as one.
    own_group = not sys.stdin.isatty()
    child = subprocess.Popen(
        python("-m", "pytest", *arguments),
        cwd=ROOT,
        env=environment,
        stdin=subprocess.DEVNULL if own_group else None,
        start_new_session=own_group,
    )
    try:
        return child.wait()
    except BaseException:
        with undisturbed():
            # Once as Ctrl-C, so that pytest closes its browsers and test databases; then for good.
            looking.send(child.pid, signal.SIGINT)
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.wait(15)
            looking.send(child.pid, signal.SIGKILL, group=own_group)
            child.wait()
        raise


# -- the browser ---------------------------------------------------------------------------------------------------


def browser() -> str:
    """Return the path of a Chromium: of the system, of Playwright, or installed now by apt when we are root."""
    _require_driver()
    found = _system_browser() or _playwright_browser() or _browser_by_apt()
    if found is None:
        raise messages.no_browser()
    return found


def _require_driver() -> None:
    """Make sure that Playwright's own Node.js starts: it needs one library that a bare Debian lacks."""
    if _driver_starts():
        return
    if state.is_root() and shutil.which("apt-get"):
        messages.say("Installing a library that the browser tests need with apt …")
        apt_install("libatomic1")
    if not _driver_starts():
        raise messages.no_driver()


def _driver_starts() -> bool:
    return subprocess.run(tool("playwright", "--version"), capture_output=True, check=False).returncode == 0


def _system_browser() -> str | None:
    wanted = os.environ.get("CHROMIUM")
    if wanted:
        if not os.access(wanted, os.X_OK):
            raise messages.no_such_browser(wanted)
        return wanted
    return next((path for name in BROWSERS if (path := shutil.which(name))), None) or next(
        (p for p in MAC_BROWSERS if os.access(p, os.X_OK)), None
    )


def _playwright_browser() -> str | None:
    code = "from playwright.sync_api import sync_playwright as s\nwith s() as p: print(p.chromium.executable_path)"
    done = subprocess.run(python("-c", code), capture_output=True, text=True, check=False)
    path = Path(done.stdout.strip() or "/nowhere")
    return str(path) if path.is_file() else None


def _browser_by_apt() -> str | None:
    if not state.is_root() or not shutil.which("apt-get"):
        return None
    messages.say("Installing Chromium with apt for the browser tests (half a minute) …")
    apt_install("chromium")
    return shutil.which("chromium")


def apt_install(*packages: str) -> None:
    """Install Debian packages without questions; apt's words are shown when it fails."""
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for command in (
        ["apt-get", "update", "-q"],
        ["apt-get", "install", "-q", "-y", "--no-install-recommends", *packages],
    ):
        done = subprocess.run(
            command,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        if done.returncode:
            messages.complain(done.stdout[-2_000:])
            raise messages.apt_failed(" ".join(packages))


# -- servers -------------------------------------------------------------------------------------------------------


@contextlib.contextmanager
def servers() -> Iterator[dict[str, str]]:
    """Start our own servers where none are given, and return the addresses for the tests."""
    kept, lock = _state()
    postgresql = PostgreSQL(kept, durable=False, max_connections=200)
    valkey = Valkey(kept, durable=False)
    try:
        url = os.environ.get("DATABASE_URL")
        if not url:
            postgresql.start()
            addresses = database.prepare(postgresql.url(), database=DATABASE, passwords=kept.private / "logins.json")
        elif database.may_prepare(url):
            addresses = database.prepare(url, database=DATABASE, passwords=database.given_passwords(url))
        else:
            addresses = database.as_given(url)
        broker = os.environ.get("REDIS_URL")
        if not broker:
            valkey.start()
            broker = valkey.url
        yield {"DATABASE_URL": addresses.app, "DATABASE_OWNER_URL": addresses.owner, "REDIS_URL": broker}
    finally:
        with undisturbed():
            valkey.stop()
            postgresql.stop()
            if lock is not None:
                lock.close()
            if kept.throw_away:
                kept.remove()


def _state() -> tuple[State, TextIO | None]:
    """Return the state kept between runs, or a throw-away one while another run uses it."""
    kept = state.named("test")
    lock = state.try_lock(kept.private / "run.lock")
    return (kept, lock) if lock is not None else (state.throw_away("test"), None)


def environment_for_tests(addresses: dict[str, str]) -> dict[str, str]:
    """Return the environment of every check."""
    bins = f"{VENV / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}"
    ours = {
        "BUDDY_MODE": "test",
        "DJANGO_SETTINGS_MODULE": "buddyscheme.settings",
        "DJANGO_ALLOW_ASYNC_UNSAFE": "1",  # Playwright's loop runs in the thread that also uses the database
        "PATH": bins,
    }
    return dict(os.environ) | ours | addresses


# -- all of it -----------------------------------------------------------------------------------------------------


def everything(environment: dict[str, str]) -> int:
    """Run all checks even when some fail, then the tests; say at the end what failed."""
    failed = run_all(static_checks(), environment)
    tests = pytest(["-n", "2", "--dist", "loadscope"], environment)
    if failed:
        messages.say(f"FAILED before the tests: {', '.join(failed)}")
    return tests or int(bool(failed))


def main(arguments: list[str]) -> int:
    """Run `script/test` and turn what stops it into a sentence."""
    try:
        with stop_signals(), servers() as addresses:
            environment = environment_for_tests(addresses)
            if arguments:
                chromium = _system_browser() or _playwright_browser()
                return pytest(arguments, environment | ({"CHROMIUM": chromium} if chromium else {}))
            voice.is_there()  # one test listens to the real one
            return everything(environment | {"CHROMIUM": browser()})
    except messages.CannotGoOn as stop:
        messages.complain(str(stop).strip("\n"))
    except Stopped:
        messages.complain("\nStopped.")
        return 130
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
