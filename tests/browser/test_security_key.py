"""A security key in a real browser: added, used to sign in, silent, and removed."""

from __future__ import annotations

import pytest

from tests import cast

pytestmark = pytest.mark.browser
KEY = {"protocol": "ctap2", "transport": "usb", "hasUserVerification": True, "isUserVerified": True}


def signs_in(reader, officer) -> None:
    reader.open("/account/login/")
    reader.page.locator("[name=login]").fill(officer.email)
    reader.page.locator("[name=password]").fill(cast.PASSWORD)
    reader.press("Sign in")
    reader.page.wait_for_load_state()


def test_a_key_is_added_opens_the_account_and_is_removed(visitor) -> None:
    officer = cast.make_staff("Olu Officer", "OFFICER", cast.make_prison("ZTK"))
    reader = visitor()
    # A key belongs to a name, and an address in figures is none.
    reader.site = reader.site.replace("127.0.0.1", "localhost")
    keys = reader.page.context.new_cdp_session(reader.page)
    keys.send("WebAuthn.enable")
    signs_in(reader, officer)
    reader.press("How you sign in")
    reader.press("Add a security key or passkey")
    reader.page.locator("[name=password]").fill(cast.PASSWORD)
    reader.press("Continue")
    reader.page.wait_for_url("**/webauthn/add/")
    assert reader.faults() == []
    reader.does_not_see("Master key")
    keys.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})
    reader.press("Add")
    reader.page.wait_for_url("**/recovery-codes/")
    reader.sees("10 of 10 codes are left")

    reader.press("Sign out")
    signs_in(reader, officer)
    reader.sees("Second step")
    reader.page.evaluate("document.dispatchEvent(new CustomEvent('allauth.error', {cancelable: true}))")
    reader.sees("The key did not answer")
    reader.press("Use a security key or passkey")
    reader.page.wait_for_url("**/prisons/ZTK/")

    reader.open("/account/factors/webauthn/")
    reader.sees("Key 1")
    assert reader.faults() == []
    reader.press("Remove Key 1")
    reader.page.locator("[name=password]").fill(cast.PASSWORD)
    reader.press("Continue")
    reader.page.wait_for_url("**/remove/")
    reader.sees("“Key 1” will no longer open this account")
    reader.press("Remove")
    reader.page.wait_for_url("**/webauthn/")
    reader.sees("No security key or passkey has been added.")
