"""`script/bench`: queries, and server time as a ratio to a signed-in page with nothing in it, for each main page.

Pages are asked for in this process by Django's test client: address, every middleware, view, templates and database
run as on a server; the web server itself, the network and the commit do not. All of it is rolled back at the end, so
the data stay as they were, and a visit can be saved fifty times.
"""

from __future__ import annotations

import argparse
import logging
import os
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

ROUNDS = 50
LISTS, FORMS, DASHBOARDS, SAVING, QUERIES = 4, 6, 8, 4, 15
PRISON = "ZAA"
# Role, kind's aim, name, address below the prison; "*" stands for the first record of the list before it.
PAGES: tuple[tuple[str, int, str, str], ...] = (
    ("LEAD", LISTS, "Home with tiles", ""),
    ("LEAD", LISTS, "Referrals", "referrals/"),
    ("LEAD", FORMS, "Screen a referral", "referrals/?status=RECEIVED > screening/"),
    ("OFFICER", FORMS, "Refer somebody", "referrals/new/"),
    ("LEAD", LISTS, "People to ask", "wishes/"),
    ("LEAD", LISTS, "Plans", "plans/"),
    ("LEAD", FORMS, "A plan", "plans/?status=ACTIVE > "),
    ("LEAD", FORMS, "Write a plan", "plans/?status=ACTIVE > writing/"),
    ("LEAD", FORMS, "Tasks of a plan", "plans/?status=ACTIVE > tasks/"),
    ("LEAD", LISTS, "Plans without a buddy", "matches/waiting/"),
    ("LEAD", FORMS, "Suggestions for a match", "plans/?show=buddy > match/"),
    ("LEAD", LISTS, "Matches", "matches/"),
    ("LEAD", LISTS, "Buddies", "buddies/"),
    ("LEAD", FORMS, "A buddy", "buddies/ > "),
    ("LEAD", LISTS, "Training board", "training/"),
    ("TRAINER", FORMS, "A class", "training/modules/MOD-01/class/"),
    ("SECURITY", LISTS, "Clearances to sign", "clearances/"),
    ("LEAD", LISTS, "People", "people/"),
    ("OFFICER", LISTS, "Unlock list of today", "today/"),
    ("OFFICER", LISTS, "Unlock list on paper", "today/paper/"),
    ("OFFICER", LISTS, "Terminals", "windows/"),
    ("LEAD", LISTS, "Visits", "visits/"),
    ("LEAD", LISTS, "Weeks to confirm", "visits/week/"),
    ("LEAD", FORMS, "A week", "visits/week/ > "),
    ("LEAD", LISTS, "Concerns", "concerns/"),
    ("LEAD", FORMS, "A concern", "concerns/?status=NEW > "),
    ("LEAD", LISTS, "Unmet needs", "unmet-needs/"),
    ("COUNCIL", LISTS, "Requests to the council", "assessments/"),
    ("LEAD", DASHBOARDS, "Figures of the month", "figures/"),
    ("DPO", LISTS, "Who looked at what", "audit/"),
    ("INSPECTOR", LISTS, "Releases", "/national/releases/"),
    ("INSPECTOR", DASHBOARDS, "A release, national", "/national/releases/ > "),
    ("NATIONAL_LEAD", LISTS, "Returns", "/national/returns/"),
)


@dataclass
class Measured:
    """One line of the table. `aim` is the most that the ratio should be."""

    name: str
    aim: int
    queries: int
    times: list[float] = field(default_factory=list)
    nothing: list[float] = field(default_factory=list)
    status: int = 200

    @property
    def ratio(self) -> float:
        """Median of the page over median of the page with nothing in it, taken in turns."""
        return statistics.median(self.times) / statistics.median(self.nothing)


def table(lines: list[Measured], ground: int) -> str:
    """The lines beside their aims; `ground` queries are those of session, user and scope."""
    wide = max(len(line.name) for line in lines)
    rows = [f"{'Page':<{wide}}  queries  aim   ratio  aim   ms"]
    for line in lines:
        own = line.queries - ground
        late = "  over" if line.ratio > line.aim or own > QUERIES else ""
        ms = statistics.median(line.times) * 1000
        rows.append(f"{line.name:<{wide}}  {own:>7}  {QUERIES:>3}  {line.ratio:>6.1f}  {line.aim:>3}  {ms:>4.0f}{late}")
    return "\n".join(rows)


def run_inside(rounds: int) -> int:
    """Measure in this process, on the database of the environment."""
    import django

    django.setup()
    logging.disable(logging.INFO)
    from django.db import transaction

    with transaction.atomic():
        lines, ground = Bench(rounds).measure()
        transaction.set_rollback(True)
    print(table(lines, ground))
    print(
        f"\nMedian of {rounds}, in turns with the page with nothing in it. Queries are without its {ground} "
        "(session, user, scope). In one process, through every middleware; without network and commit."
    )
    return 0


class Bench:
    """Clients of each role, and the measuring."""

    def __init__(self, rounds: int) -> None:
        from django.test import Client
        from django.utils import timezone

        from buddyscheme.demo.accounts import accounts, terminals
        from buddyscheme.lib.dates import london_today

        self.rounds = rounds
        self.new_client = Client
        self.accounts = accounts(london_today(timezone.now()))
        self.known = terminals()[0]
        self.clients: dict[str, Any] = {}

    def client(self, role: str) -> Any:
        """A browser of the role, signed in by its password."""
        if role not in self.clients:
            account = next(a for a in self.accounts if a.role == role and a.prison in (PRISON, ""))
            client = self.new_client()
            client.post("/account/login/", {"login": account.email, "password": account.password})
            self.clients[role] = client
        return self.clients[role]

    def measure(self) -> tuple[list[Measured], int]:
        """Every page, then a visit saved at the terminal."""
        lead = self.client("LEAD")
        ground = self._queries(lambda: self._get(lead, f"/prisons/{PRISON}/nothing/"))
        lines = []
        for role, aim, name, where in PAGES:
            client = self.client(role)
            address = self._address(client, where)
            if address:
                lines.append(self._page(name, aim, lambda c=client, a=address: self._get(c, a)))  # type: ignore[misc]
            else:
                print(f"{name}: nothing to open", file=sys.stderr)
        save = self._saving()
        if save:
            lines.append(self._page("A visit saved at the terminal", SAVING, save))
        else:
            print("A visit saved at the terminal: nobody whose code is known has a visit left today", file=sys.stderr)
        return lines, ground

    def _page(self, name: str, aim: int, ask: Callable[[], int]) -> Measured:
        lead = self.client("LEAD")
        ask()
        line = Measured(name, aim, self._queries(ask))
        for _ in range(self.rounds):
            line.nothing.append(self._time(lambda: self._get(lead, f"/prisons/{PRISON}/nothing/")))
            line.times.append(self._time(ask))
        return line

    def _get(self, client: Any, address: str) -> int:
        answer = client.get(address)
        if answer.status_code != 200:
            raise AssertionError(f"{address} answered {answer.status_code}")
        return int(answer.status_code)

    def _address(self, client: Any, where: str) -> str:
        """An address; "list > rest" opens the first record of a list and adds the rest."""
        place, found, rest = where.partition(" > ")
        base = place if place.startswith("/") else f"/prisons/{PRISON}/{place}"
        if not found:
            return base
        text = client.get(base).content.decode()
        path = base.partition("?")[0]
        record = r"[\w-]{22}/" if "week" not in path else r"\w+/\d{4}-\d\d-\d\d/"
        first = re.search(rf'href="({re.escape(path)}{record})', text)
        return first[1] + rest if first else ""

    @staticmethod
    def _time(ask: Callable[[], int]) -> float:
        began = time.perf_counter()
        ask()
        return time.perf_counter() - began

    @staticmethod
    def _queries(ask: Callable[[], int]) -> int:
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        with CaptureQueriesContext(connection) as captured:
            ask()
        # Savepoints stand for the transactions of a server and are no questions.
        return sum("SAVEPOINT" not in query["sql"] for query in captured.captured_queries)

    def _saving(self) -> Callable[[], int] | None:
        """The last tap of an ordinary visit, by the buddy whose code is known; undone after each time.

        None when this buddy has no visit left to log today.
        """
        from django.db import transaction

        terminal = self._terminal()
        visits = terminal.get("/terminal/visits/").content.decode()
        address = re.search(r'href="(/terminal/visit/[\w-]{22}/)', visits)
        if address is None:
            return None
        page = address[1]
        for words in ("All as planned", "Nothing to tell staff"):
            text = terminal.get(page).content.decode()
            link = re.search(rf'href="(\?s=[^"]+)"(?:(?!</a>).)*?{words}', text, re.DOTALL)
            assert link is not None, f"the terminal offers no {words!r}"
            page = address[1] + link[1]
        text = terminal.get(page).content.decode()
        fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', text))

        def save() -> int:
            with transaction.atomic():
                answer = terminal.post(address[1], fields)
                transaction.set_rollback(True)
            if "thanks" not in answer.headers.get("Location", ""):
                raise AssertionError(f"saving a visit answered {answer.status_code} {answer.headers}")
            return int(answer.status_code)

        return save

    def _terminal(self) -> Any:
        """A browser that is enrolled, opened, and entered with number and code."""
        browser = self.new_client()
        admin = next(a for a in self.accounts if a.role == "ADMIN" and a.prison == PRISON)
        officer = next(a for a in self.accounts if a.role == "OFFICER" and a.prison == PRISON)
        base = f"/prisons/{PRISON}"
        browser.post("/account/login/", {"login": admin.email, "password": admin.password})
        form = browser.get(f"{base}/terminals/enrol/").content.decode()
        wing = re.search(r'<option value="([\w-]{22})"', form)
        assert wing is not None
        key = re.search(r'name="form_key" value="([^"]+)"', form)
        values = {"name": "Bench", "wing": wing[1], **({"form_key": key[1]} if key else {})}
        browser.post(f"{base}/terminals/enrol/", values)
        browser.post("/account/logout/")
        browser.post("/account/login/", {"login": officer.email, "password": officer.password})
        listed = browser.get(f"{base}/windows/").content.decode()
        here = re.findall(
            rf'{base}/windows/([\w-]{{22}})/open/"(?:(?!</form>).)*?signed out of this', listed, re.DOTALL
        )
        browser.post(f"{base}/windows/{here[0]}/open/", {"minutes": 30})
        browser.post("/terminal/enter/", {"number": self.known.number, "code": self.known.code})
        return browser


def main(arguments: list[str]) -> int:
    """Measure on the database given, or start the demo's own beside which nothing else runs."""
    parser = argparse.ArgumentParser(prog="script/bench", description=__doc__)
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="how often each page is asked for")
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "buddyscheme.settings")
    if options.inside or (os.environ.get("DATABASE_URL") and os.environ.get("BUDDY_MODE") == "demo"):
        return run_inside(options.rounds)
    from script.support import demo, state
    from script.support.environment import PYTHON

    with demo.started(state.named("demo"), port=None) as site:
        command = [str(PYTHON), "-m", "script.support.bench", "--inside", f"--rounds={options.rounds}"]
        return subprocess.run(command, env=site.environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
