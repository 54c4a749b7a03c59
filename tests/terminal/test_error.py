"""A wrong address and a fault on the terminal: its own page, in its own language, with one way back to the start."""

from __future__ import annotations

import pytest
from django.test import Client

from referrals.terminal.pages import error
from referrals.terminal.views import inside


def said(response) -> str:
    """The page, which has to be one of the terminal's and hold nothing of the staff pages."""
    text = response.content.decode()
    assert "terminal/terminal.css" in text and "govuk" not in text
    assert "Back to the start" in text or "Yn ôl i’r dechrau" in text
    assert text.count('class="tap tap-main" href="/terminal/"') == 1
    return text


@pytest.mark.parametrize("address", ["nowhere/", "visit/", "home/more/", "start.php"])
def test_a_wrong_address_is_a_page_of_the_terminal(scene, address) -> None:
    response = scene.inside().get(f"/terminal/{address}")
    assert response.status_code == 404
    assert "This page is not here." in said(response)
    assert scene.person.first_name not in said(response)
    assert response.headers["Cache-Control"] == "no-store"


def test_a_browser_that_is_no_terminal_gets_the_same(db) -> None:
    response = Client().get("/terminal/nowhere/")
    assert response.status_code == 404 and "This page is not here." in said(response)


def test_it_speaks_welsh_in_the_chosen_look(scene) -> None:
    client = scene.browser()
    client.cookies["terminal_look"] = "cy-2-1"
    text = said(client.get("/terminal/nowhere/"))
    assert "Nid yw’r dudalen hon yma." in text and '<html lang="cy" class="size-2 high-contrast">' in text


def test_a_page_that_is_only_sent_to_is_no_blank_screen(scene) -> None:
    response = scene.browser().get("/terminal/code/")
    assert response.status_code == 405 and "This page is not here." in said(response)


def test_an_old_form_says_that_nothing_was_saved(scene) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.cookies["terminal_device"] = scene.key
    response = strict.post("/terminal/enter/", {"number": scene.person.prison_number, "code": scene.code})
    assert response.status_code == 403
    assert "Nothing was saved." in said(response) and scene.person.prison_number not in said(response)


def test_our_own_fault_tells_nothing(scene, monkeypatch) -> None:
    def broken(*args: object) -> bool:
        raise RuntimeError("secret detail")

    client = scene.inside()
    client.raise_request_exception = False
    monkeypatch.setattr(inside.reads, "is_buddy", broken)
    response = client.get("/terminal/home/")
    assert response.status_code == 500
    assert "Something went wrong. Nothing was saved." in said(response) and "secret detail" not in said(response)


def test_it_needs_no_database(rf) -> None:
    # No database mark: touching it fails the test.
    assert "Nothing was saved." in said(error(rf.get("/terminal/home/"), 500))


def test_a_visit_of_somebody_else_keeps_its_own_words(scene) -> None:
    response = scene.inside().get("/terminal/visit/nonsense/")
    assert response.status_code == 404 and "Ask a member of staff." in response.content.decode()


def test_staff_keep_their_own_error_page(scene, signed_in) -> None:
    response = signed_in(scene.officer).get("/nowhere/")
    assert response.status_code == 404 and "terminal.css" not in response.content.decode()
