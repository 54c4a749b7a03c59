"""The browser without script that walks the demo."""

from __future__ import annotations

import http.server
import threading
import urllib.parse
from collections.abc import Iterator

import pytest

from script.support import main_line, walk
from script.support.html import Page

FORM = """
<title>Refer</title><h1>Refer <b>somebody</b></h1><script>var no = "<h1>";</script>
<form method="post" action="/refer?x=1">
 <input type="hidden" name="csrfmiddlewaretoken" value="token&amp;1">
 <label for="n">Prison number</label><input id="n" name="number" value="">
 <input type="radio" id="r1" name="kind" value="B" checked><label for="r1">Buddy support</label>
 <input type="radio" id="r2" name="kind" value="C"><label for="r2">Council</label>
 <input type="checkbox" name="also" value="1"><input type="checkbox" name="also" value="2" checked>
 <select name="wing"><option value="A">A wing</option><option value="B" selected>B wing</option></select>
 <textarea name="why">
As it was</textarea>
 <input name="off" value="x" disabled>
 <button name="do" value="save">Save</button><button name="do" value="drop">Leave it</button>
</form><a href="/away">Read <i>more</i></a>
"""


@pytest.fixture
def form() -> Page:
    return Page(FORM)


def test_what_stands_on_the_page_is_sent(form: Page) -> None:
    assert form.forms[0].data({"number": "Z1234ZZ"}) == [
        ("csrfmiddlewaretoken", "token&1"),
        ("kind", "B"),
        ("also", "2"),
        ("wing", "B"),
        ("why", "As it was"),
        ("number", "Z1234ZZ"),
        ("do", "save"),
    ]


def test_another_button_and_several_values(form: Page) -> None:
    sent = form.forms[0].data({"also": ["1", "2"], "kind": "C"}, button="leave")
    assert [pair for pair in sent if pair[0] in ("also", "kind", "do")] == [
        ("also", "1"),
        ("also", "2"),
        ("kind", "C"),
        ("do", "drop"),
    ]


def test_questions_and_choices_are_found_by_what_they_say(form: Page) -> None:
    assert form.forms[0].name_for("prison number") == "number"
    assert form.forms[0].choice("kind", "council") == "C"
    assert form.forms[0].choices("wing") == {"A": "A wing", "B": "B wing"}


def test_a_question_that_is_not_asked_fails(form: Page) -> None:
    with pytest.raises(AssertionError, match="asks no"):
        form.forms[0].data({"nothing": 1})


def test_words_links_and_headings(form: Page) -> None:
    assert (form.heading, form.title) == ("Refer somebody", "Refer")
    assert [(link.text, link.address) for link in form.links] == [("Read more", "/away")]
    assert "var no" not in form.words


class _Site(http.server.BaseHTTPRequestHandler):
    """A site with health pages and a sign-in that sets a cookie."""

    def do_GET(self) -> None:
        signed_in = "who=lead" in self.headers.get("Cookie", "")
        pages = {
            "/": "<h1>Home</h1>"
            if signed_in
            else '<link href="/x.css"><form method=post><input name=csrf type=hidden '
            "value=t><input name=login><input name=password></form>",
        }
        self._answer(404 if self.path == "/gone" else 200, pages.get(self.path, "ok"))

    def do_POST(self) -> None:
        sent = urllib.parse.parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        good = sent == {"csrf": ["t"], "login": ["lead@example.org"], "password": ["right"]}
        self.send_response(302)
        self.send_header("Location", "/")
        if good:
            self.send_header("Set-Cookie", "who=lead; Path=/")
        self.end_headers()

    def _answer(self, status: int, text: str) -> None:
        self.send_response(status)
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def site() -> Iterator[str]:
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Site) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


ACCOUNT = {"role": "lead", "email": "lead@example.org", "password": "right"}


def test_a_role_signs_in_once_and_keeps_its_cookie(site: str) -> None:
    walker = walk.Walker(site, [ACCOUNT])
    assert walker.as_role("lead").here.page.heading == "Home"
    assert walker.as_role("lead") is walker.as_role("lead")
    assert walker.nobody().get("/").page.heading == ""


def test_a_wrong_password_fails_the_step(site: str) -> None:
    with pytest.raises(AssertionError, match="could not sign in"):
        walk.Walker(site, [ACCOUNT | {"password": "wrong"}]).as_role("lead")


def test_another_status_than_expected_fails_the_step(site: str) -> None:
    browser = walk.Walker(site, []).nobody()
    with pytest.raises(AssertionError, match="answered 404 instead of 200"):
        browser.get("/gone")
    assert browser.get("/gone", status=404).status == 404


def test_the_walk_never_leaves_the_site(site: str) -> None:
    with pytest.raises(AssertionError, match="leaves the site"):
        walk.Walker(site, []).nobody().get("http://127.0.0.1:1/")


@pytest.mark.parametrize(("wrong", "passed"), [(False, True), (True, False)])
def test_the_walk_reports_its_steps_and_stops_at_the_first_failure(
    site: str, wrong: bool, passed: bool, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def good(walker: walk.Walker) -> None:
        """It answers."""
        walker.nobody().get("/")

    def bad(walker: walk.Walker) -> None:
        """It has a page."""
        walker.nobody().get("/").must_say("Something")

    monkeypatch.setattr(main_line, "STEPS", [good, bad, good] if wrong else [good])
    assert walk.run(site, []) is passed
    said = capsys.readouterr().out
    assert " 1. It answers." in said
    assert ("FAILED: / () does not say 'Something'" in said) is wrong
    assert " 3." not in said
