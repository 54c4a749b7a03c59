"""How long a staff session lasts, the warning before its end, and the page after it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from django.test import Client

from buddyscheme.accounts.models import Prison, User

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


@pytest.fixture
def clock(now: datetime) -> Iterator[time_machine.Coordinates]:
    with time_machine.travel(now, tick=False) as traveller:
        yield traveller


def staff_page(here: Prison) -> str:
    return f"/prisons/{here.code}/staff/"


def where(answer) -> tuple[str, dict[str, list[str]]]:
    parts = urlsplit(answer["Location"])
    return parts.path, parse_qs(parts.query)


def test_every_page_of_staff_holds_the_warning_and_says_what_is_lost(admin: User, here: Prison, signed_in) -> None:
    page = signed_in(admin).get(staff_page(here)).content.decode()
    assert 'data-seconds="3600"' in page and 'data-warn="300"' in page
    assert "Stay signed in" in page
    assert "What you have typed on this page and not saved will then be lost." in page


def test_no_page_without_a_session_holds_it(here: Prison) -> None:
    for address in ("/account/login/", "/about/cookies/", "/terminal/", "/account/timed-out/"):
        assert "session-end" not in Client().get(address).content.decode(), address


def test_stay_puts_the_end_off(clock, admin: User, here: Prison, signed_in) -> None:
    browser = signed_in(admin)
    browser.get(staff_page(here))
    for _ in range(3):
        clock.shift(timedelta(minutes=56))
        assert browser.post("/account/stay/").json() == {"seconds": 3600, "last": False}
    assert browser.get(staff_page(here)).status_code == 200


def test_stay_cannot_put_off_the_end_of_twelve_hours(clock, admin: User, here: Prison, signed_in) -> None:
    browser = signed_in(admin)
    browser.get(staff_page(here))
    for _ in range(23):
        clock.shift(timedelta(minutes=30))
        browser.post("/account/stay/")
    clock.shift(timedelta(minutes=24))
    assert browser.post("/account/stay/").json() == {"seconds": 6 * 60, "last": True}
    assert 'data-seconds="360" data-warn="300" data-last' in browser.get(staff_page(here)).content.decode()
    clock.shift(timedelta(minutes=7))
    answer = browser.post("/account/stay/")
    assert where(answer)[0] == "/account/timed-out/"


def test_stay_needs_a_session_and_is_posted(admin: User, signed_in) -> None:
    assert Client().post("/account/stay/").status_code == 302
    assert signed_in(admin).get("/account/stay/").status_code == 405


def test_stay_is_refused_to_other_sites(admin: User) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(admin, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert browser.post("/account/stay/").status_code == 403


def test_after_an_idle_hour_a_page_explains_and_leads_back(clock, admin: User, here: Prison, signed_in) -> None:
    browser = signed_in(admin)
    browser.get(staff_page(here))
    clock.shift(HOUR + timedelta(seconds=1))
    answer = browser.get(staff_page(here) + "?page=2")
    assert where(answer) == ("/account/timed-out/", {"next": [staff_page(here) + "?page=2"]})
    page = browser.get(answer["Location"]).content.decode()
    assert "Nothing was opened or saved for an hour" in page
    assert "What you had typed on the page and not saved is lost" in page
    assert f"/account/login/?next={staff_page(here).replace('/', '%2F')}%3Fpage%3D2" in page
    # Only once: the browser has no session any more.
    assert where(browser.get(staff_page(here)))[0] == "/account/login/"


def test_a_form_that_came_too_late_leads_back_to_its_page(clock, admin: User, here: Prison, signed_in) -> None:
    browser = signed_in(admin)
    browser.get(staff_page(here))
    clock.shift(2 * HOUR)
    page = f"http://testserver{staff_page(here)}give/"
    answer = browser.post(f"/prisons/{here.code}/wings/add/", {}, headers={"referer": page})
    assert where(answer) == ("/account/timed-out/", {"next": [f"{staff_page(here)}give/"]})


def test_after_twelve_hours_the_page_says_that_reason(clock, admin: User, here: Prison, signed_in) -> None:
    browser = signed_in(admin)
    for _ in range(25):
        browser.get(staff_page(here))
        clock.shift(timedelta(minutes=29))
    answer = browser.get(staff_page(here))
    assert where(answer) == ("/account/timed-out/", {"after": ["day"], "next": [staff_page(here)]})
    assert "signed in for 12 hours" in browser.get(answer["Location"]).content.decode()


def test_whoever_was_never_signed_in_is_asked_to_sign_in(here: Prison) -> None:
    assert where(Client().get(staff_page(here)))[0] == "/account/login/"


def test_who_is_still_signed_in_goes_straight_back(admin: User, here: Prison, signed_in) -> None:
    browser = signed_in(admin)
    assert browser.get("/account/timed-out/", {"next": staff_page(here)})["Location"] == staff_page(here)
    assert browser.get("/account/timed-out/")["Location"] == "/"


@pytest.mark.parametrize("elsewhere", ["https://example.org/", "//example.org/", "javascript:alert(1)"])
def test_the_way_back_never_leads_elsewhere(elsewhere: str, admin: User, signed_in) -> None:
    page = Client().get("/account/timed-out/", {"next": elsewhere}).content.decode()
    assert "example.org" not in page and "javascript" not in page
    assert signed_in(admin).get("/account/timed-out/", {"next": elsewhere})["Location"] == "/"
