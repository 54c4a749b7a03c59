"""The record that a buddy takes away: their own figures on paper, and nothing of anybody whom they helped."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import time_machine
from django.urls import reverse

from buddyscheme.audit.models import AuditEvent
from referrals.models import PlannedVisit
from referrals.pack_file import body_of
from referrals.queries.take_away import record_of
from referrals.rules.packs import answer_by, months_between, newest_overdue
from schemes.models import Buddy, Person
from tests.builders import buddies as build
from tests.builders import visits
from tests.builders.packs import left

pytestmark = pytest.mark.django_db

CANARY = "CANARYRECIPIENT"


@pytest.fixture(autouse=True)
def _clock(now):
    with time_machine.travel(now, tick=False):
        yield


@pytest.fixture
def helped(here, lead, wing, now, at_prison):
    """A buddy who helped somebody, with canaries in everything that is said about that person."""
    with at_prison(here):
        plan, buddy, _ = visits.helped(here, lead, now, wing=wing, goals=f"{CANARY} goals")
        visits.day_opened(here, now.date(), now)
        planned = PlannedVisit.objects.filter(buddy=buddy).order_by("id").first()
        visits.visit_of(planned, lead, now, extra_help=f"{CANARY} tray")
    with build.as_owner():
        Person.objects.filter(pk=plan.person_id).update(first_name=CANARY, last_name=CANARY, preferred_name=CANARY)
    return plan, build.fresh(buddy), planned


def page(client, buddy, **query):
    return client.get(reverse("referrals:take_away", args=[buddy.prison_id, buddy.token]), query).content.decode()


def test_it_says_modules_hours_and_months(signed_in, lead, helped):
    _, buddy, planned = helped
    text = page(signed_in(lead), buddy)
    hours, minutes = divmod(planned.minutes, 60)
    assert buddy.person.full_name in text and buddy.person.prison_number in text
    assert f"Time helping other people: {hours} hours {minutes} minutes" in text and "Visits made: 1" in text
    assert "Your role" in text and "23 November 2027" in text and f"ZTA-{buddy.reference}-T01" in text
    assert AuditEvent.objects.filter(code="printed", person_id=buddy.person_id).exists()


@pytest.mark.parametrize("language", ["en", "cy"])
def test_nothing_of_a_recipient_is_on_it(signed_in, lead, helped, language):
    plan, buddy, _ = helped
    text = page(signed_in(lead), buddy, language=language)
    assert CANARY not in text and plan.person.prison_number not in text and plan.reference not in text


def test_nothing_of_a_recipient_goes_to_the_next_prison(here, elsewhere, helped, now, at_prison):
    plan, buddy, _ = helped
    with at_prison(here):
        body = str(body_of(record_of(buddy, now.date()), to=elsewhere, sent_on=now.date(), suspended_since=None))
    assert CANARY not in body and plan.person.prison_number not in body and plan.reference not in body


def test_in_welsh_with_the_english_title_marked(signed_in, lead, helped):
    text = page(signed_in(lead), helped[1], language="cy")
    assert '<html lang="cy"' in text and "Fy nghofnod fel cyfaill" in text and 'lang="en">Your role' in text


def test_a_lapsed_module_says_so(signed_in, lead, helped, now):
    with time_machine.travel(now + timedelta(days=400), tick=False):
        assert "Lapsed on 23 November 2027" in page(signed_in(lead), helped[1])


def test_months_run_from_before_the_service_for_a_take_over(here, lead, delegate, now, at_prison):
    with at_prison(here):
        buddy = build.taken_over(here, lead, delegate, now)
        what = record_of(buddy, now.date())
    assert what.since == buddy.in_role_since and what.months == 13


def test_months_stop_when_the_person_left(here, lead, wing, now, at_prison):
    with at_prison(here):
        buddy = left(build.active_buddy(here, lead, now, wing=wing), lead, now)
        assert record_of(buddy, now.date() + timedelta(days=300)).months == 0
        assert buddy.status == Buddy.Status.LEFT


def test_the_buddys_page_leads_there(signed_in, here, lead, helped):
    text = signed_in(lead).get(reverse("schemes:buddy", args=[here.code, helped[1].token])).content.decode()
    assert reverse("referrals:take_away", args=[here.code, helped[1].token]) in text


def test_the_certificate_carries_the_same_reference(signed_in, here, lead, helped):
    text = signed_in(lead).get(reverse("training:certificate", args=[here.code, helped[1].token])).content.decode()
    assert f"ZTA-{helped[1].reference}-T01" in text


def test_the_permission_is_needed(signed_in, officer, outsider, helped):
    path = reverse("referrals:take_away", args=[helped[1].prison_id, helped[1].token])
    assert signed_in(officer).get(path).status_code == 403
    assert signed_in(outsider).get(path).status_code == 404


@pytest.mark.parametrize(
    ("first", "last", "months"),
    [
        (date(2026, 1, 31), date(2026, 2, 28), 0),
        (date(2026, 1, 15), date(2026, 2, 15), 1),
        (date(2025, 11, 24), date(2026, 11, 23), 11),
        (date(2026, 5, 1), date(2026, 4, 1), 0),
    ],
)
def test_whole_months(first, last, months):
    assert months_between(first, last) == months


def test_two_working_days_leave_out_weekends_and_bank_holidays():
    assert answer_by(date(2026, 11, 23)) == date(2026, 11, 25)
    assert answer_by(date(2026, 11, 20)) == date(2026, 11, 24)
    assert answer_by(date(2026, 11, 21)) == date(2026, 11, 24)
    assert answer_by(date(2026, 12, 24)) == date(2026, 12, 30), "Christmas, a Saturday, a Sunday, Boxing Day kept"
    for n in range(60):
        today = date(2026, 11, 16) + timedelta(days=n)
        newest = newest_overdue(today)
        assert answer_by(newest) < today <= answer_by(newest + timedelta(days=1))
