"""How long a save takes says nothing about what was saved."""

from __future__ import annotations

import pytest
from django.db import connection

from referrals.models import Concern, Visit
from referrals.terminal import pace
from tests.terminal.test_tell_staff import own_address

VISIT = {"a": "1", "b": "1", "key": "k"}
SAVES = {
    "a visit": VISIT,
    "a visit with a worry": {**VISIT, "b": "2", "t": "1"},
    "a visit with danger": {**VISIT, "b": "2", "t": "6", "o": "2"},
}


@pytest.fixture
def waits(monkeypatch, settings) -> list[tuple[float, int]]:
    """How long each answer was held, and how many savepoints were open meanwhile."""
    settings.TERMINAL_SAVE_STEP = 0.4
    held: list[tuple[float, int]] = []
    monkeypatch.setattr(pace, "sleep", lambda seconds: held.append((seconds, len(connection.savepoint_ids))))
    return held


@pytest.mark.parametrize(("taken", "held"), [(0.01, 0.39), (0.19, 0.21), (0.399, 0.001), (0.5, 0.3), (0.81, 0.39)])
def test_the_answer_comes_at_the_next_whole_step(taken, held, waits, monkeypatch) -> None:
    monkeypatch.setattr(pace, "monotonic", lambda: 100.0 + taken)
    pace.wait(100.0)
    assert [seconds for seconds, _ in waits] == [pytest.approx(held)]


@pytest.mark.parametrize("what", SAVES)
def test_a_visit_and_a_message_are_answered_after_the_same_time(what, scene, waits, monkeypatch) -> None:
    client = scene.inside()
    outside = len(connection.savepoint_ids)
    monkeypatch.setattr(pace, "monotonic", lambda: 0.1)
    monkeypatch.setattr("referrals.terminal.middleware.monotonic", lambda: 0.0)
    client.post(f"/terminal/visit/{scene.planned.token}/", SAVES[what])
    assert Visit.objects.count() == 1
    assert waits == [(pytest.approx(0.3), outside)], "held once, when the transaction was over"


def test_so_is_a_message_alone(scene, waits) -> None:
    client = scene.inside()
    client.post(own_address(), {"t": "1", "key": "k"})
    assert Concern.objects.count() == len(waits) == 1


def test_nothing_else_waits(scene, waits) -> None:
    client = scene.inside()
    for page in ("home/", "visits/", f"visit/{scene.planned.token}/", "job/"):
        client.get(f"/terminal/{page}")
    client.post("/terminal/hide/", {})
    assert waits == []
