"""One tap hides the screen: nothing of the person stands on it, and nothing but their own tap uncovers it."""

from __future__ import annotations

from datetime import timedelta

from referrals.models import TerminalEntry, Visit


def hidden_page(client) -> str:
    return client.post("/terminal/hide/", {"next": "/terminal/visits/"}, follow=True).content.decode()


def test_one_tap_hides_and_one_comes_back_to_the_same_place(scene) -> None:
    client = scene.inside()
    assert scene.recipient.first_name in client.get("/terminal/visits/").content.decode()
    page = hidden_page(client)
    assert "This screen is hidden" in page and "Come back" in page
    for name in (scene.person.first_name, scene.recipient.first_name):
        assert name not in page
    assert client.post("/terminal/hide/back/", {"next": "/terminal/visits/"})["Location"] == "/terminal/visits/"
    assert scene.recipient.first_name in client.get("/terminal/visits/").content.decode()


def test_back_reload_and_other_addresses_stay_covered(scene) -> None:
    client = scene.inside()
    hidden_page(client)
    own = ("home/", "visits/", "job/", "jobs/", "ask/", f"visit/{scene.planned.token}/", "")
    for address in (*own, "privacy/", "languages/"):
        page = client.get(f"/terminal/{address}", follow=True).content.decode()
        assert "This screen is hidden" in page, address
        assert scene.person.first_name not in page and scene.recipient.first_name not in page


def test_nothing_is_saved_from_a_covered_screen(scene) -> None:
    client = scene.inside()
    hidden_page(client)
    assert client.post(f"/terminal/visit/{scene.planned.token}/", {"a": "1", "b": "1"}).status_code == 302
    assert not Visit.objects.exists()


def test_a_covered_screen_closes_like_any_other_and_nobody_keeps_it_open(scene, clock) -> None:
    client = scene.inside()
    hidden_page(client)
    for _ in range(2):
        clock.shift(timedelta(seconds=80))
        client.post("/terminal/here/")
        client.get("/terminal/hide/")
    clock.shift(timedelta(seconds=25))
    assert client.post("/terminal/hide/back/")["Location"] == "/terminal/"
    assert TerminalEntry.objects.get().end_reason == "IDLE"


def test_leaving_is_offered_and_works(scene) -> None:
    client = scene.inside()
    assert 'action="/terminal/leave/"' in hidden_page(client)
    assert client.post("/terminal/leave/")["Location"] == "/terminal/"
    assert client.get("/terminal/hide/")["Location"] == "/terminal/"


def test_the_way_back_leads_nowhere_else(scene) -> None:
    client = scene.inside()
    for wanted in ("https://example.test/", "//example.test/terminal/", "/prisons/", "/terminal/\nx"):
        client.post("/terminal/hide/", {"next": wanted})
        assert client.post("/terminal/hide/back/", {"next": wanted})["Location"] == "/terminal/home/"


def test_every_screen_of_somebody_who_is_in_offers_it_and_dims_after_a_minute(scene) -> None:
    client = scene.inside()
    for address in ("home/", "visits/", "job/", "jobs/", "ask/new/", f"visit/{scene.planned.token}/", "thanks/"):
        page = client.get(f"/terminal/{address}").content.decode()
        assert 'action="/terminal/hide/"' in page and 'data-dim="60"' in page and 'id="dim"' in page, address
    assert 'id="dim"' not in scene.browser().get("/terminal/").content.decode()
