"""Every step at the terminal is accessible, in plain and in strong colours; and fingers alone get somebody in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from buddyscheme.scope.transaction import DatabaseRole, scoped
from schemes.models import Person
from tests.browser.conftest import NOW, Reader
from tests.browser.test_terminal import SCREEN, Wingful, get_in, leave, machine, tap, wingful
from tests.builders import posts
from tests.builders.schemes import person_in

pytestmark = pytest.mark.browser
__all__ = ["machine", "wingful"]
Machine = Callable[..., Reader]
COVERS = ("idle", "lost-link", "dim")


class Steps:
    """Goes from screen to screen and keeps what is wrong with each."""

    def __init__(self, window: Reader, *, strong: bool) -> None:
        self.window, self.strong = window, strong
        self.faults: list[str] = []
        self.seen = 0

    def get_in(self, wingful: Wingful, person: Person) -> None:
        """Whoever leaves takes their look along, so the next one chooses it anew."""
        self.window.has_cookies({"terminal_look": f"en-0-{int(self.strong)}-0-0"})
        self.window.open("/terminal/?e=2")
        self.look()
        get_in(self.window, wingful, person)
        self.look()

    def leave(self) -> None:
        self.window.open("/terminal/home/")
        leave(self.window)

    def look(self) -> None:
        assert ("high-contrast" in self.drawn_as) == self.strong
        self.faults += self.window.faults(widths=(SCREEN["width"],), height=SCREEN["height"])
        self.seen += 1

    @property
    def drawn_as(self) -> str:
        return str(self.window.page.locator("html").get_attribute("class"))

    def open(self, address: str) -> None:
        self.window.open(address)
        self.look()

    def tap(self, *words: str) -> None:
        for one in words:
            tap(self.window, one)
            self.look()

    def tick(self) -> None:
        self.window.page.locator("label.tick").first.click()


@pytest.mark.parametrize("strong", [False, True], ids=["plain", "strong colours"])
def test_every_step_is_accessible(machine: Machine, wingful: Wingful, strong: bool) -> None:
    buddy, plan = wingful.buddy()
    with scoped(DatabaseRole.WEB, prisons=[wingful.prison.code]):
        posts.advertised(wingful.prison, wingful.lead, NOW, wingful.wing)
        applicant = person_in(wingful.prison, wingful.lead, NOW, wing=wingful.wing)
    walk = Steps(machine(), strong=strong)
    walk.get_in(wingful, buddy.person)
    for cover in COVERS:
        walk.window.page.evaluate("name => { document.getElementById(name).hidden = false; }", cover)
        walk.look()
        walk.window.page.evaluate("name => { document.getElementById(name).hidden = true; }", cover)
    walk.tap("My visits", "Morning", "Not done", "Not unlocked", "Yes, tell staff", "A fall")
    walk.open("/terminal/visits/")
    walk.tap("Morning", "Some of it")
    walk.tick()
    walk.tap("Next")
    walk.tick()
    walk.tap("Next", "Yes, tell staff", "A worry about somebody")
    walk.window.open("/terminal/home/")
    walk.tap("My job", "Jobs")
    walk.leave()

    walk.get_in(wingful, plan.person)
    walk.tap("How is it going?", "Some of the time", "Good")
    walk.open("/terminal/ask/change/")
    walk.tap("Stop some help")
    walk.open("/terminal/ask/new/")
    walk.tick()
    walk.tap("Next", "It can wait")
    walk.leave()

    walk.get_in(wingful, applicant)
    walk.tap("Jobs", "Wing buddy", "Apply")
    walk.tick()
    walk.tap("Next")
    walk.leave()
    assert walk.faults == []
    assert walk.seen >= 30


def test_fingers_alone_get_somebody_in(machine: Machine, wingful: Wingful) -> None:
    """No key of a keyboard is pressed: the keys on the screen type where the last tap was."""
    buddy, _ = wingful.buddy()
    window = machine(has_touch=True)
    page = window.page
    pressed: list[Any] = []
    page.expose_function("pressed", lambda key: pressed.append(key))
    page.evaluate("() => addEventListener('keydown', event => pressed(event.key))")
    for key in buddy.person.prison_number:
        page.locator(f"[data-type='{key}']").tap()
    # The seventh leads on to the digits; one that was wrong is rubbed out.
    for key in "7":
        page.locator(f"[data-type='{key}']").tap()
    page.locator("[data-type='']").tap()
    for key in wingful.code_of(buddy.person):
        page.locator(f"[data-type='{key}']").tap()
    assert page.locator("#number").input_value() == buddy.person.prison_number
    page.locator(".enter button[type=submit]").tap()
    page.wait_for_url("**/terminal/home/")
    for words in ("My visits", "Morning", "All as planned", "Nothing to tell staff", "Finish"):
        before = page.url
        page.locator(".tap", has_text=words).first.tap()
        page.wait_for_url(lambda url, before=before: url != before)
    page.wait_for_url("**/terminal/thanks/")
    assert pressed == []
    leave(window)
