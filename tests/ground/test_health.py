"""Health pages."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from buddyscheme.accounts.models import User

pytestmark = pytest.mark.django_db


def test_live_answers_without_the_database(django_assert_num_queries: Callable[..., object]) -> None:
    with django_assert_num_queries(0):  # type: ignore[attr-defined]
        assert Client().get("/health/live").json() == {"status": "UP"}


def test_ready_says_what_it_checked() -> None:
    answer = Client().get("/health/ready")
    assert answer.status_code == 200
    assert answer.json()["checks"] == {"database": True, "migrations": True}


def test_detail_is_for_staff(lead: User, signed_in: Callable[[User], Client]) -> None:
    assert Client().get("/health/detail").status_code == 302
    page = signed_in(lead).get("/health/detail").content.decode()
    for part in ("Database", "Queue", "Outbox", "Audit seals"):
        assert part in page


def test_a_signed_in_browser_sees_the_health_pages_too(lead: User, signed_in: Callable[[User], Client]) -> None:
    client = signed_in(lead)
    for page in ("live", "ready"):
        answer = client.get(f"/health/{page}")
        assert answer.status_code == 200
        assert "sessionid" not in answer.cookies
    assert client.get("/").status_code in (200, 302)
    assert "_auth_user_id" in client.session
