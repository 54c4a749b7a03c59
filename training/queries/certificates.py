"""What a certificate says: modules passed and in date, and whether they are the whole course."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from schemes.models import Buddy
from training.models import Module, ModuleResult
from training.queries.results import modules, newest_results
from training.rules.results import state_of


@dataclass(frozen=True, kw_only=True)
class Passed:
    """One module with the day on which it was passed and the last day on which it counts."""

    module: Module
    passed_on: date
    expires_on: date | None
    elsewhere: str


@dataclass(frozen=True, kw_only=True)
class Certified:
    """Everything that one person's certificate can say on a day."""

    passed: list[Passed]
    missing: list[str]
    """Titles of mandatory modules that are not in date. Empty: the whole course is passed."""

    @property
    def whole_course(self) -> bool:
        """Every mandatory module is in date, and there is one."""
        return bool(self.core) and not self.missing

    @property
    def core(self) -> list[Passed]:
        """The mandatory ones."""
        return [each for each in self.passed if each.module.mandatory]

    @property
    def hours(self) -> Decimal | None:
        """Hours of all of them together; None where a module does not say how many it has."""
        hours = [each.module.hours for each in self.passed]
        return sum((h for h in hours if h is not None), Decimal()) if hours and None not in hours else None


def reference_of(buddy: Buddy, module: Module) -> str:
    """What a certificate of this module is known by: prison, buddy and module, as ZTA-B-0001-T01."""
    return f"{buddy.prison_id}-{buddy.reference}-{module.code}"


def certified(buddy: Buddy, today: date) -> Certified:
    """Modules of the catalogue that hold today."""
    newest: dict[str, ModuleResult] = {row.module_id: row for row in newest_results([buddy.pk]).select_related("prior")}
    passed, missing = [], []
    for module in modules(buddy.prison):
        row = newest.get(module.code)
        if row is not None and state_of(row.outcome, row.expires_on, today).holds:
            elsewhere = row.prior.place if row.prior is not None else ""
            passed.append(
                Passed(module=module, passed_on=row.assessed_on, expires_on=row.expires_on, elsewhere=elsewhere)
            )
        elif module.mandatory:
            missing.append(module.title)
    return Certified(passed=passed, missing=missing)
