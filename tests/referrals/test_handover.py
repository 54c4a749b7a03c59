"""A release is handed over to the home council and probation, with what the person agrees to."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import jsonschema
import pytest
from django.urls import reverse

from buddyscheme.audit.models import AuditEvent
from referrals.actions.equipment import add_equipment, write_evacuation
from referrals.actions.plans import save_risks
from referrals.models import Handover
from tests import cast
from tests.builders import moving
from tests.builders.referrals import agreed_plan, fresh_plan, unmet_need

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

SCHEMA = json.loads((Path(__file__).parents[2] / "docs" / "care-handover.schema.json").read_text())
OWN_WORDS = "I want to eat hot food again."
ANSWERS = {"council": "Hometown Council", "probation": "Hometown probation", "agrees": "YES"}


@pytest.fixture
def plan(here, wing, lead, now, at_prison):
    with at_prison(here):
        plan = agreed_plan(here, lead, now, wing=wing)
        unmet_need(here, lead, now, plan.person)
        return plan


def url(name, prison, thing, *more):
    return reverse(f"referrals:{name}", args=[prison.code, thing.token, *more])


def listed(client, prison, show):
    table = client.get(reverse("referrals:handovers", args=[prison.code]), {"show": show}).context["table"]
    return [row.note.split(",")[0] for row in table.rows]


def test_who_is_released_within_twelve_weeks_is_listed_until_it_is_made(signed_in, plan, here, lead, now, at_prison):
    client, number = signed_in(lead), plan.person.prison_number
    with at_prison(here):
        moving.releasing(plan.person, here, lead, now, now.date() + timedelta(weeks=12, days=1))
    assert listed(client, here, "due") == []
    with at_prison(here):
        moving.releasing(plan.person, here, lead, now, now.date() + timedelta(weeks=12))
    assert listed(client, here, "due") == [number]
    page = client.post(url("handover_make", here, plan.person), ANSWERS, follow=True).content.decode()
    assert "The handover is ready." in page
    assert listed(client, here, "due") == [] and listed(client, here, "unanswered") == [number]


def test_released_without_one_is_a_list_of_its_own(signed_in, plan, here, lead, now, at_prison):
    with at_prison(here):
        moving.leave(plan.person, here, lead, now, reason="RELEASE")
    client = signed_in(lead)
    assert listed(client, here, "released") == [plan.person.prison_number]
    client.post(url("handover_make", here, plan.person), ANSWERS)
    assert listed(client, here, "released") == []


@pytest.mark.parametrize("agrees", ["NO", "CANNOT"])
def test_without_agreement_only_what_protects_the_person_goes(signed_in, plan, here, lead, now, at_prison, agrees):
    with at_prison(here):
        by = cast.acts(lead, here)
        save_risks(by=by, now=now, plan=plan, falls_risk=True, staff_notes="", version=fresh_plan(plan).version)
        add_equipment(by=by, now=now, plan=plan, kind="FRAME", owner="PRISON")
        write_evacuation(
            by=by, now=now, plan=plan, needs_help=True, how="Two staff walk beside him.", staff=2,
            waits_at="Landing 1", review_on=now.date() + timedelta(days=90),
        )  # fmt: skip
    client = signed_in(lead)
    client.post(url("handover_make", here, plan.person), ANSWERS | {"agrees": agrees})
    made = Handover.objects.get()
    letter = client.get(url("handover_letter", here, made, "council")).content.decode()
    assert OWN_WORDS not in letter and "Wash a person" in letter and "Unsteady on their feet" in letter
    assert "Two staff walk beside him." in letter and "Walking frame" in letter
    safety = made.body["safety"]
    assert safety["falls_risk"] and safety["evacuation"]["staff"] == 2
    assert [thing["kind"] for thing in safety["equipment"]] == ["FRAME"]
    assert made.body["plan"] is None and made.body["requests"] == []


def test_with_it_the_letters_say_the_plan_and_the_file_has_the_published_shape(signed_in, plan, here, lead):
    client = signed_in(lead)
    client.post(url("handover_make", here, plan.person), ANSWERS)
    made = Handover.objects.get()
    assert OWN_WORDS in client.get(url("handover_letter", here, made, "council")).content.decode()
    assert "Hometown probation" in client.get(
        url("handover_letter", here, made, "probation")
    ).content.decode()  # fmt: skip
    assert client.get(url("handover_letter", here, made, "newspaper")).status_code == 404
    file = json.loads(client.get(url("handover_file", here, made)).content)
    assert AuditEvent.objects.get(code="exported").person_id == made.person_id
    jsonschema.Draft202012Validator(SCHEMA).validate(file)


def test_it_is_recorded_once_who_has_it(signed_in, plan, here, lead, now, at_prison):
    with at_prison(here):
        made = moving.handed_over(plan.person, here, lead, now)
    client, path = signed_in(lead), url("handover", here, made)
    day = {"received_on": "2026-11-22", "words": "Sam Hill"}
    assert "This date cannot be before the handover was made." in client.post(path, day).content.decode()
    day["received_on"] = "2026-11-23"
    assert "It is recorded who has the handover." in client.post(path, day, follow=True).content.decode()
    made.refresh_from_db()
    assert (made.received_words, made.received_by) == ("Sam Hill", lead)
    assert "is recorded already" in client.post(path, day, follow=True).content.decode()


def test_a_second_one_replaces_the_first(signed_in, plan, here, lead, now, at_prison):
    with at_prison(here):
        first = moving.handed_over(plan.person, here, lead, now)
        second = moving.handed_over(plan.person, here, lead, now, agrees="NO")
        first.refresh_from_db()
    assert first.replaced and not second.replaced


def test_bad_answers_keep_what_was_typed(signed_in, plan, here, lead):
    page = signed_in(lead).post(
        url("handover_make", here, plan.person), ANSWERS | {"probation": "", "agrees": ""}
    ).content.decode()  # fmt: skip
    assert "Enter the probation office, or that there is none" in page and "Hometown Council" in page
    assert not Handover.objects.exists()


def test_somebody_who_moved_is_not_released(signed_in, plan, here, elsewhere, lead, now, at_prison):
    with at_prison(here):
        moving.leave(plan.person, here, lead, now, to=elsewhere)
    page = signed_in(lead).post(url("handover_make", here, plan.person), ANSWERS, follow=True).content.decode()
    assert "A handover is made for somebody who is here or has been released." in page


def test_an_officer_and_another_prison_are_refused(signed_in, plan, here, elsewhere, officer, outsider):
    assert signed_in(officer).get(url("handover_make", here, plan.person)).status_code == 403
    assert signed_in(outsider).get(url("handover_make", elsewhere, plan.person)).status_code == 404
