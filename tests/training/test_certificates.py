"""Certificates: what is passed and in date, in two languages, without a word about whom the buddy helps."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from buddyscheme.audit.models import AuditEvent
from tests import cast
from tests.builders import buddies as build
from tests.builders import training, visits

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _clock(now):
    with time_machine.travel(now, tick=False):
        yield


def page(client, buddy, **query):
    return client.get(reverse("training:certificate", args=[buddy.prison_id, buddy.token]), query).content.decode()


def test_modules_passed(signed_in, here, trainer, learners, now, at_prison):
    (buddy,) = learners(1)
    with at_prison(here):
        build.pass_module(buddy, build.modules()[0], trainer, now)
        training.elsewhere(buddy, "T02", trainer, now)
    text = page(signed_in(trainer), buddy)
    assert buddy.person.full_name in text and "Your role" in text and "23 November 2027" in text
    assert "Accepted from Otherfield" in text and "Safeguarding adults" not in text
    assert AuditEvent.objects.filter(code="printed", person_id=buddy.person_id).exists()


def test_the_whole_course_only_with_every_mandatory_module_in_date(signed_in, here, lead, wing, now, at_prison):
    with at_prison(here):
        buddy = build.active_buddy(here, lead, now, wing=wing)
        late = build.active_buddy(here, lead, now - timedelta(days=400), wing=wing)
    client = signed_in(lead)
    assert "has passed every module of the course" in page(client, buddy, of="course")
    text = page(client, late, of="course")
    assert "There is nothing to print yet. Not in date: Your role, Duty of care, Safeguarding adults." in text
    assert "There is nothing to print: no module is in date." in page(client, late)


def test_in_welsh_with_the_english_title_marked_where_there_is_no_other(
    signed_in, here, trainer, learners, practical, now, at_prison
):
    (buddy,) = learners(1)
    with at_prison(here):
        build.pass_module(buddy, practical, trainer, now)
        build.pass_module(buddy, build.modules()[0], trainer, now)
    text = page(signed_in(trainer), buddy, language="cy")
    assert '<html lang="cy"' in text and "Tystysgrif hyfforddiant" in text and "Cadair olwyn" in text
    assert "23 Tachwedd 2027" in text and 'lang="en">Your role' in text


def test_says_nothing_about_recipients(signed_in, here, lead, wing, now, at_prison):
    with at_prison(here):
        plan, buddy, _ = visits.helped(here, lead, now, wing=wing)
    text = page(signed_in(lead), buddy, of="course")
    assert buddy.person.full_name in text
    assert plan.person.prison_number not in text and plan.reference not in text


def test_needs_the_permission_and_another_prisons_is_404(signed_in, elsewhere, officer, learners):
    (buddy,) = learners(1)
    url = reverse("training:certificate", args=[buddy.prison_id, buddy.token])
    assert signed_in(officer).get(url).status_code == 403
    stranger = cast.make_staff("Tom Other", "TRAINER", elsewhere)
    own = reverse("training:certificate", args=[elsewhere.code, buddy.token])
    assert signed_in(stranger).get(own).status_code == 404
