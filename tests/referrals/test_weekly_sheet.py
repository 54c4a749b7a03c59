"""The sheet for the weekly meeting: counts first, then names; one side."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from buddyscheme.audit.models import AuditEvent
from referrals.queries.weekly import weekly
from referrals.views.weekly import MOST_NAMES
from schemes.models import Custody
from tests.builders import buddies, referrals, visits
from tests.builders.schemes import person_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _clock(now):
    with time_machine.travel(now, tick=False):
        yield


@pytest.fixture
def sheet(signed_in, here, lead):
    """`sheet()`: the parts by heading, and the page's words."""

    def read():
        answer = signed_in(lead).get(reverse("referrals:weekly_sheet", args=[here.code]))
        assert answer.status_code == 200
        return {part["heading"]: part for part in answer.context["parts"]}, answer.content.decode()

    return read


def test_new_and_waiting_referrals_are_told_apart(sheet, here, lead, now, at_prison):
    with at_prison(here):
        old = person_in(here, lead, now, last_name="Older")
        referrals.referral_of(old, lead, now - timedelta(days=9))
        referrals.referral_of(person_in(here, lead, now, last_name="Newer"), lead, now)
    parts, page = sheet()
    assert [parts["New referrals"]["count"], parts["Waiting to be screened"]["count"]] == [1, 2]
    assert "Newer" in parts["New referrals"]["lines"][0]
    assert any("Older" in line and "9 days" in line for line in parts["Waiting to be screened"]["lines"])
    assert "Printed by" in page and lead.name in page and "17 November 2026 to 23 November 2026" in page


def test_needs_plans_and_supervision_with_their_days(sheet, here, lead, wing, now, at_prison):
    with at_prison(here):
        referrals.agreed_plan(here, lead, now - timedelta(days=5), person=person_in(here, lead, now, wing=wing))
        referrals.unmet_need(here, lead, now, known_on=(now - timedelta(days=3)).date())
        buddies.active_buddy(here, lead, now - timedelta(days=40), wing=wing)
        buddies.active_buddy(here, lead, now, wing=wing)
    parts, _ = sheet()
    assert "5 days" in parts["Waiting for a buddy"]["lines"][0]
    assert "4 days" in parts["Personal care not met"]["lines"][0]
    assert parts["Supervision due, late or missed"]["count"] == 1
    assert "late since 14 Nov" in parts["Supervision due, late or missed"]["lines"][0]
    assert parts["New applications"]["count"] == 1


def test_visits_that_nobody_comes_for_today(sheet, here, lead, wing, now, at_prison):
    with at_prison(here):
        plan = referrals.agreed_plan(here, lead, now - timedelta(days=5), person=person_in(here, lead, now, wing=wing))
        visits.day_opened(here, now.date(), now)
    parts, _ = sheet()
    uncovered = parts["Visits today that nobody comes for"]
    assert uncovered["count"] >= 1 and plan.person.list_name in uncovered["lines"][0]


@pytest.mark.parametrize(("days", "count"), [(28, 1), (29, 0), (-1, 1)])
def test_people_helped_and_buddies_who_leave_within_28_days(here, lead, wing, now, at_prison, days, count):
    with at_prison(here):
        plan, buddy, _ = visits.helped(here, lead, now, wing=wing)
        other = person_in(here, lead, now)
        leaving = (now + timedelta(days=days)).date()
        for person in (buddy.person, other):
            Custody.objects.filter(person=person).update(release_on=leaving)
        found = weekly(here, now.date()).leaving
    assert [(row.person_id, row.helped, row.helps) for row in found] == [(buddy.person_id, False, True)] * count
    assert plan.person_id != buddy.person_id


def test_many_names_are_cut_and_the_count_is_whole(sheet, here, lead, now, at_prison):
    with at_prison(here):
        for _ in range(MOST_NAMES + 3):
            referrals.referral_of(person_in(here, lead, now), lead, now)
    part = sheet()[0]["New referrals"]
    assert (part["count"], len(part["lines"]), part["more"]) == (MOST_NAMES + 3, MOST_NAMES, "and 3 more")


def test_an_empty_week_says_none(sheet):
    parts, page = sheet()
    assert page.count("None.") == len(parts) == 8


def test_needs_the_permission_and_the_print_is_recorded(signed_in, sheet, here, lead, officer):
    assert signed_in(officer).get(reverse("referrals:weekly_sheet", args=[here.code])).status_code == 403
    sheet()
    assert AuditEvent.objects.get(code="printed", actor_id=lead.pk).details == {"page": "weekly sheet", "rows": 0}
