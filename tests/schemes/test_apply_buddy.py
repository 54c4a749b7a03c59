"""An application taken by staff."""

from __future__ import annotations

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from buddyscheme.audit.models import AuditEvent
from schemes.forms.buddies import ApplyForm
from schemes.models import Buddy
from tests.builders import buddies as build
from tests.builders import posts
from tests.builders.schemes import person_in

pytestmark = pytest.mark.django_db
NUMBER = "Z1001ZA"
ANSWERS = {
    "prison_number": NUMBER,
    "applied_on": "2026-11-20",
    "statement": "I want to be of use.",
    "needed_help": "no",
    "adjustments": "",
}


@pytest.fixture(autouse=True)
def _clock(now):
    with time_machine.travel(now, tick=False):
        yield


@pytest.fixture
def person(here, lead, wing, now, at_prison):
    with at_prison(here):
        build.scheme_ready(here, lead, now)
        return person_in(here, lead, now, NUMBER, wing=wing)


@pytest.fixture
def url(here):
    return reverse("schemes:apply", args=[here.code])


def test_works(signed_in, lead, person, url):
    answer = signed_in(lead).post(url, ANSWERS)
    buddy = Buddy.objects.get()
    assert answer.status_code == 302 and answer["Location"].endswith(f"/buddies/{buddy.token}/")
    assert (buddy.person_id, buddy.status, buddy.source) == (person.pk, "APPLIED", "APPLICATION")
    step = buddy.steps.get()
    assert (step.old_status, step.new_status, step.by_id) == ("", "APPLIED", lead.pk)


def test_asks_at_most_nine_things():
    assert ApplyForm(posts=[("token", "Wing buddy, A wing")]).count_inputs() <= 9


def test_asks_for_the_post_only_where_one_is_advertised(signed_in, lead, wing, here, person, now, at_prison, url):
    client = signed_in(lead)
    assert "Which post do they answer?" not in client.get(url).content.decode()
    with at_prison(here):
        posts.advertised(here, lead, now, wing)
    assert "Which post do they answer?" in client.get(url).content.decode()


def test_posting_twice_makes_one_record(signed_in, lead, person, url):
    client = signed_in(lead)
    first = client.post(url, {**ANSWERS, "form_key": "k1"})
    second = client.post(url, {**ANSWERS, "form_key": "k1"})
    assert first["Location"] == second["Location"] and Buddy.objects.count() == 1


def test_needs_the_permission(signed_in, officer, person, url):
    assert signed_in(officer).post(url, ANSWERS).status_code == 403


def test_another_prisons_is_404(signed_in, outsider, person, url):
    assert signed_in(outsider).post(url, ANSWERS).status_code == 404


def test_a_second_open_record_is_refused(signed_in, lead, person, url):
    signed_in(lead).post(url, ANSWERS)
    answer = signed_in(lead).post(url, ANSWERS)
    assert "already has an open application here" in answer.content.decode()
    assert "I want to be of use." in answer.content.decode() and Buddy.objects.count() == 1


def test_somebody_in_the_role_is_refused(signed_in, here, lead, wing, now, at_prison, url):
    with at_prison(here):
        buddy = build.active_buddy(here, lead, now, NUMBER, wing)
    answer = signed_in(lead).post(url, ANSWERS)
    assert f"already is a buddy here ({buddy.reference})" in answer.content.decode()


@pytest.mark.parametrize(
    ("field", "typed", "says"),
    [
        ("prison_number", "Z9999ZZ", "Nobody with this prison number is held here now"),
        ("prison_number", "12", "one letter, four digits and two letters"),
        ("applied_on", "2026-11-24", "must be today or in the past"),
        ("applied_on", "1926-11-24", "must be on or after"),
        ("applied_on", "2026-02-30", "must be a real date"),
        ("statement", "", "Enter why the person wants to be a buddy"),
    ],
)
def test_rejects_bad_input(signed_in, lead, person, url, field, typed, says):
    answer = signed_in(lead).post(url, {**ANSWERS, field: typed})
    assert answer.status_code == 200 and says in answer.content.decode()
    assert not Buddy.objects.exists()


def test_another_prisons_person_is_not_revealed(
    signed_in, here, lead, elsewhere, outsider, now, at_prison, url, person
):
    with at_prison(elsewhere):
        person_in(elsewhere, outsider, now, "Z2002ZB", first_name="Secret", last_name="Elsewhere")
    answer = signed_in(lead).post(url, {**ANSWERS, "prison_number": "Z2002ZB"}).content.decode()
    assert "Nobody with this prison number is held here now" in answer and "Secret" not in answer


def test_leaves_the_audit_event(signed_in, here, lead, person, url):
    signed_in(lead).post(url, ANSWERS)
    event = AuditEvent.objects.get(code="buddy.applied")
    assert (event.actor_id, event.prison_code, event.person_id) == (lead.pk, here.code, person.pk)


def test_the_database_holds_one_open_record(signed_in, here, lead, person, url):
    signed_in(lead).post(url, ANSWERS)
    copy = "INSERT INTO schemes_buddy SELECT (jsonb_populate_record(b, %s)).* FROM schemes_buddy b"
    refused = pytest.raises(IntegrityError, match="buddy_one_open_application")
    with refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(copy, ['{"id": 999999, "token": "x", "reference": "B-XXXXXX"}'])
