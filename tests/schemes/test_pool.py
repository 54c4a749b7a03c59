"""The approved pool: people found suitable who wait for a place, without an offer."""

from __future__ import annotations

import pytest
import time_machine
from django.urls import reverse

from buddyscheme.audit.models import AuditEvent
from schemes.actions.buddies import approve_applicant
from schemes.models import Buddy
from schemes.queries.buddies import approved_pool
from tests import cast
from tests.builders import buddies as build
from tests.builders import posts
from tests.builders.referrals import agreed_plan
from tests.cast import acts

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _clock(now):
    with time_machine.travel(now, tick=False):
        yield


def address(buddy, name):
    return reverse(f"schemes:{name}", args=[buddy.prison_id, buddy.token])


def test_from_the_interview_to_the_pool_and_to_the_offer(signed_in, here, lead, wing, now, at_prison):
    with at_prison(here):
        buddy = posts.suitable(here, lead, now, wing=wing)
    client = signed_in(lead)
    assert client.post(address(buddy, "approve"), {}).status_code == 302
    buddy.refresh_from_db()
    assert buddy.status == "APPROVED"
    assert AuditEvent.objects.filter(code="buddy.approved", person_id=buddy.person_id).exists()
    page = client.get(address(buddy, "buddy")).content.decode()
    assert "Approved, waiting for a place" in page and "Offer the role" in page
    assert client.post(address(buddy, "offer"), {}).status_code == 302
    buddy.refresh_from_db()
    assert buddy.status == "IN_TRAINING"


def test_straight_to_the_offer_still_works(signed_in, here, lead, wing, now, at_prison):
    with at_prison(here):
        buddy = posts.suitable(here, lead, now, wing=wing)
    assert signed_in(lead).post(address(buddy, "offer"), {}).status_code == 302


def test_only_who_was_found_suitable(signed_in, here, lead, wing, now, at_prison):
    with at_prison(here):
        waits = build.in_checks(here, lead, now, wing=wing)
        failed = build.cleared(build.in_checks(here, lead, now), lead, now)
        failed = build.interviewed(failed, lead, now, result="NOT_SUITABLE")
    assert "cannot be put in the approved pool now" in signed_in(lead).post(address(waits, "approve")).content.decode()
    assert "found the person not suitable" in signed_in(lead).post(address(failed, "approve")).content.decode()


def test_the_pool_is_shown_by_wing_with_free_places(signed_in, here, lead, delegate, wing, now, at_prison):
    other = cast.make_wing(here, "B")
    with at_prison(here):
        posts.in_pool(here, lead, now, wing=other, last_name="Brown")
        posts.in_pool(here, lead, now, wing=wing, last_name="Adams")
        posts.advertised(here, lead, now, wing, places=3)
        assert [b.person.last_name for b in approved_pool(here)] == ["Adams", "Brown"]
    pool = reverse("schemes:pool", args=[here.code])
    page = signed_in(delegate).get(pool).content.decode()
    assert "Adams" in page and "Brown" in page and ">3<" in page.replace("\n", "").replace(" ", "")
    assert "Brown" not in signed_in(delegate).get(pool + "?wing=A").content.decode()
    listed = signed_in(lead).get(reverse("schemes:buddies", args=[here.code]) + "?status=APPROVED").content.decode()
    assert "Adams" in listed


def test_somebody_in_the_pool_may_withdraw(signed_in, here, lead, wing, now, at_prison):
    with at_prison(here):
        buddy = posts.in_pool(here, lead, now, wing=wing)
    assert signed_in(lead).post(address(buddy, "withdraw"), {"reason": ""}).status_code == 302
    assert Buddy.objects.get().status == "WITHDRAWN"


def test_needs_the_permission(signed_in, here, lead, delegate, outsider, wing, now, at_prison):
    with at_prison(here):
        buddy = posts.suitable(here, lead, now, wing=wing)
        approve_applicant(by=acts(lead, here), now=now, buddy=buddy)
    assert signed_in(delegate).post(address(buddy, "approve"), {}).status_code == 403
    assert signed_in(outsider).post(address(buddy, "approve"), {}).status_code == 404


def test_an_applicant_who_gets_help_is_allowed_and_staff_are_warned(signed_in, here, lead, wing, now, at_prison):
    with at_prison(here):
        build.scheme_ready(here, lead, now)
        person = agreed_plan(here, lead, now).person
    typed = {
        "prison_number": person.prison_number, "applied_on": "2026-11-23", "statement": "I care.", "needed_help": "no",
    }  # fmt: skip
    client, apply = signed_in(lead), reverse("schemes:apply", args=[here.code])
    page = client.post(apply, typed).content.decode()
    assert "also has a plan for help from this scheme. That is allowed." in page and "I care." in page
    assert f'name="warned" value="{person.prison_number}"' in page and not Buddy.objects.exists()
    assert client.post(apply, {**typed, "warned": person.prison_number}).status_code == 302
    assert "also has a plan for help" in client.get(address(Buddy.objects.get(), "buddy")).content.decode()
