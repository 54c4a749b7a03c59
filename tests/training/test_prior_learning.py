"""Training passed elsewhere: accepted with evidence from its own day, or to be taken again; never a practical part."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import time_machine
from django.urls import reverse

from buddyscheme.audit.models import AuditEvent
from tests import cast
from tests.builders import buddies as build
from tests.builders import training
from training.models import ModuleResult, PriorLearning
from training.queries.results import module_states

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _clock(now):
    with time_machine.travel(now, tick=False):
        yield


@pytest.fixture
def learner(learners):
    return learners(1)[0]


def url(buddy):
    return reverse("training:prior", args=[buddy.prison_id, buddy.token])


def answers(**changes):
    return {
        "module": "T01", "place": "Otherfield", "passed_on": "2026-03-01", "evidence": "Certificate seen",
        "evidence_on": "2026-03-02", "decision": "ACCEPTED", "reason": "", **changes,
    }  # fmt: skip


@pytest.mark.parametrize("who", ["lead", "trainer"])
def test_accepted_from_its_own_day(request, signed_in, learner, who):
    user = request.getfixturevalue(who)
    assert signed_in(user).post(url(learner), answers()).status_code == 302
    prior = PriorLearning.objects.get()
    result = ModuleResult.objects.get(prior=prior)
    assert (prior.decision, prior.decided_by_id) == ("ACCEPTED", user.pk)
    assert (result.outcome, result.assessed_on, result.expires_on) == ("PASSED", date(2026, 3, 1), date(2027, 3, 1))
    page = signed_in(user).get(reverse("training:buddy", args=[learner.prison_id, learner.token])).content.decode()
    assert "Accepted from Otherfield" in page and "1\u00a0Mar\u00a02027" in page and user.name in page


def test_the_practical_part_is_always_shown_here(signed_in, here, trainer, learner, practical, now, at_prison):
    client = signed_in(trainer)
    client.post(url(learner), answers(module="T09"))
    result = ModuleResult.objects.get()
    assert (result.outcome, result.knowledge, result.practical) == ("NOT_YET", "PASSED", "NOT_YET")
    with at_prison(here):
        assert module_states([learner.pk], now.date())[learner.pk].in_date == frozenset()
    page = client.get(reverse("training:buddy", args=[learner.prison_id, learner.token])).content.decode()
    assert "Practical part to be shown here" in page and "Knowledge accepted" in page


def test_to_be_taken_again_says_why_and_counts_for_nothing(signed_in, trainer, learner):
    client = signed_in(trainer)
    again = answers(decision="RETAKE")
    assert "Enter why the module is to be taken again" in client.post(url(learner), again).content.decode()
    client.post(url(learner), {**again, "reason": "Certificate cannot be read"})
    assert PriorLearning.objects.get().decision == "RETAKE" and not ModuleResult.objects.exists()


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"passed_on": "2026-11-24"}, "Date of passing must be today or in the past"),
        ({"passed_on": "2019-01-01"}, "Date of passing must be on or after"),
        ({"evidence_on": "2026-02-01"}, "Date of the evidence must be between the date of passing and today"),
        ({"evidence_on": "2026-11-24"}, "Date of the evidence must be between"),
        ({"passed_on": "2025-01-10", "evidence_on": "2025-01-10"}, "this module lapsed on 10 January 2026"),
        ({"place": ""}, "Enter where it was passed"),
        ({"evidence": ""}, "Enter what shows that it was passed"),
        ({"module": ""}, "Select the module"),
    ],
)
def test_rejects_bad_input_and_keeps_what_was_typed(signed_in, trainer, learner, change, says):
    page = signed_in(trainer).post(url(learner), answers(**change)).content.decode()
    assert says in page and ("Certificate seen" in page or "evidence" in change)
    assert not PriorLearning.objects.exists()


def test_what_is_in_date_here_needs_no_acceptance(signed_in, here, trainer, learner, now, at_prison):
    with at_prison(here):
        build.pass_module(learner, build.modules()[0], trainer, now)
    assert "is in date here already" in signed_in(trainer).post(url(learner), answers()).content.decode()


def test_a_newer_result_here_counts_more(signed_in, here, trainer, learner, now, at_prison):
    with at_prison(here):
        build.pass_module(learner, build.modules()[0], trainer, now, outcome="NOT_YET")
    assert "The newer result counts" in signed_in(trainer).post(url(learner), answers()).content.decode()


def test_needs_the_permission_and_another_prisons_is_404(signed_in, elsewhere, officer, learner):
    assert signed_in(officer).get(url(learner)).status_code == 403
    stranger = cast.make_staff("Tom Other", "TRAINER", elsewhere)
    own = reverse("training:prior", args=[elsewhere.code, learner.token])
    assert signed_in(stranger).post(own, answers()).status_code == 404


def test_leaves_the_audit_event(signed_in, here, trainer, learner, now, at_prison):
    signed_in(trainer).post(url(learner), answers())
    event = AuditEvent.objects.get(code="training.prior_accepted")
    assert (event.actor_id, event.person_id, event.details["module"]) == (trainer.pk, learner.person_id, "T01")
    with at_prison(here):
        training.elsewhere(learner, "T02", trainer, now + timedelta(hours=1), accept=False, reason="Too long ago")
    assert AuditEvent.objects.filter(code="training.prior_retake").exists()
