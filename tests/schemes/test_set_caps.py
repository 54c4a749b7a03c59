"""The caps of the scheme within the national ones, and lower ones for one buddy."""

from __future__ import annotations

import pytest
import time_machine
from django.urls import reverse

from buddyscheme.audit.models import AuditEvent
from buddyscheme.lib.errors import NotAllowed
from buddyscheme.outbox.models import Message
from schemes.actions.caps import set_scheme_caps
from schemes.models import Buddy, Scheme
from schemes.rules.caps import Caps
from tests.builders import buddies as build
from tests.cast import acts

pytestmark = pytest.mark.django_db
ANSWERS = {"capacity": "6", "hours": "25", "days_in_row": "5"}


@pytest.fixture(autouse=True)
def _clock(now):
    with time_machine.travel(now, tick=False):
        yield


@pytest.fixture
def buddy(here, lead, wing, now, at_prison):
    with at_prison(here):
        return build.active_buddy(here, lead, now, wing=wing)


def scheme_url(here):
    return reverse("schemes:scheme_caps", args=[here.code])


def buddy_url(here, buddy):
    return reverse("schemes:buddy_caps", args=[here.code, buddy.token])


def test_the_schemes_caps_go_to_its_buddies(signed_in, lead, here, buddy):
    version = Scheme.objects.get().version
    assert signed_in(lead).post(scheme_url(here), ANSWERS | {"version": version}).status_code == 302
    scheme = Scheme.objects.get()
    assert (scheme.capacity, scheme.weekly_minutes, scheme.days_in_row) == (6, 1500, 5)
    buddy.refresh_from_db()
    assert (buddy.capacity, buddy.weekly_minutes, buddy.days_in_row) == (6, 1500, 5)
    assert AuditEvent.objects.filter(code="scheme.changed", details__step="caps").exists()
    assert (
        "6 people, 25 hours a week" in signed_in(lead).get(reverse("schemes:scheme", args=[here.code])).content.decode()
    )


def test_a_lower_cap_of_one_buddy_stays_lower(signed_in, lead, here, buddy, now, at_prison):
    answers = {"capacity": "2", "hours": "10", "days_in_row": "4", "rest_day": "2"}
    assert signed_in(lead).post(buddy_url(here, buddy), answers).status_code == 302
    buddy.refresh_from_db()
    assert (buddy.capacity, buddy.weekly_minutes, buddy.days_in_row, buddy.rest_day) == (2, 600, 4, 2)
    assert AuditEvent.objects.filter(code="buddy.caps_changed", person_id=buddy.person_id).exists()
    assert Message.objects.filter(topic="buddy.rest_changed").exists()
    with at_prison(here):
        scheme = Scheme.objects.get()
        caps = Caps(capacity=6, weekly_minutes=500, days_in_row=6)
        set_scheme_caps(by=acts(lead, here), now=now, scheme=scheme, caps=caps, version=scheme.version)
    buddy.refresh_from_db()
    assert (buddy.capacity, buddy.weekly_minutes, buddy.days_in_row) == (2, 500, 4)


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"capacity": "13"}, "Enter a whole number from 1 to 12"),
        ({"hours": "41"}, "Enter a whole number from 1 to 40"),
        ({"days_in_row": "7"}, "Enter a whole number from 1 to 6"),
        ({"capacity": "0"}, "Enter a whole number from 1 to 12"),
        ({"version": "99"}, "Somebody else changed"),
    ],
)
def test_nothing_above_the_national_caps(signed_in, lead, here, buddy, changed, sentence):
    answers = ANSWERS | {"version": str(Scheme.objects.get().version)} | changed
    assert sentence in signed_in(lead).post(scheme_url(here), answers).content.decode()
    assert Scheme.objects.get().capacity == 4


def test_the_action_refuses_too(here, lead, buddy, now, at_prison):
    caps = Caps(capacity=13, weekly_minutes=1200, days_in_row=6)
    scheme = Scheme.objects.get()
    with at_prison(here), pytest.raises(NotAllowed, match="the national cap is the most"):
        set_scheme_caps(by=acts(lead, here), now=now, scheme=scheme, caps=caps, version=scheme.version)


def test_no_buddy_above_the_scheme(signed_in, lead, here, buddy):
    answers = {"capacity": "5", "hours": "10", "days_in_row": "4", "rest_day": "2"}
    assert "Enter a whole number from 1 to 4" in signed_in(lead).post(buddy_url(here, buddy), answers).content.decode()


def test_rest_days_are_spread(here, lead, wing, now, at_prison):
    with at_prison(here):
        rests = [build.active_buddy(here, lead, now, wing=wing).rest_day for _ in range(3)]
    assert rests == [6, 5, 4]


def test_permission_and_other_prisons(signed_in, here, elsewhere, officer, delegate, outsider, buddy):
    for user in (officer, delegate):
        assert signed_in(user).get(scheme_url(here)).status_code == 403
        assert signed_in(user).get(buddy_url(here, buddy)).status_code == 403
    assert signed_in(outsider).get(buddy_url(elsewhere, buddy)).status_code == 404


def test_only_in_the_role(signed_in, here, lead, wing, now, at_prison):
    with at_prison(here):
        trainee = build.in_training(here, lead, now, wing=wing)
    answers = {"capacity": "2", "hours": "10", "days_in_row": "4", "rest_day": "2"}
    assert "is not in the role" in signed_in(lead).post(buddy_url(here, trainee), answers).content.decode()
    assert Buddy.objects.get().capacity == 4
