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
    for part in ("Database", "Clock", "Queue", "Work in the queue", "Outbox", "Audit seals"):
        assert part in page


@pytest.mark.parametrize(
    ("waiting", "says", "good"),
    [(0, "Nothing waits.", True), (1, "1 task waits.", True), (101, "101 tasks wait.", False)],
)
def test_detail_says_how_much_work_waits(
    waiting: int,
    says: str,
    good: bool,
    lead: User,
    signed_in: Callable[[User], Client],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("redis.Redis.llen", lambda self, name: waiting)
    parts = signed_in(lead).get("/health/detail").context["parts"]
    assert {"part": "Work in the queue", "good": good, "words": says} in parts


def test_misuse_36_detail_says_when_the_clocks_differ(
    lead: User, signed_in: Callable[[User], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    client = signed_in(lead)
    for limit, good in ((60.0, True), (-1.0, False)):
        monkeypatch.setattr("buddyscheme.health.views.CLOCK_SECONDS", limit)
        (clock,) = (part for part in client.get("/health/detail").context["parts"] if part["part"] == "Clock")
        assert clock["good"] is good


def test_detail_goes_on_without_the_queue(lead: User, signed_in: Callable[[User], Client], settings) -> None:  # type: ignore[no-untyped-def]
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    page = signed_in(lead).get("/health/detail").content.decode()
    assert "Nothing is lost: work waits in the outbox." in page and "Outbox" in page


def test_a_signed_in_browser_sees_the_health_pages_too(lead: User, signed_in: Callable[[User], Client]) -> None:
    client = signed_in(lead)
    for page in ("live", "ready"):
        answer = client.get(f"/health/{page}")
        assert answer.status_code == 200
        assert "sessionid" not in answer.cookies
    assert client.get("/").status_code in (200, 302)
    assert "_auth_user_id" in client.session
