"""`manage.py seed_demo`: fills an empty database with fictional prisons, by the actions that the pages call."""

from __future__ import annotations

import os
import time
from argparse import SUPPRESS, ArgumentParser
from datetime import date
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.utils import timezone

from buddyscheme.accounts.models import Prison
from buddyscheme.demo.digest import digest
from buddyscheme.demo.drawn.places import MOST
from buddyscheme.demo.fast import do_part, tell_fast, tidy
from buddyscheme.demo.places import PLACES
from buddyscheme.demo.story import Wanted, tell, tell_part
from buddyscheme.lib.dates import london_today
from schemes.models import TaskKind


class Command(BaseCommand):
    """Run by the owner of the database; the story itself runs in the role of the staff pages."""

    help = "Fills an empty database with fictional prisons and a year of their buddy schemes. Never in production."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """How much, from which seed, up to which day."""
        parser.add_argument(
            "--prisons", type=int, default=len(PLACES),
            help=f"1 to {len(PLACES)}, beside an empty one; with --fast 2 to {MOST}",
        )  # fmt: skip
        parser.add_argument("--months", type=int, default=12, help="how many months back the schemes open")
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument(
            "--as-of", type=date.fromisoformat, default=None, help="the story's last day; today if none"
        )
        parser.add_argument("--jobs", type=int, default=min(2, os.cpu_count() or 1), help="processes; 1 or 2")
        parser.add_argument(
            "--fast",
            action="store_true",
            help="draw most prisons in bulk from a few, and ask a worker for the release of the last whole quarter",
        )
        parser.add_argument("--again", action="store_true", help="empty the database of everything first")
        parser.add_argument("--part", default="", help=SUPPRESS)
        parser.add_argument("--digest", action="store_true", help="print the digest of what the business columns hold")

    def handle(self, *args: Any, **options: Any) -> None:
        """Refuse, or tell."""
        wanted = Wanted(
            prisons=options["prisons"],
            months=options["months"],
            seed=options["seed"],
            today=options["as_of"] or london_today(timezone.now()),
            fast=options["fast"],
        )
        began = time.monotonic()
        self._check(wanted)
        if options["part"]:
            self._part(wanted, options["part"])
            return
        if options["again"]:
            call_command("flush", interactive=False, verbosity=0)
            call_command("load_register", verbosity=0)
        self._check_empty()
        whole = tell_fast if wanted.fast else tell
        whole(wanted, self.stdout.write, jobs=1 if connection.in_atomic_block else options["jobs"])
        self._tidy()
        self.stdout.write(f"Told in {time.monotonic() - began:.0f} s.")
        if options["digest"]:
            self.stdout.write(digest())

    def _part(self, wanted: Wanted, part: str) -> None:
        """What one of several processes does."""
        if ":" in part:
            do_part(wanted, part, self.stdout.write)
        else:
            tell_part(wanted, part.split(","), self.stdout.write)

    def _check(self, wanted: Wanted) -> None:
        if settings.PRODUCTION:
            raise CommandError("This makes fictional people. It never runs in production.")
        least, most = (2, MOST) if wanted.fast else (1, len(PLACES))
        if not least <= wanted.prisons <= most:
            raise CommandError(f"Ask for {least} to {most} prisons{' with --fast' * wanted.fast}.")
        if not 1 <= wanted.months <= 24:
            raise CommandError("Ask for 1 to 24 months.")

    def _check_empty(self) -> None:
        if not TaskKind.objects.exists():
            raise CommandError("Load the register first: manage.py load_register.")
        if Prison.objects.filter(fictional=True).exists() or Prison.objects.filter(switched_on=True).exists():
            raise CommandError(
                "This database has prisons in use already. "
                "Use an empty one, or --again to empty this one of everything first."
            )

    def _tidy(self) -> None:
        """Fresh statistics, or the first pages would be planned for empty tables."""
        if not connection.in_atomic_block:
            tidy()
