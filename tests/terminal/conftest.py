"""A terminal on a wing, open, with a buddy who has a code and one visit today."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

import pytest
import time_machine
from django.test import Client

from buddyscheme.accounts.models import Prison, Terminal, User, Wing
from buddyscheme.lib.dates import london_today
from referrals.models import Plan, PlannedVisit, TerminalWindow
from schemes.models import Buddy, Person
from tests.builders import terminal as builders
from tests.builders.visits import day_opened, helped, planned_on


@dataclass
class Scene:
    """Everything that a test of the terminal reaches for."""

    prison: Prison
    officer: User
    terminal: Terminal
    key: str
    window: TerminalWindow
    plan: Plan
    planned: PlannedVisit
    buddy: Buddy
    person: Person
    recipient: Person
    code: str
    at_prison: Callable
    now: datetime

    def browser(self) -> Client:
        """The machine, with nobody in."""
        return builders.browser(self.key)

    def inside(self, person: Person | None = None) -> Client:
        """The machine with the buddy (or somebody else) in."""
        with self.at_prison(self.prison):
            _, key = builders.entry_of(person or self.person, self.window, self.officer, self.now)
        return builders.browser(self.key, key)

    def enter(self, client: Client, number: str | None = None, code: str | None = None):
        """Number and code, as typed on the start page."""
        return client.post(
            "/terminal/enter/", {"number": number or self.person.prison_number, "code": code or self.code}
        )

    @property
    def wrong(self) -> str:
        """A code of the right shape that is not the buddy's."""
        return "902715" if self.code != "902715" else "902716"


@pytest.fixture
def clock(now: datetime) -> Iterator[time_machine.Coordinates]:
    """The pages' clock stands still at `now` until a test moves it."""
    with time_machine.travel(now, tick=False) as traveller:
        yield traveller


@pytest.fixture
def scene(here: Prison, wing: Wing, lead: User, officer: User, admin: User, now: datetime, at_prison, clock) -> Scene:
    with at_prison(here):
        plan, buddy, _ = helped(here, lead, now, wing=wing, safety_words=["UNSTEADY", "HARD_OF_HEARING"])
        day_opened(here, london_today(now), now)
        terminal, key = builders.terminal_on(wing, admin, now)
        window = builders.window_at(terminal, officer, now)
        code = builders.code_for(buddy.person, window, officer, now)
        planned = planned_on(plan, london_today(now))
        return Scene(
            here, officer, terminal, key, window, plan, planned, buddy, buddy.person, plan.person, code, at_prison, now
        )
