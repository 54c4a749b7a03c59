"""`script/bench-import`: how long a year of visits takes on its way in, step by step.

The file is made here, of plans and buddies that the demonstration has. Every step runs in this process as a worker
runs it, in the web role with row-level security; the commits do not. All of it is rolled back at the end.
"""

from __future__ import annotations

import argparse
import csv
import io
import logging
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

ROWS = 100_000
PRISON = "ZAA"
AIM = 60.0
SESSIONS = ("Morning", "Afternoon", "Evening")
HEAD = (
    "Date", "Session", "Prison number of the person helped", "Prison number of the buddy", "What happened", "Why not",
    "Minutes", "Tasks",
)  # fmt: skip


def visits_file(rows: int, people: list[str], buddies: list[str], today: Any) -> bytes:
    """A CSV file of visits, back from yesterday of four weeks ago; one in ten was not done."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(HEAD)
    for n in range(rows):
        who = n % len(people)
        slot = n // len(people)
        day = today - timedelta(days=200 + slot // 3)
        done = n % 10 != 7
        cells = ("Done as planned", "", 15, "DOM-03, DOM-05") if done else ("Not done", "Not unlocked", "", "")
        writer.writerow([f"{day:%d/%m/%Y}", SESSIONS[slot % 3], people[who], buddies[who % len(buddies)], *cells])
    return out.getvalue().encode()


@contextmanager
def _timed(step: str, times: dict[str, float]) -> Iterator[None]:
    began = time.perf_counter()
    yield
    times[step] = time.perf_counter() - began


def run_inside(rows: int) -> int:
    """Measure in this process, on the database of the environment."""
    import django

    django.setup()
    logging.disable(logging.INFO)
    from django.db import transaction
    from django.utils import timezone

    from buddyscheme.accounts.actor import Actor
    from buddyscheme.accounts.models import Membership, Prison
    from buddyscheme.lib.dates import london_today
    from buddyscheme.lib.sheet_rows import sheet_of_file
    from buddyscheme.scope.transaction import DatabaseRole, scoped
    from referrals.models import Plan, Visit
    from schemes.actions import imports as actions
    from schemes.imports.registry import kind_of
    from schemes.models import Buddy, ImportFile

    times: dict[str, float] = {}
    now = timezone.now()
    today = london_today(now)
    kind = kind_of("PAST_VISITS")
    with transaction.atomic():
        with scoped(DatabaseRole.WEB, prisons=[PRISON]):
            prison = Prison.objects.get(code=PRISON)
            lead = Membership.objects.current(today).filter(prison=prison, role="LEAD").select_related("user").first()
            assert lead is not None, "the demonstration is not there"
            by = Actor.staff(lead.user, roles=("LEAD",))
            plans = (
                Plan.objects.for_prison(prison).filter(answer="AGREES").values_list("person__prison_number", flat=True)
            )
            helpers = Buddy.objects.for_prison(prison).filter(status="ACTIVE").exclude(
                person__in=Plan.objects.for_prison(prison).values("person")
            )  # fmt: skip
            helpers.update(in_role_since=today - timedelta(days=1500))
            people = sorted(set(plans))
            most = len(people) * 3 * 890
            rows = min(rows, most)
            content = visits_file(rows, people, sorted(helpers.values_list("person__prison_number", flat=True)), today)
            with _timed("upload: read once, keep", times):
                file = actions.receive_file(
                    by=by, now=now, prison=prison, kind=kind, name="visits.csv", content=content
                )
                actions.match_columns(by=by, now=now, file=file, columns=file.columns)
            with _timed("stage, in chunks", times):
                place, cells = sheet_of_file(content)
                numbered = list(enumerate(cells[place + 1 :], start=place + 2))
                while actions.stage_rows(by=by, now=now, file=file, rows=numbered):
                    pass
            with _timed("check", times):
                actions.check_file(by=by, now=now, file=file)
            file = ImportFile.objects.get(pk=file.pk)
            with _timed("check again and save", times):
                actions.ask_to_save(by=by, now=now, file=file)
                actions.save_rows(by=by, now=now, file=file)
            file.refresh_from_db()
            saved = Visit.objects.for_prison(prison).filter(source="IMPORT").count()
        transaction.set_rollback(True)
    print(f"{len(people)} people, {rows:,} rows, {len(content) / 1e6:.1f} MB; {file.bad} bad, {saved:,} visits saved")
    for step, seconds in times.items():
        print(f"{step:<26} {seconds:>6.1f} s")
    total = sum(times.values())
    print(f"{'in all':<26} {total:>6.1f} s   aim {AIM:.0f} s{'   over' if total > AIM else ''}")
    return 0 if saved == rows else 1


def main(arguments: list[str]) -> int:
    """Measure on the database given, or start the demo's own beside which nothing else runs."""
    parser = argparse.ArgumentParser(prog="script/bench-import", description=__doc__)
    parser.add_argument("--rows", type=int, default=ROWS, help="how many visits")
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "buddyscheme.settings")
    if options.inside or (os.environ.get("DATABASE_URL") and os.environ.get("BUDDY_MODE") == "demo"):
        return run_inside(options.rows)
    from script.support import demo, state
    from script.support.environment import PYTHON

    with demo.started(state.named("demo"), port=None) as site:
        command = [str(PYTHON), "-m", "script.support.bench_import", "--inside", f"--rows={options.rows}"]
        return subprocess.run(command, env=site.environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
