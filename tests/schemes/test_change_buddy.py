"""The hops of a buddy's status: by the table, with who, when and why."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import time_machine
from django.urls import reverse

from buddyscheme.audit.models import AuditEvent
from buddyscheme.lib.errors import NotAllowed
from buddyscheme.outbox.models import Message
from schemes.actions import buddies as actions
from schemes.actions.clearance import ask_again
from schemes.actions.people import end_custody
from schemes.models import Buddy, Clearance
from schemes.queries.buddies import take_overs_waiting
from schemes.queries.people import custody_of
from schemes.rules.buddies import BEFORE_START, FIRST_STATUS, TRANSITIONS
from tests.builders import buddies as build
from tests.builders.schemes import person_in
from tests.cast import acts

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _clock(now):
    with time_machine.travel(now, tick=False):
        yield


@pytest.fixture
def active(here, lead, wing, now, at_prison):
    with at_prison(here):
        return build.active_buddy(here, lead, now, wing=wing)


def post(signed_in, user, name, buddy, **answers):
    return signed_in(user).post(reverse(f"schemes:{name}", args=[buddy.prison_id, buddy.token]), answers)


def test_every_status_is_in_the_table():
    assert set(TRANSITIONS) == set(Buddy.Status)
    assert set().union(*TRANSITIONS.values()) | set(FIRST_STATUS.values()) == set(Buddy.Status)
    ends = {status for status, after in TRANSITIONS.items() if not after}
    assert ends | {"DECLINED"} == set(Buddy.Status) - set(Buddy.OPEN)
    # Only an upheld appeal leads out of a refusal, and never into the role.
    assert TRANSITIONS["DECLINED"] == BEFORE_START


def test_the_whole_way_leaves_a_step_a_hop(active, lead):
    hops = list(active.steps.order_by("id").values_list("old_status", "new_status"))
    assert hops == [
        ("", "APPLIED"),
        ("APPLIED", "CHECKS"),
        ("CHECKS", "INTERVIEW"),
        ("INTERVIEW", "OFFERED"),
        ("OFFERED", "IN_TRAINING"),
        ("IN_TRAINING", "ACTIVE"),
    ]


def test_each_step_through_the_pages(signed_in, here, lead, wing, now, at_prison):
    with at_prison(here):
        buddy = build.applied(here, lead, now, wing=wing)
    assert post(signed_in, lead, "ask_for_checks", buddy).status_code == 302
    assert buddy.clearances.filter(decision="WAITING").count() == 4
    for department in ("SECURITY", "HEALTHCARE", "SAFER_CUSTODY", "OFFENDER_MANAGEMENT"):
        url = reverse("schemes:paper", args=[here.code, buddy.token, department])
        answers = {"decision": "12", "decided_on": "2026-11-20", "written_by": "Ann Other, head of department"}
        assert signed_in(lead).post(url, answers).status_code == 302
    interview = {"held_on": "2026-11-23", "panel": "Lead, officer", "result": "SUITABLE", "notes": ""}
    assert post(signed_in, lead, "interview", buddy, **interview).status_code == 302
    assert post(signed_in, lead, "offer", buddy).status_code == 302
    compact = {"signed_on": "2026-11-23", "format": "EN", "read_aloud": "yes", "witnessed": "on"}
    assert post(signed_in, lead, "compact", buddy, **compact).status_code == 302
    buddy.refresh_from_db()
    assert buddy.status == "IN_TRAINING"
    signature = buddy.compacts.get()
    assert (signature.text_id, signature.read_aloud, signature.witnessed_by_id) == (1, True, lead.pk)


def test_an_interview_that_went_badly_allows_no_offer(signed_in, here, lead, wing, now, at_prison):
    with at_prison(here):
        checked = build.cleared(build.in_checks(here, lead, now, wing=wing), lead, now)
        buddy = build.interviewed(checked, lead, now, result="NOT_SUITABLE")
    answer = post(signed_in, lead, "offer", buddy)
    assert "found the person not suitable" in answer.content.decode()
    assert post(signed_in, lead, "decline", buddy, reason="Not this time").status_code == 302
    buddy.refresh_from_db()
    assert (buddy.status, buddy.end_reason, buddy.ended_on) == ("DECLINED", "Not this time", date(2026, 11, 23))


def test_an_interview_waits_for_every_department(signed_in, here, lead, wing, now, at_prison):
    with at_prison(here):
        buddy = build.in_checks(here, lead, now, wing=wing)
    answers = {"held_on": "2026-11-23", "panel": "Lead", "result": "SUITABLE"}
    answer = post(signed_in, lead, "interview", buddy, **answers)
    assert "until every department has signed" in answer.content.decode()


@pytest.mark.parametrize(
    ("name", "permitted"),
    [("ask_for_checks", "lead"), ("interview", "lead"), ("offer", "lead"), ("compact", "lead"), ("decline", "lead"),
     ("withdraw", "lead"), ("ask_again", "lead")],
)  # fmt: skip
def test_needs_the_permission(request, signed_in, active, trainer, delegate, outsider, name, permitted):
    url = reverse(f"schemes:{name}", args=[active.prison_id, active.token])
    for user in (trainer, delegate):
        assert signed_in(user).get(url).status_code == 403
    assert signed_in(outsider).get(url).status_code == 404
    assert signed_in(request.getfixturevalue(permitted)).get(url).status_code == 200


def test_a_record_of_another_prison_is_404_under_ones_own_address(signed_in, active, outsider, elsewhere):
    url = reverse("schemes:decline", args=[elsewhere.code, active.token])
    assert signed_in(outsider).post(url, {"reason": "x"}).status_code == 404


def test_suspend_stops_visits_and_says_so(here, active, lead, now, at_prison):
    with at_prison(here):
        actions.suspend(by=acts(lead, here), now=now, buddy=active, reason="Under investigation")
    active.refresh_from_db()
    assert active.status == "SUSPENDED"
    assert Message.objects.get(topic="buddy.stopped").payload == {"buddy_id": active.pk}
    assert Message.objects.filter(topic="month.changed", key="ZTA:2026-11").exists()


def test_reinstate_needs_clearance_in_date(here, active, lead, now, at_prison):
    by, later = acts(lead, here), now + timedelta(days=400)
    with at_prison(here):
        actions.suspend(by=by, now=now, buddy=active, reason="Wait")
        with pytest.raises(NotAllowed, match="Clearance is not in date"):
            actions.reinstate(by=by, now=later, buddy=active, reason="Back")
        ask_again(by=by, now=later, buddy=active)
        build.cleared(active, lead, later)
        assert actions.reinstate(by=by, now=later, buddy=active, reason="Back").status == "ACTIVE"


def test_leaving_and_being_removed(here, active, lead, now, at_prison):
    by = acts(lead, here)
    with at_prison(here):
        with pytest.raises(NotAllowed, match="Enter the reason"):
            actions.leave_role(by=by, now=now, buddy=active, reason="", removed=True)
        actions.leave_role(by=by, now=now, buddy=active, reason="Took money", removed=True)
    active.refresh_from_db()
    assert (active.status, active.end_reason) == ("REMOVED", "Took money")
    assert AuditEvent.objects.filter(code="buddy.removed", actor_id=lead.pk).exists()


@pytest.mark.parametrize("name", ["ask_for_checks", "offer", "decline", "withdraw"])
def test_refused_in_the_wrong_state(signed_in, active, lead, name):
    answer = post(signed_in, lead, name, active, reason="Because")
    assert answer.status_code == 200
    assert "There is a problem" in answer.content.decode()
    active.refresh_from_db()
    assert active.status == "ACTIVE"


def test_a_compact_is_signed_once_a_version(signed_in, active, lead):
    compact = {"signed_on": "2026-11-23", "format": "EN", "read_aloud": "yes", "witnessed": "on"}
    answer = post(signed_in, lead, "compact", active, **compact)
    assert "has already signed version 1" in answer.content.decode()


def test_the_page_never_shows_a_departments_note_to_others(signed_in, here, lead, security, wing, now, at_prison):
    with at_prison(here):
        buddy = build.in_checks(here, lead, now, wing=wing)
    clearance = Clearance.objects.get(buddy=buddy, department="SECURITY")
    url = reverse("schemes:clearance", args=[here.code, clearance.token])
    answers = {"decision": "CLEARED", "expires_on": "2027-11-01", "note": "Informant on C wing"}
    assert signed_in(security).post(url, answers).status_code == 302
    page = signed_in(lead).get(reverse("schemes:buddy", args=[here.code, buddy.token])).content.decode()
    assert "Sid Security" in page and "Informant" not in page
    assert AuditEvent.objects.filter(code="viewed", actor_id=lead.pk, person_id=buddy.person_id).exists()


@pytest.mark.parametrize(
    ("at", "reason", "status", "event", "says"),
    [
        ("active_buddy", "RELEASE", "LEFT", "buddy.left", "Released"),
        ("active_buddy", "DEATH", "LEFT", "buddy.left", "Died"),
        ("in_checks", "TRANSFER", "WITHDRAWN", "buddy.withdrew", "Moved to another prison"),
        ("in_training", "OTHER", "WITHDRAWN", "buddy.withdrew", "Left this prison"),
    ],
)
def test_whoever_leaves_the_prison_is_no_longer_a_buddy_or_applicant(
    signed_in, here, lead, wing, now, at_prison, at, reason, status, event, says
):
    with at_prison(here):
        buddy = getattr(build, at)(here, lead, now, wing=wing)
    before = buddy.status
    gone = reverse("schemes:person_left", args=[here.code, buddy.person.token])
    assert signed_in(lead).post(gone, {"reason": reason}).status_code == 302
    buddy.refresh_from_db()
    assert (buddy.status, buddy.end_reason, buddy.ended_on) == (status, says, date(2026, 11, 23))
    step = buddy.steps.order_by("id").last()
    assert (step.old_status, step.new_status, step.reason, step.by_id) == (before, status, says, lead.pk)
    assert AuditEvent.objects.get(code=event).person_id == buddy.person_id
    assert Message.objects.filter(topic="buddy.stopped").exists() is (at == "active_buddy")


def test_a_suspended_buddy_who_is_released_has_left(signed_in, here, lead, active, now, at_prison):
    with at_prison(here):
        actions.suspend(by=acts(lead, here), now=now, buddy=active, reason="Under investigation")
    gone = reverse("schemes:person_left", args=[here.code, active.person.token])
    assert signed_in(lead).post(gone, {"reason": "RELEASE"}).status_code == 302
    active.refresh_from_db()
    assert (active.status, active.end_reason) == ("LEFT", "Released")


def test_a_record_that_is_closed_already_keeps_its_own_reason(signed_in, here, lead, active, now, at_prison):
    with at_prison(here):
        actions.leave_role(by=acts(lead, here), now=now, buddy=active, reason="Took money", removed=True)
    gone = reverse("schemes:person_left", args=[here.code, active.person.token])
    assert signed_in(lead).post(gone, {"reason": "RELEASE"}).status_code == 302
    active.refresh_from_db()
    assert (active.status, active.end_reason) == ("REMOVED", "Took money")


def test_a_take_over_that_waited_is_no_longer_to_be_decided(signed_in, here, lead, wing, now, at_prison):
    with at_prison(here):
        asked = build.take_over_asked(here, lead, now, wing=wing)
        assert take_overs_waiting(here).count() == 1
    gone = reverse("schemes:person_left", args=[here.code, asked.buddy.person.token])
    assert signed_in(lead).post(gone, {"reason": "TRANSFER"}).status_code == 302
    with at_prison(here):
        assert not take_overs_waiting(here).exists()


def test_an_application_can_be_made_again_after_coming_back(here, lead, active, now, at_prison):
    later = now + timedelta(days=30)
    with at_prison(here):
        custody = custody_of(here, active.person)
        end_custody(by=acts(lead, here), now=now + timedelta(hours=1), custody=custody, reason="TRANSFER")
        # The builder puts people on the list a year before.
        year_on = later + timedelta(days=365)
        back = person_in(here, lead, year_on, active.person.prison_number, last_name=active.person.last_name)
        assert back == active.person
        assert build.applied(here, lead, later, person=back).status == "APPLIED"
