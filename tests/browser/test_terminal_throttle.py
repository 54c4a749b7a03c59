"""The throttle of wrong tries, row by row, on the real pages: the prisoner at the terminal, the officer at theirs.

Each test has a machine of its own. The server's clock is moved where the table counts time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import count

import pytest
import time_machine
from django.utils import timezone

from buddyscheme.accounts.models import Terminal, User
from buddyscheme.scope.transaction import DatabaseRole, scoped
from referrals import codes
from referrals.models import SignInFailure, TerminalCode, TerminalWindow
from schemes.models import Person
from tests import cast
from tests.browser.conftest import NOW, Reader
from tests.browser.test_terminal import Wingful, wingful
from tests.builders import terminal as builders
from tests.builders.schemes import person_in

pytestmark = pytest.mark.browser
__all__ = ["wingful"]
WRONG, ASK_OFFICER = "That did not work.", "Please ask the officer."
Visitor = Callable[..., Reader]
numbers = count(1)


def says(window: Reader, words: str) -> None:
    """The page that a tap leads to says so."""
    window.page.get_by_text(words).first.wait_for()


@dataclass
class Machine:
    """One terminal with its window, as a prisoner and the officer meet it."""

    place: Wingful
    terminal: Terminal
    window: TerminalWindow
    screen: Reader
    officer: Reader

    def person(self) -> tuple[Person, str]:
        """Somebody of the wing, and their six digits."""
        with scoped(DatabaseRole.WEB, prisons=[self.place.prison.code]):
            person = person_in(self.place.prison, self.place.lead, NOW, wing=self.place.wing)
            return person, builders.code_for(person, self.window, self.place.officer, timezone.now())

    def tries(self, number: str, code: str) -> None:
        """Both boxes and the button, as a hand fills them."""
        self.screen.open("/terminal/")
        self.screen.page.locator("#number").fill(number)
        self.screen.page.locator("#code").fill(code)
        with self.screen.page.expect_navigation():
            self.screen.page.locator(".enter button[type=submit]").click()

    def is_in(self) -> bool:
        """Whether the way in has led anywhere."""
        return self.screen.page.url.endswith("/terminal/home/")

    def officer_looks(self, person: Person, *ticks: str, then: str) -> None:
        """The officer looks at the face, and says on their own page what for."""
        page = self.officer.page
        self.officer.open(f"/prisons/{self.place.prison.code}/windows/{self.terminal.token}/")
        page.get_by_label("Who is it?").select_option(person.token)
        for tick in ticks:
            page.get_by_label(tick).check()
        self.officer.press("I have checked the face")
        says(self.officer, then)

    def officer_confirms(self, person: Person) -> None:
        """It is they: they may try their own code again."""
        ticks = ("Only confirm the face", "Somebody else tried their number")
        self.officer_looks(person, *ticks, then="may try their code again")


@pytest.fixture
def machine(wingful: Wingful, visitor: Visitor) -> Callable[[], Machine]:
    """Makes machines: each with a window that was opened just now, and the officer's own browser beside it."""
    code = wingful.prison.code

    def make() -> Machine:
        with scoped(DatabaseRole.WEB, prisons=[code]):
            admin = User.objects.get(name="Ada Admin")
            terminal, key = builders.terminal_on(wingful.wing, admin, NOW, name=f"Terminal {next(numbers)}")
            window = builders.window_at(terminal, wingful.officer, timezone.now(), minutes=60)
        screen = visitor()
        screen.has_cookies({"terminal_device": key})
        return Machine(wingful, terminal, window, screen, visitor(wingful.officer))

    return make


@pytest.fixture
def later() -> Iterator[Callable[[timedelta], None]]:
    """Moves the clock of everything on."""
    with time_machine.travel(timezone.now(), tick=True) as clock:
        yield lambda by: clock.shift(by)


def wrong_for(code: str) -> str:
    """Six other digits."""
    return "902715" if code != "902715" else "902716"


def fails(machine: Machine, number: str, code: str, times: int, later: Callable[[timedelta], None]) -> None:
    """So many wrong tries, each after the wait that the one before brought."""
    for _ in range(times):
        machine.tries(number, wrong_for(code))
        later(timedelta(seconds=31))


Later = Callable[[timedelta], None]


def test_row_1_three_wrong_codes_send_one_person_to_the_officer_and_nobody_else(
    machine: Callable[[], Machine], later: Later
) -> None:
    here = machine()
    person, code = here.person()
    other, other_code = here.person()
    fails(here, person.prison_number, code, 3, later)
    here.tries(person.prison_number, code)
    here.screen.sees(ASK_OFFICER)
    here.tries(other.prison_number, other_code)
    assert here.is_in(), "others still come in"
    here.screen.page.locator(".bar-leave").click()
    here.officer_confirms(person)
    here.tries(person.prison_number, code)
    assert here.is_in()


def test_row_2_five_over_two_numbers_close_the_window_until_an_officer_shows_who_they_are(
    machine: Callable[[], Machine], later: Later
) -> None:
    here = machine()
    person, code = here.person()
    fails(here, person.prison_number, code, 3, later)
    fails(here, "Z9999ZZ", code, 2, later)
    here.screen.open("/terminal/")
    here.screen.sees("Ask a member of staff.")
    assert here.screen.page.locator("input:visible, form.enter").count() == 0
    page = here.officer.page
    here.officer.open(f"/prisons/{here.place.prison.code}/windows/")
    mine = page.locator("section", has=page.get_by_role("heading", name=here.terminal.name, exact=True))
    assert "closed after too many wrong tries" in mine.inner_text()
    mine.get_by_role("button", name="Open the terminal").click()
    says(here.officer, "Enter your password")
    mine.get_by_label("Your password").fill(cast.PASSWORD)
    mine.get_by_role("button", name="Open the terminal").click()
    says(here.officer, "is open for 30 minutes")
    here.screen.open("/terminal/")
    assert here.screen.page.locator("form.enter").is_visible()


def test_row_3_each_wrong_code_makes_the_wait_longer_and_time_alone_ends_it(
    machine: Callable[[], Machine], later: Later
) -> None:
    here = machine()
    person, code = here.person()
    here.tries(person.prison_number, wrong_for(code))
    later(timedelta(seconds=5))
    here.tries(person.prison_number, wrong_for(code))
    here.tries(person.prison_number, code)
    here.screen.sees("wait")
    assert not here.is_in(), "the right code, too early"
    later(timedelta(seconds=5))
    here.tries(person.prison_number, code)
    assert here.is_in()


def test_row_4_ten_in_a_row_over_all_machines_ask_for_the_face_at_the_next_one(
    machine: Callable[[], Machine], later: Later
) -> None:
    first = machine()
    person, code = first.person()
    for here, times in ((first, 3), (machine(), 3), (machine(), 3), (machine(), 1)):
        fails(here, person.prison_number, code, times, later)
    fresh = machine()
    fresh.tries(person.prison_number, code)
    fresh.screen.sees(ASK_OFFICER)
    fresh.officer.open(f"/prisons/{fresh.place.prison.code}/windows/")
    says(fresh.officer, person.list_name)
    fresh.officer_confirms(person)
    fresh.tries(person.prison_number, code)
    assert fresh.is_in()


def test_row_5_a_hundred_in_thirty_days_end_the_code_and_the_terminal_shows_a_new_one(
    machine: Callable[[], Machine], later: Later
) -> None:
    here = machine()
    person, code = here.person()
    prison = here.place.prison
    with scoped(DatabaseRole.WEB, prisons=[prison.code]):
        # Ninety-nine wrong tries of the last days, which nobody wants to tap one by one.
        number = codes.number_hash(prison.code, person.prison_number)
        moment = timezone.now() - timedelta(days=3)
        TerminalCode.objects.filter(person=person).update(issued_at=moment - timedelta(days=9))
        SignInFailure.objects.bulk_create(
            SignInFailure(prison=prison, window=here.window, number_hash=number, failed_at=moment) for _ in range(99)
        )
    fails(here, person.prison_number, code, 1, later)
    here.tries(person.prison_number, code)
    here.screen.sees(WRONG)
    assert not here.is_in(), "the right digits are worth nothing now"

    here.officer_looks(person, "New code", then="can now tap “Show my new code”")
    here.screen.open("/terminal/")
    here.screen.page.get_by_role("button", name="Show my new code").click()
    here.screen.page.wait_for_url("**/terminal/code/")
    digits = "".join(filter(str.isdigit, here.screen.page.locator(".digits").inner_text()))
    assert len(digits) == 6 and digits != code
    here.tries(person.prison_number, digits)
    assert here.is_in()


def test_row_6_four_numbers_at_one_machine_are_told_to_lead_and_security_and_nobody_is_kept_out(
    machine: Callable[[], Machine], later: Later, visitor: Visitor
) -> None:
    here = machine()
    person, code = here.person()
    for number in range(4):
        fails(here, f"Z{number:04d}ZX", code, 1, later)
    lead = visitor(here.place.lead)
    lead.open(f"/prisons/{here.place.prison.code}/")
    says(lead, "Terminals with many wrong tries")
    lead.press("Terminals with many wrong tries", exact=False)
    says(lead, here.terminal.name)
    lead.does_not_see("Z0000ZX")
    here.tries(person.prison_number, code)
    assert here.is_in()
