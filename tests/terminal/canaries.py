"""Somebody whose names are like nobody else's, and a turn at the terminal in which everything is told of them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from buddyscheme.accounts.models import User
from buddyscheme.lib.dates import london_today
from referrals.models import PlannedVisit
from schemes.models import Person
from tests.builders.referrals import agreed_plan
from tests.builders.schemes import person_in
from tests.builders.visits import active_match, day_opened, planned_on
from tests.terminal.test_tell_staff import own_address

FIRST_NAME, LAST_NAME = "Quillanthe", "Zwyndrake"
WORRY = "Quibbling marmalade frightens him at dusk."
NOTE = "The vermilion ladder was lent to me."


def planted(scene: Any, lead: User, now: datetime) -> PlannedVisit:
    """A visit today by the scene's buddy to somebody with the names above."""
    wing = scene.terminal.wing
    with scene.at_prison(scene.prison):
        person = person_in(
            scene.prison, lead, now, wing=wing, first_name=FIRST_NAME, last_name=LAST_NAME, landing=1, cell="A1-31"
        )
        plan = agreed_plan(scene.prison, lead, now, person=person, wing=wing)
        active_match(plan, scene.buddy, lead, now)
        day_opened(scene.prison, london_today(now), now)
        return planned_on(plan, london_today(now))


def everything_told(scene: Any, planned: PlannedVisit) -> list[Any]:
    """A visit with a worry in words, danger to somebody, and a note to the lead: what the terminal answered."""
    client = scene.inside()
    visit = f"/terminal/visit/{planned.token}/"
    answers = [
        client.post(visit, {"a": "1", "b": "2", "t": "1", "words": WORRY, "key": "visit"}),
        client.post(own_address(), {"t": "6", "o": "2", "key": "danger"}),
        client.post(own_address(), {"t": "7", "words": NOTE, "key": "note"}),
    ]
    assert [answer.headers.get("Location") for answer in answers] == ["/terminal/thanks/"] * 3
    return answers


def secrets(*people: Person) -> list[str]:
    """What must be found nowhere: the sentences, and the names and numbers of these people.

    `Ash`, the first name of everybody else in tests, is too short a word to look for.
    """
    named = [word for p in people for word in (p.prison_number, p.last_name, p.first_name) if word != "Ash"]
    return [WORRY, NOTE, WORRY.split()[0], NOTE.split()[1], *named]


def found_in(text: object, words: list[str]) -> list[str]:
    """Which of the words stand in it, however they are spelt."""
    lowered = str(text).lower()
    return [word for word in words if word.lower() in lowered]
