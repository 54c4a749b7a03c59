"""Loading the national task catalogue and the compact from the files beside this module. Run by the owner."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

from schemes.models import CompactText, TaskKind

DATA = Path(__file__).parent / "data"
COMPACT_IN_FORCE = {1: date(2024, 1, 1)}
WORDS = ("group", "name", "name_cy", "kind", "condition", "refusal", "opens", "picture", "basis")


def load_tasks() -> int:
    """Write every task of the file, by code. Returns how many. Tasks are never deleted: plans point at them."""
    with (DATA / "tasks.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    TaskKind.objects.bulk_create(
        [
            TaskKind(
                code=row["code"],
                everyday=row["everyday"] == "yes",
                essential=row["essential"] == "yes",
                minutes=int(row["minutes"]),
                position=position,
                **{name: row[name] for name in WORDS},
            )
            for position, row in enumerate(rows, start=1)
        ],
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=[*WORDS, "everyday", "essential", "minutes", "position"],
    )
    return len(rows)


def load_compacts() -> int:
    """Add versions that are missing. A version that is there stays as people signed it. Returns how many are there."""
    for version, in_force_from in COMPACT_IN_FORCE.items():
        CompactText.objects.get_or_create(
            version=version,
            defaults={
                "text": (DATA / f"compact_{version}.txt").read_text(encoding="utf-8"),
                "in_force_from": in_force_from,
            },
        )
    return len(COMPACT_IN_FORCE)
