"""Screening prompts: loaded for all, changed for one prison by its administrator, shown to signers only."""

from __future__ import annotations

import pytest
import time_machine
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from buddyscheme.audit.models import AuditEvent
from buddyscheme.scope.transaction import DatabaseRole, scoped
from schemes.catalogue import load_prompts
from schemes.models import Clearance, PrisonPrompt, ScreeningPrompt
from schemes.queries.prompts import prompts_at, prompts_for
from tests import cast
from tests.builders import buddies as build

pytestmark = pytest.mark.django_db
PROMPT = {
    "words": "Fights on the wing",
    "alert_codes": "xvl, XSA",
    "meaning": "Look at how recent it is.",
    "departments": ["SECURITY"],
    "active": "yes",
    "version": 0,
}


@pytest.fixture(autouse=True)
def _clock(now):
    with time_machine.travel(now, tick=False):
        yield


@pytest.fixture(autouse=True)
def _loaded(db):
    load_prompts()


def url(name, *args):
    return reverse(f"schemes:{name}", args=["ZTA", *args])


def seen(here, at_prison, department="SECURITY"):
    with at_prison(here):
        return [prompt.words for prompt in prompts_for(here, department)]


def test_the_list_comes_with_its_sources():
    assert ScreeningPrompt.objects.count() == 12
    assert not ScreeningPrompt.objects.filter(source="").exists()
    assert ScreeningPrompt.objects.get(code="VIOLENCE").alert_codes == ["XVL", "XSA", "OCVM", "RNO121"]


def test_each_department_sees_its_own_beside_the_decision(
    signed_in, here, lead, security, healthcare, wing, now, at_prison
):
    with at_prison(here):
        buddy = build.in_checks(here, lead, now, wing=wing)
    own = Clearance.objects.get(buddy=buddy, department="SECURITY")
    page = signed_in(security).get(url("clearance", own.token)).content.decode()
    assert "Before you decide, look at" in page and "XVL, XSA, OCVM, RNO121" in page
    assert "None of them says yes or no" in page
    health = Clearance.objects.get(buddy=buddy, department="HEALTHCARE")
    page = signed_in(healthcare).get(url("clearance", health.token)).content.decode()
    assert "own health" in page and "XVL" not in page
    assert "XVL" not in signed_in(lead).get(url("buddy", buddy.token)).content.decode()


def test_the_administrator_rewords_one_for_this_prison_only(signed_in, here, elsewhere, admin, at_prison):
    client = signed_in(admin)
    assert client.post(url("prompt", "VIOLENCE"), PROMPT).status_code == 302
    assert "Fights on the wing" in seen(here, at_prison)
    assert "Fights on the wing" not in seen(elsewhere, at_prison)
    assert PrisonPrompt.objects.get().alert_codes == ["XVL", "XSA"]
    assert "Changed here" in client.get(url("prompts")).content.decode()
    assert AuditEvent.objects.get(code="prompt.changed").details["prompt"] == "VIOLENCE"


def test_switched_off_and_back_to_the_national_words(signed_in, here, admin, at_prison):
    client = signed_in(admin)
    before = seen(here, at_prison)
    assert client.post(url("prompt", "VIOLENCE"), PROMPT | {"active": "no"}).status_code == 302
    assert len(seen(here, at_prison)) == len(before) - 1
    assert "Switched off here" in client.get(url("prompts")).content.decode()
    assert "Use the national words again" in client.get(url("prompt", "VIOLENCE")).content.decode()
    assert client.post(url("prompt_national", "VIOLENCE"), {"version": 1}).status_code == 302
    assert seen(here, at_prison) == before
    again = client.post(url("prompt_national", "VIOLENCE"), {"version": 2})
    assert "has the national words already" in again.content.decode()


def test_one_is_added(signed_in, here, admin, at_prison):
    added = {name: PROMPT[name] for name in ("words", "alert_codes", "meaning", "departments")}
    assert signed_in(admin).post(url("add_prompt"), added).status_code == 302
    assert seen(here, at_prison)[-1] == "Fights on the wing"
    twice = signed_in(admin).post(url("add_prompt"), added)
    assert "There is a prompt with these words already" in twice.content.decode()
    assert PrisonPrompt.objects.count() == 1


@pytest.mark.parametrize(
    ("field", "typed", "says"),
    [
        ("words", "", "Enter what the department should look at"),
        ("alert_codes", "X!", "“X!” is not an alert code"),
        ("departments", [], "Select at least one department that sees it"),
        ("version", 7, "Somebody else changed this prompt"),
    ],
)
def test_rejects_bad_input_and_keeps_what_was_typed(signed_in, here, admin, field, typed, says):
    answer = signed_in(admin).post(url("prompt", "VIOLENCE"), PROMPT | {field: typed})
    assert answer.status_code == 200 and says in answer.content.decode()
    assert "Look at how recent it is." in answer.content.decode()
    assert not PrisonPrompt.objects.exists()


def test_only_the_administrator_may(signed_in, here, lead, security, outsider):
    for user, status in ((lead, 403), (security, 403), (outsider, 404)):
        assert signed_in(user).get(url("prompts")).status_code == status
        assert signed_in(user).post(url("prompt", "VIOLENCE"), PROMPT).status_code == status


def test_another_prisons_own_prompt_is_not_there(signed_in, here, elsewhere, admin, now, at_prison):
    other = cast.make_staff("Otto Admin", "ADMIN", elsewhere)
    with at_prison(elsewhere):
        foreign = build.own_prompt(elsewhere, other, now)
    assert signed_in(admin).get(url("prompt", foreign.token)).status_code == 404
    with at_prison(here):
        assert not PrisonPrompt.objects.exists(), "row-level security holds it back"
        assert len(prompts_at(here)) == 12


@pytest.mark.parametrize("table", ["schemes_screeningprompt", "schemes_prisonprompt"])
def test_no_terminal_can_read_them(here, table):
    with (
        pytest.raises(DatabaseError, match="permission denied"),
        transaction.atomic(),
        scoped(DatabaseRole.TERMINAL, prisons=[here.code]),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"SELECT count(*) FROM {table}")
