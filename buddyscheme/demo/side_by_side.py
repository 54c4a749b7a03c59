"""Telling parts of the story at the same time, each in a process of its own: one for each core."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.management.base import CommandError

if TYPE_CHECKING:
    from buddyscheme.demo.story import Wanted


def run(wanted: Wanted, parts: list[list[str]]) -> None:
    """Start `seed_demo --part …` once for each part and wait for all. The first that fails ends the others."""
    started = [subprocess.Popen(_command(wanted, part)) for part in parts]  # noqa: S603 - our own command
    try:
        for process in started:
            if process.wait():
                raise CommandError("A part of the story could not be told; what went wrong stands above.")
    finally:
        for process in started:
            if process.poll() is None:
                process.terminate()
                process.wait()


def _command(wanted: Wanted, part: list[str]) -> list[str]:
    amounts = {"prisons": wanted.prisons, "months": wanted.months, "seed": wanted.seed, "as-of": wanted.today}
    options = [f"--{name}={value}" for name, value in amounts.items()] + ["--fast"] * wanted.fast
    return [sys.executable, str(settings.BASE_DIR / "manage.py"), "seed_demo", *options, f"--part={','.join(part)}"]
