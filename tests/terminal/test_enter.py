"""Getting in with number and code, and the throttle table row by row. Answers are alike for known and unknown."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from buddyscheme.audit.models import AuditEvent
from referrals import codes
from referrals.models import SignInCount, SignInFailure, SignInStanding, TerminalCode, TerminalEntry
from tests.builders import terminal as builders
from tests.builders.schemes import person_in
from tests.cast import acts

UNKNOWN = "Z9999ZZ"


def step(clock, seconds: float) -> None:
    clock.shift(timedelta(seconds=seconds))


def fail(scene, clock, number: str | None = None, times: int = 1, wait: int = 40) -> str:
    """Wrong codes with enough time between; the address of the last answer."""
    for _ in range(times):
        answer = scene.enter(scene.browser(), number, scene.wrong)["Location"]
        step(clock, wait)
    return answer


def test_number_and_code_let_the_person_in(scene) -> None:
    client = scene.browser()
    response = scene.enter(client)
    assert response["Location"] == "/terminal/home/"
    cookie = response.cookies["terminal_entry"]
    assert cookie["httponly"] and cookie["samesite"] == "Strict"
    entry = TerminalEntry.objects.get()
    assert entry.method == "CODE" and entry.key_hash == codes.key_hash(cookie.value)
    assert "Hello" in client.get("/terminal/home/").content.decode()
    assert "sessionid" not in client.cookies
    event = AuditEvent.objects.get(code="terminal.signed_in")
    assert (event.actor_id, event.window_id) == (scene.person.pk, scene.window.pk)


def test_spaces_and_small_letters_do_not_matter(scene) -> None:
    code = f"{scene.code[:3]} {scene.code[3:]}"
    assert scene.enter(scene.browser(), scene.person.prison_number.lower(), code)["Location"] == "/terminal/home/"


@pytest.mark.parametrize("number", [None, UNKNOWN])
def test_row_1_three_failures_send_that_person_to_the_officer(scene, clock, number) -> None:
    assert fail(scene, clock, number, times=3) == "/terminal/?e=2"
    assert fail(scene, clock, number) == "/terminal/?e=4"
    # Even with the right code: the answer is the same.
    assert scene.enter(scene.browser(), number)["Location"] == "/terminal/?e=4"
    # Others may still come in.
    with scene.at_prison(scene.prison):
        code = builders.code_for(scene.recipient, scene.window, scene.officer, scene.now)
    assert scene.enter(scene.browser(), scene.recipient.prison_number, code)["Location"] == "/terminal/home/"


def test_row_1_is_cleared_by_the_officer_who_looks_at_the_face(scene, clock, signed_in, now) -> None:
    fail(scene, clock, times=3)
    clock.move_to(now + timedelta(minutes=5))
    response = signed_in(scene.officer).post(
        f"/prisons/{scene.prison.code}/windows/{scene.terminal.token}/",
        {"person": scene.person.token, "what": "FACE", "reason": "OTHERS_TRIED"},
    )
    assert response.status_code == 302
    assert scene.enter(scene.browser())["Location"] == "/terminal/home/"
    event = AuditEvent.objects.get(code="code.face_confirmed", person_id=scene.person.pk)
    assert event.details["reason"] == "OTHERS_TRIED"


def test_row_2_five_failures_over_two_numbers_close_the_window(scene, clock) -> None:
    fail(scene, clock, times=3)
    fail(scene, clock, UNKNOWN)
    scene.window.refresh_from_db()
    assert scene.window.closed_at is None
    fail(scene, clock, UNKNOWN)
    scene.window.refresh_from_db()
    assert (scene.window.close_reason, scene.window.closed_by_user) == ("TRIES", None)
    page = scene.browser().get("/terminal/").content.decode()
    assert "Ask a member of staff." in page and "<input" not in page
    assert AuditEvent.objects.filter(code="window.closed").exists()


def test_row_2_does_not_count_one_number_alone(scene, clock) -> None:
    fail(scene, clock, times=6)
    scene.window.refresh_from_db()
    assert scene.window.closed_at is None


@pytest.mark.parametrize("number", [None, UNKNOWN])
def test_row_3_waits_grow_and_are_refusals_with_a_time(scene, clock, number) -> None:
    assert fail(scene, clock, number, wait=0) == "/terminal/?e=2"
    assert scene.enter(scene.browser(), number)["Location"] == "/terminal/?e=3&s=1"
    step(clock, 1)
    assert fail(scene, clock, number, wait=0) == "/terminal/?e=2"
    assert scene.enter(scene.browser(), number)["Location"] == "/terminal/?e=3&s=3"
    step(clock, 2)
    assert scene.enter(scene.browser(), number)["Location"] == "/terminal/?e=3&s=1"
    assert "wait a moment" in scene.browser().get("/terminal/?e=3&s=1").content.decode()
    assert "wait 3 seconds" in scene.browser().get("/terminal/?e=3&s=3").content.decode()


def test_waits_are_those_of_the_policy() -> None:
    from referrals.rules.windows import wait_after

    assert [wait_after(n).seconds for n in range(7)] == [0, 1, 3, 10, 30, 30, 30]


def test_row_4_ten_in_a_row_ask_for_the_face_at_any_terminal(scene, clock, now, signed_in) -> None:
    from referrals.actions.windows import close_window, open_window

    with scene.at_prison(scene.prison):
        by = acts(scene.officer, scene.prison)
    moment = now
    for _ in range(4):
        fail(scene, clock, times=3)
        moment += timedelta(minutes=4)
        clock.move_to(moment)
        with scene.at_prison(scene.prison):
            close_window(by=by, now=moment, window=scene.window)
            scene.window = open_window(by=by, now=moment, terminal=scene.terminal)
    assert SignInStanding.objects.get().needs_face_check
    assert scene.enter(scene.browser())["Location"] == "/terminal/?e=4"
    listed = signed_in(scene.officer).get(f"/prisons/{scene.prison.code}/windows/").content.decode()
    assert scene.person.prison_number in listed
    signed_in(scene.officer).post(
        f"/prisons/{scene.prison.code}/windows/{scene.terminal.token}/",
        {"person": scene.person.token, "what": "FACE", "reason": "OTHERS_TRIED"},
    )
    assert scene.enter(scene.browser())["Location"] == "/terminal/home/"


def test_row_5_a_hundred_in_thirty_days_end_the_code(scene, clock, now, signed_in) -> None:
    with scene.at_prison(scene.prison):
        for moment, tries in ((now - timedelta(days=31), 5), (now - timedelta(days=29), 97)):
            SignInFailure.objects.bulk_create([_failure(scene, moment) for _ in range(tries)])
        TerminalCode.objects.update(issued_at=now - timedelta(days=40))
    fail(scene, clock, times=2)
    assert TerminalCode.objects.get().withdrawn_at is None, "99 in 30 days; those before do not count"
    clock.move_to(now + timedelta(minutes=4))
    fail(scene, clock)
    assert TerminalCode.objects.get().withdrawn_at is not None
    assert AuditEvent.objects.get(code="code.worn_out").person_id == scene.person.pk
    _officer_looked(scene, signed_in)
    assert scene.enter(scene.browser())["Location"] == "/terminal/?e=2", "the right digits are worth nothing now"
    # Any officer helps in seconds; nobody has to wait for the lead.
    clock.move_to(now + timedelta(minutes=6))
    with scene.at_prison(scene.prison):
        code = builders.code_for(scene.person, scene.window, scene.officer, now + timedelta(minutes=6))
    assert scene.enter(scene.browser(), code=code)["Location"] == "/terminal/home/"


def test_row_5_counts_from_the_newest_code(scene, clock, now) -> None:
    with scene.at_prison(scene.prison):
        SignInFailure.objects.bulk_create([_failure(scene, now - timedelta(minutes=1)) for _ in range(150)])
    fail(scene, clock)
    assert TerminalCode.objects.get().withdrawn_at is None


def test_row_6_four_numbers_at_one_terminal_are_told_to_lead_and_security(
    scene, clock, signed_in, lead, security, officer, here, now
) -> None:
    page = f"/prisons/{here.code}/terminals/tries/"
    for number in range(3):
        fail(scene, clock, f"Z000{number}ZX")
        fail(scene, clock, f"Z000{number}ZX")
        _open_again(scene, clock)
    assert "No machine had wrong tries" in signed_in(lead).get(page).content.decode()
    assert not AuditEvent.objects.filter(code="terminal.numbers_tried").exists()
    fail(scene, clock, "Z0003ZX")
    fail(scene, clock, "Z0004ZX")
    assert AuditEvent.objects.filter(code="terminal.numbers_tried").count() == 1
    for user in (lead, security):
        shown = signed_in(user).get(page).content.decode()
        assert scene.terminal.name in shown and scene.officer.name in shown
        assert "Z000" not in shown, "whose numbers they were is not shown"
        assert "Terminals with many wrong tries" in signed_in(user).get(f"/prisons/{here.code}/").content.decode()
    assert signed_in(officer).get(page).status_code == 403
    # Nobody is kept out.
    _open_again(scene, clock)
    assert scene.enter(scene.browser())["Location"] == "/terminal/home/"
    clock.move_to(now + timedelta(hours=26))
    assert "No machine had wrong tries" in signed_in(lead).get(page).content.decode()


def test_a_failure_is_kept_as_it_was(scene, clock) -> None:
    fail(scene, clock)
    with pytest.raises(DatabaseError), transaction.atomic():
        SignInFailure.objects.update(number_hash="x")


def _failure(scene, moment) -> SignInFailure:
    number = codes.number_hash(scene.prison.code, scene.person.prison_number)
    return SignInFailure(prison=scene.prison, window=scene.window, number_hash=number, failed_at=moment)


def _officer_looked(scene, signed_in) -> None:
    signed_in(scene.officer).post(
        f"/prisons/{scene.prison.code}/windows/{scene.terminal.token}/",
        {"person": scene.person.token, "what": "FACE", "reason": "OTHERS_TRIED"},
    )


def _open_again(scene, clock) -> None:
    with scene.at_prison(scene.prison):
        scene.window = builders.reopened(scene.window)


def test_success_starts_from_nought(scene, clock) -> None:
    fail(scene, clock, times=2)
    assert scene.enter(scene.browser())["Location"] == "/terminal/home/"
    assert SignInCount.objects.get().failures == 0
    assert SignInStanding.objects.get().failures_in_a_row == 0


def test_answers_are_identical(scene, clock) -> None:
    with scene.at_prison(scene.prison):
        no_code = scene.recipient.prison_number
    answers = []
    for number, code in ((None, scene.wrong), (UNKNOWN, scene.wrong), (no_code, scene.wrong)):
        client = scene.browser()
        response = scene.enter(client, number, code)
        answers.append((response.status_code, response["Location"], response.content))
        answers.append(client.get(response["Location"]).content.decode().split("<main")[1].split("<form")[0])
        step(clock, 1)
    assert answers[0] == answers[2] == answers[4]
    assert answers[1] == answers[3] == answers[5]


def test_unknown_numbers_cost_the_same_work(monkeypatch) -> None:
    done = []
    monkeypatch.setattr(codes.CodeHasher, "encode", lambda self, text, salt: done.append("hash") or "x")
    assert not codes.check_code("902715", "", person_id=None)
    assert done == ["hash"]


def test_somebody_of_another_prison_is_unknown(scene, elsewhere, outsider, now) -> None:
    with scene.at_prison(elsewhere):
        person = person_in(elsewhere, outsider, now)
    assert scene.enter(scene.browser(), person.prison_number)["Location"] == "/terminal/?e=2"


def test_a_closed_window_takes_no_number(scene) -> None:
    from referrals.actions.windows import close_window

    with scene.at_prison(scene.prison):
        close_window(by=acts(scene.officer, scene.prison), now=scene.now, window=scene.window)
    page = scene.browser().get("/terminal/").content.decode()
    assert "<form" not in page and "<input" not in page and "Ask a member of staff." in page
    assert scene.enter(scene.browser())["Location"] == "/terminal/"
    assert not TerminalEntry.objects.exists() and not SignInCount.objects.exists()


def test_a_browser_that_is_no_terminal_sees_the_same_neutral_page(scene) -> None:
    page = builders.browser().get("/terminal/").content.decode()
    assert "<form" not in page and "Ask a member of staff." in page


@pytest.mark.parametrize("data", [{}, {"number": "Z1"}, {"code": "123456"}, {"number": "x" * 500, "code": "1"}])
def test_rejects_bad_input(scene, data) -> None:
    assert scene.browser().post("/terminal/enter/", data)["Location"] == "/terminal/?e=1"


def test_the_second_person_ends_the_first_one_s_turn(scene) -> None:
    first = scene.browser()
    scene.enter(first)
    with scene.at_prison(scene.prison):
        code = builders.code_for(scene.recipient, scene.window, scene.officer, scene.now)
    scene.enter(scene.browser(), scene.recipient.prison_number, code)
    assert first.get("/terminal/home/")["Location"] == "/terminal/"
    assert TerminalEntry.objects.filter(ended_at=None).count() == 1


def test_leaves_the_audit_event_of_a_failure(scene) -> None:
    scene.enter(scene.browser(), code=scene.wrong)
    event = AuditEvent.objects.get(code="terminal.sign_in_failed")
    assert (event.person_id, event.window_id) == (scene.person.pk, scene.window.pk)
    assert scene.wrong not in str(event.details)
