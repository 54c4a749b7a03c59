"""Whoever is touched by a cancelled session reads it once at the terminal, in either language."""

from __future__ import annotations

from datetime import timedelta

import pytest

from buddyscheme.audit.models import AuditEvent
from buddyscheme.lib.dates import london_today
from referrals.models import SessionNotice
from schemes.models import LockDown


@pytest.fixture
def told(scene):
    """The afternoon of yesterday: staff training."""
    day = london_today(scene.now) - timedelta(days=1)
    with scene.at_prison(scene.prison):
        lock_down = LockDown.objects.create(
            prison=scene.prison, day=day, session="PM", cause="STAFF_TRAINING", reason="Secret plan for staff",
            recorded_at=scene.now, recorded_by=scene.officer,
        )  # fmt: skip
        for person in (scene.person, scene.recipient):
            SessionNotice.objects.create(
                prison=scene.prison, lock_down=lock_down, person=person, day=day, session="PM",
                cause=lock_down.cause, told_at=scene.now,
            )  # fmt: skip
    return day


def test_it_is_said_until_it_is_read(scene, told) -> None:
    client = scene.inside()
    page = client.get("/terminal/home/").content.decode()
    assert f"The afternoon session on {told:%A} {told.day} {told:%B} did not happen: staff training." in page
    assert "Secret plan" not in page
    [last] = SessionNotice.objects.filter(person=scene.person).values_list("id", flat=True)
    assert f'<input type="hidden" name="until" value="{last}">' in page
    page = client.post("/terminal/read/", {"until": last}, follow=True).content.decode()
    assert ("did not happen" not in page and "What do you want to do?" in page) or "did not happen" not in page
    assert SessionNotice.objects.get(person=scene.person).seen_at == scene.now
    assert SessionNotice.objects.get(person=scene.recipient).seen_at is None
    assert AuditEvent.objects.get(code="visits.notice_seen").actor_id == scene.person.pk


def test_what_came_while_the_page_was_open_is_still_said(scene, told) -> None:
    client, first = scene.inside(), SessionNotice.objects.get(person=scene.person)
    SessionNotice.objects.create(
        prison=scene.prison, lock_down=first.lock_down, person=scene.person, day=london_today(scene.now), session="AM",
        cause=first.cause, told_at=scene.now,
    )  # fmt: skip
    page = client.post("/terminal/read/", {"until": first.pk}, follow=True).content.decode()
    assert "The morning session today is cancelled" in page and "afternoon session" not in page
    for nonsense in ({}, {"until": "²"}, {"until": "9" * 40}):
        assert client.post("/terminal/read/", nonsense).status_code == 302
    assert SessionNotice.objects.filter(person=scene.person, seen_at=None).count() == 1


def test_in_welsh_and_for_whoever_is_helped(scene, told) -> None:
    client = scene.inside(scene.recipient)
    client.get("/terminal/look/language/?next=/terminal/home/")
    page = client.get("/terminal/home/").content.decode()
    assert "Ni chafodd sesiwn y prynhawn ei chynnal" in page and "hyfforddiant staff" in page


def test_of_today_it_is_cancelled(scene, told) -> None:
    SessionNotice.objects.update(day=london_today(scene.now))
    assert (
        "The afternoon session today is cancelled: staff training."
        in scene.inside().get("/terminal/home/").content.decode()
    )


def test_nobody_in(scene, told) -> None:
    assert scene.browser().post("/terminal/read/").status_code == 302
    assert not SessionNotice.objects.filter(seen_at__isnull=False).exists()
