"""The ways of misusing the way in that the threat list names, by their numbers there."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from referrals import codes, throttle
from referrals.actions.entries import enter_with_code
from referrals.actions.windows import close_window
from referrals.models import SignInFailure, SignInStanding, TerminalCode, TerminalEntry, Visit
from tests.builders import terminal as builders
from tests.builders.schemes import person_in
from tests.cast import acts

UNKNOWN = "Z9999ZZ"
TRIES = 1000


def guess(scene, clock, key: str, times: int) -> str:
    """Wrong codes for the buddy's number at one machine, with enough time between."""
    for _ in range(times):
        answer = scene.enter(builders.browser(key), code=scene.wrong)["Location"]
        clock.shift(timedelta(seconds=40))
    return answer


def other_terminal(scene, admin, number: int):
    """Another machine of the wing, open."""
    with scene.at_prison(scene.prison):
        terminal, key = builders.terminal_on(scene.terminal.wing, admin, scene.now, name=f"Terminal {number}")
        return terminal, key, builders.window_at(terminal, scene.officer, scene.now, minutes=60)


def officer_posts(scene, signed_in, terminal, **answers: str):
    return signed_in(scene.officer).post(
        f"/prisons/{scene.prison.code}/windows/{terminal.token}/", {"person": scene.person.token, **answers}
    )


# 16: guessing codes, slowly or at once -------------------------------------------------------------------


def test_misuse_16_guesses_spread_over_terminals_are_counted_together(scene, clock, admin) -> None:
    for number in range(4):
        _, key, _ = other_terminal(scene, admin, number)
        last = guess(scene, clock, key, 3 if number < 3 else 1)
    assert last == "/terminal/?e=2", "the tenth was still looked at"
    assert SignInStanding.objects.get().needs_face_check
    assert scene.enter(scene.browser())["Location"] == "/terminal/?e=4", "the right code, at a terminal not tried yet"


@pytest.mark.parametrize(
    "moment",
    [
        datetime(2026, 11, 23, 23, 59, 50, tzinfo=UTC),
        # The clock goes from 00:59:59 GMT to 02:00 BST.
        datetime(2027, 3, 28, 0, 59, 50, tzinfo=UTC),
        # The clock goes from 01:59:59 BST back to 01:00 GMT.
        datetime(2027, 10, 31, 0, 59, 50, tzinfo=UTC),
    ],
    ids=["midnight", "clock forward", "clock back"],
)
def test_misuse_16_neither_midnight_nor_the_clock_change_forgives(scene, clock, moment) -> None:
    clock.move_to(moment)
    with scene.at_prison(scene.prison):
        close_window(by=acts(scene.officer, scene.prison), now=scene.now, window=scene.window)
        builders.window_at(scene.terminal, scene.officer, moment)
    browser = scene.browser()
    assert scene.enter(browser, code=scene.wrong)["Location"] == "/terminal/?e=2"
    clock.shift(timedelta(seconds=1))
    assert scene.enter(browser, code=scene.wrong)["Location"] == "/terminal/?e=2"
    clock.shift(timedelta(seconds=1))
    assert scene.enter(browser, code=scene.wrong)["Location"] == "/terminal/?e=3&s=2"
    clock.shift(timedelta(seconds=10))
    assert scene.enter(browser, code=scene.wrong)["Location"] == "/terminal/?e=2"
    assert scene.enter(browser)["Location"] == "/terminal/?e=4", "three wrong ones, on both sides of it"
    assert browser.get("/terminal/").status_code == 200, "and the window has not lost or won an hour"
    clock.shift(timedelta(minutes=30))
    assert scene.enter(browser)["Location"] == "/terminal/"


# 17: locking somebody out on purpose ---------------------------------------------------------------------


@pytest.mark.parametrize("way", ["FACE", "LET_IN", "NEW_CODE", "CARD"])
def test_misuse_17_whoever_was_locked_out_is_in_within_a_minute(scene, clock, admin, signed_in, way) -> None:
    for number in range(4):
        _, key, _ = other_terminal(scene, admin, number)
        guess(scene, clock, key, 3)
    browser, taps = scene.browser(), 0
    if way == "CARD":
        with scene.at_prison(scene.prison):
            card = builders.card_for(scene.person, scene.prison, scene.officer, scene.now)
        browser.post("/terminal/enter/", {"number": codes.card_secret(card.token)})
        from referrals.models import CardScan

        base = f"/prisons/{scene.prison.code}/windows/{scene.terminal.token}/"
        signed_in(scene.officer).post(f"{base}cards/{CardScan.objects.get().token}/in/")
        answer, taps = browser.get("/terminal/card/"), 3
    else:
        officer_posts(scene, signed_in, scene.terminal, what=way, reason="OTHERS_TRIED")
        taps += 1
        if way == "LET_IN":
            answer, taps = browser.post("/terminal/continue/"), taps + 1
        else:
            code = scene.code
            if way == "NEW_CODE":
                shown = browser.post("/terminal/code/").context["digits"]
                code, taps = shown, taps + 1
            answer, taps = scene.enter(browser, code=code), taps + 1
    assert answer["Location"] == "/terminal/home/"
    assert taps <= 3, "three taps, the officer's among them: seconds"


def test_misuse_17_nothing_that_another_prisoner_does_needs_more_than_an_officer(scene, clock, signed_in) -> None:
    number = codes.number_hash(scene.prison.code, scene.person.prison_number)
    with scene.at_prison(scene.prison):
        TerminalCode.objects.update(issued_at=scene.now - timedelta(days=2))
        SignInFailure.objects.bulk_create(
            SignInFailure(prison=scene.prison, window=scene.window, number_hash=number, failed_at=scene.now)
            for _ in range(99)
        )
        SignInStanding.objects.create(prison=scene.prison, number_hash=number, failures_in_a_row=8)
    guess(scene, clock, scene.key, 3)
    for _ in range(3):
        scene.enter(scene.browser(), UNKNOWN, scene.wrong)
        clock.shift(timedelta(seconds=40))
    assert SignInStanding.objects.get(number_hash=number).needs_face_check
    assert not TerminalCode.objects.filter(withdrawn_at=None).exists(), "the code has ended"
    scene.window.refresh_from_db()
    assert scene.window.close_reason == "TRIES", "and so has the window"
    base = f"/prisons/{scene.prison.code}/windows/{scene.terminal.token}/"
    from tests.cast import PASSWORD

    officer = signed_in(scene.officer)
    assert officer.post(f"{base}open/", {"minutes": "30", "factor": PASSWORD})["Location"] == base
    officer.post(base, {"person": scene.person.token, "what": "LET_IN"})
    assert scene.browser().post("/terminal/continue/")["Location"] == "/terminal/home/"


# 18: finding out which numbers there are -----------------------------------------------------------------


def kinds_of_tries(scene, lead, elsewhere, outsider) -> dict[str, str]:
    """A number of each kind; none of them may be told from another."""
    from schemes.actions.buddies import suspend

    with scene.at_prison(scene.prison):
        suspend(by=acts(lead, scene.prison), now=scene.now, buddy=scene.buddy, reason="A concern")
    with scene.at_prison(elsewhere):
        other = person_in(elsewhere, outsider, scene.now).prison_number
    return {
        "unknown": UNKNOWN,
        "suspended, wrong code": scene.person.prison_number,
        "no code yet": scene.recipient.prison_number,
        "of another prison": other,
    }


def test_misuse_18_a_thousand_tries_cost_the_same_work_for_every_kind(
    scene, lead, elsewhere, outsider, monkeypatch
) -> None:
    done: list[str] = []
    for name in ("encode", "verify"):
        real = getattr(codes.CodeHasher, name)
        monkeypatch.setattr(codes.CodeHasher, name, lambda self, *a, real=real: done.append("hash") or real(self, *a))
    kept = TerminalCode.objects.get().code_hash
    for hashed, person_id in (("", None), (kept, scene.person.pk), ("", scene.recipient.pk)):
        done.clear()
        for _ in range(TRIES):
            assert not codes.check_code(scene.wrong, hashed, person_id=person_id)
        assert len(done) == TRIES
    work = {}
    for kind, number in kinds_of_tries(scene, lead, elsewhere, outsider).items():
        done.clear()
        with scene.at_prison(scene.prison), transaction.atomic(), CaptureQueriesContext(connection) as queries:
            assert throttle.take_turn(scene.window, number, scene.now).allowed
            assert not enter_with_code(now=scene.now, window=scene.window, prison_number=number, code=scene.wrong)
            transaction.set_rollback(True)
        work[kind] = (len(queries), len(done))
    assert len(set(work.values())) == 1, work


def reopened(scene):
    with scene.at_prison(scene.prison):
        return builders.reopened(scene.window)


def test_misuse_18_the_answer_is_one_byte_for_byte(scene, clock, lead, elsewhere, outsider) -> None:
    answers = set()
    for number in kinds_of_tries(scene, lead, elsewhere, outsider).values():
        browser = scene.browser()
        response = scene.enter(browser, number, scene.wrong)
        page = browser.get(response["Location"]).content.decode().split("<main")[1].split("<form")[0]
        answers.add((response.status_code, response["Location"], response.content, page))
        clock.shift(timedelta(seconds=1))
        scene.window = reopened(scene)
    assert len(answers) == 1


# 19: the session of whoever was there before --------------------------------------------------------------


def test_misuse_19_nothing_of_the_person_before_opens_anything(scene, clock) -> None:
    first = scene.browser()
    scene.enter(first)
    key = first.cookies["terminal_entry"].value
    clock.shift(timedelta(minutes=1))
    with scene.at_prison(scene.prison):
        code = builders.code_for(scene.recipient, scene.window, scene.officer, scene.now)
    second = builders.browser(scene.key, key)
    assert scene.enter(second, scene.recipient.prison_number, code)["Location"] == "/terminal/home/"
    assert second.cookies["terminal_entry"].value != key
    old = builders.browser(scene.key, key)
    for word in ("home/", "visits/", "hide/", "draft/", "card/", f"visit/{scene.planned.token}/"):
        answer = old.get(f"/terminal/{word}")
        assert answer["Location"].startswith("/terminal/?") or answer["Location"] == "/terminal/", word
        assert answer["Clear-Site-Data"] == '"cache", "storage"'
        old.cookies["terminal_entry"] = key
    assert old.post("/terminal/keep/", {"at": f"/terminal/visit/{scene.planned.token}/", "a": "1"}).status_code == 410
    assert second.get("/terminal/home/").status_code == 200
    assert TerminalEntry.objects.get(ended_at=None).person == scene.recipient


def test_misuse_19_a_key_is_worth_nothing_at_another_machine(scene, admin) -> None:
    inside = scene.inside()
    _, key, _ = other_terminal(scene, admin, 2)
    taken = builders.browser(key, inside.cookies["terminal_entry"].value)
    assert taken.get("/terminal/home/")["Location"] == "/terminal/"


# 22: somebody suspended who goes on ------------------------------------------------------------------------


def test_misuse_22_the_first_tap_after_a_suspension_saves_nothing(scene, lead) -> None:
    from schemes.actions.buddies import suspend

    client = scene.inside()
    address = f"/terminal/visit/{scene.planned.token}/"
    assert client.get(address).status_code == 200
    with scene.at_prison(scene.prison):
        suspend(by=acts(lead, scene.prison), now=scene.now, buddy=scene.buddy, reason="A concern")
    answer = client.post(address, {"a": "1", "b": "1", "key": "one"})
    assert answer.status_code == 404 and not Visit.objects.exists()
    assert "My visits" not in client.get("/terminal/home/").content.decode()
    assert client.get("/terminal/job/")["Location"] == "/terminal/home/"
    assert TerminalEntry.objects.get().ended_at is None, "he may still ask for help and tell staff"


# Seconds to get in ----------------------------------------------------------------------------------------


def test_getting_in_takes_few_requests_and_queries(scene, signed_in) -> None:
    """What a window of eight people can bear. What sets the role and the prison of each request is counted too."""
    with scene.at_prison(scene.prison):
        card = builders.card_for(scene.person, scene.prison, scene.officer, scene.now)
    with CaptureQueriesContext(connection) as queries:
        browser = scene.browser()
        assert scene.enter(browser)["Location"] == "/terminal/home/"
        assert browser.get("/terminal/home/").status_code == 200
    by_code = len(queries)
    browser.post("/terminal/leave/")
    with CaptureQueriesContext(connection) as queries:
        browser.post("/terminal/enter/", {"number": codes.card_secret(card.token)})
        assert browser.get("/terminal/card/").status_code == 200
    by_card = len(queries)
    assert by_code <= 75 and by_card <= 40, (by_code, by_card)
