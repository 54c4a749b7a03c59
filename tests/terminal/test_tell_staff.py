"""Telling staff: the same address, the same screen, no trace; and danger says what to do first."""

from __future__ import annotations

import re

import pytest

from buddyscheme.audit.models import AuditEvent
from buddyscheme.outbox.models import Message
from referrals.models import Concern, TerminalEntry
from tests.terminal.test_log_visit import hidden, links, tap


def own_address() -> str:
    return f"/terminal/visit/{TerminalEntry.objects.get(ended_at=None).token}/"


def shape(response) -> str:
    """The page without keys, tokens and sealed answers."""
    text = response.content.decode()
    return re.sub(r'(value|next|href)="[^"]*"|next=[^"]*|/terminal/visit/[^"/]+/|\?s=[^"]+', "", text)


def test_a_worry_is_told(scene) -> None:
    client = scene.inside()
    address = tap(client, own_address(), 0)
    page = client.get(address)
    response = client.post(address.split("?")[0], {**hidden(page), "words": "He is very sad."})
    assert response["Location"] == "/terminal/thanks/"
    concern = Concern.objects.get()
    assert (concern.kind, concern.source, concern.words) == ("WORRY", "TERMINAL", "He is very sad.")
    assert (concern.writer, concern.window, concern.raised_by) == (scene.person, scene.window, None)
    assert concern.about_person is None and concern.visit is None


def test_a_worry_at_the_end_of_a_visit_names_the_person_and_the_visit(scene) -> None:
    client = scene.inside()
    data = {"a": "1", "b": "2", "t": "2", "words": "", "key": "k"}
    assert client.post(f"/terminal/visit/{scene.planned.token}/", data)["Location"] == "/terminal/thanks/"
    concern = Concern.objects.get()
    assert (concern.kind, concern.about_person) == ("ASKED_TO_OVERSTEP", scene.recipient)
    assert concern.visit.planned == scene.planned
    assert Message.objects.filter(topic="month.changed", key__startswith=scene.prison.code).exists()


@pytest.mark.parametrize(
    ("choice", "kind"),
    [("2", "ASKED_TO_OVERSTEP"), ("3", "DID_OVERSTEP"), ("4", "GIFT_OR_DEBT"), ("5", "FALL"), ("6", "SELF_HARM"),
     ("7", "TALK_TO_STAFF"), ("8", "SAW_OVERSTEP"), ("9", "STAFF_OBSTRUCTION")],
)  # fmt: skip
def test_every_choice(scene, choice, kind) -> None:
    client = scene.inside()
    client.post(own_address(), {"t": choice, "o": "1", "key": choice})
    assert Concern.objects.get().kind == kind


def test_what_is_about_staff_never_reaches_whoever_opened_the_window(scene, signed_in, lead) -> None:
    client = scene.inside()
    client.post(own_address(), {"t": "9", "words": "He will not let me in to help.", "key": "k"})
    concern = Concern.objects.get()
    assert concern.kind == "STAFF_OBSTRUCTION" and scene.officer.pk in concern.hidden_from
    address = f"/prisons/{scene.prison.code}/concerns/"
    assert concern.reference not in signed_in(scene.officer).get(address, follow=True).content.decode()


@pytest.mark.parametrize(("place", "danger"), [(0, False), (5, True), (6, True), (7, False)])
def test_danger_says_what_to_do_first(scene, place, danger) -> None:
    client = scene.inside()
    page = client.get(tap(client, own_address(), place)).content.decode()
    assert ("Press the bell. Tell an officer. Do not lift." in page) is danger


def test_a_recipient_can_tell_staff_and_sees_no_other_door(scene) -> None:
    client = scene.inside(scene.recipient)
    home = client.get("/terminal/home/").content.decode()
    assert "Tell staff" in home and "My visits" not in home and "My job" not in home
    assert client.get("/terminal/job/")["Location"] == "/terminal/home/"
    assert "You have no visits today." in client.get("/terminal/visits/").content.decode()
    client.post(own_address(), {"t": "1", "words": "My things are taken.", "key": "k"})
    assert Concern.objects.get().writer == scene.recipient


def test_it_cannot_be_told_apart_from_an_ordinary_visit(scene) -> None:
    client = scene.inside()
    visit, told = f"/terminal/visit/{scene.planned.token}/", own_address()
    assert len(visit) == len(told)
    # The addresses of the last screens before saving are of one length and say nothing.
    last_visit = tap(client, tap(client, visit, 0), 0)
    last_told = tap(client, told, 5)
    assert len(last_visit) == len(last_told)
    assert "t=" not in last_told.split("?")[1][:3] and "FALL" not in last_told
    title = re.compile(r"<title>(.*?)</title>")
    pages = [client.get(a).content.decode() for a in (visit, told, last_visit, last_told)]
    assert {title.search(page).group(1) for page in pages} == {"Buddy terminal"}
    first = client.post(visit, hidden(client.get(last_visit)))
    thanks_1 = shape(client.get(first["Location"]))
    second = client.post(told, hidden(client.get(last_told)))
    thanks_2 = shape(client.get(second["Location"]))
    assert (first.status_code, first["Location"]) == (second.status_code, second["Location"])
    assert thanks_1 == thanks_2


def test_leaves_no_trace_on_any_screen(scene) -> None:
    client = scene.inside()
    before = [shape(client.get(a)) for a in ("/terminal/home/", "/terminal/visits/", "/terminal/job/")]
    client.post(own_address(), {"t": "4", "words": "canarydebt", "key": "k"})
    after = [shape(client.get(a)) for a in ("/terminal/home/", "/terminal/visits/", "/terminal/job/")]
    assert before == after


def test_a_note_to_the_lead_is_in_the_leads_list_and_on_no_screen_of_the_terminal(scene, signed_in, lead) -> None:
    client = scene.inside()
    screens = ("/terminal/home/", "/terminal/visits/", "/terminal/job/", own_address())
    before = [shape(client.get(a)) for a in screens]
    client.post(own_address(), {"t": "7", "words": "canarynote", "key": "k"})
    assert [shape(client.get(a)) for a in screens] == before
    note = Concern.objects.get(kind="TALK_TO_STAFF")
    notes, page = (f"/prisons/{scene.prison.code}/notes/", f"/prisons/{scene.prison.code}/notes/{note.token}/")
    browser = signed_in(lead)
    assert scene.person.list_name in browser.get(notes).content.decode()
    assert "canarynote" in browser.get(page).content.decode()
    answer = {"talked_on": scene.now.date().isoformat(), "words": "canaryanswer", "version": note.version}
    assert browser.post(page, answer).status_code == 302
    for address in screens:
        assert "canary" not in client.get(address).content.decode()


def test_a_sealed_address_of_another_person_says_nothing(scene) -> None:
    address = tap(scene.inside(), own_address(), 4)
    token = address.split("?")[1]
    TerminalEntry.objects.update(ended_at=scene.now)
    client = scene.inside(scene.recipient)
    page = client.get(f"{own_address()}?{token}").content.decode()
    assert "What do you want to tell staff?" in page


@pytest.mark.parametrize(
    ("words", "sentence"),
    [("x" * 10_000, "Please use fewer words."), ("ab\u202ecd", "Please use plain letters only."), ("a\x00b", "plain")],
)
def test_rejects_bad_words_and_keeps_the_screen(scene, words, sentence) -> None:
    client = scene.inside()
    response = client.post(own_address(), {"t": "1", "words": words, "key": "k"})
    assert response.status_code == 200 and not Concern.objects.exists()
    assert sentence in response.content.decode()


def test_script_in_the_words_stays_words(scene, signed_in, lead) -> None:
    client = scene.inside()
    client.post(own_address(), {"t": "1", "words": "<script>alert(1)</script>", "key": "k"})
    page = signed_in(lead).get(f"/prisons/{scene.prison.code}/concerns/{Concern.objects.get().token}/").content.decode()
    assert "<script>alert(1)" not in page and "&lt;script&gt;alert(1)" in page


def test_misuse_11_a_double_tap_tells_once(scene) -> None:
    client = scene.inside()
    for _ in range(3):
        client.post(own_address(), {"t": "1", "key": "same"})
    assert Concern.objects.count() == 1


def test_leaves_the_audit_event(scene) -> None:
    client = scene.inside()
    client.post(own_address(), {"t": "1", "words": "secretwords", "key": "k"})
    event = AuditEvent.objects.get(code="concern.raised")
    assert (event.actor_kind, event.actor_id, event.window_id) == ("person", scene.person.pk, scene.window.pk)
    assert "secretwords" not in str(event.details)


def test_nine_choices(scene) -> None:
    assert len(links(scene.inside().get(own_address()))) == 9
