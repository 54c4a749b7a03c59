"""Walking the site over HTTP as its users do: one session for each role, forms sent with all their hidden fields.

`run()` goes through `main_line.STEPS`; each step is a function that takes a `Walker`.
"""

from __future__ import annotations

import http.cookiejar
import re
import time
import traceback
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from script.support import messages
from script.support.html import Form, Page

Step = Callable[["Walker"], None]


@dataclass
class Answer:
    """What came back: status, headers and the page."""

    url: str
    status: int
    headers: Any
    body: bytes
    walker_page: Page | None = field(default=None, repr=False)

    @property
    def text(self) -> str:
        """The answer as text."""
        return self.body.decode(errors="replace")

    @property
    def page(self) -> Page:
        """The answer, read as a page."""
        if self.walker_page is None:
            self.walker_page = Page(self.text)
        return self.walker_page

    @property
    def path(self) -> str:
        """The address without the host."""
        return urllib.parse.urlsplit(self.url).path

    def says(self, words: str) -> bool:
        """Whether the page shows `words`, whatever their case and spacing."""
        return " ".join(words.split()).lower() in self.page.words.lower()

    def must_say(self, *wanted: str) -> Answer:
        """Refuse a page that lacks any of the texts."""
        for words in wanted:
            if not self.says(words):
                raise AssertionError(
                    f"{self.path} ({self.page.heading or self.page.title}) does not say {words!r}. {self.errors()}"
                )
        return self

    def must_not_say(self, *unwanted: str) -> Answer:
        """Refuse a page that shows any of the texts."""
        for words in unwanted:
            if self.says(words):
                raise AssertionError(f"{self.path} ({self.page.heading}) says {words!r} and should not.")
        return self

    def must_be(self, status: int) -> Answer:
        """Refuse another status."""
        if self.status != status:
            raise AssertionError(
                f"{self.path} answered {self.status} instead of {status}: {self.page.heading or self.page.words[:200]}"
            )
        return self

    def errors(self) -> str:
        """Return what the error summary says, to explain a step that did not go on."""
        found = re.search(r"There is a problem(.{0,400})", self.page.words, re.IGNORECASE)
        return f"The page complains:{found[1]}" if found else ""

    def link(self, text: str) -> str:
        """Return the address of the first link that contains `text`."""
        for link in self.page.links:
            if text.lower() in link.text.lower():
                return link.address
        raise AssertionError(
            f"{self.path} ({self.page.heading}) has no link {text!r}, only {[link.text for link in self.page.links]}"
        )

    def form(self, *asking: str, saying: str = "", button: str = "") -> Form:
        """Return the first form that asks all the given names, contains the text and has the button."""
        for form in self.page.forms:
            labelled = not button or any(button.lower() in one.label.lower() for one in form.buttons)
            if set(asking) <= set(form.names()) and saying.lower() in form.text.lower() and labelled:
                return form
        there = [(form.names(), [one.label for one in form.buttons]) for form in self.page.forms]
        raise AssertionError(
            f"{self.path} ({self.page.heading}) has no form asking {asking} {saying!r} {button!r}, only {there}"
        )


@dataclass
class Browser:
    """One person's browser: cookies, and the page that is open."""

    base: str
    name: str
    cookies: http.cookiejar.CookieJar = field(default_factory=http.cookiejar.CookieJar)
    at: Answer | None = None

    def get(self, address: str, *, status: int | None = 200) -> Answer:
        """Open an address; redirects are followed."""
        return self._open(urllib.request.Request(self._absolute(address)), status)  # noqa: S310 - _open() stays on the site

    def follow(self, text: str, *, status: int | None = 200) -> Answer:
        """Press the link that contains `text` on the open page."""
        return self.get(self.here.link(text), status=status)

    def send(
        self,
        form: Form,
        values: Mapping[str, object] | None = None,
        *,
        button: str | None = None,
        status: int | None = 200,
    ) -> Answer:
        """Send a form of the open page with its hidden fields; what is not in `values` stays as it stands."""
        pairs = urllib.parse.urlencode(form.data(values or {}, button))
        address = self._absolute(form.action or self.here.url)
        if form.method == "get":
            return self.get(f"{address.partition('?')[0]}?{pairs}", status=status)
        request = urllib.request.Request(address, data=pairs.encode(), method="POST")  # noqa: S310 - as above
        request.add_header("Referer", self.here.url)
        request.add_header("Origin", self.base)
        return self._open(request, status)

    def fill(
        self, values: Mapping[str, object], *, button: str = "", saying: str = "", status: int | None = 200
    ) -> Answer:
        """Find the form that asks for these names on the open page, and send it."""
        return self.send(
            self.here.form(*values, button=button, saying=saying), values, button=button or None, status=status
        )

    def press(self, button: str, *, saying: str = "", status: int | None = 200) -> Answer:
        """Press a button of the open page."""
        return self.send(self.here.form(button=button, saying=saying), button=button, status=status)

    @property
    def here(self) -> Answer:
        """The open page."""
        if self.at is None:
            raise AssertionError(f"{self.name} has no page open")
        return self.at

    def _absolute(self, address: str) -> str:
        return urllib.parse.urljoin(self.at.url if self.at else self.base + "/", address)

    def _open(self, request: urllib.request.Request, status: int | None) -> Answer:
        if not request.full_url.startswith(self.base + "/"):
            raise AssertionError(f"{request.full_url} leaves the site")
        opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}), urllib.request.HTTPCookieProcessor(self.cookies)
        )
        try:
            with opener.open(request, timeout=60) as found:
                self.at = Answer(found.url, found.status, found.headers, found.read())
        except urllib.error.HTTPError as error:
            self.at = Answer(error.url or request.full_url, error.code, error.headers, error.read())
        return self.at if status is None else self.at.must_be(status)


@dataclass
class Walker:
    """Everybody who takes part in the walk, and what earlier steps leave for later ones."""

    base: str
    accounts: list[dict[str, Any]]
    notes: dict[str, Any] = field(default_factory=dict)
    browsers: dict[str, Browser] = field(default_factory=dict)

    def nobody(self, name: str = "nobody") -> Browser:
        """Return a new browser that is not signed in, for example the terminal on the wing."""
        self.browsers[name] = Browser(self.base, name)
        return self.browsers[name]

    def account(self, role: str, **also: str) -> dict[str, Any]:
        """Return the ready-made account of a role, and of a prison if one is named."""
        for account in self.accounts:
            if account.get("role") == role and all(account.get(key) == value for key, value in also.items()):
                return account
        raise AssertionError(
            f"there is no ready-made account for {role!r} {also or ''}; "
            f"there are {[one.get('role') for one in self.accounts]}"
        )

    def as_role(self, role: str, **also: str) -> Browser:
        """Return the browser of a role, signing it in the first time."""
        account = self.account(role, **also)
        email = str(account["email"])
        if email not in self.browsers:
            browser = Browser(self.base, role)
            browser.get("/")
            browser.fill({"login": email, "password": account["password"]})
            if any("password" in form.names() for form in browser.here.page.forms):
                raise AssertionError(f"{email} could not sign in. {browser.here.errors()}")
            self.browsers[email] = browser
        return self.browsers[email]

    def expect(self, true: object, sentence: str) -> None:
        """Refuse to go on unless it holds; the sentence says what should have been."""
        if not true:
            raise AssertionError(sentence)

    def eventually(self, condition: Callable[[], object], sentence: str, seconds: float = 20.0) -> None:
        """Wait for what the worker does after the answer."""
        end = time.monotonic() + seconds
        while not condition():
            self.expect(time.monotonic() < end, f"{sentence} (waited {seconds:.0f} s)")
            time.sleep(0.3)

    def tell(self, text: str) -> None:
        """Print one thing that was done."""
        messages.say(f"     {text}")


@contextmanager
def _reported(number: int, title: str) -> Iterator[None]:
    began = time.monotonic()
    messages.say(f" {number:>2}. {title}")
    yield
    messages.say(f"     done in {time.monotonic() - began:.1f} s")


def run(base_url: str, accounts: list[dict[str, Any]], environment: dict[str, str] | None = None) -> bool:
    """Walk all steps in order; a step that fails ends the walk, because later ones stand on it.

    `environment` is the site's own, for the step that runs a command beside it.
    """
    from script.support import main_line  # here, because the steps import this module

    walker = Walker(base_url, accounts, {"environment": environment})
    for number, step in enumerate(main_line.STEPS, start=1):
        title = (step.__doc__ or step.__name__).strip().splitlines()[0]
        try:
            with _reported(number, title):
                step(walker)
        except AssertionError as refused:
            messages.say(f"     FAILED: {refused}")
            return False
        except Exception:
            messages.say(f"     FAILED, and not in a way the walk foresaw:\n{traceback.format_exc()}")
            return False
    return True
