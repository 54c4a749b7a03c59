"""The machine itself: enrolling, the officer's session, the host of its own, the look."""

from __future__ import annotations

import pytest
from django.test import Client

from buddyscheme.accounts.models import Terminal
from buddyscheme.audit.models import AuditEvent
from referrals import codes
from tests.builders import terminal as builders


@pytest.fixture
def enrol(admin, wing, here, signed_in):
    def post(client: Client | None = None):
        client = client or signed_in(admin)
        return client, client.post(f"/prisons/{here.code}/terminals/enrol/", {"name": "B terminal", "wing": wing.token})

    return post


def test_an_administrator_enrols_the_machine(enrol) -> None:
    client, response = enrol()
    cookie = response.cookies["terminal_device"]
    assert cookie["httponly"] and int(cookie["max-age"]) > 300 * 24 * 3600
    terminal = Terminal.objects.get()
    assert terminal.device_hash == codes.key_hash(cookie.value) != cookie.value
    # It signs nothing else: no window, nobody in.
    assert "Ask a member of staff." in client.get("/terminal/").content.decode()
    assert AuditEvent.objects.filter(code="terminal.enrolled").exists()


def test_enrolling_needs_the_permission(enrol, officer, signed_in) -> None:
    _, response = enrol(signed_in(officer))
    assert response.status_code == 403 and not Terminal.objects.exists()


def test_another_prison_s_terminals_are_404(enrol, outsider, signed_in, here) -> None:
    enrol()
    assert signed_in(outsider).get(f"/prisons/{here.code}/windows/").status_code == 404
    token = Terminal.objects.get().token
    assert signed_in(outsider).post(f"/prisons/ZTB/windows/{token}/open/", {"minutes": "30"}).status_code == 404


def test_withdrawing_ends_everything(scene, admin, signed_in) -> None:
    client = scene.inside()
    base = f"/prisons/{scene.prison.code}/terminals/{scene.terminal.token}/withdraw/"
    assert signed_in(admin).post(base).status_code == 302
    assert "Ask a member of staff." in client.get("/terminal/").content.decode()
    assert client.get("/terminal/home/")["Location"] == "/terminal/"


def test_opening_on_the_machine_ends_the_officer_s_session(
    here, wing, admin, officer, now, at_prison, signed_in
) -> None:
    with at_prison(here):
        terminal, key = builders.terminal_on(wing, admin, now)
    client = signed_in(officer)
    client.cookies["terminal_device"] = key
    response = client.post(f"/prisons/{here.code}/windows/{terminal.token}/open/", {"minutes": "30"})
    assert response["Location"] == "/terminal/"
    assert client.get(f"/prisons/{here.code}/windows/")["Location"].startswith("/account/login/")
    assert "Prison number" in client.get("/terminal/").content.decode()


def test_opening_from_elsewhere_keeps_the_officer_signed_in(scene, signed_in, now) -> None:
    from referrals.actions.windows import close_window
    from tests.cast import acts

    with scene.at_prison(scene.prison):
        close_window(by=acts(scene.officer, scene.prison), now=now, window=scene.window)
    client = signed_in(scene.officer)
    base = f"/prisons/{scene.prison.code}/windows/"
    assert client.post(f"{base}{scene.terminal.token}/open/", {"minutes": "30"}).status_code == 302
    assert client.get(base).status_code == 200


def test_a_staff_session_is_nothing_on_the_terminal(scene, signed_in, settings) -> None:
    client = signed_in(scene.officer)
    client.cookies["terminal_device"] = scene.key
    page = client.get("/terminal/").content.decode()
    assert "Prison number" in page and scene.officer.name not in page
    assert client.get("/terminal/home/")["Location"] == "/terminal/"
    assert settings.SESSION_COOKIE_NAME in client.cookies and client.cookies[settings.SESSION_COOKIE_NAME].value


def test_no_terminal_page_sets_a_session(scene) -> None:
    client = scene.browser()
    scene.enter(client)
    for address in ("home/", "visits/", "job/", "thanks/"):
        client.get(f"/terminal/{address}")
    assert set(client.cookies) == {"terminal_device", "terminal_entry", "csrftoken"}


@pytest.fixture
def own_host(settings):
    settings.TERMINAL_HOST = "terminal.example.test"
    settings.ALLOWED_HOSTS = ["testserver", "terminal.example.test"]


def test_a_host_of_its_own(scene, signed_in, own_host) -> None:
    host = {"HTTP_HOST": "terminal.example.test"}
    client = scene.browser()
    assert "Prison number" in client.get("/terminal/", **host).content.decode()
    assert client.get("/", **host)["Location"] == "/terminal/"
    assert client.get("/terminal/").status_code == 404
    for address in (f"/prisons/{scene.prison.code}/windows/", "/account/login/", "/about/privacy/"):
        assert signed_in(scene.officer).get(address, **host).status_code == 404
    assert client.get("/health/live", **host).status_code != 404


def test_enrolling_where_the_terminal_has_a_host_of_its_own(enrol, own_host, officer, signed_in, here) -> None:
    client, response = enrol()
    address = response["Location"]
    assert address.startswith("http://terminal.example.test/terminal/enrol/")
    terminal = Terminal.objects.get()
    assert terminal.device_hash == ""
    path = address.removeprefix("http://terminal.example.test")
    machine, host = Client(), {"HTTP_HOST": "terminal.example.test"}
    assert "B terminal" in machine.get(path, **host).content.decode()
    done = machine.post(path, **host)
    terminal.refresh_from_db()
    assert terminal.device_hash == codes.key_hash(done.cookies["terminal_device"].value)
    # Once: the same address makes no second machine.
    assert "terminal_device" not in Client().post(path, **host).cookies
    assert Client().post("/terminal/enrol/forged/", **host)["Location"] == "/terminal/"
    # The officer on that machine is signed out there too.
    officer_s = signed_in(officer)
    officer_s.cookies["terminal_beside"] = client.cookies["terminal_beside"].value
    opened = officer_s.post(f"/prisons/{here.code}/windows/{terminal.token}/open/", {"minutes": "30"})
    assert opened["Location"] == "http://terminal.example.test/terminal/"


@pytest.mark.parametrize("away", ["https://evil.example/", "//evil.example/", "/prisons/", "/terminal/\n/x", ""])
def test_the_look_leads_nowhere_else(scene, away) -> None:
    assert scene.browser().get("/terminal/look/size/", {"next": away})["Location"] == "/terminal/"


def test_one_tap_changes_the_language(scene) -> None:
    client = scene.inside()
    response = client.get("/terminal/look/language/", {"next": "/terminal/home/"}, follow=True)
    page = response.content.decode()
    assert '<html lang="cy"' in page and "Fy ymweliadau" in page and "English" in page


@pytest.mark.parametrize("address", ["", "home/", "visits/", "job/", "thanks/", "visit/none/"])
def test_nothing_is_kept_by_the_browser(scene, address) -> None:
    response = scene.inside().get(f"/terminal/{address}")
    assert response["Cache-Control"] == "no-store" and response["Vary"] == "Cookie"


def test_a_headset_is_said_when_a_machine_is_enrolled(here, wing, admin, signed_in) -> None:
    client = signed_in(admin)
    for name, tick in (("With one", {"has_headset": "on"}), ("Without one", {})):
        client.post(f"/prisons/{here.code}/terminals/enrol/", {"name": name, "wing": wing.token, **tick})
    assert dict(Terminal.objects.values_list("name", "has_headset")) == {"With one": True, "Without one": False}


def test_a_headset_can_be_fitted_and_taken_away_later(scene, admin, signed_in) -> None:
    client, base = signed_in(admin), f"/prisons/{scene.prison.code}/terminals/"
    address = f"{base}{scene.terminal.token}/headset/"
    for tick, word in (({"has_headset": "on"}, "Fitted"), ({}, "None")):
        assert client.post(address, tick)["Location"] == base
        assert word in client.get(base).content.decode()
    assert list(AuditEvent.objects.filter(code="terminal.headset").values_list("details__has_headset", flat=True)) == [
        True,
        False,
    ]


def test_a_headset_needs_the_permission_and_the_prison(scene, outsider, signed_in) -> None:
    address = f"/prisons/{scene.prison.code}/terminals/{scene.terminal.token}/headset/"
    assert signed_in(scene.officer).post(address, {"has_headset": "on"}).status_code == 403
    assert signed_in(outsider).post(address, {"has_headset": "on"}).status_code == 404
    scene.terminal.refresh_from_db()
    assert scene.terminal.has_headset is False


def test_a_withdrawn_machine_gets_no_headset(scene, admin, signed_in) -> None:
    client, base = signed_in(admin), f"/prisons/{scene.prison.code}/terminals/{scene.terminal.token}/"
    client.post(f"{base}withdraw/")
    assert "already withdrawn" in client.post(f"{base}headset/", {"has_headset": "on"}).content.decode()
