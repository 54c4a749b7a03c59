"""Loading the boundary guard's phrases from the file beside this module. Run by the owner."""

from __future__ import annotations

import csv

from referrals.boundary import DATA
from referrals.models import BoundaryPhrase


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
