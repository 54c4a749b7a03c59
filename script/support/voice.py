"""The terminal's speech engine for the demonstration and the tests. Without one everything else works as well.

espeak-ng is a package of the system: it is used where it is, and put there by apt where that needs no question.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from script.support import messages, state
from script.support.environment import PYTHON
from script.support.state import ROOT

ENGINE = "espeak-ng"
APT_SECONDS = 120


def is_there() -> bool:
    """Whether there is an engine, after an attempt to install one where we may."""
    if shutil.which(ENGINE):
        return True
    if not state.is_root() or not shutil.which("apt-get"):
        return False
    messages.say("Installing a speech engine with apt, for reading aloud at the terminal …")
    if not _installed():
        messages.say("It could not be installed: the terminal then speaks with the browser's own voice, or not at all.")
    return shutil.which(ENGINE) is not None


def _installed() -> bool:
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    commands = (
        ["apt-get", "update", "-q"],
        ["apt-get", "install", "-q", "-y", "--no-install-recommends", ENGINE],
    )
    try:
        for command in commands:
            subprocess.run(
                command,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                timeout=APT_SECONDS,
                check=True,
            )
    except (subprocess.SubprocessError, OSError):
        return False
    return True


def start_recording(environment: dict[str, str], log: Path) -> subprocess.Popen[bytes]:
    """Record the terminal's sentences while everything else starts: about half a minute, the first time."""
    with log.open("wb") as file:
        return subprocess.Popen(
            [PYTHON, "manage.py", "make_audio", "--if-possible"],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
