"""The burden meter at the terminal: taps and seconds of what was done there, and nobody's name."""

from __future__ import annotations

from datetime import timedelta

import pytest

from referrals.burden import TASKS
from referrals.models import TaskUse
from tests.terminal.test_log_visit import hidden, tap
from tests.terminal.test_own_help import CHANGE, GOING, walked
from tests.terminal.test_tell_staff import own_address

VISIT = {"a": "1", "b": "1", "m": "15"}


def done() -> list[tuple[str, str, int, int]]:
    return list(TaskUse.objects.order_by("id").values_list("task", "role", "inputs", "seconds"))


def test_an_ordinary_visit_takes_its_four_taps(scene, clock) -> None:
    client = scene.inside()
    clock.shift(timedelta(seconds=40))
    address = f"/terminal/visit/{scene.planned.token}/"
    for _ in range(2):
        address = tap(client, address, 0)
    assert client.post(address.split("?")[0], hidden(client.get(address)))["Location"] == "/terminal/thanks/"
    assert done() == [("VISIT", "BUDDY", 4, 40)]
    assert TASKS["VISIT"].most == 4


def test_the_next_task_begins_with_the_save_before(scene, clock) -> None:
    client = scene.inside()
    clock.shift(timedelta(seconds=30))
    client.post(f"/terminal/visit/{scene.planned.token}/", {**VISIT, "key": "one"})
    clock.shift(timedelta(seconds=12))
    client.post(own_address(), {"t": "1", "words": "He is sad.", "key": "two"})
    assert done() == [("VISIT", "BUDDY", 4, 30), ("TELL", "PRISONER", 3, 12)]


@pytest.mark.parametrize(("address", "places"), [(GOING, (1, 2)), (CHANGE, (0, 0)), (CHANGE, (2, 0))])
def test_a_word_about_ones_own_help_stays_under_six(address, places, scene, clock) -> None:
    client = scene.inside(scene.recipient)
    clock.shift(timedelta(seconds=20))
    taps, _ = walked(client, address, *places)
    assert done() == [("OWN_HELP", "PRISONER", taps, 20)]
    assert taps <= TASKS["OWN_HELP"].most


def test_a_post_that_comes_twice_is_one_task(scene) -> None:
    client = scene.inside()
    for _ in range(2):
        client.post(f"/terminal/visit/{scene.planned.token}/", {**VISIT, "key": "one"})
    assert len(done()) == 1


def test_the_meter_shows_the_terminal_too(scene, signed_in, lead) -> None:
    scene.inside().post(f"/terminal/visit/{scene.planned.token}/", {**VISIT, "key": "one"})
    page = " ".join(signed_in(lead).get(f"/prisons/{scene.prison.code}/burden/").content.decode().split())
    row = page[page.index("Log a visit at the terminal") :]
    assert "Buddy" in row[: row.index("</tr>")]
