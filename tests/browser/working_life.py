"""A prison with an open scheme, its staff each in a browser of their own, and the machine on the wing."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import count
from typing import Any

import time_machine
from django.core.management import call_command
from django.utils import timezone

from buddyscheme.accounts.models import Prison, User, Wing
from buddyscheme.lib.dates import london_today
from buddyscheme.scope.transaction import DatabaseRole, scoped
from referrals.models import Match, Plan
from schemes.models import Buddy, Person
from tests import cast
from tests.browser.conftest import NOW, Reader
from tests.browser.hands import choose, follow, send
from tests.builders import terminal as machines
from tests.builders.buddies import compact_signed, in_training, trained
from tests.builders.referrals import Task, agreed_plan, scheme_open
from tests.builders.schemes import person_in
from tests.builders.visits import day_opened
from tests.cast import acts
from training.actions.appointments import appoint
from training.models import Module

STAFF = {
    "LEAD": "Lena Lead", "DEPUTY_LEAD": "Dev Deputy", "OFFICER": "Olu Officer", "TRAINER": "Tess Trainer",
    "GOVERNOR_DELEGATE": "Gil Governor", "SECURITY": "Sid Security", "HEALTHCARE": "Hana Health",
    "SAFEGUARDING": "Sol Safeguarding", "ADMIN": "Ada Admin",
}  # fmt: skip
SCREEN, DESK = {"width": 1024, "height": 768}, {"width": 1280, "height": 900}
letters = count()
# Kinds of page that were examined: the address without its token, and the title, which says whether there are errors.
TOKEN = re.compile(r"[\w-]{22}(?=/)")
EXAMINED: set[tuple[str, str]] = set()


@dataclass
class Place:
    """One prison on one day; each test has its own. Every page that is shown to `looks_at` is examined."""

    prison: Prison
    wing: Wing
    staff: dict[str, User]
    visitor: Callable[..., Reader]
    windows: dict[str, Reader] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    people: set[str] = field(default_factory=set)

    @property
    def now(self) -> datetime:
        """The moment, travelled to or not."""
        return timezone.now()

    @property
    def today(self) -> date:
        """The day."""
        return london_today(self.now)

    @contextmanager
    def reach(self) -> Iterator[None]:
        """Builders run in here."""
        with scoped(DatabaseRole.WEB, prisons=[self.prison.code]):
            yield

    @contextmanager
    def later(self, *, days: int) -> Iterator[None]:
        """So many days after the first one; everybody signs in again."""
        before, self.windows = self.windows, {}
        with time_machine.travel(NOW + timedelta(days=days, hours=1), tick=True):
            yield
            self.closes()
        self.windows = before

    def by(self, role: str) -> Reader:
        """The browser in which this role is signed in."""
        if role not in self.windows:
            self.windows[role] = self.visitor(self.staff[role])
            self.windows[role].known = self.people
            # A page is slow where the machine is busy; a page that never comes is still found.
            self.windows[role].page.context.set_default_timeout(45_000)
        return self.windows[role]

    def at(self, role: str, address: str = "") -> Reader:
        """The role's browser, on a page of the prison."""
        window = self.by(role)
        answer = window.open(f"/prisons/{self.prison.code}/{address}")
        assert answer.status == 200, f"{answer.status} for {role} at {address}"
        return window

    def looks_at(self, window: Reader, *words: str) -> None:
        """The page says this; and the first of its kind is examined, wide and narrow."""
        for each in words:
            window.sees(each)
        kind = (TOKEN.sub("…", window.page.url.partition(self.prison.code)[2]), window.page.title())
        if kind in EXAMINED:
            return
        EXAMINED.add(kind)
        self.faults += window.faults(widths=(320, 1280))
        window.page.set_viewport_size(DESK)

    def closes(self) -> None:
        """Nobody has a complaint, about any page that was opened."""
        for role, window in self.windows.items():
            assert window.complaints == [], role
        assert self.faults == []

    def person(self, first: str, last: str, **fields: Any) -> Person:
        """Somebody who is held here."""
        self.people.add(last)
        with self.reach():
            cell = f"A1-{len(self.people):02d}"
            where = {"wing": self.wing, "landing": 1, "cell": cell, **fields}
            return person_in(self.prison, self.staff["LEAD"], NOW, first_name=first, last_name=last, **where)

    def recipient(self, first: str, last: str, *tasks: Task) -> Plan:
        """Somebody with an active plan that waits for a buddy."""
        person = self.person(first, last)
        with self.reach():
            return agreed_plan(self.prison, self.staff["LEAD"], self.now, person=person, tasks=tasks)

    def switches_on_the_machine(self) -> Callable[[Person], Reader]:
        """The terminal of the wing, with its window open: gives the browser in which somebody has gone in."""
        with self.reach():
            terminal, key = machines.terminal_on(self.wing, self.staff["ADMIN"], self.now)
            opened = machines.window_at(terminal, self.staff["OFFICER"], self.now)
        machine = self.visitor(None)
        machine.page.set_viewport_size(SCREEN)
        machine.page.context.set_default_timeout(45_000)
        machine.has_cookies({"terminal_device": key})

        def lets_in(person: Person) -> Reader:
            with self.reach():
                digits = machines.code_for(person, opened, self.staff["OFFICER"], self.now)
            machine.open("/terminal/")
            if machine.page.locator(".bar-leave").count():
                machine.page.locator(".bar-leave").click()
                machine.page.wait_for_url("**/terminal/")
            machine.page.locator("#number").fill(person.prison_number)
            machine.page.locator("#code").fill(digits)
            machine.page.locator(".enter button[type=submit]").click()
            machine.page.wait_for_url("**/terminal/home/")
            return machine

        self.windows["the machine"] = machine
        return lets_in


def a_place(visitor: Callable[..., Reader], since: datetime = NOW) -> Place:
    """A prison whose scheme opened on A wing then, and nobody in it yet. Offender management has no account here."""
    if not Module.objects.exists():
        call_command("load_register", verbosity=0)
    letter = chr(ord("A") + next(letters))
    prison = cast.make_prison(f"ZJ{letter}", f"Journeyfield {letter}")
    wing = cast.make_wing(prison)
    staff = {role: cast.make_staff(name, role, prison) for role, name in STAFF.items()}
    with scoped(DatabaseRole.WEB, prisons=[prison.code]):
        scheme_open(prison, staff["LEAD"], since, wing)
    return Place(prison, wing, staff, visitor)


def buddy_of(person: Person) -> Buddy:
    """The newest record, as it stands now."""
    found = Buddy.objects.filter(person=person).select_related("person", "prison", "scheme").order_by("id").last()
    assert found is not None
    return found


def a_buddy(place: Place, first: str, last: str, *, without: tuple[str, ...] = ()) -> Buddy:
    """A buddy in the role who has passed everything but these modules."""
    person, lead, now = place.person(first, last), place.staff["LEAD"], place.now
    with place.reach():
        buddy = compact_signed(in_training(place.prison, lead, now, person=person), lead, now)
        buddy = trained(buddy, lead, now, without=without)
        return appoint(by=acts(lead, place.prison), now=now, buddy=buddy, started_on=london_today(now))


def the_buddy_is_proposed_and_both_agree(place: Place, plan: Plan, buddy: Buddy) -> Match:
    lead = place.at("LEAD", f"plans/{plan.token}/match/")
    follow(lead, buddy.person.list_name)
    place.looks_at(lead)
    send(lead, "Propose this buddy")
    follow(lead, "Record what both said")
    choose(lead, "Does the person want this buddy?", "Yes")
    choose(lead, "Does the buddy want to help this person?", "Yes")
    send(lead, "Save both answers")
    place.looks_at(lead, "The match is active")
    match = Match.objects.get(plan=plan, buddy=buddy)
    assert match.status == Match.Status.ACTIVE
    return match


def is_on_todays_list(place: Place, *words: str) -> Reader:
    officer = place.at("OFFICER", "today/")
    place.looks_at(officer, *words)
    return officer


def the_day_is_opened(place: Place) -> None:
    """What the clock does each night."""
    with place.reach():
        day_opened(place.prison, place.today, place.now)
