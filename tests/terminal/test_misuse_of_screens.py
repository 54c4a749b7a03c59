"""What a buddy could try at the terminal's screens; the numbers are those of the misuse cases."""

from __future__ import annotations

import re

import pytest

from referrals.models import Concern, OwnWish, PlannedVisit, PlanTask, Visit
from referrals.visit_answers import EXTRA
from schemes.actions.keep_apart import keep_apart
from schemes.models import Buddy, TaskKind
from tests.builders.visits import day_opened, helped, planned_on
from tests.cast import acts
from tests.terminal.test_log_visit import links

NONSENSE = "AAAAAAAAAAAAAAAAAAAAAA"


@pytest.fixture
def other(scene, here, lead, wing, now):
    """Somebody else's visit of today."""
    with scene.at_prison(here):
        plan, _, _ = helped(here, lead, now, wing=wing)
        day_opened(here, now.date(), now)
        return planned_on(plan, now.date())


def bare(response, *tokens: str) -> str:
    text = re.sub(r'value="[^"]*"', "", response.content.decode())
    for token in tokens:
        text = text.replace(token, "")
    return text


def test_misuse_1_another_visit_s_address_is_like_nonsense(scene, other) -> None:
    client = scene.inside()
    PlannedVisit.objects.filter(pk=scene.planned.pk).update(cancelled_at=scene.now)
    for token in (other.token, scene.planned.token):
        theirs, nothing = (client.get(f"/terminal/visit/{one}/") for one in (token, NONSENSE))
        assert theirs.status_code == nothing.status_code == 404
        assert bare(theirs, token) == bare(nothing, NONSENSE)
        said = client.post(f"/terminal/visit/{token}/", {"a": "1", "b": "2", "t": "5", "o": "2", "key": token})
        assert said.status_code == 404
    assert not Visit.objects.exists() and not Concern.objects.exists()


def test_misuse_1_nobody_else_s_plan_is_reached_by_a_token(scene, other) -> None:
    client = scene.inside(scene.recipient)
    for task in PlanTask.objects.filter(plan=other.plan):
        client.post("/terminal/ask/change/", {"w": "1", "k": task.token, "key": task.token})
    assert not PlanTask.objects.exclude(stopped_at=None).exists() and not OwnWish.objects.exists()


def test_misuse_1_a_buddy_has_no_door_to_the_help_of_those_they_visit(scene) -> None:
    client = scene.inside()
    home = client.get("/terminal/home/").content.decode()
    assert "Stop or change" not in home
    page = client.post("/terminal/ask/change/", {"w": "2", "key": "k"}).content.decode()
    assert "You have no help from a buddy now." in page
    assert not PlanTask.objects.exclude(stopped_at=None).exists()


def test_misuse_38_personal_care_is_no_choice_and_something_else_is_looked_at_by_staff(
    scene, signed_in, officer
) -> None:
    prohibited = set(TaskKind.objects.filter(kind="PROHIBITED").values_list("code", flat=True))
    client, address = scene.inside(), f"/terminal/visit/{scene.planned.token}/"
    for code in sorted(prohibited):
        client.post(address, {"a": "2", "d": code, "n": "1", "b": "1", "key": code})
    assert prohibited and not Visit.objects.exists()
    data = {"a": "2", "d": scene.planned.tasks[0], "n": "1", "e": "7", "b": "1", "extra_help": "washed him"}
    client.post(address, {**data, "key": "k"})
    assert Visit.objects.get().extra_help == "Something else", "no words of one's own"
    week = signed_in(officer).get(
        f"/prisons/{scene.prison.code}/visits/week/{scene.terminal.wing.code}/{scene.now.date().isoformat()}/"
    )
    assert "Extra help was given" in week.content.decode()
    assert Buddy.objects.get(pk=scene.buddy.pk).status == "ACTIVE", "shown, and never punished by the machine"


def test_misuse_38_no_phrase_of_the_fixed_list_is_personal_care() -> None:
    from referrals.boundary import find

    assert not [phrase for _, phrase in EXTRA.values() if find(phrase)]


def test_misuse_38_words_of_personal_care_are_shown_to_the_lead(scene, signed_in, lead) -> None:
    client = scene.inside()
    data = {"a": "1", "b": "2", "t": "3", "words": "I helped him wash and get dressed", "key": "k"}
    client.post(f"/terminal/visit/{scene.planned.token}/", data)
    concern = Concern.objects.get()
    page = signed_in(lead).get(f"/prisons/{scene.prison.code}/concerns/{concern.token}/").content.decode()
    assert concern.kind == "DID_OVERSTEP" and "selected" in page.split("I helped him wash")[1]
    assert Buddy.objects.get(pk=scene.buddy.pk).status == "ACTIVE"


def test_misuse_39_somebody_to_be_kept_apart_is_off_the_list_at_once(scene, lead) -> None:
    client = scene.inside()
    assert len(links(client.get("/terminal/visits/"))) == 1
    with scene.at_prison(scene.prison):
        keep_apart(
            by=acts(lead, scene.prison), now=scene.now, prison=scene.prison, person=scene.recipient,
            other=scene.person, reason="THREAT", restriction="WING",
        )  # fmt: skip
    # Before any message was handled: the visit itself still stands.
    assert PlannedVisit.objects.get(pk=scene.planned.pk).buddy == scene.buddy
    page = client.get("/terminal/visits/")
    assert not links(page) and scene.recipient.first_name not in page.content.decode().split("visits today")[1]
    address = f"/terminal/visit/{scene.planned.token}/"
    assert client.get(address).status_code == 404
    assert client.post(address, {"a": "1", "b": "1", "key": "k"}).status_code == 404
    assert not Visit.objects.exists()
