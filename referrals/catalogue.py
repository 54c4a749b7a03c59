"""Loading the boundary guard's phrases from the file that comes with the program."""

from __future__ import annotations

import csv

from django.db import transaction

from referrals.boundary import DATA, make_phrases
from referrals.models import BoundaryPhrase


@transaction.atomic
def load_boundary_phrases() -> int:
    """Put the file's rows in place of the kept ones, in their order. Safe to repeat. Returns how many phrases.

    Raises `ValueError` naming the row when one cannot be read; the kept rows then stay.
    """
    with DATA.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    make_phrases(rows)
    BoundaryPhrase.objects.all().delete()
    BoundaryPhrase.objects.bulk_create(
        BoundaryPhrase(
            position=position,
            language=row["language"],
            code=row["code"],
            phrase=row["phrase"],
            unless=row["unless"],
            check_note=row["check"],
        )
        for position, row in enumerate(rows, start=1)
    )
    return sum(1 for row in rows if not row["code"].startswith("@"))
