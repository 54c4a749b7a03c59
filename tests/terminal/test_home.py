"""The first screen of somebody who is in: three doors for a buddy, four for who is helped, and the rest small."""

from __future__ import annotations

import re

from tests.builders.schemes import person_in

PRIVACY = "privacy/"
DOOR = re.compile(r'<a class="tap (door|tap-small)" href="/terminal/([^"]*)"')


def doors(client) -> tuple[list[str], list[str]]:
    """The pages behind the large doors and the small ones."""
    page = client.get("/terminal/home/").content.decode()
    found = DOOR.findall(page)
    return [to for kind, to in found if kind == "door"], [to for kind, to in found if kind == "tap-small"]


def test_a_buddy_has_three_doors_and_finds_the_jobs_behind_one(scene) -> None:
    client = scene.inside()
    large, small = doors(client)
    assert [to.split("/")[0] for to in large] == ["visits", "visit", "job"]
    assert small == ["ask/", PRIVACY]
    assert "/terminal/jobs/" in client.get("/terminal/job/").content.decode()


def test_who_is_helped_has_four_and_the_jobs_stand_small(scene) -> None:
    large, small = doors(scene.inside(scene.recipient))
    assert [to.split("/")[0] for to in large] == ["ask", "ask", "ask", "visit"]
    assert large[:3] == ["ask/", "ask/going/", "ask/change/"]
    assert small == ["jobs/", PRIVACY]


def test_anybody_else_asks_tells_and_applies(scene, lead, wing, now) -> None:
    with scene.at_prison(scene.prison):
        somebody = person_in(scene.prison, lead, now, wing=wing)
    large, small = doors(scene.inside(somebody))
    assert [to.split("/")[0] for to in large] == ["ask", "visit", "jobs"]
    assert small == [PRIVACY]
