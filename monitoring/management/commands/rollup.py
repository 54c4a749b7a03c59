"""`manage.py rollup`: recompute figures; `--verify`: compare every stored one with a fresh count."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from buddyscheme.accounts.models import Prison
from buddyscheme.lib.dates import Month, Quarter, parse_period
from buddyscheme.scope.transaction import DatabaseRole, scoped
from monitoring.rollups import roll_up
from monitoring.verify import differences, periods_of


class Command(BaseCommand):
    help = "Work out the figures of months and quarters anew, or compare each with a fresh count (--verify)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--prison", help="only this prison's code")
        parser.add_argument("--month", help="only this month or quarter, as 2026-11 or 2026-Q4")
        parser.add_argument("--verify", action="store_true", help="compare, change nothing, exit 1 on any difference")

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        month = self._month(options["month"])
        found, checked = 0, 0
        for code in self._prisons(options["prison"]):
            with scoped(DatabaseRole.NATIONAL):
                for each in [month] if month else periods_of(code, now=now):
                    checked += 1
                    if not options["verify"]:
                        roll_up(code, each, now=now)
                        continue
                    for difference in differences(code, each, now=now):
                        found += 1
                        self.stderr.write(str(difference))
        if found:
            raise CommandError(f"{found} figures differ from a fresh count.", returncode=1)
        verb = "compared: every figure equals a fresh count" if options["verify"] else "recomputed"
        self.stdout.write(f"{checked} periods of prisons {verb}.")

    def _prisons(self, code: str | None) -> list[str]:
        with scoped(DatabaseRole.NATIONAL):
            prisons = Prison.objects.filter(switched_on=True).order_by("code")
            codes = list((prisons.filter(code=code) if code else prisons).values_list("code", flat=True))
        if code and not codes:
            raise CommandError(f"There is no switched-on prison with the code {code}.")
        return codes

    def _month(self, code: str | None) -> Month | Quarter | None:
        if not code:
            return None
        try:
            month = parse_period(code)
        except ValueError:
            month = None
        if not isinstance(month, Month | Quarter):
            raise CommandError("Write the month as 2026-11 or the quarter as 2026-Q4.")
        return month
