"""The machine on the wing for whoever cannot read it: by sound alone, in large letters, in easy read, in Welsh."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.test import override_settings
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from buddyscheme.scope.transaction import DatabaseRole, scoped
from referrals import speech
from referrals.actions.terminals import set_headset
from referrals.models import Visit
from referrals.terminal.words import say
from tests import cast
from tests.browser.conftest import NOW, Reader
from tests.browser.test_terminal import Wingful, get_in, leave, machine, tap, wingful
from tests.builders import posts
from tests.terminal import voice

__all__ = ["machine", "wingful"]  # fixtures of the terminal's own tests
pytestmark = pytest.mark.browser

# What is played, in its order: the only thing that a listener knows of the page.
PLAYED = """
window.played = [];
const play = HTMLMediaElement.prototype.play;
HTMLMediaElement.prototype.play = function () { window.played.push(this.src); return play.call(this); };
"""
BEGUN = "() => window.played.length > 0"
SILENCE = "() => window.played.length > 0 && !document.querySelector('.speaking')"


@pytest.fixture(scope="module")
def headset(wingful: Wingful, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A headset on the machine, every sentence recorded, and an engine for the others."""
    folder = tmp_path_factory.mktemp("voice")
    with scoped(DatabaseRole.WEB, prisons=[wingful.prison.code]):
        by = cast.acts(wingful.lead, wingful.prison)
        set_headset(by=by, now=NOW, terminal=wingful.window.terminal, has_headset=True)
    with override_settings(AUDIO_ROOT=folder, SPEECH_ENGINE=voice.install(folder)):
        for code, _, text in speech.sentences():
            voice.record(code, text)
        yield folder


@dataclass
class Ear:
    """Somebody who hears what the machine plays, and has a keyboard."""

    window: Reader

    def listen(self, seconds: float = 15) -> list[str]:
        """Every sound since the last time, once it is quiet; the sound itself says what it says."""
        page = self.window.page
        try:
            page.wait_for_function(SILENCE, timeout=seconds * 1000)
        except PlaywrightTimeout:
            return []
        addresses = page.evaluate("() => window.played.splice(0)")
        return [voice.heard(page.context.request.get(address).body()) for address in addresses]

    def press(self, key: str) -> list[str]:
        """What the key makes it say: it begins before the key is done, or not at all."""
        self.window.page.keyboard.press(key)
        return self.listen() if self.window.page.evaluate(BEGUN) else []

    def choose(self, words: str) -> list[str]:
        """From one button to the next until one says so, then Enter; what the next page says."""
        said: list[str] = []
        for _ in range(40):
            heard = self.press("Tab")
            said += heard
            if words in heard:
                with self.window.page.expect_navigation():
                    self.window.page.keyboard.press("Enter")
                return self.listen()
        raise AssertionError(f"nothing says “{words}”, but: {said}")


@pytest.mark.parametrize("language", ["en", "cy"])
def test_an_ordinary_visit_by_sound_alone(
    machine: Callable[..., Reader], wingful: Wingful, headset: Path, language: str
) -> None:
    buddy, plan = wingful.buddy()
    window = machine()
    window.page.add_init_script(PLAYED)
    get_in(window, wingful, buddy.person)
    ear = Ear(window)

    heard = ear.press("F2")
    assert heard[:2] == ["Hello Ash.", "What do you want to do?"]
    if language == "cy":
        assert say("choose", "cy") in ear.choose("Cymraeg")
    presses = (
        ("visits", "visits_today"),
        ("AM", "how"),
        ("all", "anything"),
        ("nothing", "ready"),
        ("finish", "thanks"),
    )
    for button, heading in presses:
        assert say(heading, language) in ear.choose(say(button, language)), heading

    visit = Visit.objects.get(planned__plan=plan)
    assert (visit.outcome, visit.source) == ("DONE", "TERMINAL")
    assert window.complaints == []


def test_the_name_and_the_cell_are_heard_too(machine: Callable[..., Reader], wingful: Wingful, headset: Path) -> None:
    buddy, _ = wingful.buddy()
    window = machine()
    window.page.add_init_script(PLAYED)
    get_in(window, wingful, buddy.person)
    ear = Ear(window)
    ear.press("F2")
    heard = ear.choose("My visits")
    assert any(sound.startswith("Wilfred Cell A1-") for sound in heard)
    assert heard.count("Morning") == 1


def test_danger_speaks_by_itself(machine: Callable[..., Reader], wingful: Wingful, headset: Path) -> None:
    buddy, _ = wingful.buddy()
    window = machine()
    window.page.add_init_script(PLAYED)
    get_in(window, wingful, buddy.person)
    tap(window, "Tell staff")
    tap(window, "A fall")
    assert Ear(window).listen()[0].startswith("Press the bell.")


def test_a_tap_while_it_reads_ends_the_reading(machine: Callable[..., Reader], wingful: Wingful, headset: Path) -> None:
    buddy, _ = wingful.buddy()
    window = machine()
    window.page.add_init_script(PLAYED)
    get_in(window, wingful, buddy.person)
    ear = Ear(window)
    assert ear.press("F2")
    # A sound that does not end.
    window.page.evaluate("() => { HTMLMediaElement.prototype.play = function () { return Promise.resolve(); }; }")
    window.page.keyboard.press("F2")
    assert window.page.locator(".speaking").count() == 1

    with window.page.expect_response("**/terminal/look/sound/"):
        window.page.keyboard.press("F2")

    assert window.page.locator(".speaking").count() == 0
    with window.page.expect_navigation():
        window.page.reload()
    assert window.page.locator("body").get_attribute("data-sound") is None


def test_whoever_listens_to_a_long_page_is_not_asked_whether_they_are_there(
    machine: Callable[..., Reader], wingful: Wingful, headset: Path
) -> None:
    buddy, _ = wingful.buddy()
    window = machine()
    page = window.page
    page.clock.install()
    page.add_init_script("HTMLMediaElement.prototype.play = function () { return Promise.resolve(); };")
    get_in(window, wingful, buddy.person)
    page.keyboard.press("F2")
    assert page.locator(".speaking").count() == 1
    with page.expect_response("**/terminal/here/") as asked:
        page.clock.fast_forward(121_000)
    assert asked.value.status == 204 and not page.locator("#idle").is_visible()
    page.keyboard.press("F2")
    page.clock.fast_forward(121_000)
    assert page.locator("#idle").is_visible()
    page.locator("#still-here").click()
    leave(window)


# -- large letters --------------------------------------------------------------------------------------------------

# Text that does not fit its place, that lies over other text, or that is outside of the screen.
UNFIT = """() => {
  const found = [], boxes = [];
  const wide = document.documentElement;
  if (wide.scrollWidth > window.innerWidth) found.push(`the page is ${wide.scrollWidth} wide`);
  for (const node of document.body.querySelectorAll("*")) {
    if (!node.checkVisibility() || node.closest("svg") || node.closest(".skip")) continue;
    const style = getComputedStyle(node);
    const own = [...node.childNodes].some(child => child.nodeType === 3 && child.textContent.trim());
    if (style.display === "inline" || !own) continue;
    if (node.scrollWidth > node.clientWidth + 1 && node.clientWidth) found.push(`too wide: ${node.textContent.trim()}`);
    if (style.overflow !== "visible" && node.scrollHeight > node.clientHeight + 1 && node !== document.body)
      found.push(`cut off: ${node.textContent.trim()}`);
  }
  const cover = document.querySelector(".cover:not([hidden])");
  const texts = document.createTreeWalker(cover || document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const node = texts.currentNode, holder = node.parentElement;
    if (!node.textContent.trim() || !holder.checkVisibility() || holder.closest(".skip, script, style")) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    for (const box of range.getClientRects()) boxes.push([node.textContent.trim(), box]);
  }
  boxes.forEach(([one, a], place) => {
    if (a.left < 0 || a.right > window.innerWidth + 1) found.push(`outside: ${one}`);
    for (const [other, b] of boxes.slice(place + 1)) {
      const across = Math.min(a.right, b.right) - Math.max(a.left, b.left);
      const down = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
      // Lines of one text may touch by the leading of their letters.
      if (across > 2 && down > 8) found.push(`one over the other: ${one} / ${other}`);
    }
  });
  return [...new Set(found)];
}"""


@dataclass
class Walk:
    """Goes from screen to screen and looks at each."""

    window: Reader
    language: str
    easy: bool
    seen: int = 0

    def __post_init__(self) -> None:
        self.dress()

    def dress(self) -> None:
        self.window.has_cookies({"terminal_look": f"{self.language}-2-0-{int(self.easy)}-0"})

    def look(self) -> None:
        page = self.window.page
        assert page.locator("html").get_attribute("lang") == self.language
        assert "size-2" in str(page.locator("html").get_attribute("class"))
        found = page.evaluate(UNFIT)
        assert found == [], f"{page.url}: {found}"
        self.seen += 1

    def open(self, address: str) -> None:
        self.window.open(address)
        self.look()

    def tap(self, *keys: str) -> None:
        for key in keys:
            tap(self.window, say(key, self.language, easy=self.easy))
            self.look()

    def send(self, key: str) -> None:
        """The button that saves: the page after it is the one of thanks."""
        tap(self.window, say(key, self.language, easy=self.easy))
        self.window.page.wait_for_url("**/thanks/")
        self.look()


@pytest.mark.parametrize(
    ("language", "easy"), [("en", False), ("cy", False), ("cy", True)], ids=["English", "Welsh", "Welsh and easy"]
)
def test_the_largest_letters_fit_on_every_screen(
    machine: Callable[..., Reader], wingful: Wingful, headset: Path, language: str, easy: bool
) -> None:
    buddy, _ = wingful.buddy()
    with scoped(DatabaseRole.WEB, prisons=[wingful.prison.code]):
        posts.advertised(wingful.prison, wingful.lead, NOW, wingful.wing)
    window = machine()
    walk = Walk(window, language, easy)
    for address in (
        "/terminal/",
        "/terminal/?e=2",
        "/terminal/?e=3&s=30",
        "/terminal/privacy/",
        "/terminal/languages/",
    ):
        walk.open(address)
    walk.window.open("/terminal/")
    get_in(window, wingful, buddy.person)
    walk.look()
    for cover in ("idle", "lost-link"):
        window.page.evaluate("name => { document.getElementById(name).hidden = false; }", cover)
        walk.look()
        window.page.evaluate("name => { document.getElementById(name).hidden = true; }", cover)

    walk.tap("visits", "AM", "none", "NOT_UNLOCKED", "something", "tell_5")
    walk.open("/terminal/visits/")
    walk.tap("AM", "some")
    walk.window.page.locator("label.tick").first.click()
    walk.tap("next", "next", "nothing")
    walk.send("finish")
    for address in ("/terminal/visits/", "/terminal/job/", "/terminal/ask/new/"):
        walk.open(address)
    walk.window.page.locator("label.tick").first.click()
    walk.tap("next", "when_WAIT")
    walk.send("send")
    walk.open("/terminal/ask/")
    walk.open("/terminal/jobs/")
    walk.open("/terminal/visit/nowhere/")
    walk.open("/terminal/nowhere/")
    assert walk.seen >= 24
