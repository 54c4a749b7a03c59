"""What was half filled in when a turn ended is there again for that person on the same day, and for nobody else."""

from __future__ import annotations

from datetime import timedelta

import pytest

from buddyscheme.accounts.actor import Actor
from referrals.actions.entries import leave
from referrals.models import Concern, TerminalDraft, TerminalEntry, Visit
from referrals.tasks import purge_terminal_drafts
from tests.builders import terminal as builders
from tests.terminal.test_log_visit import hidden, tap

WORDS = "He would not eat today, and he was crying."


def again(scene, person=None):
    """The turn has ended by itself, and the next one has begun."""
    with scene.at_prison(scene.prison):
        for entry in TerminalEntry.objects.filter(ended_at=None):
            leave(by=Actor.system(), now=scene.now, entry=entry, reason="IDLE")
    return scene.inside(person)


def told(client) -> str:
    return f"/terminal/visit/{TerminalEntry.objects.get(ended_at=None).token}/"


def go_on(client) -> str:
    """The address to which "Go on with it" leads, or nothing where it is not offered."""
    page = client.get("/terminal/home/").content.decode()
    return client.get("/terminal/draft/")["Location"] if "You had begun something" in page else ""


def half_a_visit(client, scene) -> str:
    """Some of it; which task; anything to tell staff?"""
    address = f"/terminal/visit/{scene.planned.token}/"
    page = client.get(tap(client, address, 1)).content.decode()
    assert "What did you do?" in page
    return page


@pytest.mark.parametrize("end", ["idle", "window", "officer"])
def test_answers_are_there_again_after_the_turn_ended(scene, clock, signed_in, end) -> None:
    half_a_visit(scene.inside(), scene)
    base = f"/prisons/{scene.prison.code}/windows/{scene.terminal.token}/"
    if end == "idle":
        clock.shift(timedelta(minutes=4))
        scene.now += timedelta(minutes=4)
    elif end == "officer":
        signed_in(scene.officer).post(f"{base}entries/{TerminalEntry.objects.get().token}/end/")
    else:
        signed_in(scene.officer).post(f"{base}close/")
        signed_in(scene.officer).post(f"{base}open/", {"minutes": "30"})
        scene.window = type(scene.window).objects.get(closed_at=None)
    client = scene.inside()
    address = go_on(client)
    assert address.startswith(f"/terminal/visit/{scene.planned.token}/?s=")
    assert "What did you do?" in client.get(address).content.decode()


def test_nobody_else_is_offered_them(scene) -> None:
    half_a_visit(scene.inside(), scene)
    other = again(scene, scene.recipient)
    assert go_on(other) == ""
    assert other.get("/terminal/draft/")["Location"] == "/terminal/home/"


def test_what_is_kept_is_sealed_for_one_person_and_day(scene) -> None:
    from referrals.drafts import opened

    client = scene.inside()
    client.post(told(client), {"t": "6", "words": "x" * 300})
    kept = TerminalDraft.objects.get()
    assert "xxx" not in kept.sealed and "words" not in kept.sealed
    assert opened(kept.sealed, scene.person.pk, kept.for_day) is not None
    assert opened(kept.sealed, scene.recipient.pk, kept.for_day) is None
    assert opened(kept.sealed, scene.person.pk, kept.for_day + timedelta(days=1)) is None


def test_typed_words_are_kept_by_the_script_before_the_screen_closes(scene) -> None:
    client = scene.inside()
    address = told(client)
    assert client.post("/terminal/keep/", {"at": address, "t": "1", "words": WORDS}).status_code == 204
    client = again(scene)
    page = client.get(go_on(client)).content.decode()
    assert WORDS in page and "Your words" in page
    assert client.post(told(client), {"t": "1", "words": WORDS, "key": "k"})["Location"] == "/terminal/thanks/"
    assert Concern.objects.get().words == WORDS and not TerminalDraft.objects.exists()


def test_a_window_closed_while_typing_loses_no_word(scene, signed_in) -> None:
    client = scene.inside()
    address = told(client)
    signed_in(scene.officer).post(f"/prisons/{scene.prison.code}/windows/{scene.terminal.token}/close/")
    response = client.post(address, {"t": "1", "words": WORDS, "key": "k"}, follow=True)
    page = response.content.decode()
    assert "is kept for you until tonight" in page and "Ask a member of staff." in page
    assert WORDS not in page and not Concern.objects.exists()
    base = f"/prisons/{scene.prison.code}/windows/{scene.terminal.token}/open/"
    signed_in(scene.officer).post(base, {"minutes": "30"})
    scene.window = type(scene.window).objects.get(closed_at=None)
    client = scene.inside()
    assert WORDS in client.get(go_on(client)).content.decode()


def test_an_ended_turn_keeps_nothing_that_is_no_answer(scene, signed_in) -> None:
    client = scene.inside()
    signed_in(scene.officer).post(f"/prisons/{scene.prison.code}/windows/{scene.terminal.token}/close/")
    for address in ("/terminal/read/", "/terminal/jobs/back/"):
        assert client.post(address, {"t": "1", "words": WORDS})["Location"] == "/terminal/"
    assert not TerminalDraft.objects.exists()


def test_saving_and_leaving_clear_it(scene) -> None:
    client = scene.inside()
    address = f"/terminal/visit/{scene.planned.token}/"
    finish = client.get(tap(client, tap(client, address, 0), 0))
    assert TerminalDraft.objects.count() == 1
    client.post(address, hidden(finish))
    assert Visit.objects.exists() and not TerminalDraft.objects.exists() and go_on(client) == ""
    client.get(tap(client, told(client), 0))
    assert TerminalDraft.objects.count() == 1
    client.post("/terminal/leave/")
    assert not TerminalDraft.objects.exists()


def test_it_is_gone_the_next_day(scene, clock) -> None:
    half_a_visit(scene.inside(), scene)
    clock.shift(timedelta(days=1))
    assert TerminalDraft.objects.count() == 1
    scene.now += timedelta(days=1)
    with scene.at_prison(scene.prison):
        scene.window = builders.window_at(scene.terminal, scene.officer, scene.now)
    assert go_on(scene.inside()) == "", "even before the night's task has run"
    purge_terminal_drafts()
    assert not TerminalDraft.objects.exists()


def test_a_kept_job_and_request_are_gone_on_with(scene) -> None:
    client = scene.inside()
    client.get("/terminal/ask/new/?f=1&x=1")
    assert go_on(client).startswith("/terminal/ask/new/?s=")
    assert "When do you need help?" in client.get(go_on(client)).content.decode()


def test_a_draft_spoilt_by_somebody_is_none(scene) -> None:
    client = scene.inside()
    half_a_visit(client, scene)
    TerminalDraft.objects.update(sealed="nonsense")
    assert go_on(client) == ""
