"""A real browser on the real server with committed rows, and a reader that looks at each page as a stranger would."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, Response
from pytest_django.live_server_helper import LiveServer

from buddyscheme.accounts.models import User

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)  # a Monday
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
# Rules that are switched off, each with its reason. The accessibility statement repeats this list word for word.
EXEMPT: dict[str, str] = {}
RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]},
    "rules": {rule: {"enabled": False} for rule in EXEMPT},
    "resultTypes": ["violations"],
    "preload": False,
}
AXE = Axe().axe_script
COUNT = "async options => (await axe.run(options)).violations"
# What the rules look at and a width can change: what is shown, in which colours, with large or small letters, on a
# large or small target, cut off or not. Two widths that agree in all of it get the same answer, and a scan is the
# dearest part of these tests by far.
LOOKS = """() => {
  const colours = s => [s.color, s.backgroundColor, s.backgroundImage, s.opacity, s.textDecorationLine].join();
  return JSON.stringify([...document.body.querySelectorAll("*")].map(node => {
    if (!node.checkVisibility({ opacityProperty: true, visibilityProperty: true })) return 0;
    const style = getComputedStyle(node), box = node.getBoundingClientRect();
    const size = parseFloat(style.fontSize), bold = parseInt(style.fontWeight) >= 700;
    const target = node.matches("a, button, input, select, textarea, summary, label, [tabindex]");
    return [
      colours(style), size >= 24 || (bold && size >= 18.6), style.position, style.overflow,
      target && [box.width < 24, box.height < 24],
      style.overflow !== "visible" && [node.scrollWidth > node.clientWidth, node.scrollHeight > node.clientHeight],
      box.width < 2 || box.height < 2,
    ].join("|");
  }));
}"""
PRISON_NUMBER = re.compile(r"\b[A-Z]\d{4}[A-Z]{2}\b")


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """The system's Chromium where there is one; no sandbox, because root has none."""
    browser = os.environ.get("CHROMIUM") or shutil.which("chromium")
    return {**({"executable_path": browser} if browser else {}), "args": ["--no-sandbox", "--disable-gpu"]}


@pytest.fixture(scope="module")
def transactional_db(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The database for a whole module, with rows that the server's threads can see; emptied at its end.

    By its name, because pytest-django makes the test database only for tests that ask for a fixture called this.
    """
    with django_db_blocker.unblock(), time_machine.travel(NOW, tick=True):
        assert connection.settings_dict["NAME"].startswith("test_")
        yield
        call_command("flush", interactive=False, verbosity=0)
        connections.close_all()


@pytest.fixture(scope="module")
def site(transactional_db: None) -> Iterator[str]:
    """The server's address."""
    server = LiveServer("127.0.0.1")
    yield server.url
    server.stop()


@dataclass
class Reader:
    """A browser window, and every complaint about what it was given."""

    page: Page
    site: str
    complaints: list[str] = field(default_factory=list)
    known: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.page.on("pageerror", lambda error: self.complaints.append(f"script: {error}"))
        self.page.on("console", lambda line: self._heard(line.type, line.text))
        self.page.on("response", self._received)

    def _heard(self, kind: str, text: str) -> None:
        # The browser also logs the status of a page that answers 404; that is looked at in its own place.
        if kind in ("error", "warning") and "the server responded with a status of" not in text:
            self.complaints.append(f"console: {text}")

    def _received(self, response: Response) -> None:
        beside = response.request.resource_type != "document"
        if response.status >= 500 or (beside and response.status >= 400):
            self.complaints.append(f"{response.status}: {response.url}")

    def open(self, path: str) -> Response:
        """Go there; the answer, after redirects."""
        answer = self.page.goto(self.site + path)
        assert answer is not None
        return answer

    def has_cookies(self, values: dict[str, str]) -> None:
        """The browser holds these."""
        self.page.context.add_cookies([{"name": n, "value": v, "url": self.site} for n, v in values.items()])

    def press(self, name: str, *, exact: bool = True) -> None:
        """The button or link of this name that comes first."""
        button = self.page.get_by_role("button", name=name, exact=exact)
        link = self.page.get_by_role("link", name=name, exact=exact)
        button.or_(link).first.click()

    def sees(self, words: str) -> None:
        """The words are on the page, and can be read."""
        assert words in self.words, f"{words!r} is not on {self.page.url}:\n{self.words}"

    def does_not_see(self, words: str) -> None:
        """Nowhere in the page, shown or hidden."""
        assert words not in self.page.content(), f"{words!r} is on {self.page.url}"

    @property
    def words(self) -> str:
        """What can be read on the page."""
        return self.page.locator("body").inner_text()

    def faults(self, *, widths: tuple[int, ...] = (320, 768, 1280), height: int = 900) -> list[str]:
        """Everything that is wrong with the page that is open, at each width."""
        found = list(self.complaints)
        self.complaints.clear()
        self.page.evaluate(AXE)
        scanned: set[str] = set()
        for width in widths:
            self.page.set_viewport_size({"width": width, "height": height})
            found += [f"{width} px: {fault}" for fault in self._faults_at(width, scanned)]
        found += self._faults_of_words()
        return [f"{self.page.url.removeprefix(self.site)}: {fault}" for fault in dict.fromkeys(found)]

    def _faults_at(self, width: int, scanned: set[str]) -> list[str]:
        looks = self.page.evaluate(LOOKS)
        violations = [] if looks in scanned else self.page.evaluate(COUNT, RULES)
        scanned.add(looks)
        found = [f"{rule['id']}: {node['html'][:200]}" for rule in violations for node in rule["nodes"]]
        wide = self.page.evaluate("document.documentElement.scrollWidth")
        return [*found, *([f"scrolls sideways: {wide} px"] if wide > width else [])]

    def _faults_of_words(self) -> list[str]:
        page = self.page
        title = page.title()
        headings = page.locator("h1").count()
        styled = page.evaluate("[...document.styleSheets].every(sheet => sheet.cssRules.length > 0)")
        return [
            *([] if headings == 1 else [f"{headings} headings of the first level"]),
            *([] if title.strip() else ["no title"]),
            *([f"title with a prison number: {title}"] if PRISON_NUMBER.search(title) else []),
            *(f"title with a name: {title}" for name in self.known if name in title),
            *([f"address with a prison number: {page.url}"] if PRISON_NUMBER.search(page.url) else []),
            *([] if styled else ["a style sheet is missing"]),
        ]


@pytest.fixture
def visitor(site: str, browser: Browser) -> Iterator[Callable[..., Reader]]:
    """`visitor(lead)`: a browser of their own in which this member of staff is signed in; `visitor()`: nobody."""
    contexts: list[BrowserContext] = []

    def arrive(user: User | None = None, **options: Any) -> Reader:
        context = browser.new_context(viewport={"width": 1280, "height": 900}, **options)
        contexts.append(context)
        context.set_default_timeout(10_000)
        if user is not None:
            context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session_of(user), "url": site}])
        return Reader(context.new_page(), site)

    yield arrive
    for context in contexts:
        context.close()


def session_of(user: User) -> str:
    """A new session of this person, as the sign-in page makes one."""
    client = Client()
    client.force_login(user, backend=BACKEND)
    return client.cookies[settings.SESSION_COOKIE_NAME].value
