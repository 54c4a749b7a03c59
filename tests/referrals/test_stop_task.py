"""Stopping a task, and withdrawing consent: the future changes in the same minute, and no reason is needed."""

from __future__ import annotations

from datetime import timedelta

import pytest

from buddyscheme.audit.models import AuditEvent
from referrals.actions.days import open_day
from referrals.actions.matches import propose_match, record_agreement
from referrals.models import Consent, PlannedVisit, PlanTask
from tests.builders import referrals as build
from tests.builders.buddies import active_buddy
from tests.builders.schemes import person_in
from tests.cast import acts
from tests.referrals.test_screen_referral import queries_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
TASKS = (("DOM-03", range(7), "AM", 10), ("SOC-01", range(7), "PM", 30))


@pytest.fixture
def plan(here, lead, wing, now, at_prison):
    with at_prison(here):
        plan = build.agreed_plan(here, lead, now, person_in(here, lead, now, wing=wing), TASKS, wing=wing)
        for days in (0, 1):
            open_day(by=acts(lead, here), now=now, prison=here, day=now.date() + timedelta(days=days))
        return plan


def task(plan, code="SOC-01"):
    return PlanTask.objects.get(plan=plan, task=code)


def planned(plan):
    rows = PlannedVisit.objects.filter(plan=plan, cancelled_at__isnull=True).order_by("day", "session")
    return [(row.day.day, row.session) for row in rows]


def test_works(signed_in, officer, plan, at):
    assert planned(plan) == [(23, "AM"), (23, "PM"), (24, "AM"), (24, "PM")]
    answer = signed_in(officer).post(at("task_stop", task(plan).token), {"reason": ""})
    stopped = task(plan)
    assert answer["Location"] == at("helped_person", plan.token)
    assert stopped.stopped_by == officer and stopped.stop_reason == ""
    assert planned(plan) == [(23, "AM"), (24, "AM")]


def test_the_lead_goes_back_to_the_plan(signed_in, lead, plan, at):
    answer = signed_in(lead).post(at("task_stop", task(plan).token), {"reason": "Can do it alone again"})
    assert answer["Location"] == at("plan", plan.token) and task(plan).stop_reason == "Can do it alone again"


def test_removed_while_the_plan_is_written(signed_in, lead, here, wing, now, at_prison, at):
    with at_prison(here):
        draft = build.draft_plan(here, lead, now, person_in(here, lead, now, wing=wing), wing=wing)
    answer = signed_in(lead).post(at("task_stop", task(draft, "DOM-03").token), {})
    assert answer["Location"] == at("plan_tasks", draft.token)
    assert "no task in this plan yet" in signed_in(lead).get(answer["Location"]).content.decode()


def test_needs_the_permission(signed_in, council, plan, at):
    assert signed_in(council).post(at("task_stop", task(plan).token), {}).status_code == 403
    assert signed_in(council).get(at("helped")).status_code == 403
    assert signed_in(council).get(at("helped_person", plan.token)).status_code == 403


def test_another_prisons_is_404(signed_in, officer, lead, elsewhere, now, at_prison, at):
    with at_prison(elsewhere):
        other = build.agreed_plan(elsewhere, lead, now)
    assert signed_in(officer).post(at("task_stop", task(other, "DOM-03").token), {}).status_code == 404
    assert signed_in(officer).get(at("helped_person", other.token)).status_code == 404
    consent = Consent.objects.filter(plan=other).first()
    assert signed_in(officer).post(at("consent_withdraw", consent.token), {}).status_code == 404


def test_refused_a_second_time(signed_in, officer, plan, at):
    client = signed_in(officer)
    client.post(at("task_stop", task(plan).token), {})
    assert "has been stopped already" in client.post(at("task_stop", task(plan).token), {}).content.decode()


def test_rejects_bad_input(signed_in, officer, plan, at):
    page = signed_in(officer).post(at("task_stop", task(plan).token), {"reason": "r" * 10_000}).content.decode()
    assert "Shorten the text by 9800 characters" in page and task(plan).stopped_at is None


def test_withdrawing_support_cancels_at_once_and_can_be_given_again(signed_in, officer, lead, plan, at):
    client = signed_in(officer)
    consent = Consent.objects.get(plan=plan, scope="SUPPORT")
    assert at("consent_withdraw", consent.token) in client.get(at("helped_person", plan.token)).content.decode()
    client.post(at("consent_withdraw", consent.token), {})
    plan.refresh_from_db()
    assert plan.status == "PAUSED" and planned(plan) == []
    page = signed_in(lead).get(at("plan", plan.token)).content.decode()
    assert "The person withdrew" in page and at("consent_give", plan.token, "support") in page
    signed_in(lead).post(at("consent_give", plan.token, "support"), {})
    plan.refresh_from_db()
    assert plan.status == "ACTIVE" and planned(plan)[:2] == [(23, "AM"), (23, "PM")]


def test_withdrawn_once(signed_in, lead, plan, at):
    consent = Consent.objects.get(plan=plan, scope="SUPPORT")
    signed_in(lead).post(at("consent_withdraw", consent.token), {})
    page = signed_in(lead).post(at("consent_withdraw", consent.token), {}).content.decode()
    assert "has been withdrawn already" in page


def test_an_officer_withdraws_support_only(signed_in, officer, lead, plan, at):
    sharing = Consent.objects.get(plan=plan, scope="SHARING")
    assert signed_in(officer).post(at("consent_withdraw", sharing.token), {}).status_code == 404
    signed_in(lead).post(at("consent_withdraw", sharing.token), {})
    sharing.refresh_from_db()
    plan.refresh_from_db()
    assert sharing.withdrawn_by == lead and plan.status == "ACTIVE" and len(planned(plan)) == 4


def test_leaves_the_audit_events(signed_in, officer, plan, at):
    client = signed_in(officer)
    client.post(at("task_stop", task(plan).token), {})
    client.post(at("consent_withdraw", Consent.objects.get(plan=plan, scope="SUPPORT").token), {})
    for code in ("plan.task_stopped", "consent.withdrawn"):
        event = AuditEvent.objects.get(code=code)
        assert (event.actor_id, event.person_id) == (officer.pk, plan.person_id)


def test_list_does_not_query_per_row(signed_in, officer, lead, here, plan, wing, now, at_prison, at):
    client = signed_in(officer)
    few = queries_of(client, at("helped"))
    with at_prison(here):
        for _ in range(4):
            build.agreed_plan(here, lead, now, person_in(here, lead, now, wing=wing))
    assert queries_of(client, at("helped")) == few


@pytest.fixture
def match(here, lead, wing, plan, now, at_prison):
    with at_prison(here):
        buddy = active_buddy(here, lead, now, wing=wing)
        found = propose_match(by=acts(lead, here), now=now, plan=plan, buddy=buddy, why="Asked.")
        return record_agreement(by=acts(lead, here), now=now, match=found, person_agrees=True, buddy_agrees=True)


def test_withdrawing_from_one_buddy_ends_that_match(signed_in, lead, plan, match, at):
    consent = Consent.objects.get(plan=plan, scope="NAMED_BUDDY")
    page = signed_in(lead).get(at("plan", plan.token)).content.decode()
    assert f"{match.buddy.person.called} as the buddy" in page and at("consent_withdraw", consent.token) in page
    signed_in(lead).post(at("consent_withdraw", consent.token), {})
    match.refresh_from_db()
    plan.refresh_from_db()
    assert match.status == "ENDED" and plan.status == "ACTIVE"
    assert not PlannedVisit.objects.filter(plan=plan, buddy__isnull=False, cancelled_at__isnull=True).exists()


def test_ending_the_plan_ends_its_matches(signed_in, lead, plan, match, at):
    signed_in(lead).post(at("plan_end", plan.token), {"reason": "Recovered"})
    match.refresh_from_db()
    assert match.status == "ENDED" and planned(plan) == []
