"""Where the launcher keeps what it makes. Standard library only.

Two folders for each purpose (demo, test, dev, or a throw-away check):

- `private`: in the clone, for secrets, logs and generated files; only we read it;
- `servers`: data of PostgreSQL and Valkey. For an ordinary user it lies inside `private`. For root it lies under
  /var/tmp, because the servers then run as another account, which cannot reach a clone in a folder that only root
  may enter; and permissions of parent folders are never changed.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import json
import os
import secrets
import shutil
import stat
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

from script.support import messages

ROOT = Path(__file__).resolve().parents[2]
STATE = ROOT / ".state"


def is_root() -> bool:
    """Whether the servers need another account to run as."""
    return os.geteuid() == 0


def shared_base() -> Path:
    """Return root's folder under /var/tmp for this clone; the name is the same at every start."""
    digest = hashlib.sha256(str(ROOT).encode()).hexdigest()[:12]
    # A name that others can guess, in a folder where they may write: own_folder() checks that it is ours.
    return Path("/var/tmp") / f"buddyscheme-{digest}-{os.geteuid()}"  # noqa: S108  # nosec B108


def own_folder(folder: Path, *, mode: int) -> Path:
    """Make `folder`, or make sure that nobody planted it: ours, no link, not writable by others."""
    with contextlib.suppress(FileExistsError):
        folder.mkdir(mode=mode)
        folder.chmod(mode)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid() or found.st_mode & 0o022:
        raise messages.folder_not_ours(folder)
    return folder


@dataclass(frozen=True)
class State:
    """The two folders of one purpose."""

    name: str
    private: Path
    servers: Path
    throw_away: bool = False

    @property
    def logs(self) -> Path:
        """Where servers and processes write. Logs of a throw-away state outlive it: they say why it failed."""
        return STATE / f"logs-of-{self.name.partition('-')[0]}" if self.throw_away else self.private / "logs"

    def secret(self, name: str) -> str:
        """Return a random secret of this state, made once and kept in a file that only we read."""
        kept = read_json(self.private / "secrets.json")
        if name not in kept:
            kept[name] = secrets.token_urlsafe(48)
            write_json(self.private / "secrets.json", kept)
        return str(kept[name])

    def knows(self, name: str) -> bool:
        """Whether the secret was made before; not when somebody deleted the folder that keeps it."""
        return name in read_json(self.private / "secrets.json")

    def remove(self) -> None:
        """Delete a throw-away state; the servers must be stopped."""
        if not self.throw_away:
            raise RuntimeError("only a throw-away state is removed by the program itself")
        shutil.rmtree(self.servers, ignore_errors=True)
        shutil.rmtree(self.private, ignore_errors=True)


def named(name: str) -> State:
    """Return the lasting state of a purpose, its folders made."""
    return _made(name, STATE / name, throw_away=False)


def throw_away(name: str) -> State:
    """Return a new state that `remove()` deletes."""
    _base()
    if not any(STATE.glob(f"{name}-*")):
        shutil.rmtree(STATE / f"logs-of-{name}", ignore_errors=True)
    folder = Path(tempfile.mkdtemp(prefix=f"{name}-", dir=STATE))
    return _made(folder.name, folder, throw_away=True)


def abandoned(name: str) -> list[State]:
    """Return the throw-away states that exist, used or left behind; the caller finds out which by their locks.

    Those of the last minute are left out: their maker may not have come to take the lock yet.
    """
    old = [folder for folder in sorted(STATE.glob(f"{name}-*")) if time.time() - folder.stat().st_ctime > 60]
    return [_made(folder.name, folder, throw_away=True) for folder in old]


def _base() -> Path:
    """Make the folder of all states in the clone."""
    STATE.mkdir(mode=0o700, exist_ok=True)
    return STATE


def _made(name: str, private: Path, *, throw_away: bool) -> State:
    _base()
    private.mkdir(mode=0o700, exist_ok=True)
    if is_root():
        # 0711: the server account may pass through to its own folder, and cannot list what else is here.
        servers = own_folder(own_folder(shared_base(), mode=0o711) / name, mode=0o711)
    else:
        servers = private / "servers"
        servers.mkdir(mode=0o700, exist_ok=True)
    made = State(name=name, private=private, servers=servers, throw_away=throw_away)
    made.logs.mkdir(mode=0o700, exist_ok=True)
    return made


def read_json(path: Path) -> dict[str, Any]:
    """Return the object in `path`; empty when the file is missing or half-written."""
    try:
        found = json.loads(path.read_text())
    except (FileNotFoundError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def write_json(path: Path, content: dict[str, Any]) -> None:
    """Write in one step, readable by us only: a crash leaves the old file or the new one, never half."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        json.dump(content, file, indent=1)
    temporary.replace(path)


@contextlib.contextmanager
def locked(path: Path) -> Iterator[TextIO]:
    """Hold the lock of `path`, waiting for it. The kernel drops it with the process, so no lock goes stale."""
    with path.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield file


def try_lock(path: Path) -> TextIO | None:
    """Take the lock of `path` for as long as the returned file is open, or return None when another has it."""
    file = path.open("a+")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.close()
        return None
    return file


def require_space(place: Path, wanted_mb: int) -> None:
    """Refuse early when the disk of `place` has less than `wanted_mb` left."""
    free_mb = shutil.disk_usage(place).free // 1_000_000
    if free_mb < wanted_mb:
        raise messages.no_disk_space(place, wanted_mb, free_mb)
