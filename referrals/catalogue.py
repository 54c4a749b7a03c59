"""Loading the boundary guard's phrases and the reception prompts from their files. Run by the owner."""

from __future__ import annotations

import csv

from referrals.boundary import DATA
from referrals.models import BoundaryPhrase, ReceptionPrompt


def load_boundary_phrases() -> int:
    """Write every row of the file in its order; rows that the file no longer has go. Returns how many."""
    with DATA.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    BoundaryPhrase.objects.bulk_create(
        [
            BoundaryPhrase(
                position=position,
                language=row["language"],
                code=row["code"],
                phrase=row["phrase"],
                unless=row["unless"],
                check_note=row["check"],
            )
            for position, row in enumerate(rows, start=1)
        ],
        update_conflicts=True,
        unique_fields=["position"],
        update_fields=["language", "code", "phrase", "unless", "check_note"],
    )
    BoundaryPhrase.objects.filter(position__gt=len(rows)).delete()
    return len(rows)


def load_reception_prompts() -> int:
    """Write every question that is asked on arriving, by code; one that the file no longer has is switched off.

    Answers name the codes, so no row ever goes. Returns how many.
    """
    with DATA.with_name("reception_prompts.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    ReceptionPrompt.objects.bulk_create(
        [
            ReceptionPrompt(
                code=row["code"],
                words=row["words"],
                category=row["category"],
                other_help=row["other_help"] == "yes",
                source=row["source"],
                active=True,
                position=position,
            )
            for position, row in enumerate(rows, start=1)
        ],
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["words", "category", "other_help", "source", "active", "position"],
    )
    ReceptionPrompt.objects.exclude(code__in=[row["code"] for row in rows]).update(active=False)
    return len(rows)
