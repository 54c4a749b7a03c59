"""The warning before a staff session ends, in a real browser: by keyboard, in two tabs, at the end, and scanned."""

from __future__ import annotations

import pytest

from buddyscheme.accounts.models import User
from tests import cast

pytestmark = pytest.mark.browser
PAGE = "/prisons/ZTA/staff/"
TITLE = "You will be signed out soon"


@pytest.fixture(scope="module")
def admin(site: str) -> User:
    return cast.make_staff("Ada Admin", "ADMIN", cast.make_prison())


def arrived(visitor, admin, **options):
    reader = visitor(admin, **options)
    reader.page.clock.install()
    reader.open(PAGE)
    return reader


def test_the_warning_comes_five_minutes_before_and_stay_puts_it_off(visitor, admin) -> None:
    reader = arrived(visitor, admin)
    reader.page.clock.fast_forward("54:50")
    assert TITLE not in reader.words
    reader.page.clock.fast_forward("00:12")
    reader.sees(TITLE)
    reader.sees("in 5 minutes")
    reader.sees("What you have typed on this page and not saved will then be lost.")
    assert reader.page.evaluate("document.activeElement.textContent") == "Stay signed in"
    reader.page.clock.fast_forward("03:10")
    reader.sees("in 2 minutes")
    assert reader.faults() == []
    with reader.page.expect_response("**/account/stay/") as answer:
        reader.page.keyboard.press("Enter")
    assert answer.value.json() == {"seconds": 3600, "last": False}
    reader.page.get_by_text(TITLE).wait_for(state="hidden")
    reader.page.clock.fast_forward("54:50")
    assert TITLE not in reader.words
    reader.page.clock.fast_forward("00:12")
    reader.sees(TITLE)
    with reader.page.expect_response("**/account/stay/"):
        reader.page.keyboard.press("Escape")
    reader.page.get_by_text(TITLE).wait_for(state="hidden")
    assert reader.complaints == []


def test_what_was_typed_is_still_there_after_staying(visitor, admin) -> None:
    reader = visitor(admin)
    reader.page.clock.install()
    reader.open("/prisons/ZTA/wings/add/")
    field = reader.page.locator("main input[type=text]").first
    field.fill("B")
    reader.page.clock.fast_forward("56:00")
    with reader.page.expect_response("**/account/stay/"):
        reader.press("Stay signed in")
    reader.page.get_by_text(TITLE).wait_for(state="hidden")
    assert field.input_value() == "B"


def test_at_the_end_the_page_goes_away_and_explains(visitor, admin) -> None:
    reader = arrived(visitor, admin)
    reader.page.clock.fast_forward("56:00")
    reader.page.context.clear_cookies()
    reader.page.clock.fast_forward("05:00")
    reader.page.wait_for_url("**/account/timed-out/**")
    reader.sees("You have been signed out")
    reader.sees("What you had typed on the page and not saved is lost")
    reader.does_not_see("Ada Admin")
    assert reader.faults() == []
    reader.press("Sign in again")
    assert reader.page.url.endswith("/account/login/?next=%2Fprisons%2FZTA%2Fstaff%2F")


def test_work_in_another_tab_puts_the_warning_off(visitor, admin) -> None:
    reader = arrived(visitor, admin)
    reader.page.clock.fast_forward("56:00")
    reader.sees(TITLE)
    other = reader.page.context.new_page()
    other.goto(reader.site + PAGE)
    reader.page.get_by_text(TITLE).wait_for(state="hidden")


def test_without_an_answer_nothing_typed_is_lost(visitor, admin) -> None:
    reader = arrived(visitor, admin)
    reader.page.clock.fast_forward("56:00")
    reader.page.context.set_offline(True)
    reader.press("Stay signed in")
    reader.page.get_by_text("The service did not answer.").wait_for()
    assert reader.page.url.endswith(PAGE)
