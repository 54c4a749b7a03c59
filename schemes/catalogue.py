"""Loading the task catalogue, the compact, the screening prompts and the alerts from the files here, as the owner."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

from schemes.models import AlertKind, CompactText, ScreeningPrompt, TaskKind

DATA = Path(__file__).parent / "data"
# By column of the version: the file of each format.
FORMATS = {"text": "compact_{}.txt", "text_cy": "compact_{}_cy.txt", "text_easy": "compact_{}_easy.txt"}
COMPACT_IN_FORCE = {1: date(2024, 1, 1)}
ALERT_WORDS = ("words", "as_buddy", "as_helped", "source")
WORDS = ("group", "name", "name_cy", "kind", "condition", "refusal", "opens", "picture", "basis")
LINES = ("examples", "examples_cy", "not_examples", "not_examples_cy")


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
                **{name: "\n".join(part.strip() for part in row[name].split("|") if part.strip()) for name in LINES},
            )
            for position, row in enumerate(rows, start=1)
        ],
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=[*WORDS, *LINES, "everyday", "essential", "minutes", "position"],
    )
    return len(rows)


def load_compacts() -> int:
    """Add versions that are missing, and formats that a version lacks. What people signed is never changed.

    Returns how many versions come with the service.
    """
    for version, in_force_from in COMPACT_IN_FORCE.items():
        words = {field: (DATA / name.format(version)).read_text(encoding="utf-8") for field, name in FORMATS.items()}
        found, made = CompactText.objects.get_or_create(
            version=version, defaults={**words, "in_force_from": in_force_from}
        )
        missing = [] if made else [field for field in words if not getattr(found, field)]
        for field in missing:
            setattr(found, field, words[field])
        if missing:
            found.save(update_fields=missing)
    return len(COMPACT_IN_FORCE)


def load_prompts() -> int:
    """Write every screening prompt of the file, by code; one that the file no longer has is switched off.

    Prisons' own words for a prompt are rows of theirs and stay. Returns how many.
    """
    with (DATA / "prompts.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    ScreeningPrompt.objects.bulk_create(
        [
            ScreeningPrompt(
                code=row["code"],
                words=row["words"],
                alert_codes=row["alert_codes"].split(),
                meaning=row["meaning"],
                departments=row["departments"].split(),
                source=row["source"],
                active=True,
                position=position,
            )
            for position, row in enumerate(rows, start=1)
        ],
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["words", "alert_codes", "meaning", "departments", "source", "active", "position"],
    )
    ScreeningPrompt.objects.exclude(code__in=[row["code"] for row in rows]).update(active=False)
    return len(rows)


def load_alerts() -> int:
    """Write every alert code of the file; one that the file no longer has can no longer be recorded.

    What a national lead or a prison made of a code are rows of their own and stay. Returns how many.
    """
    with (DATA / "alerts.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    AlertKind.objects.bulk_create(
        [
            AlertKind(
                code=row["code"],
                hidden=row["hidden"] == "yes",
                listed_on=date.fromisoformat(row["listed_on"]),
                active=True,
                position=position,
                **{name: row[name] for name in ALERT_WORDS},
            )
            for position, row in enumerate(rows, start=1)
        ],
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=[*ALERT_WORDS, "hidden", "listed_on", "active", "position"],
    )
    AlertKind.objects.exclude(code__in=[row["code"] for row in rows]).update(active=False)
    return len(rows)
