"""Let in by the officer, new codes, leaving, and what ends a turn."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from buddyscheme.audit.models import AuditEvent
from referrals import codes
from referrals.models import TerminalCode, TerminalEntry
from tests.builders import terminal as builders
from tests.cast import acts


def at_window(scene, signed_in, person, what):
    return signed_in(scene.officer).post(
        f"/prisons/{scene.prison.code}/windows/{scene.terminal.token}/", {"person": person.token, "what": what}
    )


def test_let_in_needs_a_tap_and_shows_no_name_before_it(scene, signed_in) -> None:
    assert at_window(scene, signed_in, scene.recipient, "LET_IN").status_code == 302
    client = scene.browser()
    page = client.get("/terminal/").content.decode()
    assert "Staff have let somebody in." in page
    assert scene.recipient.first_name not in page
    assert client.post("/terminal/continue/")["Location"] == "/terminal/home/"
    assert scene.recipient.first_name in client.get("/terminal/home/").content.decode()
    entry = TerminalEntry.objects.get()
    assert (entry.method, entry.let_in_by) == ("LET_IN", scene.officer)
    assert AuditEvent.objects.filter(code="terminal.let_in", actor_id=scene.officer.pk).exists()


def test_nobody_is_let_in_over_another_s_shoulder(scene, signed_in) -> None:
    scene.inside()
    response = at_window(scene, signed_in, scene.recipient, "LET_IN")
    assert response.status_code == 200
    assert "Somebody is using the terminal" in response.content.decode()


def test_a_let_in_that_nobody_taps_lapses(scene, signed_in, clock) -> None:
    at_window(scene, signed_in, scene.recipient, "LET_IN")
    clock.shift(timedelta(minutes=4))
    assert "let somebody in" not in scene.browser().get("/terminal/").content.decode()
    assert scene.browser().post("/terminal/continue/")["Location"] == "/terminal/?e=5"


def test_a_new_code_is_shown_once_on_the_terminal_and_never_to_staff(scene, signed_in) -> None:
    page = at_window(scene, signed_in, scene.recipient, "NEW_CODE")
    assert not re.search(r"\b\d{6}\b", page.content.decode())
    client = scene.browser()
    start = client.get("/terminal/").content.decode()
    assert "Show my new code" in start and scene.recipient.first_name not in start
    shown = client.post("/terminal/code/").content.decode()
    digits = "".join(re.findall(r"<span>(\d)</span>", shown))
    assert len(digits) == 6 and scene.recipient.first_name in shown
    assert client.post("/terminal/code/")["Location"] == "/terminal/?e=5"
    kept = TerminalCode.objects.get(person=scene.recipient, withdrawn_at=None)
    assert kept.code_hash.startswith("argon2$argon2id$") and digits not in kept.code_hash
    assert scene.enter(client, scene.recipient.prison_number, digits)["Location"] == "/terminal/home/"


def test_an_old_code_ends_with_the_new_one(scene, signed_in) -> None:
    at_window(scene, signed_in, scene.person, "NEW_CODE")
    assert scene.enter(scene.browser())["Location"] == "/terminal/?e=2"


@pytest.mark.parametrize(
    "weak", ["111111", "112211", "123123", "123489", "987612", "195412", "201234", "150368", "196803", "041277"]
)
def test_weak_codes_are_never_drawn(weak) -> None:
    from datetime import date

    assert codes.is_weak(weak, prison_number="Z0412ZA", born_on=date(1968, 3, 15))


def test_codes_are_drawn_from_all_the_others() -> None:
    drawn = {codes.draw(prison_number="Z0001ZA", born_on=None) for _ in range(300)}
    assert len(drawn) > 295 and all(len(c) == 6 and c.isdigit() for c in drawn)


def test_a_code_is_worth_nothing_for_another_person_or_without_the_pepper(settings) -> None:
    kept = codes.hash_code("902715", person_id=7)
    assert codes.check_code("902715", kept, person_id=7)
    assert not codes.check_code("902715", kept, person_id=8)
    settings.CODE_PEPPER = "another"
    assert not codes.check_code("902715", kept, person_id=7)


def test_leaving_forgets_the_person(scene) -> None:
    client = scene.inside()
    client.get("/terminal/look/language/?next=/terminal/home/")
    response = client.post("/terminal/leave/")
    assert response["Location"] == "/terminal/"
    assert response["Clear-Site-Data"] == '"cache", "storage"'
    assert response["Cache-Control"] == "no-store"
    for name in ("terminal_entry", "terminal_look"):
        assert response.cookies[name].value == "" and response.cookies[name]["max-age"] == 0
    assert "terminal_device" not in response.cookies
    assert client.get("/terminal/home/")["Location"] == "/terminal/"
    assert TerminalEntry.objects.get().end_reason == "LEFT"


def test_the_cookie_of_somebody_who_left_is_dead(scene) -> None:
    client = scene.inside()
    key = client.cookies["terminal_entry"].value
    client.post("/terminal/leave/")
    assert builders.browser(scene.key, key).get("/terminal/home/")["Location"] == "/terminal/"
    assert builders.browser("", key).get("/terminal/home/")["Location"] == "/terminal/"


def test_three_minutes_without_a_tap_end_the_turn(scene, clock) -> None:
    client = scene.inside()
    clock.shift(timedelta(minutes=2, seconds=59))
    assert client.get("/terminal/home/").status_code == 200
    clock.shift(timedelta(minutes=3))
    response = client.get("/terminal/")
    assert "Clear-Site-Data" in response and scene.person.first_name not in response.content.decode()
    assert TerminalEntry.objects.get().end_reason == "IDLE"


def test_twenty_minutes_end_the_turn_whatever_happens(scene, clock) -> None:
    client = scene.inside()
    for _ in range(9):
        clock.shift(timedelta(minutes=2))
        assert client.post("/terminal/here/").status_code == 204
    clock.shift(timedelta(minutes=2))
    assert client.post("/terminal/here/").status_code == 410
    assert TerminalEntry.objects.get().end_reason == "TIME"


def test_closing_the_window_ends_the_turn_with_the_next_tap(scene, signed_in) -> None:
    client = scene.inside()
    signed_in(scene.officer).post(f"/prisons/{scene.prison.code}/windows/{scene.terminal.token}/close/")
    assert client.get("/terminal/visits/")["Location"] == "/terminal/"
    assert "Ask a member of staff." in client.get("/terminal/").content.decode()


def test_somebody_who_leaves_the_prison_is_out(scene, lead, now) -> None:
    from schemes.actions.people import end_custody
    from schemes.queries.people import custody_of

    client = scene.inside(scene.recipient)
    with scene.at_prison(scene.prison):
        custody = custody_of(scene.prison, scene.recipient)
        end_custody(by=acts(lead, scene.prison), now=now, custody=custody, reason="RELEASE")
    assert client.get("/terminal/home/")["Location"] == "/terminal/"


def test_the_officer_ends_a_turn(scene, signed_in) -> None:
    client = scene.inside()
    entry = TerminalEntry.objects.get()
    base = f"/prisons/{scene.prison.code}/windows/{scene.terminal.token}/entries/{entry.token}/end/"
    assert signed_in(scene.officer).post(base).status_code == 302
    assert client.get("/terminal/home/")["Location"] == "/terminal/"


def test_a_token_from_the_turn_before_is_refused(scene) -> None:
    client = builders.browser(scene.key, enforce_csrf_checks=True)
    start = client.get("/terminal/")
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', start.content.decode()).group(1)
    data = {"number": scene.person.prison_number, "code": scene.code, "csrfmiddlewaretoken": token}
    assert client.post("/terminal/enter/", data)["Location"] == "/terminal/home/"
    assert client.post("/terminal/leave/", {"csrfmiddlewaretoken": token}).status_code == 403
