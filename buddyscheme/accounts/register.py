"""Loading the prison register from the file beside this module. Run by the owner."""

from __future__ import annotations

import csv
from pathlib import Path

from buddyscheme.accounts.models import Prison

DATA = Path(__file__).parent / "data" / "prisons.csv"
FIELDS = (
    "name",
    "official_name",
    "welsh_name",
    "nation",
    "kind",
    "holds_women",
    "operator",
    "council",
    "council_confidence",
    "region",
    "in_scope",
    "closed",
)


def kind_of(*, gender: str, function: str, open_prison: bool, in_scope: bool) -> Prison.Kind:
    """The group in which a prison is compared, from the register's words for what it is used for."""
    words = function.lower()
    if gender == "female":
        return Prison.Kind.WOMEN
    if not in_scope or "children" in words:
        return Prison.Kind.YOUNG
    if open_prison:
        return Prison.Kind.OPEN
    if "high security" in words or "high-security" in words:
        return Prison.Kind.HIGH_SECURITY
    if "young adult" in words:
        return Prison.Kind.YOUNG
    if words.startswith("reception"):
        return Prison.Kind.LOCAL
    return Prison.Kind.TRAINER if "category" in words else Prison.Kind.OTHER


def load_prisons() -> int:
    """Write every prison of the file, by code; new ones are not switched on. Returns how many.

    A prison of the register that the file no longer has is marked closed, never deleted. Fictional prisons and
    whether a prison is switched on are left alone.
    """
    with DATA.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    Prison.objects.bulk_create(
        [_prison(row) for row in rows],
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=list(FIELDS),
    )
    Prison.objects.filter(fictional=False).exclude(code__in=[row["code"] for row in rows]).update(closed=True)
    return len(rows)


def _prison(row: dict[str, str]) -> Prison:
    in_scope = row["in_scope"] == "Y"
    return Prison(
        code=row["code"],
        name=row["name"],
        official_name=row["official_name"],
        welsh_name=row["welsh_name"],
        nation=row["nation"].upper(),
        kind=kind_of(
            gender=row["gender"],
            function=row["function"],
            open_prison=row["open_prison"] == "Y",
            in_scope=in_scope,
        ),
        holds_women=row["gender"] != "male",
        operator=row["operator"],
        council=row["council"],
        council_confidence=row["council_confidence"],
        region=row["region"],
        in_scope=in_scope,
        closed=row["status"] != "open",
    )
