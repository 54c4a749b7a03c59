"""What is kept about a prisoner: at the terminal to read or to hear, and on paper from staff."""

from __future__ import annotations

from datetime import timedelta
from html import unescape

import pytest

from referrals.privacy_notice import NOTICE
from referrals.terminal.words import CATALOGUE, say

KEYS = [key for _, lines in NOTICE for _, key in lines]


def said(response) -> str:
    return unescape(response.content.decode())


@pytest.mark.parametrize("easy", [False, True], ids=["plain", "easy"])
@pytest.mark.parametrize("code", ["en", "cy"])
def test_the_whole_notice_is_there_whoever_is_in(scene, code, easy) -> None:
    for client in (scene.browser(), scene.inside()):
        client.cookies["terminal_look"] = f"{code}-0-0-{int(easy)}-0"
        text = said(client.get("/terminal/privacy/"))
        for key in KEYS:
            assert say(key, code, easy=easy) in text, key
        assert scene.person.last_name not in text


@pytest.mark.parametrize("address", ["/terminal/", "/terminal/home/"])
def test_it_is_one_tap_away(scene, address) -> None:
    client = scene.inside() if "home" in address else scene.browser()
    assert 'href="/terminal/privacy/"' in said(client.get(address))


def test_it_is_there_when_the_terminal_is_closed(scene, clock) -> None:
    clock.shift(timedelta(minutes=40))
    client = scene.browser()
    assert "Ask a member of staff." in said(client.get("/terminal/"))
    assert 'href="/terminal/privacy/"' in said(client.get("/terminal/"))
    assert say(KEYS[0], "en") in said(client.get("/terminal/privacy/"))


def test_whoever_has_been_gone_too_long_gets_the_start(scene, clock) -> None:
    client = scene.inside()
    clock.shift(600)
    response = client.get("/terminal/privacy/")
    assert response["Location"] == "/terminal/"
    assert client.cookies["terminal_entry"].value == ""


@pytest.mark.parametrize("code", ["en", "cy"])
@pytest.mark.parametrize("form", ["", "easy", "large"])
def test_staff_print_the_same_words(signed_in, scene, code, form) -> None:
    page = signed_in(scene.officer).get(
        f"/prisons/{scene.prison.code}/privacy-notice/", {"language": code, "format": form}
    )
    text = said(page)
    for key in KEYS:
        assert say(key, code, easy=form == "easy") in text, key
    assert f'lang="{code}"' in text and ("app-large-print" in text) == (form == "large")


def test_staff_see_that_the_welsh_waits_for_a_translator_and_prisoners_do_not(signed_in, scene, admin) -> None:
    many = len(CATALOGUE["cy"].unchecked)
    assert many
    sentence = f"The Welsh is awaiting a translator’s check: {many} sentences."
    base = f"/prisons/{scene.prison.code}/"
    assert sentence in said(signed_in(scene.officer).get(f"{base}privacy-notice/?language=cy"))
    assert sentence in said(signed_in(admin).get(f"{base}terminals/"))
    assert "awaiting" not in said(signed_in(scene.officer).get(f"{base}privacy-notice/"))
    client = scene.inside()
    client.cookies["terminal_look"] = "cy-0-0-0-0"
    for address in ("/terminal/home/", "/terminal/privacy/"):
        assert "translator" not in said(client.get(address)) and "gyfieithydd" not in said(client.get(address))
