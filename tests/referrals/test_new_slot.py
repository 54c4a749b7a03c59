"""The gate on a new slot: the buddies of the plan must hold what the task needs. What is there already goes on."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from buddyscheme.lib.dates import london_today
from referrals.models import Match, PlannedVisit, PlanTask
from schemes.actions.buddies import suspend
from schemes.actions.caps import set_buddy_caps
from schemes.models import Clearance
from schemes.rules.caps import Caps
from tests.builders import buddies, care
from tests.builders.visits import active_match, helped, proposed_match
from tests.cast import acts

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
ANSWERS = {"task": "MOB-03", "weekdays": ["0", "2"], "session": "PM", "minutes": "", "note": "Knock and wait."}


@pytest.fixture
def pair(here, wing, lead, now, at_prison):
    with at_prison(here):
        return helped(here, lead, now, wing=wing)


@pytest.fixture
def module(pair):
    """Walking with somebody needs a module that the buddy has not passed."""
    return care.extra_module("X01", "Walking aids", task="MOB-03")


def add(signed_in, lead, at, plan, **changed):
    return signed_in(lead).post(at("plan_tasks", plan.token), ANSWERS | changed)


def test_refused_in_words_that_name_the_buddy_and_the_module(signed_in, lead, pair, module, at):
    plan, buddy, _ = pair
    page = add(signed_in, lead, at, plan).content.decode()
    assert f"{buddy.person.full_name} helps with this plan and cannot be given this task." in page
    assert "Walking aids is not passed." in page and "ask for an override" in page
    assert "Knock and wait." in page and PlanTask.objects.count() == 1


def test_existing_slots_go_on(signed_in, lead, pair, module, at, now):
    plan, buddy, _ = pair
    add(signed_in, lead, at, plan)
    visit = PlannedVisit.objects.get(plan=plan, day=now.date())
    assert (visit.buddy_id, visit.tasks, visit.cancelled_at) == (buddy.pk, ["DOM-03"], None)


def test_a_task_that_needs_no_module_is_added_all_the_same(signed_in, lead, pair, module, at):
    assert add(signed_in, lead, at, pair[0], task="SOC-01").status_code == 302


def test_an_override_opens_the_gate_and_its_end_shuts_it(
    signed_in, lead, delegate, pair, module, at, here, now, at_prison, clock
):
    plan, buddy, _ = pair
    with at_prison(here):
        care.override_running(buddy, lead, delegate, now, module, days=2)
    clock.move_to(now + timedelta(days=2))
    assert add(signed_in, lead, at, plan).status_code == 302
    clock.move_to(now + timedelta(days=3))
    page = add(signed_in, lead, at, plan, session="EV").content.decode()
    assert "It was to be made good by 25 November 2026 (override)." in page
    assert PlanTask.objects.filter(task="MOB-03").count() == 1


def test_a_lapsed_core_module_stops_any_new_task(signed_in, lead, pair, at, here, now, at_prison, clock):
    plan, buddy, _ = pair
    clock.move_to(now + timedelta(days=10))
    with at_prison(here):
        care.lapsed(buddy, lead, now + timedelta(days=10))
    page = add(signed_in, lead, at, plan, task="SOC-01").content.decode()
    assert "Your role has lapsed." in page


def test_lapsed_clearance_stops_it(signed_in, lead, pair, at, now):
    plan, buddy, _ = pair
    Clearance.objects.filter(buddy=buddy, department="SECURITY").update(
        decided_on=date(2026, 1, 5), expires_on=now.date() - timedelta(days=1)
    )
    page = add(signed_in, lead, at, plan, task="SOC-01").content.decode()
    assert "Clearance ran out on 22 November 2026." in page and "Ask the departments" in page


def test_a_new_text_of_the_compact_stops_it(signed_in, lead, pair, at):
    buddies.compact_text()
    with buddies.as_owner():
        from schemes.models import CompactText

        CompactText.objects.create(version=2, text="I help, and I tell.", in_force_from=date(2026, 11, 1))
    page = add(signed_in, lead, at, pair[0], task="SOC-01").content.decode()
    assert "The compact ran out on 31 October 2026." in page and "Have the compact signed" in page


def test_the_second_buddy_needs_it_too(signed_in, lead, pair, module, at, here, wing, now, at_prison):
    plan, buddy, _ = pair
    with at_prison(here):
        buddies.pass_module(buddy, module, lead, now)
        second = buddies.active_buddy(here, lead, now, wing=wing)
        active_match(plan, second, lead, now, "SECOND")
    assert add(signed_in, lead, at, plan).status_code == 302  # `active_buddy` passes every module there is
    care.extra_module("X02", "Listening", task="SOC-01")
    page = add(signed_in, lead, at, plan, task="SOC-01").content.decode()
    assert page.count("Listening is not passed.") == 2 and second.person.full_name in page


def test_what_somebody_else_does_needs_no_gate(pair, module, here, lead, now, at_prison):
    from referrals.actions.plans import add_task
    from tests.builders.referrals import task_of

    with at_prison(here):
        added = add_task(
            by=acts(lead, here), now=now, plan=pair[0], task=task_of("MOB-03"), weekdays=[0], session="PM", minutes=30,
            done_by="CARER",
        )  # fmt: skip
    assert added.done_by == "CARER"


def test_the_cap_on_hours_refuses(signed_in, lead, pair, at, here, now, at_prison):
    plan, buddy, _ = pair
    with at_prison(here):
        caps = Caps(capacity=4, weekly_minutes=120, days_in_row=6)
        set_buddy_caps(by=acts(lead, here), now=now, buddy=buddy, caps=caps, rest_day=6)
    page = add(signed_in, lead, at, plan).content.decode()
    assert "Would be at 2 h 10 min a week of at most 2 h." in page and "Select fewer days or minutes" in page
    assert add(signed_in, lead, at, plan, minutes="20").status_code == 302


def test_the_cap_on_days_refuses(signed_in, lead, here, wing, now, at_prison, at):
    with at_prison(here):
        plan, buddy, _ = helped(here, lead, now, wing=wing, tasks=(("DOM-03", (0, 1, 2), "AM", 10),))
        caps = Caps(capacity=4, weekly_minutes=1200, days_in_row=3)
        set_buddy_caps(by=acts(lead, here), now=now, buddy=buddy, caps=caps, rest_day=6)
    page = add(signed_in, lead, at, plan, weekdays=["3"]).content.decode()
    assert "Would help on 4 days in a row of at most 3." in page
    assert add(signed_in, lead, at, plan, weekdays=["4"]).status_code == 302


# In the database -------------------------------------------------------------------------------------------


def test_the_database_takes_no_live_match_with_a_buddy_who_is_not_active(pair, here, lead, now, at_prison):
    _, buddy, match = pair
    with at_prison(here):
        suspend(by=acts(lead, here), now=now, buddy=buddy, reason="Being looked into")
    match.refresh_from_db()
    assert match.status == "ACTIVE"  # what ran is not touched
    Match.objects.filter(pk=match.pk).update(status="PAUSED")
    with pytest.raises(IntegrityError, match="a match needs an active buddy"), transaction.atomic():
        Match.objects.filter(pk=match.pk).update(status="ACTIVE")
    Match.objects.filter(pk=match.pk).update(status="ENDED")
    match.pk, match.token, match.status = None, "another-token-of-a-match", "PROPOSED"
    with pytest.raises(IntegrityError, match="a match needs an active buddy"), transaction.atomic():
        Match.objects.bulk_create([match])


def test_a_suspension_between_proposing_and_agreeing(here, wing, lead, now, at_prison, signed_in, at):
    from tests.builders.referrals import agreed_plan
    from tests.builders.schemes import person_in

    with at_prison(here):
        plan = agreed_plan(here, lead, now, person=person_in(here, lead, now, wing=wing), wing=wing)
        buddy = buddies.active_buddy(here, lead, now, wing=wing)
        match = proposed_match(plan, buddy, lead, now)
        suspend(by=acts(lead, here), now=now, buddy=buddy, reason="Being looked into")
    page = signed_in(lead).post(at("match_agreement", match.token), {"person_agrees": "yes", "buddy_agrees": "yes"})
    assert "Not an active buddy at present." in page.content.decode()
    assert london_today(now) and Match.objects.get().status == "PROPOSED"
