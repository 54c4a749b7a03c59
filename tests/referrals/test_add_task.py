"""Adding tasks of the closed catalogue; what is not for buddies is refused with a way on."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from buddyscheme.audit.models import AuditEvent
from referrals.models import HeldText, PlannedVisit, PlanTask, UnmetNeed
from schemes.actions import schemes as scheme_actions
from schemes.actions.people import end_custody
from schemes.models import Scheme
from schemes.queries.people import custody_of
from tests.builders import referrals as build
from tests.builders.schemes import person_in
from tests.cast import acts

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
ANSWERS = {"task": "MOB-03", "weekdays": ["0", "2"], "session": "PM", "minutes": "", "note": "Knock and wait."}


@pytest.fixture
def plan(here, lead, wing, now, at_prison):
    with at_prison(here):
        return build.draft_plan(here, lead, now, person_in(here, lead, now, wing=wing), wing=wing)


def add(client, at, plan, **changed):
    return client.post(at("plan_tasks", plan.token), ANSWERS | changed)


def test_works(signed_in, lead, plan, at):
    client = signed_in(lead)
    assert add(client, at, plan)["Location"] == at("plan_tasks", plan.token)
    task = PlanTask.objects.get(task="MOB-03")
    assert (task.weekdays, task.session, task.minutes, task.note) == ([0, 2], "PM", 30, "Knock and wait.")
    page = client.get(at("plan_tasks", plan.token)).content.decode()
    assert "Monday and Wednesday, afternoon" in page and "In the plan (2)" in page


def test_every_day_is_one_tick(signed_in, lead, plan, at):
    add(signed_in(lead), at, plan, weekdays=["all", "3"])
    assert PlanTask.objects.get(task="MOB-03").weekdays == [0, 1, 2, 3, 4, 5, 6]


def test_the_catalogue_is_grouped_and_names_what_is_not_allowed(signed_in, lead, plan, at):
    page = signed_in(lead).get(at("plan_tasks", plan.token)).content.decode()
    assert '<optgroup label="Getting about">' in page and '<optgroup label="Not for buddies' in page
    assert "What a buddy never does" in page and page.count("Wash a person") == 2


@pytest.mark.parametrize("code", ["PRO-03", "PRO-07"])
def test_personal_care_is_refused_and_becomes_a_need_in_one_step(signed_in, lead, plan, at, now, code):
    client = signed_in(lead)
    page = add(client, at, plan, task=code).content.decode()
    assert build.task_of(code).refusal in page and "Record as an unmet need" in page
    assert not PlanTask.objects.filter(task=code).exists()
    client.post(at("plan_need", plan.token, code), {"form_key": "k"})
    client.post(at("plan_need", plan.token, code), {"form_key": "k"})
    need = UnmetNeed.objects.get()
    assert (need.person_id, need.task_id, need.known_on, need.plan_id) == (plan.person_id, code, now.date(), plan.pk)


def test_personal_care_is_refused_before_anything_else_is_asked(signed_in, lead, plan, at):
    page = signed_in(lead).post(at("plan_tasks", plan.token), {"task": "PRO-03"}).content.decode()
    assert "Record as an unmet need" in page and "Select the days of the week" not in page


def test_a_need_that_is_recorded_already_is_told_so(signed_in, lead, plan, at):
    client = signed_in(lead)
    for key in ("a", "b"):
        answer = client.post(at("plan_need", plan.token, "PRO-03"), {"form_key": key}, follow=True)
    assert "recorded already" in answer.content.decode() and UnmetNeed.objects.count() == 1


def test_what_is_unsafe_leads_to_a_concern(signed_in, lead, plan, at):
    page = add(signed_in(lead), at, plan, task="PRO-12").content.decode()
    assert f"{at('concern_add')}?about={plan.token}" in page and "Record as an unmet need" not in page
    assert signed_in(lead).post(at("plan_need", plan.token, "PRO-12")).status_code == 404


def test_restricted_and_stopped_tasks_are_refused(signed_in, lead, here, plan, now, at_prison, at):
    client = signed_in(lead)
    assert "This stays off until approved." in add(client, at, plan, task="RES-02").content.decode()
    with at_prison(here):
        scheme = Scheme.objects.get()
        scheme_actions.set_tasks(
            by=acts(lead, here), now=now, scheme=scheme, allowed={"DOM-03"}, version=scheme.version
        )
    assert "This scheme has stopped" in add(client, at, plan).content.decode()
    assert PlanTask.objects.count() == 1


def test_a_prohibited_task_breaks_on_the_database(plan):
    with pytest.raises(IntegrityError), transaction.atomic():
        PlanTask.objects.filter(plan=plan).update(task="PRO-03")


def test_a_note_of_personal_care_is_held(signed_in, lead, plan, at):
    answer = signed_in(lead).post(
        at("plan_tasks", plan.token), ANSWERS | {"note": "Help her shower and dress afterwards."}, follow=True
    )
    task = PlanTask.objects.get(task="MOB-03")
    held = HeldText.objects.get()
    assert task.note == "" and (held.place, held.subject_id) == ("TASK_NOTE", task.pk)
    assert "waits for the deputy" in answer.content.decode()


def test_needs_the_permission(signed_in, officer, plan, at):
    assert add(signed_in(officer), at, plan).status_code == 403
    assert signed_in(officer).post(at("plan_need", plan.token, "PRO-03")).status_code == 403


def test_another_prisons_is_404(signed_in, lead, elsewhere, now, at_prison, at):
    with at_prison(elsewhere):
        other = build.draft_plan(elsewhere, lead, now)
    assert add(signed_in(lead), at, other).status_code == 404
    assert signed_in(lead).post(at("plan_need", other.token, "PRO-03")).status_code == 404


def test_once_in_a_session(signed_in, lead, plan, at):
    client = signed_in(lead)
    add(client, at, plan)
    page = add(client, at, plan, weekdays=["5"]).content.decode()
    assert "in the plan for this session already" in page and PlanTask.objects.count() == 2


def test_somebody_who_left_meanwhile(signed_in, lead, here, plan, now, at_prison, at):
    with at_prison(here):
        end_custody(by=acts(lead, here), now=now, custody=custody_of(here, plan.person), reason="TRANSFER")
    page = add(signed_in(lead), at, plan).content.decode()
    assert "no longer on this prison’s list" in page and "Knock and wait." in page


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"task": ""}, "Select a task"),
        ({"task": "XXX-99"}, "Select one of the answers on the page"),
        ({"weekdays": []}, "Select the days of the week"),
        ({"weekdays": ["9"]}, "Select only from the answers on the page"),
        ({"session": ""}, "Select the part of the day"),
        ({"minutes": "0"}, "Enter whole minutes from 1 to 240, like 15"),
        ({"note": "n" * 10_000}, "Shorten the text by 9800 characters"),
    ],
)
def test_rejects_bad_input(signed_in, lead, plan, at, changed, sentence):
    page = add(signed_in(lead), at, plan, **changed).content.decode()
    assert sentence in page and (changed.get("note") or "Knock and wait.")[:40] in page
    assert PlanTask.objects.count() == 1


def test_an_active_plan_follows_at_once(signed_in, lead, here, wing, now, at_prison, at):
    with at_prison(here):
        plan = build.agreed_plan(here, lead, now, person_in(here, lead, now, wing=wing), wing=wing)
    add(signed_in(lead), at, plan, session="PM")
    visits = PlannedVisit.objects.filter(plan=plan, day=now.date(), cancelled_at__isnull=True)
    assert set(visits.values_list("session", flat=True)) == {"AM", "PM"}


def test_leaves_the_audit_event(signed_in, lead, plan, at):
    add(signed_in(lead), at, plan)
    assert AuditEvent.objects.filter(code="plan.task_added", details__task="MOB-03", actor_id=lead.pk).count() == 1
