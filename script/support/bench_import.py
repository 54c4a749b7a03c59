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
from datetime import date, timedelta
from pathlib import Path
from typing import Any

ROWS = 100_000
PEOPLE = 100
PRISON = "ZAA"
AIM = 60.0
Times = dict[str, tuple[float, float]]
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


def people_file(people: list[str]) -> bytes:
    """A CSV file of people on A wing."""
    rows = [f"{number},Kit,Bench{n},A,1,1-{n % 40 + 10}" for n, number in enumerate(people)]
    return "\n".join(["Prison number,First name,Last name,Wing,Landing,Cell", *rows]).encode()


def recipients_file(people: list[str]) -> bytes:
    """A CSV file of recipients, each with two tasks."""
    head = (
        "Prison number,Needs,Why,Own words,Agrees,Share,Goals,Review date,Task 1,Task 1: days,Task 1: session,"
        "Task 2,Task 2: days,Task 2: session"
    )
    review = f"{date.today() + timedelta(days=90):%d/%m/%Y}"  # noqa: DTZ011 - only a day to come
    cells = f"Meals,Cannot carry a tray.,I want to eat hot food.,yes,no,Hot meals.,{review},DOM-03,every day,Morning"
    return "\n".join([head, *(f"{number},{cells},DOM-05,weekdays,Afternoon" for number in people)]).encode()


class Bench:
    """One prison, its lead, and how long each step took."""

    def __init__(self) -> None:
        from django.utils import timezone

        from buddyscheme.accounts.actor import Actor
        from buddyscheme.accounts.models import Membership, Prison
        from buddyscheme.lib.dates import london_today

        self.now = timezone.now()
        self.today = london_today(self.now)
        self.prison = Prison.objects.get(code=PRISON)
        held = Membership.objects.current(self.today).filter(prison=self.prison, role="LEAD").select_related("user")
        lead = held.first()
        assert lead is not None, "the demonstration is not there"
        self.by = Actor.staff(lead.user, roles=("LEAD",))
        self.times: Times = {}

    @contextmanager
    def timed(self, step: str) -> Iterator[None]:
        """The step's time by the clock, and of processors here and in the database."""
        began, busy = time.perf_counter(), _processor()
        yield
        self.times[step] = (time.perf_counter() - began, _processor() - busy)

    def bring(self, code: str, content: bytes) -> Any:
        """The whole way of one file, as pages and workers go it."""
        from buddyscheme.lib.sheet_rows import sheet_of_file
        from schemes.actions import imports as actions
        from schemes.imports.registry import kind_of
        from schemes.models import ImportFile

        by, now = self.by, self.now
        with self.timed("upload: read once, keep"):
            file = actions.receive_file(
                by=by, now=now, prison=self.prison, kind=kind_of(code), name="bench.csv", content=content
            )
            actions.match_columns(by=by, now=now, file=file, columns=file.columns)
        with self.timed("stage, in chunks"):
            place, cells = sheet_of_file(content)
            numbered = list(enumerate(cells[place + 1 :], start=place + 2))
            while actions.stage_rows(by=by, now=now, file=file, rows=numbered):
                pass
        with self.timed("check"):
            actions.check_file(by=by, now=now, file=file)
        with self.timed("check again and save"):
            file = actions.ask_to_save(by=by, now=now, file=file)
            actions.save_rows(by=by, now=now, file=file)
        return ImportFile.objects.get(pk=file.pk)


def _processor() -> float:
    """Seconds of processor time so far, of this process and of its server process where that is on this machine."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        stat = Path(f"/proc/{cursor.fetchone()[0]}/stat")
    try:
        ticks = sum(map(int, stat.read_text().rsplit(")", 1)[1].split()[11:13]))
    except OSError:
        ticks = 0
    return time.process_time() + ticks / os.sysconf("SC_CLK_TCK")


def _report(what: str, file: Any, content: bytes, times: Times) -> float:
    clock, busy = (sum(column) for column in zip(*times.values(), strict=True))
    print(f"{what}: {file.rows_in_file:,} rows, {len(content) / 1e6:.1f} MB; {file.bad} bad, {file.saved:,} saved")
    for step, seconds in [*times.items(), ("in all", (clock, busy))]:
        print(f"  {step:<26} {seconds[0]:>6.1f} s, processors {seconds[1]:>6.1f} s")
    return float(clock)


def run_inside(rows: int) -> int:
    """Measure in this process, on the database of the environment."""
    import django

    django.setup()
    logging.disable(logging.INFO)
    from django.db import transaction

    from buddyscheme.scope.transaction import DatabaseRole, scoped
    from schemes.models import Buddy

    with transaction.atomic():
        with scoped(DatabaseRole.WEB, prisons=[PRISON]):
            bench = Bench()
            since = bench.today - timedelta(days=1500)
            helpers = Buddy.objects.for_prison(bench.prison).filter(status="ACTIVE")
            helpers.update(in_role_since=since)
            buddies = sorted(helpers.values_list("person__prison_number", flat=True))
            people = [f"Z{n:04d}ZX" for n in range(PEOPLE)]
            for what, code, content in (
                ("People", "PEOPLE", people_file(people)),
                ("Recipients with plans", "RECIPIENTS", recipients_file(people)),
                ("Past visits", "PAST_VISITS", visits_file(rows, people, buddies, bench.today)),
            ):
                bench.times = {}
                file = bench.bring(code, content)
                clock = _report(what, file, content, bench.times)
        transaction.set_rollback(True)
    return verdict(rows, file.saved, clock)


def verdict(rows: int, saved: int, clock: float) -> int:
    """What the run comes to, in one line and as an exit code: every row saved, and within the aim by the clock."""
    print(f"{rows:,} visits: {clock:.1f} s by the clock, aim {AIM:.0f} s")
    if saved != rows:
        print(f"Only {saved:,} of {rows:,} are saved.")
    if clock > AIM:
        print(f"Over the aim by {clock - AIM:.1f} s.")
    return 0 if saved == rows and clock <= AIM else 1


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
