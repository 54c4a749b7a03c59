"""`manage.py measures --format json`: the data dictionary. Needs no database."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from monitoring.measures.catalogue import ITEMS


class Command(BaseCommand):
    help = "Print every measure with its definition."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--format", choices=["json", "text"], default="text")

    def handle(self, *args: Any, **options: Any) -> None:
        entries = [entry for item in ITEMS for entry in item.entries()]
        if options["format"] == "json":
            self.stdout.write(json.dumps(entries, indent=2, ensure_ascii=False))
            return
        for entry in entries:
            self.stdout.write(f"{entry['code']}  {entry['title']} ({entry['unit']})")
