"""Misuse of the terminal, by the numbers of the list of misuse cases. Those that need a browser are in
`tests/browser/test_terminal_proofs.py`, those of patterns in `tests/referrals/test_patterns.py`.
"""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from buddyscheme.audit.models import AuditEvent
from referrals.models import Concern, TerminalEntry, Visit
from referrals.terminal import pages
from tests.builders import terminal as builders
from tests.terminal.test_log_visit import hidden, tap
from tests.terminal.test_tell_staff import own_address

pytestmark = pytest.mark.django_db
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


def test_misuse_12_a_post_from_another_site_is_refused(scene) -> None:
    client = scene.inside()
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = client.cookies
    page = strict.get(own_address()).content.decode()
    worry = {"t": "1", "words": "", "key": "k", "csrfmiddlewaretoken": TOKEN.search(page).group(1)}

    assert strict.post(own_address(), {**worry, "csrfmiddlewaretoken": ""}).status_code == 403
    refused = strict.post(own_address(), worry, headers={"Origin": "https://elsewhere.example"})
    assert refused.status_code == 403 and not Concern.objects.exists()
    assert scene.person.first_name not in refused.content.decode()
    assert strict.post(own_address(), worry).status_code == 302
    for name, cookie in strict.cookies.items():
        if name.startswith("terminal") and cookie["path"]:
            assert cookie["samesite"] == "Strict", name


def test_misuse_12_a_token_of_the_turn_before_is_refused(scene) -> None:
    strict = builders.browser(scene.key, enforce_csrf_checks=True)
    token = TOKEN.search(strict.get("/terminal/").content.decode()).group(1)
    typed = {"number": scene.person.prison_number, "code": scene.code, "csrfmiddlewaretoken": token}
    assert strict.post("/terminal/enter/", typed)["Location"] == "/terminal/home/"
    answer = strict.post(own_address(), {"t": "1", "key": "k", "csrfmiddlewaretoken": token})
    assert answer.status_code == 403 and not Concern.objects.exists()


def test_misuse_21_fields_that_the_screen_does_not_ask_for_change_nothing(scene, elsewhere, lead) -> None:
    """Every column of a visit and of a concern is posted with the answers."""
    columns = {field.attname for model in (Visit, Concern) for field in model._meta.concrete_fields}
    more = dict.fromkeys(columns | {f.removesuffix("_id") for f in columns}, "1")
    more |= {
        "prison": elsewhere.pk, "prison_id": elsewhere.pk, "is_lead": "1", "approved_by": lead.pk, "source": "IMPORT",
        "outcome": "NOT_DONE", "entered_by": lead.pk, "raised_by": lead.pk, "status": "CLOSED", "late": "1",
        "entered_at": "2020-01-01", "happened_on": "2020-01-01", "minutes": "480", "extra_help": "canary",
    }  # fmt: skip
    del more["words"]
    client = scene.inside()
    answers = {"a": "1", "b": "2", "t": "1", "words": "He is sad.", "key": "k"}
    assert client.post(f"/terminal/visit/{scene.planned.token}/", {**more, **answers}).status_code == 302

    visit, concern = Visit.objects.get(), Concern.objects.get()
    assert (visit.prison, visit.outcome, visit.source, visit.entered_by_id) == (scene.prison, "DONE", "TERMINAL", None)
    assert (visit.minutes, visit.extra_help, visit.late) == (scene.planned.minutes, "", False)
    assert (visit.happened_on, visit.buddy) == (scene.now.date(), scene.buddy)
    assert (concern.prison, concern.kind, concern.status, concern.writer) == (
        scene.prison,
        "WORRY",
        "NEW",
        scene.person,
    )
    assert (concern.raised_by_id, concern.about_person) == (None, scene.recipient)
    assert (concern.words, concern.happened_on, concern.about_staff_id) == ("He is sad.", scene.now.date(), None)


SCREENS = ("home", "visits", "thanks", "job", "jobs", "ask", "ask_thanks")


@pytest.mark.parametrize("name", [*SCREENS, "start", "visit"])
def test_misuse_47_an_error_of_any_screen_shows_no_data(scene, name, monkeypatch) -> None:
    real = pages.render_to_string

    def broken(template: str, *args: object, **kwargs: object) -> str:
        if template == "terminal/error.html":
            return real(template, *args, **kwargs)
        raise RuntimeError(f"canary {scene.person.prison_number}")

    client = scene.inside() if name != "start" else scene.browser()
    client.raise_request_exception = False
    monkeypatch.setattr(pages, "render_to_string", broken)
    address = reverse(f"terminal:{name}", args=[scene.planned.token] if name == "visit" else [])
    answer = client.get(address)
    page = answer.content.decode()
    assert answer.status_code == 500 and "Nothing was saved." in page
    told = (scene.person, scene.recipient)
    for word in ("canary", "Traceback", *(p.prison_number for p in told), *(p.last_name for p in told)):
        assert word not in page


def test_misuse_29_no_address_and_no_referrer_says_who(scene) -> None:
    client = scene.inside()
    visit = f"/terminal/visit/{scene.planned.token}/"
    seen = {visit, own_address()}
    for start in ("/terminal/home/", "/terminal/visits/", "/terminal/job/", visit, own_address()):
        answer = client.get(start)
        assert answer.headers["Referrer-Policy"] in ("no-referrer", "same-origin")
        seen |= set(re.findall(r'(?:href|action|src)="([^"]*)"', answer.content.decode()))
    finish = client.get(tap(client, tap(client, visit, 0), 0))
    seen.add(client.post(visit, hidden(finish))["Location"])
    for person in (scene.person, scene.recipient):
        for word in (person.prison_number, person.last_name, person.first_name, f"/{person.pk}/"):
            assert not [address for address in seen if word in address], word


def test_misuse_9_who_entered_a_visit_is_told_by_the_audit_alone(scene) -> None:
    client = scene.inside()
    visit = f"/terminal/visit/{scene.planned.token}/"
    client.post(visit, hidden(client.get(tap(client, tap(client, visit, 0), 0))))
    event = AuditEvent.objects.get(code="visit.logged")
    assert (event.actor_kind, event.actor_id) == ("person", scene.person.pk)
    assert (event.terminal_id, event.window_id) == (scene.terminal.pk, scene.window.pk)
    opened = AuditEvent.objects.get(code="window.opened", subject_id=str(event.window_id))
    assert opened.actor_id == scene.officer.pk and event.request_id and event.at is not None
    assert TerminalEntry.objects.get().method == "LET_IN"


@pytest.mark.parametrize("trick", ["\u202e", "\x07"])
@pytest.mark.parametrize("field", ["number", "code"])
def test_misuse_15_a_character_that_cannot_be_seen_lets_nobody_in(scene, field, trick) -> None:
    typed = {"number": scene.person.prison_number, "code": scene.code}
    answer = scene.browser().post("/terminal/enter/", {**typed, field: typed[field][:3] + trick + typed[field][3:]})
    assert answer.status_code != 302 or answer["Location"].startswith("/terminal/?e=")
    assert trick not in answer.content.decode() and not TerminalEntry.objects.exists()
