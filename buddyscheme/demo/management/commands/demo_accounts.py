"""`manage.py demo_accounts`: the accounts of the demonstration, with what each is for."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from buddyscheme.demo.accounts import as_list, as_table
from buddyscheme.lib.dates import london_today


class Command(BaseCommand):
    """Reads the database; makes nothing."""

    help = "Prints e-mail, password, role and purpose of every ready-made account, and a code for the terminal."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """For people or for programs."""
        parser.add_argument("--format", choices=("table", "json"), default="table")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print them."""
        if settings.PRODUCTION:
            raise CommandError("There are no ready-made accounts in production.")
        today = london_today(timezone.now())
        if options["format"] == "json":
            self.stdout.write(json.dumps(as_list(today), indent=1))
        else:
            self.stdout.write(as_table(today))
