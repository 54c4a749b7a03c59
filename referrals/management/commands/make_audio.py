"""`manage.py make_audio`: record every whole sentence of the terminal in every language. Needs no database."""

from __future__ import annotations

import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from referrals import speech


class Command(BaseCommand):
    help = "Make a sound file of each sentence of the terminal with the speech engine, and delete those of old ones."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--if-possible", action="store_true", help="without an engine say so and go on")

    def handle(self, *args: Any, **options: Any) -> None:
        if speech.engine() is None:
            said = "There is no speech engine (Debian: apt-get install espeak-ng), so no sentence was recorded."
            if not options["if_possible"]:
                raise CommandError(said)
            self.stdout.write(said)
            return
        began = time.monotonic()
        done = speech.record_all()
        self.stdout.write(
            f"{done.made} sentences recorded, {done.kept} were there, {done.removed} old ones deleted: "
            f"{done.megabytes:.1f} MB in {time.monotonic() - began:.1f} seconds."
        )
        if done.failed:
            raise CommandError(f"{len(done.failed)} sentences could not be recorded, the first: {done.failed[0]}")
