"""Every address, as everybody, with and without a form: who gets it, who is refused, who is told that there is none.

The tables are in `access.py`, the two prisons in `world.py`. No answer may hold a text of the other prison.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse

from buddyscheme.accounts.models import Membership, User
from buddyscheme.accounts.roles import ROLES
from buddyscheme.info import views
from tests.meta.access import ACCESS, CLOSED, NATIONAL_ROLES, PRISON_ROLES, PROGRAM, PUBLIC, SIGNED_IN, TERMINAL
from tests.meta.source import modules_in
from tests.meta.world import CANARY, NOW, TODAY, Url, World, built, nothing_left, roles_of, urls

pytestmark = pytest.mark.django_db
METHODS = ("GET", "POST")
URLS = urls()
# Signed-in pages of the sign-in library answer 404 where the account has no factor of that kind, and no work account.
NOTHING_OF_THE_KIND = ("mfa_", "openid_connect_", "account_")


def params(found: list[Url]) -> list[Any]:
    """One case an address."""
    return [pytest.param(url, id=url.name) for url in found]


AT_PRISON = [url for url in URLS if url.at_prison]
NATIONAL = [url for url in URLS if url.name.startswith("national:")]
WITH_OBJECT = [url for url in URLS if url.has_object]


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """Both prisons, once. Refusals answer without their page, which is drawn thousands of times here otherwise."""
    with django_db_blocker.unblock(), built() as made, pytest.MonkeyPatch.context() as patch:
        patch.setattr("buddyscheme.urls.handler403", _refusal)
        patch.setattr("buddyscheme.urls.handler404", _nothing)
        yield made


@login_not_required
def _refusal(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return HttpResponse(status=403)


@login_not_required
def _nothing(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return HttpResponse(status=404)


@pytest.fixture
def _django_db_helper(world: World) -> None:
    """The marker's own transaction is left out: every test lives in the world's."""


def allowed(answer: HttpResponse) -> bool:
    """A page, a way on, a wrong method, or a form that found something wrong; not a page for somebody else."""
    to_sign_in = answer.status_code == 302 and "/account/login" in answer.headers["Location"]
    good = answer.status_code in (200, 302, 405) or 400 <= answer.status_code < 500
    return good and answer.status_code not in (403, 404) and not to_sign_in


def refused(answer: HttpResponse) -> bool:
    """403, or 405 where the method is refused first."""
    return answer.status_code in (403, 405)


def absent(answer: HttpResponse) -> bool:
    """No such page."""
    return answer.status_code == 404


def absent_or_wrong_method(answer: HttpResponse) -> bool:
    """No such record, or 405 where the method is refused first."""
    return answer.status_code in (404, 405)


def asked_to_sign_in(answer: HttpResponse) -> bool:
    """The way to the sign-in page."""
    return answer.status_code == 302 and answer.headers["Location"].startswith("/account/login")


class Wrong(list[str]):
    """Cells that are not as they should be."""

    def check(self, who: str, method: str, url: Url, world: World, answer: HttpResponse, right: Any) -> None:
        if not right(answer):
            self.append(f"{who} {method}: {answer.status_code}, not {right.__name__}")
        shown = world.shown(url, answer)
        if shown:
            self.append(f"{who} {method}: shows {shown} of the other prison")


def test_every_address_is_in_the_table() -> None:
    names = {url.name for url in URLS}
    assert names == set(ACCESS), f"new: {sorted(names - set(ACCESS))}, gone: {sorted(set(ACCESS) - names)}"
    assert len(names) == len(URLS), "two addresses share a name"
    for name, who in ACCESS.items():
        roles = who if isinstance(who, frozenset) else frozenset()
        assert roles <= set(ROLES), f"{name} names a role that there is not"


@pytest.mark.parametrize("url", params(AT_PRISON))
def test_staff_of_the_prison(url: Url, world: World) -> None:
    wrong, may = Wrong(), roles_of(url)
    for role in sorted(PRISON_ROLES):
        path = world.path(url, role)
        for method in METHODS:
            answer = world.ask(world.here.testers[role], path, method)
            wrong.check(role, method, url, world, answer, allowed if role in may else refused)
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("role", sorted(PRISON_ROLES | NATIONAL_ROLES))
def test_the_pages_of_refusals_show_nothing_of_the_other_prison(
    role: str, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The two pages themselves, which the other tests leave out."""
    monkeypatch.setattr("buddyscheme.urls.handler403", views.forbidden)
    monkeypatch.setattr("buddyscheme.urls.handler404", views.not_found)
    user = world.here.testers.get(role) or world.national[role]
    seen = set()
    for url in (url for url in URLS if url.name in ("schemes:scheme_falls", "schemes:person", "national:releases")):
        for place in (None, world.elsewhere):
            answer = world.ask(user, world.path(url, record_of=place))
            seen.add(answer.status_code)
            assert not world.shown(url, answer), url.name
    assert seen & {403, 404}


@pytest.mark.parametrize("url", params(AT_PRISON))
def test_everybody_else_at_the_prison(url: Url, world: World) -> None:
    wrong = Wrong()
    for role in roles_of(url):
        path = world.path(url, role)
        for method in METHODS:
            former, outsider = world.here.former[role], world.elsewhere.testers[role]
            wrong.check(f"former {role}", method, url, world, world.ask(former, path, method), absent)
            wrong.check(f"{role} elsewhere", method, url, world, world.ask(outsider, path, method), absent)
    for method in METHODS:
        for role in sorted(NATIONAL_ROLES):
            answer = world.ask(world.national[role], world.path(url), method)
            wrong.check(role, method, url, world, answer, absent)
        wrong.check("anonymous", method, url, world, world.ask(None, world.path(url), method), asked_to_sign_in)
        at_terminal = world.ask(None, world.path(url), method, cookies=world.terminal_cookies)
        wrong.check("at a terminal", method, url, world, at_terminal, asked_to_sign_in)
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("url", params(WITH_OBJECT))
def test_another_prisons_record_is_not_there(url: Url, world: World) -> None:
    wrong = Wrong()
    for role in roles_of(url):
        path = world.path(url, role, record_of=world.elsewhere)
        for method in METHODS:
            answer = world.ask(world.here.testers[role], path, method)
            wrong.check(role, method, url, world, answer, absent_or_wrong_method)
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("url", params(NATIONAL))
def test_national_pages(url: Url, world: World) -> None:
    wrong, may = Wrong(), roles_of(url)
    people = {**world.national, **world.here.testers}
    for role, user in people.items():
        for method in METHODS:
            answer = world.ask(user, world.path(url, role), method)
            wrong.check(role, method, url, world, answer, allowed if role in may else refused)
    for method in METHODS:
        wrong.check("anonymous", method, url, world, world.ask(None, world.path(url), method), asked_to_sign_in)
        at_terminal = world.ask(None, world.path(url), method, cookies=world.terminal_cookies)
        wrong.check("at a terminal", method, url, world, at_terminal, asked_to_sign_in)
    assert not wrong, "\n".join(wrong)


def of_kind(kind: object) -> list[Url]:
    return [url for url in URLS if ACCESS.get(url.name) is kind]


def served(answer: HttpResponse) -> bool:
    """Served to whoever asks: no refusal for want of a role, and no way to the sign-in page."""
    return answer.status_code < 500 and answer.status_code != 403 and not asked_to_sign_in(answer)


@pytest.mark.parametrize("url", params(of_kind(PUBLIC)))
def test_public_pages(url: Url, world: World) -> None:
    wrong = Wrong()
    for who, user in (("anonymous", None), ("lead", world.here.testers["LEAD"])):
        for method in METHODS:
            answer = world.ask(user, world.path(url), method)
            # Guests of the second factor's page are sent to sign in: there is nobody to ask for it yet.
            right = _any_answer if url.name.startswith(NOTHING_OF_THE_KIND) else served
            wrong.check(who, method, url, world, answer, right)
            if answer.status_code == 404 and not url.name.startswith(NOTHING_OF_THE_KIND):
                wrong.append(f"{who} {method}: 404")
    assert not wrong, "\n".join(wrong)


def _any_answer(answer: HttpResponse) -> bool:
    return answer.status_code < 500


@pytest.mark.parametrize("url", params(of_kind(SIGNED_IN)))
def test_pages_for_everybody_who_is_signed_in(url: Url, world: World) -> None:
    wrong = Wrong()
    people = {**world.national, **world.here.testers, "former": world.here.former["LEAD"]}
    for method in METHODS:
        for role, user in people.items():
            right = _any_answer if url.name.startswith(NOTHING_OF_THE_KIND) else allowed
            wrong.check(role, method, url, world, world.ask(user, world.path(url), method), right)
        wrong.check("anonymous", method, url, world, world.ask(None, world.path(url), method), asked_to_sign_in)
        at_terminal = world.ask(None, world.path(url), method, cookies=world.terminal_cookies)
        wrong.check("at a terminal", method, url, world, at_terminal, asked_to_sign_in)
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("url", params(of_kind(CLOSED)))
def test_names_without_a_page(url: Url, world: World) -> None:
    wrong = Wrong()
    for who, user in (("anonymous", None), ("lead", world.here.testers["LEAD"])):
        for method in METHODS:
            wrong.check(who, method, url, world, world.ask(user, world.path(url), method), absent)
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("url", params(of_kind(TERMINAL)))
def test_the_terminal(url: Url, world: World) -> None:
    """The person who is in is served. A staff session, and another prison's visit, get nothing about anybody."""
    wrong = Wrong()
    names = {person.first_name for person in world.here.people.values()}
    for method in METHODS:
        inside = world.ask(None, world.path(url), method, cookies=world.terminal_cookies)
        right = _any_answer if url.name == "terminal:enrol" else served
        wrong.check("who is in", method, url, world, inside, right)
        for who, user in (("anonymous", None), ("lead", world.here.testers["LEAD"])):
            answer = world.ask(user, world.path(url), method)
            wrong.check(who, method, url, world, answer, right)
            if any(name in world.body(answer) for name in names):
                wrong.append(f"{who} {method}: shows a person")
        foreign = world.ask(None, world.path(url, record_of=world.elsewhere), method, cookies=world.terminal_cookies)
        wrong.check("who is in, of the other prison", method, url, world, foreign, right)
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("url", params(of_kind(PROGRAM)))
def test_the_interface_for_programs(url: Url, world: World) -> None:
    """A key opens it; no session does, whatever the role, and no machine; a form is no way in."""
    wrong, path = Wrong(), world.path(url)
    there = absent if url.name == "api:nothing" else _answered
    wrong.check("a program", "GET", url, world, world.ask(None, path, headers=world.key), there)
    wrong.check("a program", "POST", url, world, world.ask(None, path, "POST", headers=world.key), _wrong_method)
    people = {**world.national, **world.here.testers, "anonymous": None}
    for role, user in people.items():
        wrong.check(role, "GET", url, world, world.ask(user, path), _no_key)
        wrong.check(role, "POST", url, world, world.ask(user, path, "POST"), _wrong_method)
    wrong.check("at a terminal", "GET", url, world, world.ask(None, path, cookies=world.terminal_cookies), _no_key)
    assert not wrong, "\n".join(wrong)


def _answered(answer: HttpResponse) -> bool:
    return answer.status_code == 200


def _no_key(answer: HttpResponse) -> bool:
    return answer.status_code == 401


def _wrong_method(answer: HttpResponse) -> bool:
    return answer.status_code == 405


def test_a_buddy_gets_no_other_buddys_visit(world: World) -> None:
    """Neither of this prison nor of another: the same answer as for a nonsense."""
    cookies = world.terminal_cookies
    answers = [
        world.ask(None, f"/terminal/visit/{token}/", cookies=cookies)
        for token in (world.elsewhere.tokens["planned"], "nonsense")
    ]
    assert [a.status_code for a in answers] == [answers[1].status_code] * 2
    assert answers[0].headers.get("Location") == answers[1].headers.get("Location")


# Every form into which somebody types a prison number: the address, and what else is typed. `{n}` is the number,
# `{own}` one of this prison, `{wing}` its wing.
ASKS_FOR_A_NUMBER: dict[str, tuple[str, dict[str, str]]] = {
    "NumberForm": ("referrals:refer", {"prison_number": "{n}"}),
    "SearchForm": ("schemes:people", {"words": "{n}"}),
    "AddPersonForm": (
        "schemes:add_person",
        {"prison_number": "{n}", "first_name": "Bo", "last_name": "Newcome", "wing": "{wing}"},
    ),
    "ApplyForm": (
        "schemes:apply",
        {"prison_number": "{n}", "applied_on": "2026-11-20", "statement": "I care.", "needed_help": "no"},
    ),
    "TakeOverForm": (
        "schemes:ask_take_over",
        {"prison_number": "{n}", "in_role_since": "2026-01-05", "good_by": "2027-01-05", "reason": "Helps already."},
    ),
    "NeedForm": ("referrals:unmet_need_add", {"prison_number": "{n}", "task": "PRO-03", "known_on": "2026-11-20"}),
    "ConcernForm": (
        "referrals:concern_add",
        {"prison_number": "{n}", "kind": "WORRY", "words": "Worried.", "happened_on": "2026-11-20"},
    ),
    "FallForm": (
        "referrals:fall_add",
        {
            "prison_number": "{n}",
            "found_on": "2026-11-23",
            "found_clock": "08:00",
            "alarm_clock": "08:00",
            "injury": "NONE",
            "helped_up": "STAFF",
        },
    ),
    "NewAlertForm": ("schemes:record_alert", {"prison_number": "{n}", "kind": "PEEP", "active_from": "2026-11-20"}),
    "NewAbsenceForm": (
        "schemes:record_absence",
        {"prison_number": "{n}", "kind": "VISIT", "starts_on": "2026-11-24", "session": "AM"},
    ),
    "MergeForm": ("schemes:person_merge", {"other_number": "{n}", "keep": "THIS"}),
    "HelpForm": ("referrals:informal_help_add", {"prison_number": "{n}", "kinds": "MEALS"}),
    "KeepApartForm": (
        "schemes:add_keep_apart",
        {"person_number": "{n}", "other_number": "{own}", "restriction": "WING", "reason": "THREAT"},
    ),
}
UNKNOWN = "Z9999ZZ"
TAGS = re.compile(r"<script.*?</script>|<[^>]+>", re.DOTALL)
# Random parts of an address.
TOKEN = re.compile(r"[\w-]{22}")


def test_every_form_that_asks_for_a_number_is_here() -> None:
    asking = {
        node.name
        for module in modules_in("forms")
        for node in module.tree.body
        if isinstance(node, ast.ClassDef) and "PrisonNumberField(" in ast.unparse(node)
    }
    assert asking | {"SearchForm"} == set(ASKS_FOR_A_NUMBER)


@pytest.mark.parametrize("form", sorted(ASKS_FOR_A_NUMBER))
def test_a_number_known_elsewhere_is_like_an_unknown_one(form: str, world: World) -> None:
    name, typed = ASKS_FOR_A_NUMBER[form]
    path = world.path(next(url for url in URLS if url.name == name))
    own = world.here.people["recipient"].prison_number
    said = []
    numbers = (world.elsewhere.people["recipient"].prison_number, UNKNOWN, world.here.people["buddy"].prison_number)
    for number in numbers:
        data = {key: value.format(n=number, own=own, wing=world.here.wing.token) for key, value in typed.items()}
        answer = world.ask(world.here.testers["LEAD"], path, "POST", data=data)
        text = " ".join(TAGS.sub(" ", world.body(answer)).replace(number, "NUMBER").split())
        assert CANARY not in text
        said.append((answer.status_code, TOKEN.sub("TOKEN", answer.headers.get("Location", "")), text))
    assert said[0] == said[1]
    assert said[2] != said[1], "the form did not get as far as the number"


def test_a_permission_that_is_taken_away_counts_at_once(world: World) -> None:
    """Within one session, from one request to the next: first the role, then the whole membership."""
    lead: User = world.here.testers["LEAD"]
    home = next(url for url in URLS if url.name == "home:prison")
    scheme = next(url for url in URLS if url.name == "schemes:scheme_falls")
    with time_machine.travel(NOW, tick=False), nothing_left():
        client = world.client(lead)
        assert client.get(world.path(scheme)).status_code == 200
        Membership.objects.filter(user=lead).update(role="DPO")
        assert client.get(world.path(scheme)).status_code == 403
        assert client.get(world.path(home)).status_code == 200
        Membership.objects.filter(user=lead).update(ends_on=TODAY)
        assert client.get(world.path(home)).status_code == 200, "the last day counts"
    with time_machine.travel(NOW, tick=False), nothing_left():
        client = world.client(lead)
        assert client.get(world.path(home)).status_code == 200
        Membership.objects.filter(user=lead).update(ends_on=TODAY.replace(day=22))
        assert client.get(world.path(home)).status_code == 404
        User.objects.filter(pk=lead.pk).update(is_active=False)
        assert asked_to_sign_in(client.get(world.path(home)))
