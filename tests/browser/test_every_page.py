"""Every page of the service in a real browser: accessible, inside its width, one heading, nobody named in its title."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
import time_machine
from django.template.loader import render_to_string
from playwright.sync_api import Browser

from buddyscheme.accounts.models import User
from schemes.models import Person
from tests.browser.conftest import EXEMPT, Reader
from tests.meta import world as worlds
from tests.meta.access import ACCESS, CLOSED, PROGRAM, PUBLIC, SIGNED_IN, TERMINAL
from tests.meta.world import Url, World

pytestmark = pytest.mark.browser

URLS = {url.name: url for url in worlds.urls()}
# Addresses that answer with no page: they are only posted to, or give a file, or speak to a program.
NO_PAGES = {
    "api:description", "national:download_extract",
    "account_stay", "health:live", "health:ready", "national:download", "mfa_download_recovery_codes",
    "mfa_login_webauthn",
    "monitoring:evidence_file", "monitoring:figures_file", "monitoring:report_file", "national:report_file",
    "monitoring:population_template",
    "monitoring:pay_template", "referrals:pack_file", "referrals:need_confirm",
    "referrals:informal_help_look", "training:session_template", "training:take_over_template",
    "openid_connect_login", "openid_connect_callback", "referrals:entry_end", "referrals:plan_need",
    "referrals:staff_tick", "referrals:window_close", "referrals:window_open", "schemes:scheme_start", "terminal:enter",
    "referrals:card_confirm", "referrals:card_refuse", "terminal:come_back", "terminal:keep", "terminal:say",
    "referrals:patterns_look",
    "terminal:take_up", "terminal:code", "terminal:leave", "terminal:here", "terminal:look", "terminal:enrol",
    "schemes:import_template", "schemes:import_bad_rows", "referrals:handover_file", "referrals:care_record_file",
    "referrals:care_start", "referrals:cover_end", "referrals:slot_exception_end", "referrals:assessment_chase",
}  # fmt: skip
KNOWN = sorted(
    name for name in URLS if name in ACCESS and name not in NO_PAGES and ACCESS[name] not in (CLOSED, PROGRAM)
)
# Screens that somebody who is in is led on from.
LEAD_ON = {
    "terminal:card", "terminal:draft", "terminal:hide", "terminal:own_requests", "terminal:start", "terminal:take_back",
    "terminal:vacancy",
}  # fmt: skip
PAGES = [name for name in KNOWN if ACCESS[name] is not TERMINAL]
SCREENS = [name for name in KNOWN if ACCESS[name] is TERMINAL]


@pytest.fixture(scope="module")
def world(transactional_db: None) -> World:
    """The two prisons of the access matrix, committed."""
    return worlds._build()


@pytest.fixture(scope="module")
def names(world: World) -> set[str]:
    """Everybody who must not be in a title."""
    return {name for person in Person.objects.all() for name in (person.last_name, person.prison_number) if name}


@pytest.fixture(scope="module")
def reader(world: World, names: set[str], site: str, browser: Browser) -> Iterator[Callable[[User | None], Reader]]:
    """One browser for each person, which knows whom it must not find in a title."""
    readers: dict[int, Reader] = {}

    def arrive(user: User | None) -> Reader:
        key = user.pk if user else 0
        if key not in readers:
            context = browser.new_context()
            if user:
                context.add_cookies([{"name": "sessionid", "value": world.sessions[user.pk], "url": site}])
            readers[key] = Reader(context.new_page(), site, known=names)
        return readers[key]

    yield arrive
    for one in readers.values():
        one.page.context.close()


def who_opens(world: World, url: Url) -> tuple[str, User | None]:
    """A role that may open the page, preferring the one that works with it most, and somebody who holds it."""
    who = ACCESS[url.name]
    if who is PUBLIC:
        return "", None
    if who is SIGNED_IN:
        return "LEAD", world.here.staff["LEAD"]
    assert isinstance(who, frozenset)
    role = "LEAD" if "LEAD" in who else min(who)
    return role, world.national.get(role) or world.here.staff[role]


@pytest.mark.parametrize("name", PAGES)
def test_page_of_staff(world: World, reader: Callable[[User | None], Reader], name: str) -> None:
    role, user = who_opens(world, URLS[name])
    window = reader(user)
    window.open(world.path(URLS[name], role))
    assert window.faults() == []


@pytest.mark.parametrize("language", ["en", "cy"])
@pytest.mark.parametrize("inside", [False, True])
def test_screens_of_the_terminal(world: World, visitor: Callable[..., Reader], language: str, inside: bool) -> None:
    with time_machine.travel(worlds.NOW, tick=True):  # whatever the other pages took, the turn has just begun
        _look_at_screens(world, visitor(), language, inside=inside)


def _look_at_screens(world: World, window: Reader, language: str, *, inside: bool) -> None:
    kept = world.terminal_cookies if inside else {"terminal_device": world.terminal_cookies["terminal_device"]}
    window.has_cookies(kept)
    window.open("/terminal/")
    if language == "cy":
        with window.page.expect_navigation():
            window.page.locator(".bar-item[lang=cy]").click()
    found, elsewhere = [], set()
    for name in SCREENS if inside else ["terminal:start"]:
        asked = world.path(URLS[name])
        window.open(asked)
        if urlsplit(window.page.url).path != asked:
            elsewhere.add(name)
        assert window.page.locator("html").get_attribute("lang") == language
        found += window.faults(widths=(1024,), height=768)
    assert found == []
    assert elsewhere == (LEAD_ON if inside else set())


def test_statement_says_which_rules_are_switched_off() -> None:
    statement = render_to_string("info/accessibility.html")
    assert ("No rule of that program is switched off." in statement) == (not EXEMPT)
    assert all(reason in statement for reason in EXEMPT.values())
