"""The gate: nobody starts without clearance, compact and the mandatory modules, and the page says what is missing."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from buddyscheme.audit.models import AuditEvent
from buddyscheme.lib.errors import NotAllowed
from schemes.actions.buddies import activate
from tests import cast
from tests.builders import buddies as build
from training.actions.appointments import appoint
from training.models import Module

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _clock(now):
    with time_machine.travel(now, tick=False):
        yield


@pytest.fixture
def learner(here, lead, wing, now, at_prison):
    with at_prison(here):
        return build.in_training(here, lead, now, wing=wing)


@pytest.fixture
def ready(here, lead, learner, now, at_prison):
    with at_prison(here):
        return build.trained(build.compact_signed(learner, lead, now), lead, now)


def url_of(buddy):
    return reverse("training:appoint", args=[buddy.prison_id, buddy.token])


def test_works(signed_in, lead, ready, now):
    assert signed_in(lead).post(url_of(ready), {"started_on": "2026-11-23"}).status_code == 302
    ready.refresh_from_db()
    assert (ready.status, ready.started_on) == ("ACTIVE", now.date())


def test_needs_the_permission(signed_in, ready, trainer, officer, delegate):
    for user in (trainer, officer, delegate):
        assert signed_in(user).post(url_of(ready), {"started_on": "2026-11-23"}).status_code == 403


def test_another_prisons_is_404(signed_in, ready, outsider, elsewhere):
    assert signed_in(outsider).post(url_of(ready), {}).status_code == 404
    own = reverse("training:appoint", args=[elsewhere.code, ready.token])
    assert signed_in(outsider).post(own, {}).status_code == 404


def test_says_everything_that_is_missing(signed_in, lead, learner):
    answer = signed_in(lead).post(url_of(learner), {"started_on": "2026-11-23"}).content.decode()
    assert "cannot start yet. Still needed: the signed compact, 3 modules (Your role; Duty of care;" in answer
    learner.refresh_from_db()
    assert learner.status == "IN_TRAINING"


def test_one_module_short(here, lead, learner, now, at_prison):
    with at_prison(here):
        build.compact_signed(learner, lead, now)
        build.trained(learner, lead, now, without=("T02",))
        with pytest.raises(NotAllowed, match=r"Still needed: 1 module \(Duty of care\)\."):
            appoint(by=cast.acts(lead, here), now=now, buddy=learner, started_on=now.date())


def test_a_module_that_is_not_mandatory_is_not_asked_for(here, lead, ready, now, at_prison):
    Module.objects.create(code="T99", title="Stair lift", mandatory=False, source="Made up", position=99)
    with at_prison(here):
        appoint(by=cast.acts(lead, here), now=now, buddy=ready, started_on=now.date())


def test_what_has_lapsed_since_is_asked_for_again(here, lead, ready, now, at_prison):
    later = now + timedelta(days=400)
    with at_prison(here), pytest.raises(NotAllowed, match=r"a renewed clearance by Security.*3 modules"):
        appoint(by=cast.acts(lead, here), now=later, buddy=ready, started_on=later.date())


def test_nobody_skips_the_gate_by_the_lower_half(here, lead, learner, now, at_prison):
    with at_prison(here), pytest.raises(NotAllowed, match="before the compact is signed"):
        activate(by=cast.acts(lead, here), now=now, buddy=learner, started_on=now.date())


@pytest.mark.parametrize(
    ("on", "says"),
    [
        ("2026-11-24", "must be today or in the past"),
        ("2026-11-22", "must be on or after 23 November 2026"),
        ("", "Enter the date of starting"),
    ],
)
def test_rejects_bad_dates(signed_in, lead, ready, on, says):
    assert says in signed_in(lead).post(url_of(ready), {"started_on": on}).content.decode()


def test_refused_when_already_in_the_role_or_closed(here, lead, ready, now, at_prison):
    by = cast.acts(lead, here)
    with at_prison(here):
        appoint(by=by, now=now, buddy=ready, started_on=now.date())
        with pytest.raises(NotAllowed, match="already is a buddy here"):
            appoint(by=by, now=now, buddy=ready, started_on=now.date())


def test_leaves_the_audit_event(signed_in, lead, ready):
    signed_in(lead).post(url_of(ready), {"started_on": "2026-11-23"})
    event = AuditEvent.objects.get(code="buddy.appointed")
    assert (event.actor_id, event.person_id) == (lead.pk, ready.person_id)
