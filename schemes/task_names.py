"""What each task of the catalogue's file is called, for whoever has to know before there is a database."""

from __future__ import annotations

import csv
from pathlib import Path

FILE = Path(__file__).parent / "data" / "tasks.csv"


def task_names() -> list[dict[str, str]]:
    """The code of each task, and its name by the code of its language: what can be said aloud."""
    with FILE.open(encoding="utf-8", newline="") as file:
        return [{"code": row["code"], "en": row["name"], "cy": row["name_cy"]} for row in csv.DictReader(file)]
