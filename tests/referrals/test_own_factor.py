"""Opening a terminal asks officers for their own factor: always after too many wrong tries, otherwise now and then."""

from __future__ import annotations

from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.test import Client

from buddyscheme.audit.models import AuditEvent
from buddyscheme.lib.errors import NotAllowed
from referrals.actions.entries import enter_with_code
from referrals.actions.windows import open_window
from referrals.models import TerminalWindow
from referrals.throttle import take_turn
from tests.builders import terminal as builders
from tests.cast import PASSWORD, acts

SECRET = "JBSWY3DPEHPK3PXP"


@pytest.fixture
def terminal(here, wing, admin, now, at_prison):
    with at_prison(here):
        return builders.terminal_on(wing, admin, now)[0]


@pytest.fixture
def closed_by_tries(terminal, officer, now, here, at_prison):
    """Somebody tried other people's numbers until the terminal closed."""
    with at_prison(here):
        window = builders.window_at(terminal, officer, now)
        for number in range(5):
            take_turn(window, f"Z{number:04d}ZX", now)
            enter_with_code(now=now, window=window, prison_number=f"Z{number:04d}ZX", code="902715")
        window.refresh_from_db()
    assert window.close_reason == "TRIES"
    return window


@pytest.fixture
def authenticator(officer):
    TOTP.activate(officer, SECRET)


def digits() -> str:
    return format_hotp_value(hotp_value(SECRET, next(iter(yield_hotp_counters_from_time()))))


def list_of(here) -> str:
    return f"/prisons/{here.code}/windows/"


def post(client: Client, here, terminal, **answers: str):
    return client.post(f"{list_of(here)}{terminal.token}/open/", {"minutes": "30", **answers}, follow=True)


def open_now() -> int:
    return TerminalWindow.objects.filter(closed_at=None).count()


def test_after_too_many_tries_the_digits_open_it_in_one_post(
    here, terminal, closed_by_tries, officer, authenticator, signed_in
) -> None:
    client = signed_in(officer)
    page = client.get(list_of(here)).content.decode()
    assert "Six digits from your authenticator" in page and "too many wrong tries" in page
    assert "Open until" in post(client, here, terminal, factor=digits()).content.decode()
    event = AuditEvent.objects.filter(code="window.opened").latest("id")
    assert event.details == {"minutes": 30, "after_tries": True}


@pytest.mark.parametrize("factor", ["", "000000", "not digits"])
def test_nothing_and_wrong_digits_open_nothing(
    here, terminal, closed_by_tries, officer, authenticator, signed_in, factor
) -> None:
    answer = post(signed_in(officer), here, terminal, factor=factor).content.decode()
    assert "There is a problem" in answer and open_now() == 0
    assert ("Enter the six digits" if not factor else "This code does not work") in answer


def test_an_account_without_a_second_factor_shows_its_password(
    here, terminal, closed_by_tries, officer, signed_in
) -> None:
    client = signed_in(officer)
    assert "Your password" in client.get(list_of(here)).content.decode()
    assert "This is not your password" in post(client, here, terminal, factor="guess").content.decode()
    assert "Open until" in post(client, here, terminal, factor=PASSWORD).content.decode()


def test_a_key_is_asked_for_on_its_own_page(here, terminal, closed_by_tries, officer, signed_in) -> None:
    Authenticator.objects.create(user=officer, type=Authenticator.Type.WEBAUTHN, data={"name": "Key 1"})
    client = signed_in(officer)
    page = client.get(list_of(here)).content.decode()
    assert "/account/reauthenticate/?next=" in page.replace("/accounts/", "/account/") and "security key" in page
    assert post(client, here, terminal, factor=PASSWORD).status_code == 200 and open_now() == 0


def test_a_work_account_signs_in_again(here, terminal, closed_by_tries, officer, signed_in) -> None:
    officer.set_unusable_password()
    officer.save(update_fields=["password"])
    client = signed_in(officer)
    assert "sign in again with your work account" in client.get(list_of(here)).content.decode()
    assert post(client, here, terminal).status_code == 200 and open_now() == 0


def test_a_session_from_before_it_closed_does_not_do(here, terminal, officer, closed_by_tries, now, at_prison) -> None:
    with at_prison(here):
        by = acts(officer, here)
        for shown_at in (None, closed_by_tries.closed_at - timedelta(seconds=1)):
            with pytest.raises(NotAllowed, match="wrong tries"):
                open_window(by=by, now=now, terminal=terminal, shown_at=shown_at)
        assert open_window(by=by, now=now, terminal=terminal, shown_at=now)


def test_in_the_ordinary_way_it_is_asked_for_only_when_it_was_long_ago(
    here, terminal, officer, authenticator, signed_in
) -> None:
    client = signed_in(officer)
    assert "Six digits" in client.get(list_of(here)).content.decode(), "this session never showed any"
    post(client, here, terminal, factor=digits())
    client.post(f"{list_of(here)}{terminal.token}/close/")
    assert "Six digits" not in client.get(list_of(here)).content.decode()
    assert "Open until" in post(client, here, terminal).content.decode()


def test_guesses_at_the_digits_are_counted(here, terminal, closed_by_tries, officer, authenticator, signed_in) -> None:
    client = signed_in(officer)
    for _ in range(5):
        post(client, here, terminal, factor="000000")
    assert "Too many" in post(client, here, terminal, factor=digits()).content.decode()
    assert open_now() == 0
