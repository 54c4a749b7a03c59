"""Restricted tasks: off until the governor's delegate approves them, with training and a review date."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import time_machine

from buddyscheme.audit.models import AuditEvent
from buddyscheme.lib.errors import NotAllowed
from referrals.actions.plans import add_task
from referrals.handlers import restricted_changed
from referrals.models import PlannedVisit
from referrals.queries.days import plan_facts
from referrals.queries.restricted import without_approval
from referrals.rules.days import visits_of
from schemes.models import Scheme, SchemeTask
from schemes.queries.schemes import allowed_tasks
from tests.builders import care
from tests.builders import referrals as build
from tests.builders.buddies import active_buddy
from tests.builders.schemes import person_in
from tests.cast import acts
from training.actions.catalogue import set_local_tasks
from training.actions.restricted import decide_restricted, withdraw_restricted
from training.models import LocalTaskModule, RestrictedTask
from training.queries import restricted as queries
from training.queries.results import modules_of_tasks

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock(now):
    with time_machine.travel(now, tick=False):
        yield


@pytest.fixture
def scheme(here, lead, wing, now, at_prison):
    with at_prison(here):
        return build.scheme_open(here, lead, now, wing)


@pytest.fixture
def module(scheme):
    return care.extra_module()


@pytest.fixture
def asked(here, lead, module, now, at_prison):
    with at_prison(here):
        return care.restricted_asked(here, lead, now, module)


@pytest.fixture
def on(here, delegate, asked, now, at_prison):
    with at_prison(here):
        return decide_restricted(by=acts(delegate, here), now=now, asked=asked, approve=True)


def url(here, *parts):
    return f"/prisons/{here.code}/restricted-tasks/" + "".join(f"{part}/" for part in parts)


def codes(scheme, day):
    return [task.code for task in allowed_tasks(scheme, day)]


def shoes(here, lead, plan, now):
    return add_task(
        by=acts(lead, here), now=now, plan=plan, task=build.task_of("RES-02"), weekdays=range(7), session="PM",
        minutes=5,
    )  # fmt: skip


def restricted_visits(plan):
    rows = PlannedVisit.objects.filter(plan=plan, cancelled_at__isnull=True, tasks__contains=["RES-02"])
    return rows.count()


def test_asked_by_the_lead_and_approved_by_the_delegate(signed_in, lead, delegate, here, scheme, module, now):
    answers = {"task": "RES-02", "reason": "Two people ask daily.", "modules": [module.code], "review_on": "2027-05-01"}
    signed_in(lead).post(url(here, "ask"), answers)
    asked = RestrictedTask.objects.get()
    assert (asked.status, asked.modules) == ("WAITING", [module.code])
    assert "RES-02" not in codes(scheme, now.date())
    signed_in(delegate).post(url(here, asked.token), {"decision": "APPROVE", "reason": ""})
    asked.refresh_from_db()
    assert (asked.status, asked.decided_by) == ("APPROVED", delegate)
    assert "RES-02" in codes(scheme, now.date())
    page = signed_in(delegate).get(url(here), {"state": "running"}).content.decode()
    assert "Help with shoes" in page and "Lena Lead" in page and "1\u00a0May\u00a02027" in page
    assert AuditEvent.objects.get(code="restricted.approved").details["task"] == "RES-02"


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"task": "DOM-03"}, "Select one of the answers on the page"),
        ({"task": "PRO-03"}, "Select one of the answers on the page"),
        ({"reason": ""}, "Enter why buddies here should do this"),
        ({"modules": []}, "Select at least one module"),
        ({"review_on": "2026-11-23"}, "must be on or after 24 November 2026"),
        ({"review_on": "2027-11-25"}, "must be on or before 24 November 2027"),
    ],
)
def test_rejects_what_is_missing(signed_in, lead, here, module, changed, sentence):
    answers = {"task": "RES-02", "reason": "Asked daily.", "modules": [module.code], "review_on": "2027-05-01"}
    assert sentence in signed_in(lead).post(url(here, "ask"), answers | changed).content.decode()
    assert not RestrictedTask.objects.exists()


def test_never_by_who_asked_and_never_by_the_lead(here, lead, deputy, delegate, asked, now, at_prison):
    with at_prison(here):
        with pytest.raises(NotAllowed, match="somebody else has to decide"):
            decide_restricted(by=acts(lead, here), now=now, asked=asked, approve=True)
        Scheme.objects.filter(prison=here).update(lead=delegate)
        with pytest.raises(NotAllowed, match="The lead of the scheme cannot decide"):
            decide_restricted(by=acts(delegate, here), now=now, asked=asked, approve=True)


def test_needs_the_permission_and_the_prison(
    signed_in, lead, officer, delegate, here, elsewhere, asked, now, at_prison
):
    assert signed_in(officer).get(url(here)).status_code == 403
    assert signed_in(delegate).get(url(here, "ask")).status_code == 403
    signed_in(lead).post(url(here, asked.token), {"decision": "APPROVE", "reason": ""})
    asked.refresh_from_db()
    assert asked.status == "WAITING"
    with at_prison(elsewhere):
        build.scheme_open(elsewhere, lead, now)
        other = care.restricted_asked(elsewhere, lead, now, care.extra_module())
    assert signed_in(lead).get(url(here, other.token)).status_code == 404


def test_it_ends_by_itself_and_is_listed_four_weeks_before(here, scheme, on, now, at_prison):
    last = on.review_on
    assert "RES-02" in codes(scheme, last) and "RES-02" not in codes(scheme, last + timedelta(days=1))
    with at_prison(here):
        assert not queries.to_renew(here, last - timedelta(days=29)).exists()
        assert list(queries.to_renew(here, last - timedelta(days=28))) == [on]
        assert list(queries.ended(here, last + timedelta(days=1))) == [on]


def test_a_renewal_takes_the_place_of_the_one_before(here, lead, delegate, module, on, now, at_prison):
    with at_prison(here):
        newer = care.restricted_on(here, lead, delegate, now, module, days=200)
        on.refresh_from_db()
        assert (on.status, newer.status) == ("RENEWED", "APPROVED")
        assert SchemeTask.objects.get(task="RES-02").until == newer.review_on


def test_the_named_training_is_needed_and_nobody_takes_it_out(here, lead, delegate, wing, scheme, now, at_prison):
    with at_prison(here):
        plan = build.agreed_plan(here, lead, now, person_in(here, lead, now, wing=wing), wing=wing)
        match = build.matched(here, lead, plan, active_buddy(here, lead, now, wing=wing), now)
        module = care.extra_module("X09", "Shoes and coats")
        care.restricted_on(here, lead, delegate, now, module)
        assert modules_of_tasks(["RES-02"], here)["RES-02"] == {"X09"}
        with pytest.raises(NotAllowed, match=f"{match.buddy.person.full_name} helps with this plan and cannot"):
            shoes(here, lead, plan, now)
        with pytest.raises(NotAllowed, match="was approved with this module"):
            set_local_tasks(by=acts(lead, here), now=now, prison=here, module=module, tasks=[])
        assert LocalTaskModule.objects.filter(task="RES-02").count() == 1


def test_withdrawn_at_once_and_visits_follow(signed_in, lead, here, wing, scheme, on, now, at_prison):
    with at_prison(here):
        plan = build.agreed_plan(here, lead, now, person_in(here, lead, now, wing=wing), wing=wing)
        task = shoes(here, lead, plan, now)
    assert restricted_visits(plan)
    signed_in(lead).post(url(here, on.token, "off"), {"reason": "A buddy was hurt."})
    on.refresh_from_db()
    assert (on.status, on.withdraw_reason) == ("WITHDRAWN", "A buddy was hurt.")
    assert "RES-02" not in codes(scheme, now.date())
    restricted_changed(here.code, {"task": "RES-02"})
    assert not restricted_visits(plan)
    with at_prison(here):
        assert list(without_approval(here, now.date())) == [task]
        with pytest.raises(NotAllowed, match="Only an approved task"):
            withdraw_restricted(by=acts(lead, here), now=now, asked=on, reason="Again")
    page = signed_in(lead).get(f"/prisons/{here.code}/plan-tasks/without-approval/").content.decode()
    assert plan.person.list_name in page and "Help with shoes" in page


def test_no_visit_is_planned_after_the_last_day(here, lead, wing, on, at_prison):
    with at_prison(here):
        at = on.asked_at
        plan = build.agreed_plan(here, lead, at, person_in(here, lead, at, wing=wing), wing=wing)
        shoes(here, lead, plan, at)
        fact = plan_facts(here, since=at, plans=[plan.pk])[0]

        def held(day: date) -> bool:
            return any("RES-02" in visit.tasks for visit in visits_of(fact, day, at=at, now=at))

        assert held(on.review_on) and not held(on.review_on + timedelta(days=1))


def test_the_inspector_sees_which_are_on_and_no_names_of_people(signed_in, inspector, lead, on, now):
    page = signed_in(inspector).get("/national/restricted-tasks/").content.decode()
    assert "Testwick" in page and "Help with shoes" in page and "21\u00a0Feb\u00a02027" in page
    assert lead.name not in page and on.decided_by.name not in page
    assert signed_in(lead).get("/national/restricted-tasks/").status_code == 403
