"""`manage.py load_register`: prisons, task catalogue, compact, modules and the boundary guard's phrases."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction

from buddyscheme.accounts.actor import Actor
from buddyscheme.accounts.register import load_prisons
from buddyscheme.audit.events import Event
from buddyscheme.audit.record import record
from referrals.catalogue import load_boundary_phrases, load_reception_prompts
from schemes.catalogue import load_alerts, load_compacts, load_prompts, load_tasks
from training.catalogue import load_modules


class Command(BaseCommand):
    """Safe to run at any time and again: what is there is brought up to date, nothing is deleted."""

    help = "Loads the prison register, the task catalogue, the compact, the training modules and the guard's phrases."

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        _check_owner()
        counts: dict[str, Any] = {
            "prisons": load_prisons(),
            "tasks": load_tasks(),
            "compacts": load_compacts(),
            "prompts": load_prompts(),
            "alerts": load_alerts(),
            "modules": load_modules(),
            "phrases": load_boundary_phrases(),
            "reception prompts": load_reception_prompts(),
        }
        record(Event.REGISTER_LOADED, by=Actor.system(), **counts)
        self.stdout.write("Loaded " + ", ".join(f"{count} {name}" for name, count in counts.items()) + ".")


def _check_owner() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tableowner = current_user FROM pg_tables WHERE tablename = 'schemes_taskkind'")
        row = cursor.fetchone()
    if row is None:
        raise CommandError("The tables are not there yet. Run manage.py migrate first.")
    if not row[0]:
        raise CommandError("Run this as the database's owner: set DATABASE_OWNER_URL, and BUDDY_DB_AS_OWNER=1.")
