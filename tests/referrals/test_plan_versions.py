"""Versions of a plan, any two compared; the review; equipment and leaving in an emergency; who does what."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import ProgrammingError, transaction

from buddyscheme.audit.models import AuditEvent
from referrals.actions import plans as actions
from referrals.actions.equipment import write_evacuation
from referrals.models import Equipment, EvacuationPlan, PlanGoal, PlanReview, PlanVersion
from referrals.queries.plan_parts import equipment_overdue, evacuation_of
from referrals.rules.plan_lines import Change, compare
from tests.builders import referrals as build
from tests.builders.visits import helped
from tests.cast import acts

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
REVIEW = {"right": "RIGHT", "other_help": "YES", "next_on": "2027-03-01"}


@pytest.fixture
def plan(here, lead, wing, now, at_prison):
    with at_prison(here):
        return build.agreed_plan(here, lead, now, wing=wing, goals=["Eat with others.", "Write home."])


def versions(plan):
    return list(PlanVersion.objects.filter(plan=plan).order_by("number").values_list("number", "why"))


def test_compared_line_by_line():
    older = {"tasks": [["1", "Meals"], ["2", "Water"]], "review": [["", "1 May 2026"]]}
    newer = {"tasks": [["1", "Meals, mornings"], ["3", "Company"]], "review": [["", "1 May 2026"]]}
    assert compare(older, newer) == [
        Change("Tasks", "Changed", "Meals", "Meals, mornings"),
        Change("Tasks", "Removed", before="Water"),
        Change("Tasks", "Added", after="Company"),
    ]
    assert compare(newer, newer) == []


def test_every_change_of_an_active_plan_is_a_version_and_saving_the_same_is_none(signed_in, lead, plan, at):
    client = signed_in(lead)
    assert versions(plan) == [(1, "ACTIVE")]
    answers = {
        "goals": "Eat with others.\nWrite home.", "safety_words": ["UNSTEADY"], "evacuation_plan": "no",
        "falls_risk": "no", "version": plan.version,
    }  # fmt: skip
    client.post(at("plan_edit", plan.token), answers)
    plan.refresh_from_db()
    client.post(at("plan_edit", plan.token), answers | {"version": plan.version})
    task = {"task": "SOC-01", "weekdays": ["0"], "session": "PM", "done_by": "CARER"}
    client.post(at("plan_tasks", plan.token), task)
    client.post(at("task_stop", plan.tasks.get(task="DOM-03").token), {"reason": ""})
    assert versions(plan) == [(1, "ACTIVE"), (2, "CHANGED"), (3, "CHANGED"), (4, "CHANGED")]
    page = client.get(at("plan_versions", plan.token)).content.decode()
    assert "Version 4" in page and "The first version" in page
    page = client.get(at("plan_compare", plan.token), {"older": "4", "newer": "1"}).content.decode()
    assert "Keep company: Monday, afternoon, 30 minutes, carer" in page and "No longer there" in page
    assert client.get(at("plan_compare", plan.token), {"older": "1", "newer": "9"}).status_code == 404
    paper = client.get(at("plan_version", plan.token, 1)).content.decode()
    assert "Collect meals" in paper and "Keep company" not in paper and "At risk of falling" not in paper
    assert client.get(at("plan_version", plan.token, 9)).status_code == 404


def test_a_version_is_never_changed(here, plan, at_prison):
    with at_prison(here), pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        PlanVersion.objects.filter(plan=plan).update(number=9)


def test_a_review_says_what_became_of_each_goal_and_moves_the_date(signed_in, lead, plan, at):
    client = signed_in(lead)
    first, second = PlanGoal.objects.order_by("position")
    page = client.get(at("plan_review", plan.token)).content.decode()
    assert first.words in page and 'value="2027"' in page, "the usual next date need not be typed"
    answers = REVIEW | {f"goal_{first.pk}": "REACHED", f"goal_{second.pk}": "DROPPED", "version": plan.version}
    client.post(at("plan_review", plan.token), answers)
    plan.refresh_from_db()
    review = PlanReview.objects.get()
    assert (review.right, review.other_help, review.due_on) == ("RIGHT", "YES", date(2027, 2, 21))
    assert plan.review_on == review.next_on == date(2027, 3, 1)
    assert [goal.state for goal in PlanGoal.objects.order_by("position")] == ["REACHED", "DROPPED"]
    assert versions(plan)[-1] == (2, "REVIEWED")
    assert "Eat with others. (reached)" in client.get(at("plan", plan.token)).content.decode()
    assert AuditEvent.objects.filter(code="plan.reviewed", person_id=plan.person_id).count() == 1


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"right": ""}, "Select whether the help is still right"),
        ({"other_help": ""}, "Select whether another prisoner helps as well"),
        ({"next_on": "2026-11-23"}, "Date of the next review must be on or after 24 November 2026"),
        ({"next_on": "2028-03-01"}, "Date of the next review must be on or before"),
        ({"version": 1}, "Somebody else changed this plan"),
    ],
)
def test_a_review_is_refused_with_what_to_do(signed_in, lead, plan, at, changed, sentence):
    goals = {f"goal_{goal.pk}": "PARTLY" for goal in PlanGoal.objects.all()}
    answers = REVIEW | goals | {"version": plan.version} | changed
    page = signed_in(lead).post(at("plan_review", plan.token), answers).content.decode()
    assert sentence in page and not PlanReview.objects.exists()


def test_a_draft_has_nothing_to_review(signed_in, lead, here, wing, now, at_prison, at):
    with at_prison(here):
        draft = build.draft_plan(here, lead, now, wing=wing)
    goal = PlanGoal.objects.get()
    answers = REVIEW | {f"goal_{goal.pk}": "NOT", "version": draft.version}
    page = signed_in(lead).post(at("plan_review", draft.token), answers).content.decode()
    assert "nothing to review" in page and not versions(draft)


def test_equipment_is_checked_overdue_and_taken_out(signed_in, lead, here, plan, now, at_prison, at):
    client = signed_in(lead)
    url = at("equipment_add", plan.token)
    page = client.post(url, {"kind": "OTHER", "what": "", "owner": "PRISON"}).content.decode()
    assert "Enter what it is" in page
    page = client.post(
        url, {"kind": "FRAME", "owner": "PRISON", "checked_on": "2026-11-01", "next_check_on": "2026-11-20"}
    ).content.decode()
    assert "Enter a next check after today and within a year" in page and not Equipment.objects.exists()
    client.post(url, {"kind": "FRAME", "owner": "PRISON", "checked_on": "2026-11-01", "next_check_on": "2026-11-30"})
    thing = Equipment.objects.get()
    Equipment.objects.update(next_check_on=now.date() - timedelta(days=1))
    page = client.get(at("plan", plan.token)).content.decode()
    assert "Belongs to the prison<br>Last checked on 1 November 2026" in page and "Check overdue" in page
    with at_prison(here):
        assert list(equipment_overdue(here, now.date())) == [plan]
    assert plan.reference in client.get(at("plans"), {"show": "equipment"}).content.decode()
    client.post(at("equipment_check", thing.token), {"checked_on": "2026-11-23", "next_check_on": ""})
    assert "Check overdue" not in client.get(at("plan", plan.token)).content.decode()
    assert client.post(at("equipment_remove", thing.token), {}).status_code == 302
    assert "taken out of the plan already" in client.post(at("equipment_remove", thing.token), {}).content.decode()
    assert versions(plan)[-1][0] == 4


def test_leaving_in_an_emergency_is_written_down_kept_and_on_the_unlock_list(
    signed_in, lead, here, wing, now, at_prison, at
):
    with at_prison(here):
        plan, _, _ = helped(here, lead, now, wing=wing)
    client = signed_in(lead)
    assert "Evacuation plan" not in client.get(at("unlock_list")).content.decode()
    url = at("evacuation", plan.token)
    page = client.post(url, {"needs_help": "yes", "how": "Two staff walk with him."}).content.decode()
    assert "Enter how many staff are needed" in page and "Two staff walk with him." in page
    whole = {
        "needs_help": "yes", "how": "Two staff walk with him.", "staff": "2", "waits_at": "The gate of B2",
        "review_on": "2027-05-01",
    }  # fmt: skip
    assert "Enter a review date" in client.post(url, whole | {"review_on": ""}).content.decode()
    client.post(url, whole)
    assert "Evacuation plan" in client.get(at("unlock_list")).content.decode()
    client.post(url, {"needs_help": "no"})
    assert "Evacuation plan" not in client.get(at("unlock_list")).content.decode()
    assert EvacuationPlan.objects.filter(plan=plan).count() == 3 and not evacuation_of(plan).needs_help


def test_the_same_answer_on_the_plans_page_keeps_what_is_written(lead, here, plan, now, at_prison):
    with at_prison(here):
        by = acts(lead, here)
        written = write_evacuation(
            by=by, now=now, plan=plan, needs_help=True, how="Two staff.", staff=2, waits_at="The gate",
            review_on=now.date() + timedelta(days=9),
        )  # fmt: skip
        plan.refresh_from_db()
        actions.save_plan(
            by=by, now=now, plan=plan, goals=["Eat with others."], safety_words=[], review_on=plan.review_on,
            evacuation_plan=True, version=plan.version,
        )  # fmt: skip
        assert evacuation_of(plan) == written


def test_tasks_stand_by_who_does_them_and_consents_with_their_dates(signed_in, lead, here, plan, now, at_prison, at):
    with at_prison(here):
        for code, who in (("SOC-01", "CARER"), ("DOM-01", "SELF")):
            actions.add_task(
                by=acts(lead, here), now=now, plan=plan, task=build.task_of(code), weekdays=[0], session="PM",
                minutes=10, done_by=who,
            )  # fmt: skip
    page = signed_in(lead).get(at("plan", plan.token)).content.decode()
    assert page.index("Buddy does") < page.index("Carer does") < page.index("The person does")
    assert page.count("23 November 2026, ") >= 2 and "Withdraw" in page
