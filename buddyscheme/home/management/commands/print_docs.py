"""`manage.py print_docs`: write the pages of `docs/` that come from the code."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from buddyscheme.home.printed import pages


class Command(BaseCommand):
    help = "Write docs/permissions.md, docs/states.md, docs/measures.md and docs/data.md from the code."

    def handle(self, *args: Any, **options: Any) -> None:
        for name, text in pages().items():
            (settings.BASE_DIR / "docs" / name).write_text(text)
            self.stdout.write(f"docs/{name}")
