"""`manage.py measures --format json`: the data dictionary. Needs no database."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from monitoring.measures.catalogue import MEASURES


class Command(BaseCommand):
    help = "Print every measure with its definition."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--format", choices=["json", "text"], default="text")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["format"] == "json":
            self.stdout.write(json.dumps([measure.as_dict() for measure in MEASURES], indent=2, ensure_ascii=False))
            return
        for measure in MEASURES:
            self.stdout.write(f"{measure.code}  {measure.title} ({measure.unit})")
