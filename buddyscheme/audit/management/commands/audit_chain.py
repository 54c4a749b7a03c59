"""`manage.py audit_chain`: walk every prison's hash chain and say where it is broken. Exits 1 if one is."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from buddyscheme.audit.chain import verify
from buddyscheme.audit.models import Seal
from buddyscheme.scope.transaction import DatabaseRole, scoped


class Command(BaseCommand):
    help = "Verify the audit's hash chains."

    def handle(self, *args: Any, **options: Any) -> None:
        broken = 0
        with scoped(DatabaseRole.NATIONAL):
            codes = list(Seal.objects.order_by("prison_code").values_list("prison_code", flat=True).distinct())
            for code in codes:
                report = verify(code)
                name = code or "no prison"
                if report.broken_at is None:
                    self.stdout.write(f"{name}: {report.sealed} events, whole")
                else:
                    broken += 1
                    self.stderr.write(f"{name}: broken at event {report.broken_at} after {report.sealed} whole ones")
        if broken:
            raise CommandError(f"{broken} chains are broken.", returncode=1)
