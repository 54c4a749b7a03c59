"""Loading the national training modules from the file beside this module. Run by the owner, after the tasks."""

from __future__ import annotations

import csv
from pathlib import Path

from training.models import Module, TaskModule

DATA = Path(__file__).parent / "data" / "modules.csv"
FIELDS = ("title", "title_cy", "mandatory", "hours", "refresh_months", "practical", "source", "position")


def load_modules() -> int:
    """Write every module of the file, by code, and which tasks need it. Returns how many the file has.

    A module that somebody has amended since keeps what they said.
    """
    with DATA.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    amended = set(Module.objects.filter(version__gt=1).values_list("code", flat=True))
    Module.objects.bulk_create(
        [
            Module(
                code=row["code"],
                title=row["title"],
                title_cy=row["title_cy"],
                mandatory=row["mandatory"] == "yes",
                hours=row["hours"] or None,
                refresh_months=int(row["refresh_months"]) if row["refresh_months"] else None,
                practical=row["practical"] == "yes",
                source=row["source"],
                position=position,
            )
            for position, row in enumerate(rows, start=1)
            if row["code"] not in amended
        ],
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=list(FIELDS),
    )
    wanted = {(task, row["code"]) for row in rows for task in row["tasks"].split(";") if task}
    for link in TaskModule.objects.all():
        if (link.task_id, link.module_id) in wanted:
            wanted.remove((link.task_id, link.module_id))
        else:
            link.delete()
    TaskModule.objects.bulk_create(TaskModule(task_id=task, module_id=module) for task, module in sorted(wanted))
    return len(rows)
