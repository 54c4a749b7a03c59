"""Signing in: password, second factor without a phone, lock-out that reaches one person only."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.test import Client

from buddyscheme.accounts.adapters import MfaAdapter
from buddyscheme.accounts.models import Prison, User
from buddyscheme.audit.models import AuditEvent
from tests import cast

pytestmark = pytest.mark.django_db


def post_login(client: Client, user: User, password: str = cast.PASSWORD):  # type: ignore[no-untyped-def]
    return client.post("/account/login/", {"login": user.email, "password": password})


def confirm_again(client: Client) -> None:
    """Whoever changes how an account is opened says again that it is theirs."""
    client.post("/account/reauthenticate/", {"password": cast.PASSWORD})


def test_a_demonstration_account_signs_in_with_its_password(lead: User) -> None:
    client = Client()
    response = post_login(client, lead)
    assert response.status_code == 302
    assert client.get("/").status_code in (200, 302)


def test_the_sign_in_page_is_readable_by_anybody() -> None:
    assert b"Sign in" in Client().get("/account/login/").content


def test_a_local_account_without_a_second_factor_is_sent_to_set_one_up(here: Prison) -> None:
    user = cast.make_staff("Real Person", "LEAD", here)
    User.objects.filter(pk=user.pk).update(is_demo=False)
    client = Client()
    post_login(client, user)
    response = client.get("/")
    assert response.status_code == 302
    assert response["Location"] == "/account/factors/"
    assert b"Set up a second step" in client.get("/account/factors/").content


def test_six_digits_are_asked_for_where_an_authenticator_is_set_up(here: Prison) -> None:
    user = cast.make_staff("Real Person", "LEAD", here)
    User.objects.filter(pk=user.pk).update(is_demo=False)
    TOTP.activate(user, generate_totp_secret())
    client = Client()
    response = post_login(client, user)
    assert response["Location"] == "/account/factors/authenticate/"
    assert client.get("/").status_code == 302
    wrong = client.post("/account/factors/authenticate/", {"code": "000000"})
    assert wrong.status_code == 200
    assert client.get(f"/prisons/{here.code}/").status_code == 302


def test_a_printed_code_opens_once(here: Prison) -> None:
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes

    user = cast.make_staff("Real Person", "LEAD", here)
    User.objects.filter(pk=user.pk).update(is_demo=False)
    TOTP.activate(user, generate_totp_secret())
    code = RecoveryCodes.activate(user).get_unused_codes()[0]
    for expected in (302, 200):
        client = Client()
        post_login(client, user)
        assert client.post("/account/factors/authenticate/", {"code": code}).status_code == expected


def test_five_wrong_passwords_lock_that_person_and_nobody_else(lead: User, officer: User) -> None:
    wrong = [post_login(Client(), lead, "wrong") for _ in range(5)]
    assert wrong[-1].status_code == 429
    assert b"does not open for 15 minutes" in wrong[-1].content
    right = post_login(Client(), lead)
    assert right.status_code == 200
    assert b"Wait 15 minutes, then try again" in right.content
    assert post_login(Client(), officer).status_code == 302


def test_what_is_missing_is_said_in_our_words_and_no_reset_is_offered() -> None:
    page = Client().post("/account/login/", {"login": "", "password": ""}).content.decode()
    assert "Enter your e-mail address" in page
    assert "Enter your password" in page
    assert "Forgot" not in page


def test_a_wrong_password_is_said_and_the_address_stays(lead: User) -> None:
    page = post_login(Client(), lead, "wrong").content.decode()
    assert "they do not go together" in page
    assert lead.email in page


def test_sign_in_and_a_failure_are_audited(lead: User) -> None:
    post_login(Client(), lead, "wrong")
    post_login(Client(), lead)
    codes = set(AuditEvent.objects.values_list("code", flat=True))
    assert {"account.sign_in_failed", "account.signed_in"} <= codes


def test_a_role_taken_away_closes_the_next_page(lead: User, here: Prison, signed_in) -> None:  # type: ignore[no-untyped-def]
    client = signed_in(lead)
    assert client.get(f"/prisons/{here.code}/").status_code == 200
    lead.memberships.update(ends_on="2021-01-01")
    assert client.get(f"/prisons/{here.code}/").status_code == 404


def test_an_account_made_inactive_is_signed_out(lead: User, signed_in) -> None:  # type: ignore[no-untyped-def]
    client = signed_in(lead)
    User.objects.filter(pk=lead.pk).update(is_active=False)
    assert client.get("/").status_code == 302


@pytest.mark.parametrize("address", ["", "totp/activate/", "webauthn/", "webauthn/add/"])
def test_the_pages_of_the_second_factor_open(lead: User, address: str) -> None:
    client = Client()
    post_login(client, lead)
    confirm_again(client)
    assert client.get(f"/account/factors/{address}").status_code == 200


def test_a_form_sent_without_the_key_says_what_to_do(lead: User) -> None:
    client = Client()
    post_login(client, lead)
    confirm_again(client)
    asked = client.get("/account/factors/webauthn/add/").content.decode()
    assert 'id="id_credential"' in asked and "Master key" not in asked
    page = client.post("/account/factors/webauthn/add/", {"name": "Blue", "credential": ""}).content.decode()
    assert "Press Add and follow your browser" in page and 'value="Blue"' in page


def test_a_key_without_a_name_gets_the_first_free_number(lead: User) -> None:
    for name in ("Key 1", "Blue"):
        Authenticator.objects.create(user=lead, type=Authenticator.Type.WEBAUTHN, data={"name": name})
    assert MfaAdapter().generate_authenticator_name(lead, Authenticator.Type.WEBAUTHN) == "Key 2"


def test_another_way_to_confirm_is_offered_in_our_words(lead: User) -> None:
    client = Client()
    post_login(client, lead)
    TOTP.activate(lead, generate_totp_secret())
    assert "Use six digits or a printed code" in client.get("/account/reauthenticate/").content.decode()


def test_how_you_sign_in_is_on_every_page_of_a_password(lead: User, signed_in) -> None:  # type: ignore[no-untyped-def]
    assert 'href="/account/factors/"' in signed_in(lead).get("/account/password/").content.decode()


def test_codes_are_made_and_can_be_printed_once_a_factor_is_there(lead: User) -> None:
    client = Client()
    post_login(client, lead)
    confirm_again(client)
    TOTP.activate(lead, generate_totp_secret())
    made = client.post("/account/factors/recovery-codes/generate/")
    assert made.status_code == 302
    assert client.get("/account/factors/recovery-codes/").content.count(b"<li>") >= 10


def test_a_password_opens_nothing_where_the_operator_does_not_allow_it(lead: User, settings: Any) -> None:
    settings.LOCAL_PASSWORDS = False
    client = Client()
    answer = post_login(client, lead)
    assert answer.status_code == 200
    assert "Passwords are not used here" in answer.content.decode()
    assert client.get("/").status_code == 302


def test_signing_up_is_not_a_page() -> None:
    assert Client().get("/account/none/signup/").status_code == 404


def test_a_session_ends_after_twelve_hours_however_busy_it_is(admin: User, here: Prison) -> None:
    client = Client()
    with time_machine.travel("2026-11-23T06:00:00Z", tick=False) as clock:
        client.force_login(admin, backend="allauth.account.auth_backends.AuthenticationBackend")
        for _ in range(25):
            assert client.get(f"/prisons/{here.code}/staff/").status_code == 200
            clock.shift(timedelta(minutes=29))
        answer = client.get(f"/prisons/{here.code}/staff/")
    assert answer.status_code == 302
    assert answer["Location"].startswith("/account/timed-out/?after=day")


def test_an_idle_session_ends_after_an_hour(admin: User, here: Prison) -> None:
    client = Client()
    with time_machine.travel("2026-11-23T06:00:00Z", tick=False) as clock:
        client.force_login(admin, backend="allauth.account.auth_backends.AuthenticationBackend")
        assert client.get(f"/prisons/{here.code}/staff/").status_code == 200
        clock.shift(timedelta(minutes=61))
        assert client.get(f"/prisons/{here.code}/staff/").status_code == 302


def test_a_refusal_is_kept(officer: User, here: Prison, elsewhere: Prison, signed_in) -> None:  # type: ignore[no-untyped-def]
    client = signed_in(officer)
    assert client.get(f"/prisons/{here.code}/staff/").status_code == 403
    assert client.get(f"/prisons/{elsewhere.code}/staff/").status_code == 404
    refused = AuditEvent.objects.filter(code="refused").order_by("id")
    assert [(event.prison_code, event.details) for event in refused] == [
        (here.code, {"page": "accounts:staff"}),
        ("", {"asked": elsewhere.code}),
    ]
