"""Every answer carries the headers of `headers.py`: pages, refusals, missing pages, wrong methods, failures."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NoReturn

import pytest
import time_machine
from django.http import HttpResponse
from django.test import Client

from tests.meta.access import ACCESS, CLOSED, NATIONAL_ROLES, PRISON_ROLES, PROGRAM, TERMINAL
from tests.meta.headers import lacking
from tests.meta.world import NOW, Url, World, built, nothing_left, roles_of, urls

pytestmark = pytest.mark.django_db
URLS = urls()


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """Both prisons, once."""
    with django_db_blocker.unblock(), built() as made:
        yield made


@pytest.fixture
def _django_db_helper(world: World) -> None:
    """The marker's own transaction is left out: every test lives in the world's."""


def params() -> list[Any]:
    """One case an address."""
    return [pytest.param(url, id=url.name) for url in URLS]


@pytest.mark.parametrize("url", params())
def test_every_address(url: Url, world: World) -> None:
    """A page, a refusal, another prison's address, the way to sign in, and a method that nobody offers."""
    wrong = {}
    for kind, answer in answers(url, world):
        by_a_program = url.name.startswith("api:") and answer.headers["Content-Type"] == "application/json"
        missing = lacking(answer, by_a_program=by_a_program and answer.status_code == 200)
        if missing:
            wrong[f"{kind} ({answer.status_code})"] = missing
    assert not wrong


def answers(url: Url, world: World) -> Iterator[tuple[str, HttpResponse]]:
    """One answer of each kind that the address can give."""
    may = roles_of(url)
    people = world.here.testers | world.national
    reader = may[0] if may else "LEAD"
    path = world.path(url, reader)
    cookies = world.terminal_cookies if ACCESS[url.name] is TERMINAL else None
    user = None if cookies else people[reader]
    yield "may", world.ask(user, path, cookies=cookies)
    yield "may, posting", world.ask(user, path, "POST", cookies=cookies)
    yield "wrong method", world.ask(user, path, "DELETE", cookies=cookies)
    yield "nobody", world.ask(None, path)
    if ACCESS[url.name] is PROGRAM:
        yield "a program", world.ask(None, path, headers=world.key)
    others = sorted((PRISON_ROLES if url.at_prison else PRISON_ROLES | NATIONAL_ROLES) - set(may))
    if may and others:
        yield "may not", world.ask(people[others[0]], path)
    if url.at_prison:
        yield "another prison", world.ask(world.elsewhere.testers[reader], path)


def test_the_kinds_of_answers_are_what_they_are_called(world: World) -> None:
    """So that the test above does not look at the same kind five times."""
    seen = {kind: answer.status_code for kind, answer in answers(_url("schemes:scheme_falls"), world)}
    assert seen == {
        "may": 200,
        "may, posting": 200,
        "wrong method": 405,
        "nobody": 302,
        "may not": 403,
        "another prison": 404,
    }


def _url(name: str) -> Url:
    return next(url for url in URLS if url.name == name)


@pytest.mark.parametrize("path", ["/nothing/", "/prisons/ZTA/nothing/", "/terminal/nothing/", "/prisons/ZTA/scheme"])
def test_no_such_address(path: str, world: World) -> None:
    answer = world.ask(world.here.testers["LEAD"], path)
    assert answer.status_code in (301, 404)
    assert not lacking(answer)


@pytest.mark.parametrize("name", ["home:prison", "schemes:scheme_falls", "referrals:referrals"])
def test_a_failure_of_ours(name: str, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("buddyscheme.accounts.middleware.permissions_of", _fail)
    answer = world.ask(world.here.testers["LEAD"], world.path(_url(name)))
    assert answer.status_code == 500
    assert not lacking(answer)
    assert "ZeroDivisionError" not in world.body(answer)


@pytest.mark.parametrize("path", ["/terminal/", "/terminal/home/"])
def test_a_failure_at_the_terminal(path: str, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("referrals.devices.terminal_of", _fail)
    answer = world.ask(None, path, cookies=world.terminal_cookies)
    assert answer.status_code == 500
    assert not lacking(answer)


def test_a_failure_before_any_view(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("buddyscheme.accounts.middleware.needs_second_factor", _fail)
    answer = world.ask(world.here.testers["LEAD"], "/")
    assert answer.status_code == 500
    assert not lacking(answer)


def _fail(*args: Any, **kwargs: Any) -> NoReturn:
    raise ZeroDivisionError


@pytest.mark.parametrize("path", ["/account/login/", "/prisons/ZTA/scheme/falls/", "/terminal/enter/"])
def test_a_forged_form(path: str, world: World) -> None:
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    client.cookies["sessionid"] = world.sessions[world.here.testers["LEAD"].pk]
    with time_machine.travel(NOW, tick=False), nothing_left():
        answer = client.post(path, {"number": "Z0001ZA"})
    assert answer.status_code == 403
    assert not lacking(answer)


def test_a_forged_host(world: World) -> None:
    with nothing_left():
        answer = Client(raise_request_exception=False).get("/account/login/", headers={"host": "elsewhere.example"})
    assert answer.status_code == 400
    assert not lacking(answer)


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("Cache-Control", "max-age=60"),
        ("Content-Security-Policy", "default-src 'none'; script-src 'unsafe-inline'; frame-ancestors 'none'"),
        ("Content-Security-Policy", "default-src 'none'"),
        ("Referrer-Policy", "unsafe-url"),
        ("X-Request-Id", ""),
    ],
)
def test_a_weak_header_is_noticed(header: str, value: str, world: World) -> None:
    answer = world.ask(None, "/account/login/")
    answer.headers[header] = value
    assert lacking(answer) == [header]


def test_a_weak_cookie_is_noticed(world: World) -> None:
    answer = world.ask(None, "/account/login/")
    answer.set_cookie("open", "1")
    assert lacking(answer) == ["cookie open"]


def test_names_without_a_page_are_looked_at_too() -> None:
    assert any(ACCESS[url.name] is CLOSED for url in URLS)
