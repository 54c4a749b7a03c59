"""The stub that finds a Python, on machines that have none that fits."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from script.support.state import ROOT


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A clone with the stub alone, and no .venv."""
    (tmp_path / "script" / "support").mkdir(parents=True)
    for name in ("demo", "support/run.sh"):
        shutil.copy(ROOT / "script" / name, tmp_path / "script" / name)
    return tmp_path


def _run(clone: Path, *programs: str, script: str = "exit 1") -> subprocess.CompletedProcess[str]:
    """Run script/demo where every Python is the given shell script."""
    folder = clone / "bin"
    folder.mkdir()
    for name in ("sh", "dirname", "env"):
        found = shutil.which(name)
        assert found is not None
        (folder / name).symlink_to(found)
    for name in programs:
        (folder / name).write_text(f"#!/bin/sh\n{script}\n")
        (folder / name).chmod(0o755)
    kept = {name: value for name, value in os.environ.items() if name not in ("PATH", "PYTHON")}
    return subprocess.run(
        [str(clone / "script" / "demo")], env=kept | {"PATH": str(folder)}, capture_output=True, text=True, check=False
    )


def test_no_python_is_a_sentence(clone: Path) -> None:
    done = _run(clone)
    assert done.returncode == 1
    assert done.stderr.startswith("Python 3.11 or later is needed and was not found: install it")


def test_an_old_python_is_the_same_sentence(clone: Path) -> None:
    assert "Python 3.11 or later is needed" in _run(clone, "python3", "python").stderr


def test_a_python_without_venv_is_a_sentence(clone: Path) -> None:
    done = _run(clone, "python3", script='case "$2" in *ensurepip*) exit 1;; *) exit 0;; esac')
    assert done.returncode == 1
    assert done.stderr.startswith("python3 cannot make a virtual environment")
    assert "apt-get install python3-venv" in done.stderr


def test_a_fitting_python_gets_the_arguments(clone: Path) -> None:
    done = _run(clone, "python3", script='case "$1" in -m) echo "$@";; esac')
    assert done.stdout == "-m script.support.bootstrap demo demo\n"
