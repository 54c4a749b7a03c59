"""What can go wrong at the terminal, on its real pages: the link, the window, two hands, and what somebody pastes.

Beside `test_terminal.py`, which proves the ordinary ways. Misuse cases carry their numbers.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, Route

from buddyscheme.scope.transaction import DatabaseRole, scoped
from referrals.actions.windows import close_window
from referrals.models import Concern, TerminalWindow, Visit
from schemes.models import Buddy
from tests import cast
from tests.browser.conftest import NOW, Reader
from tests.browser.test_terminal import (
    Wingful,
    by_keyboard,
    get_in,
    leave,
    machine,
    tap,
    wingful,
)
from tests.builders import terminal as builders

pytestmark = pytest.mark.browser
__all__ = ["machine", "wingful"]
Machine = Callable[..., Reader]
SCRIPT = "<img src=x onerror=alert(1)><script>alert(2)</script>"
BIDI = "He\u202egnorw si\u202c sad"


@pytest.fixture
def scene(machine: Machine, wingful: Wingful) -> tuple[Reader, Buddy]:
    """The machine, and a buddy who has gone in."""
    buddy, _ = wingful.buddy()
    window = machine()
    get_in(window, wingful, buddy.person)
    return window, buddy


def to_finish(window: Reader) -> None:
    """The last screen of an ordinary visit."""
    window.open("/terminal/visits/")
    for words in ("Morning", "All as planned", "Nothing to tell staff"):
        tap(window, words)


def to_words(window: Reader, kind: str = "A worry about somebody") -> None:
    """The last screen of a message to staff."""
    window.open("/terminal/home/")
    for words in ("Tell staff", kind):
        tap(window, words)


def finish(window: Reader) -> None:
    """The tap that saves."""
    tap(window, "Finish")
    window.page.wait_for_url("**/terminal/thanks/")


def visits_of(buddy: Buddy) -> int:
    """How many are on record."""
    return Visit.objects.filter(buddy=buddy).count()


def test_four_taps_in_welsh_with_the_keyboard_alone(scene: tuple[Reader, Buddy]) -> None:
    window, buddy = scene
    with window.page.expect_navigation():
        window.page.locator(".bar-item[lang=cy]").click()
    by_keyboard(window, ".tap >> nth=0")
    window.page.keyboard.press("Enter")
    window.page.wait_for_url("**/terminal/visits/")
    taps = 0
    for _ in range(4):
        before = window.page.url
        assert window.page.locator("html").get_attribute("lang") == "cy"
        main = ".tap-main" if window.page.locator("form[data-saves]").count() else "#main .tap"
        wanted = ".choices .tap >> nth=0" if window.page.locator(".choices").count() else f"{main} >> nth=0"
        by_keyboard(window, wanted)
        window.page.keyboard.press("Enter")
        taps += 1
        window.page.wait_for_function("before => location.href !== before", arg=before)
        window.page.wait_for_load_state()
    window.page.wait_for_url("**/terminal/thanks/")
    assert taps == 4 and Visit.objects.get(buddy=buddy).outcome == "DONE"


def test_misuse_19_a_restored_tab_and_its_addresses_show_nobody(scene: tuple[Reader, Buddy]) -> None:
    window, buddy = scene
    seen = ["/terminal/home/", "/terminal/visits/", "/terminal/job/"]
    for address in seen:
        window.open(address)
    tap_address = window.page.url
    leave(window)
    context = window.page.context
    window.page.close()

    # A tab that is brought back asks for its address again, with whatever the browser has kept.
    for address in (*seen, urlsplit(tap_address).path):
        restored = Reader(context.new_page(), window.site)
        restored.open(address)
        assert urlsplit(restored.page.url).path == "/terminal/"
        for trace in (buddy.person.prison_number, "Hello", "Wilfred"):
            restored.does_not_see(trace)
        restored.page.close()


def walk(window: Reader, steps: list[str], words: str = "") -> list[tuple[str, str, int]]:
    """Title, address without its token, and history at each screen of a way through."""
    noted = []
    for step in steps:
        tap(window, step)
        path = urlsplit(window.page.url).path
        shape = re.sub(r"/visit/[^/]+/", "/visit/…/", path)
        noted.append((window.page.title(), shape, window.page.evaluate("history.length")))
    return noted


def printed(page: Page) -> str:
    """What a print of the screen says."""
    page.emulate_media(media="print")
    words = page.locator("body").inner_text()
    page.emulate_media(media="screen")
    return words


def test_a_concern_cannot_be_told_from_an_ordinary_visit(machine: Machine, wingful: Wingful) -> None:
    """By title, address, length of history, print, and the work that the server does for it."""
    ways = []
    for way in (
        ["My visits", "Morning", "All as planned", "Nothing to tell staff", "Finish"],
        ["My visits", "Morning", "All as planned", "Yes, tell staff", "A worry about somebody", "Finish"],
        ["Tell staff", "A worry about somebody", "Finish"],
    ):
        buddy, _ = wingful.buddy()
        window = machine()
        get_in(window, wingful, buddy.person)
        began = window.page.evaluate("history.length")
        noted = walk(window, way)
        window.page.wait_for_url("**/terminal/thanks/")
        thanks = printed(window.page)
        tap(window, "Next")
        home = printed(window.page)
        ways.append((noted, thanks, home, window.page.evaluate("history.length") - began - len(way)))
        leave(window)
    assert Concern.objects.filter(window=wingful.window).count() >= 2
    assert {title for noted, *_ in ways for title, _, _ in noted} == {"Buddy terminal"}
    # One address for a visit and for a message; the last screen is the same, and so is home afterwards.
    assert {shape for noted, *_ in ways for _, shape, _ in noted} <= {
        "/terminal/visits/", "/terminal/visit/…/", "/terminal/thanks/",
    }  # fmt: skip
    assert len({thanks for _, thanks, _, _ in ways}) == 1
    assert len({home for _, _, home, _ in ways}) == 1
    # Every tap adds one entry to the history and no way adds more.
    assert len({more for *_, more in ways}) == 1


def test_the_link_is_lost_at_each_step(scene: tuple[Reader, Buddy]) -> None:
    """Nothing that was answered is lost, the screen says what to do, and the visit is stored once."""
    window, buddy = scene
    page = window.page
    for words in ("My visits", "Morning", "All as planned", "Nothing to tell staff", "Finish"):
        page.context.set_offline(True)
        before = page.url
        page.locator(".tap", has_text=words).first.click()
        page.locator("#lost-link").wait_for(state="visible")
        assert "Nothing was saved" in page.locator("#lost-link").inner_text()
        assert page.url == before and visits_of(buddy) == 0
        page.context.set_offline(False)
        page.locator("#lost-link [data-dismiss]").click()
        tap(window, words)
    page.wait_for_url("**/terminal/thanks/")
    assert visits_of(buddy) == 1


def test_hiding_without_a_link_hides_and_the_next_tap_with_one_keeps_it_hidden(scene: tuple[Reader, Buddy]) -> None:
    window, _ = scene
    page = window.page
    for words in ("Tell staff", "A worry about somebody"):
        tap(window, words)
    page.locator("#words").fill("He hides his bruises")
    page.locator(".bar-item[lang=cy]").click()
    page.wait_for_url("**/terminal/visit/**")
    page.locator("html[lang=cy]").wait_for()
    assert page.locator("#words").input_value() == "He hides his bruises", (
        "what was typed is there in the other language"
    )
    page.context.set_offline(True)
    page.locator("#hide button").click()
    page.locator("#lost-link").wait_for(state="visible")
    assert not page.locator("main").is_visible()
    page.context.set_offline(False)
    page.locator("#lost-link [data-dismiss]").click()
    page.locator(".bar a").first.click()
    page.wait_for_url("**/terminal/hide/**")
    page.go_back()
    page.wait_for_url("**/terminal/hide/**")


def test_the_answer_is_lost_after_it_was_saved(scene: tuple[Reader, Buddy]) -> None:
    """The server has stored it and the browser never hears of it: sending again stores nothing more."""
    window, buddy = scene
    to_finish(window)
    page, address = window.page, window.page.url

    def swallow(route: Route) -> None:
        if route.request.method == "POST" and route.request.is_navigation_request():
            route.fetch(max_redirects=0)
            route.abort("connectionreset")
        else:
            route.continue_()

    page.route("**/terminal/visit/**", swallow)
    with page.expect_event("requestfailed"):
        page.locator(".tap", has_text="Finish").click()
    page.unroute("**/terminal/visit/**")
    assert visits_of(buddy) == 1

    # The same form sent again gets the answer of the first time.
    window.open(urlsplit(address).path + "?" + urlsplit(address).query)
    page.wait_for_url("**/terminal/visits/")
    assert "Morning" not in window.words and visits_of(buddy) == 1


def test_a_double_tap_and_two_tabs_store_one_visit(scene: tuple[Reader, Buddy]) -> None:
    window, buddy = scene
    to_finish(window)
    other = Reader(window.page.context.new_page(), window.site)
    other.page.goto(window.page.url)
    window.page.locator(".tap", has_text="Finish").dblclick()
    window.page.wait_for_url("**/terminal/thanks/")
    tap_and_wait(other)
    other.page.wait_for_function("() => document.querySelector('form[data-saves]') === null")
    assert visits_of(buddy) == 1
    # Refresh and Back after the save change nothing either.
    window.page.reload()
    window.page.go_back()
    window.page.wait_for_load_state()
    assert visits_of(buddy) == 1


def test_the_window_is_closed_while_somebody_types(machine: Machine, wingful: Wingful) -> None:
    """One plain screen, nothing stored, and nothing of the person left on it."""
    buddy, _ = wingful.buddy()
    window = machine()
    get_in(window, wingful, buddy.person)
    to_words(window)
    window.page.locator("#words").fill("She is afraid of him")
    try:
        with scoped(DatabaseRole.WEB, prisons=[wingful.prison.code]):
            by = cast.acts(wingful.officer, wingful.prison)
            close_window(by=by, now=NOW + timedelta(minutes=2), window=wingful.window)
        window.page.locator(".tap", has_text="Finish").click()
        window.page.wait_for_url(re.compile(r"/terminal/(\?e=\d)?$"))
        window.sees("Ask a member of staff")
        assert window.page.locator("form.enter").count() == 0
        assert not Concern.objects.filter(writer=buddy.person).exists()
        for trace in ("afraid", buddy.person.prison_number, "Hello"):
            window.does_not_see(trace)
        window.page.go_back()
        window.page.wait_for_load_state()
        window.does_not_see("afraid")
    finally:
        wingful.window = reopened(wingful)


def reopened(wingful: Wingful) -> TerminalWindow:
    """The officer opens it again."""
    with scoped(DatabaseRole.WEB, prisons=[wingful.prison.code]):
        return builders.window_at(wingful.window.terminal, wingful.officer, NOW + timedelta(minutes=3))


@pytest.fixture
def alarms() -> Iterator[list[str]]:
    """Dialogs that a page opened: none may."""
    found: list[str] = []
    yield found
    assert found == []


@pytest.mark.parametrize(
    ("name", "typed", "says"),
    [
        ("14_script", SCRIPT, ""),
        ("15_bidi", BIDI, "Please use plain letters only."),
        ("15_ten_thousand_characters", "x" * 10_000, "Please use fewer words."),
    ],
    ids=lambda value: value if isinstance(value, str) and value[:2].isdigit() else "",
)
def test_misuse_14_and_15_what_is_pasted_into_the_inputs(
    scene: tuple[Reader, Buddy], visitor: Machine, wingful: Wingful, alarms: list[str], name: str, typed: str, says: str
) -> None:
    """Into the words, as text that is no more than text to whoever reads it, or refused with one plain sentence."""
    window, buddy = scene
    window.page.on("dialog", lambda dialog: (alarms.append(dialog.message), dialog.dismiss()))
    to_words(window)
    # A paste is not held back by the length that the field gives.
    window.page.locator("#words").evaluate("(field, typed) => { field.value = typed; }", typed)
    tap_and_wait(window)
    concern = Concern.objects.filter(writer=buddy.person).first()
    if says:
        window.sees(says)
        assert concern is None and window.page.locator("#words").count() == 1
    else:
        window.page.wait_for_url("**/terminal/thanks/")
        assert concern is not None and concern.words == typed
        reader = visitor(wingful.lead)
        reader.page.on("dialog", lambda dialog: (alarms.append(dialog.message), dialog.dismiss()))
        reader.open(f"/prisons/{wingful.prison.code}/concerns/{concern.token}/")
        reader.sees(typed)
        assert reader.complaints == []
    assert window.complaints == []
    window.open("/terminal/home/")
    leave(window)
    for field in ("#number", "#code"):
        window.page.locator(field).evaluate("(field, typed) => { field.value = typed; }", typed)
    window.page.locator(".enter button[type=submit]").click()
    window.page.wait_for_url("**/terminal/?e=*")
    assert urlsplit(window.page.url).path == "/terminal/"
    assert SCRIPT not in window.page.content() and window.complaints == []


def tap_and_wait(window: Reader) -> None:
    """Finish, also where the same address answers."""
    with window.page.expect_response(lambda answer: answer.request.method == "POST" and "/visit/" in answer.url):
        window.page.locator(".tap", has_text="Finish").click()
    window.page.wait_for_load_state()


def test_misuse_29_no_request_of_a_turn_names_anybody(machine: Machine, wingful: Wingful) -> None:
    buddy, plan = wingful.buddy()
    window = machine()
    sent: list[str] = []
    window.page.on("request", lambda request: sent.append(f"{request.url} {request.headers.get('referer', '')}"))
    get_in(window, wingful, buddy.person)
    to_finish(window)
    finish(window)
    leave(window)
    assert len(sent) > 8
    for word in (buddy.person.prison_number, buddy.person.last_name, plan.person.last_name, plan.person.first_name):
        assert not [line for line in sent if word in line], word
