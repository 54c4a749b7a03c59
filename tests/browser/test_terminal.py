"""The shared machine on the wing as a buddy meets it: touch, keyboard, Welsh, no script, and nothing left behind."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from itertools import count

import pytest
from django.conf import settings
from playwright.sync_api import Locator
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from buddyscheme.accounts.models import Prison, User, Wing
from buddyscheme.lib.dates import london_today
from buddyscheme.scope.transaction import DatabaseRole, scoped
from referrals.actions.cards import confirm_card
from referrals.actions.entries import leave as leave_entry
from referrals.codes import card_secret
from referrals.models import CardScan, Concern, DangerCall, Plan, TerminalEntry, TerminalWindow, Visit
from schemes.actions.caps import set_buddy_caps
from schemes.models import Buddy, Person
from schemes.rules.caps import Caps
from tests import cast
from tests.browser.conftest import NOW, Reader
from tests.builders import posts
from tests.builders import terminal as builders
from tests.builders.buddies import active_buddy
from tests.builders.referrals import agreed_plan
from tests.builders.schemes import person_in
from tests.builders.visits import active_match, day_opened

pytestmark = pytest.mark.browser
SCREEN = {"width": 1024, "height": 768}
TASKS = tuple(
    (code, tuple(range(7)), session, 15)
    for code, session in (("DOM-03", "AM"), ("DOM-01", "AM"), ("MOB-03", "PM"), ("SOC-01", "EV"))
)
CAPS = Caps(capacity=3, weekly_minutes=900, days_in_row=6)
numbers = count(10)


@dataclass
class Wingful:
    """A prison with one terminal, and its staff."""

    prison: Prison
    wing: Wing
    lead: User
    officer: User
    device_key: str
    window: TerminalWindow

    def buddy(self) -> tuple[Buddy, Plan]:
        """A buddy of their own, with three visits today to the same person."""
        with scoped(DatabaseRole.WEB, prisons=[self.prison.code]):
            person = person_in(
                self.prison, self.lead, NOW, first_name="Wilfred", last_name=f"Ondarra{next(numbers)}", wing=self.wing,
                landing=1, cell=f"A1-{next(numbers)}",
            )  # fmt: skip
            plan = agreed_plan(self.prison, self.lead, NOW, person=person, tasks=TASKS, safety_words=["UNSTEADY"])
            buddy = active_buddy(self.prison, self.lead, NOW, wing=self.wing)
            # Days of rest are spread over the week: the seventh buddy would rest on this Monday.
            by = cast.acts(self.lead, self.prison)
            buddy = set_buddy_caps(by=by, now=NOW, buddy=buddy, caps=CAPS, rest_day=6)
            active_match(plan, buddy, self.lead, NOW)
            day_opened(self.prison, london_today(NOW), NOW)
        return buddy, plan

    def code_of(self, person: Person) -> str:
        """The six digits that the terminal showed this person."""
        with scoped(DatabaseRole.WEB, prisons=[self.prison.code]):
            return builders.code_for(person, self.window, self.officer, NOW + timedelta(minutes=1))


@pytest.fixture(scope="module")
def wingful(transactional_db: None) -> Wingful:
    """One wing for the whole module; each test has a buddy of its own."""
    prison = cast.make_prison()
    wing = cast.make_wing(prison)
    lead, officer, admin = (
        cast.make_staff(name, role, prison)
        for name, role in (("Lena Lead", "LEAD"), ("Olu Officer", "OFFICER"), ("Ada Admin", "ADMIN"))
    )
    with scoped(DatabaseRole.WEB, prisons=[prison.code]):
        terminal, key = builders.terminal_on(wing, admin, NOW)
        window = builders.window_at(terminal, officer, NOW)
    return Wingful(prison, wing, lead, officer, key, window)


@pytest.fixture
def machine(visitor: Callable[..., Reader], wingful: Wingful) -> Callable[..., Reader]:
    """The browser of the machine on the wing, with nobody in: the officer has ended what another test left open."""
    with scoped(DatabaseRole.WEB, prisons=[wingful.prison.code]):
        by = cast.acts(wingful.officer, wingful.prison)
        for entry in TerminalEntry.objects.filter(window=wingful.window, ended_at=None):
            leave_entry(by=by, now=NOW + timedelta(minutes=1), entry=entry, reason="OFFICER")

    def switch_on(**options: object) -> Reader:
        window = visitor(None, **options)
        window.page.set_viewport_size(SCREEN)
        window.has_cookies({"terminal_device": wingful.device_key})
        window.open("/terminal/")
        return window

    return switch_on


def get_in(machine: Reader, wingful: Wingful, person: Person) -> None:
    """With number and code."""
    machine.page.locator("#number").fill(person.prison_number)
    machine.page.locator("#code").fill(wingful.code_of(person))
    machine.page.locator(".enter button[type=submit]").click()
    machine.page.wait_for_url("**/terminal/home/")


def tap(machine: Reader, words: str) -> None:
    """One tap on the big button that says so, and its screen: a look at the link comes between the two."""
    button = machine.page.locator(".tap", has_text=words).first
    shown(machine, button)
    follow(machine, button)


def follow(machine: Reader, link: Locator) -> None:
    """Press it, and wait for another address."""
    before = machine.page.url
    link.click()
    machine.page.wait_for_url(lambda url: url != before)
    machine.page.wait_for_load_state()


def shown(machine: Reader, button: Locator) -> None:
    """It is on the screen; if not, what is."""
    try:
        button.wait_for()
    except PlaywrightTimeout:
        page = machine.page
        raise AssertionError(f"{button} is not on {page.url}, which says: {page.inner_text('body')}") from None


def leave(machine: Reader) -> None:
    """The way out at the top of every screen."""
    machine.page.locator(".bar-leave").click()
    machine.page.wait_for_url("**/terminal/")


def test_ordinary_visit_takes_four_taps(machine: Callable[..., Reader], wingful: Wingful) -> None:
    buddy, plan = wingful.buddy()
    window = machine()
    get_in(window, wingful, buddy.person)
    window.sees("Hello Ash.")
    tap(window, "My visits")

    for words in ("Morning", "All as planned", "Nothing to tell staff", "Finish"):
        tap(window, words)

    window.page.wait_for_url("**/terminal/thanks/")
    window.sees("Thank you.")
    visit = Visit.objects.get(planned__plan=plan)
    assert (visit.outcome, visit.minutes, visit.source) == ("DONE", 30, "TERMINAL")
    assert window.complaints == []


def test_not_done_because_not_unlocked(machine: Callable[..., Reader], wingful: Wingful) -> None:
    buddy, plan = wingful.buddy()
    window = machine()
    get_in(window, wingful, buddy.person)

    for words in ("My visits", "Morning", "Not done", "Not unlocked", "Nothing to tell staff", "Finish"):
        tap(window, words)

    window.page.wait_for_url("**/terminal/thanks/")
    visit = Visit.objects.get(planned__plan=plan)
    assert (visit.outcome, visit.reason, visit.minutes) == ("NOT_DONE", "NOT_UNLOCKED", 0)


def test_let_in_by_the_officer_from_the_wing_list(
    machine: Callable[..., Reader], visitor: Callable[..., Reader], wingful: Wingful
) -> None:
    buddy, _ = wingful.buddy()
    office = visitor(wingful.officer)
    office.open(f"/prisons/{wingful.prison.code}/windows/{wingful.window.terminal.token}/")
    # Whoever another test left in has had their turn.
    if office.page.get_by_role("button", name="End their turn").count():
        with office.page.expect_navigation():
            office.press("End their turn")
        office.open(f"/prisons/{wingful.prison.code}/windows/{wingful.window.terminal.token}/")
    office.page.get_by_label("Who is it?").select_option(buddy.person.token)
    office.page.get_by_label("Let in now").check()
    with office.page.expect_navigation():
        office.press("I have checked the face")

    window = machine()
    window.press("Continue")

    window.page.wait_for_url("**/terminal/home/")
    window.sees("My visits")


def test_telling_staff_leaves_no_trace_on_the_screen(machine: Callable[..., Reader], wingful: Wingful) -> None:
    buddy, _ = wingful.buddy()
    window = machine()
    get_in(window, wingful, buddy.person)
    for words in ("Tell staff", "A worry about somebody"):
        tap(window, words)
    window.page.locator("#words").fill("He hides his bruises from us")
    tap(window, "Finish")
    window.page.wait_for_url("**/terminal/thanks/")

    assert Concern.objects.filter(writer=buddy.person, words="He hides his bruises from us").exists()
    for address in ("/terminal/thanks/", "/terminal/home/", "/terminal/visits/", "/terminal/job/"):
        window.open(address)
        window.does_not_see("bruises")
    window.page.go_back()
    window.page.go_back()
    window.does_not_see("bruises")


def test_after_leaving_back_shows_nothing_of_the_person(machine: Callable[..., Reader], wingful: Wingful) -> None:
    buddy, plan = wingful.buddy()
    window = machine()
    get_in(window, wingful, buddy.person)
    tap(window, "My visits")
    tap(window, "Morning")
    window.sees("Wilfred")
    cell = plan.person.first_name, buddy.person.prison_number, "A1-"
    leave(window)

    for _ in range(5):
        window.page.go_back()
        window.page.wait_for_load_state()
        for trace in cell:
            window.does_not_see(trace)
        assert window.page.title() in ("Buddy terminal", "")
    window.page.reload()
    window.open("/terminal/")
    for trace in (*cell, "Hello"):
        window.does_not_see(trace)
    kept = window.page.evaluate("""async () => ({
        caches: 'caches' in window ? await caches.keys() : [],
        storage: [...Object.keys(localStorage), ...Object.keys(sessionStorage)],
        databases: indexedDB.databases ? (await indexedDB.databases()).length : 0,
        name: window.name, cookie: document.cookie,
    })""")
    assert kept == {"caches": [], "storage": [], "databases": 0, "name": "", "cookie": ""}
    cookies = {cookie["name"] for cookie in window.page.context.cookies()}
    assert cookies.isdisjoint({"terminal_entry", settings.SESSION_COOKIE_NAME})


def test_keyboard_alone(machine: Callable[..., Reader], wingful: Wingful) -> None:
    buddy, plan = wingful.buddy()
    window = machine()
    digits = wingful.code_of(buddy.person)

    by_keyboard(window, "#number")
    window.page.keyboard.type(buddy.person.prison_number)
    by_keyboard(window, "#code")
    window.page.keyboard.type(digits)
    window.page.keyboard.press("Enter")
    window.page.wait_for_url("**/terminal/home/")
    for words in ("My visits", "Morning", "All as planned", "Nothing to tell staff", "Finish"):
        before = window.page.url
        by_keyboard(window, f".tap:has-text('{words}')")
        window.page.keyboard.press("Enter")
        window.page.wait_for_function("before => location.href !== before", arg=before)
        window.page.wait_for_load_state()

    assert Visit.objects.filter(planned__plan=plan, outcome="DONE").exists()


def by_keyboard(window: Reader, selector: str) -> None:
    """Tab until it has the focus, and see that the focus shows."""
    wanted = window.page.locator(selector).first
    shown(window, wanted)
    for _ in range(30):
        window.page.keyboard.press("Tab")
        if wanted.evaluate("e => e === document.activeElement"):
            style = wanted.evaluate("e => { const s = getComputedStyle(e); return s.outlineStyle + s.boxShadow; }")
            assert style != "nonenone", f"no focus to be seen on {selector}"
            return
    raise AssertionError(f"the keyboard does not reach {selector}")


def test_welsh_by_one_tap(machine: Callable[..., Reader], wingful: Wingful) -> None:
    buddy, _ = wingful.buddy()
    window = machine()
    get_in(window, wingful, buddy.person)
    tap(window, "My visits")
    tap(window, "Morning")

    with window.page.expect_navigation():
        window.page.locator(".bar-item[lang=cy]").click()

    assert window.page.locator("html").get_attribute("lang") == "cy"
    window.sees("Sut aeth hi?")
    window.sees("Popeth fel y cynllun")


def test_without_script_the_whole_visit_works(machine: Callable[..., Reader], wingful: Wingful) -> None:
    buddy, plan = wingful.buddy()
    window = machine(java_script_enabled=False)
    get_in(window, wingful, buddy.person)

    for words in ("My visits", "Morning", "Some of it"):
        tap(window, words)
    window.page.locator("label.tick").first.click()
    # What was done, no extra help, and the rest.
    for words in ("Next", "Next", "Nothing to tell staff", "Finish"):
        tap(window, words)

    window.page.wait_for_url("**/terminal/thanks/")
    assert Visit.objects.get(planned__plan=plan).outcome == "PARTLY"
    leave(window)
    window.page.go_back()
    assert "Wilfred" not in window.page.content()


def test_the_answer_to_danger_is_the_button_that_was_tapped(machine: Callable[..., Reader], wingful: Wingful) -> None:
    buddy, _ = wingful.buddy()
    window = machine()
    get_in(window, wingful, buddy.person)

    for words in ("Tell staff", "A fall"):
        tap(window, words)
    window.sees("Press the bell. Tell an officer. Do not lift.")
    tap(window, "Not yet")

    window.page.wait_for_url("**/terminal/thanks/")
    assert DangerCall.objects.get().told == "NOT_YET"


def test_targets_are_big_enough_for_a_finger(machine: Callable[..., Reader], wingful: Wingful) -> None:
    buddy, _ = wingful.buddy()
    window = machine()
    get_in(window, wingful, buddy.person)
    for words in ("", "My visits", "Morning", "All as planned"):
        if words:
            tap(window, words)
        small = window.page.evaluate("""() => [...document.querySelectorAll('a, button, input, label.tap')]
            .filter(e => e.offsetParent).map(e => [e.textContent.trim(), e.getBoundingClientRect()])
            .filter(([, box]) => box.height < 44 || box.width < 44).map(([words]) => words)""")
        assert small == []


def test_applying_for_a_job_needs_no_keyboard(machine: Callable[..., Reader], wingful: Wingful) -> None:
    with scoped(DatabaseRole.WEB, prisons=[wingful.prison.code]):
        person = person_in(wingful.prison, wingful.lead, NOW, wing=wingful.wing, landing=2, cell="A2-11")
        posts.advertised(wingful.prison, wingful.lead, NOW, wingful.wing)
    window = machine()
    get_in(window, wingful, person)

    for words in ("Jobs", "Wing buddy", "Apply"):
        tap(window, words)
    for words in ("I want to help other people", "Yes, I want help"):
        # An answer of which there may be several: the screen stays.
        window.page.locator(".tap", has_text=words).first.click()
        tap(window, "Next")
    window.sees("Is this right?")
    tap(window, "Send")

    window.page.wait_for_url("**/terminal/thanks/")
    buddy = Buddy.objects.get(person=person)
    assert (buddy.channel, buddy.why, buddy.needed_help_to_apply) == ("TERMINAL", ["HELP"], True)
    window.open("/terminal/jobs/")
    window.sees("We have your application.")
    assert window.faults(widths=(1024,), height=768) == []
    tap(window, "Take my application back")
    with window.page.expect_navigation():
        tap(window, "Yes, take it back")
    window.sees("You can apply again.")
    assert window.complaints == []


def test_the_screen_is_covered_by_a_tap_and_by_itself_and_no_typed_word_is_lost(
    machine: Callable[..., Reader], wingful: Wingful
) -> None:
    buddy, _ = wingful.buddy()
    window = machine()
    page = window.page
    page.clock.install()
    get_in(window, wingful, buddy.person)
    for words in ("Tell staff", "A worry about somebody"):
        tap(window, words)
    page.locator("#words").fill("He hides his bruises")
    page.clock.fast_forward(61_000)
    assert page.locator("#dim").is_visible() and page.evaluate("document.activeElement.id") == "show-again"
    page.keyboard.press("Enter")
    assert not page.locator("#dim").is_visible()
    with page.expect_response("**/terminal/keep/") as kept:
        page.clock.fast_forward(60_000)
    assert kept.value.status == 204 and page.locator("#idle").is_visible()
    page.locator("#still-here").click()
    page.locator("#idle").wait_for(state="hidden")

    page.locator("#words").fill("He hides his bruises from us")
    page.locator("#hide button").click()
    page.wait_for_url("**/terminal/hide/**")
    for look_again in (page.go_back, page.reload, lambda: window.open("/terminal/home/")):
        look_again()
        page.wait_for_load_state()
        window.does_not_see("bruises")
        window.sees("This screen is hidden")
    tap(window, "Come back")
    window.open("/terminal/home/")
    tap(window, "Go on with it")
    assert page.locator("#words").input_value() == "He hides his bruises from us"
    leave(window)


def test_a_card_is_typed_by_the_scanner_and_opens_after_the_officer_s_yes(
    machine: Callable[..., Reader], wingful: Wingful
) -> None:
    buddy, _ = wingful.buddy()
    with scoped(DatabaseRole.WEB, prisons=[wingful.prison.code]):
        card = builders.card_for(buddy.person, wingful.prison, wingful.officer, NOW)
    window = machine()
    page = window.page
    page.keyboard.type(card_secret(card.token))
    page.keyboard.press("Enter")
    page.wait_for_url("**/terminal/card/")
    window.sees("Look at the officer now.")
    with scoped(DatabaseRole.WEB, prisons=[wingful.prison.code]):
        scan = CardScan.objects.get(card=card)
        confirm_card(by=cast.acts(wingful.officer, wingful.prison), now=scan.scanned_at, scan=scan)
    page.wait_for_url("**/terminal/home/", timeout=10_000)
    leave(window)
