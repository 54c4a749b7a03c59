"""Help from today: one page from a referral to a visit, its end by itself, and the full plan made of it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction

from buddyscheme.audit.models import AuditEvent
from referrals.models import Match, Plan, PlannedVisit, PlanVersion
from referrals.queries.interim import ends_soon
from referrals.queries.plans import review_due
from referrals.queries.referrals import to_ask
from referrals.queries.schedule import days_from, week_ahead
from referrals.tasks import end_interim_help_everywhere
from schemes.actions.keep_apart import keep_apart
from tests.builders import referrals as build
from tests.builders.buddies import active_buddy
from tests.builders.schemes import person_in
from tests.builders.visits import day_opened
from tests.cast import acts, make_wing
from tests.referrals.test_screen_referral import queries_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
LAST_DAY = date(2026, 12, 6)


@pytest.fixture
def referral(here, lead, wing, now, at_prison):
    with at_prison(here):
        build.scheme_open(here, lead, now, wing)
        person = person_in(here, lead, now, wing=wing, landing=1, cell="A1-01")
        return build.referral_of(person, lead, now, urgency="URGENT")


@pytest.fixture
def buddy(here, lead, wing, now, at_prison, referral):
    with at_prison(here):
        return active_buddy(here, lead, now, wing=wing, landing=1, cell="A1-02")


def post(client, at, referral, chosen, **changed):
    answers = {
        "own_words": "I want my dinner hot.",
        "tasks": ["DOM-03", "DOM-05"],
        "session": "PM",
        "buddy": chosen.token,
        "person_agrees": "yes",
        "buddy_agrees": "yes",
    }
    return client.post(at("help_today", referral.token), answers | changed)


@pytest.fixture
def plan(signed_in, lead, at, referral, buddy):
    post(signed_in(lead), at, referral, buddy)
    return Plan.objects.select_related("person", "prison", "referral").get()


def test_works_before_screening_and_is_a_real_match_with_visits_today(signed_in, lead, at, referral, buddy, now):
    client = signed_in(lead)
    for name in ("referral", "screen", "refer_done"):
        assert at("help_today", referral.token) in client.get(at(name, referral.token)).content.decode(), name
    answer = post(client, at, referral, buddy)
    plan, match = Plan.objects.get(), Match.objects.get()
    assert answer["Location"] == at("plan", plan.token)
    assert (plan.status, plan.interim_from, plan.interim_until) == ("ACTIVE", now.date(), LAST_DAY)
    assert (match.status, match.buddy, match.started_on) == ("ACTIVE", buddy, now.date())
    assert match.reasons and len(match.checks) == 14
    visit = PlannedVisit.objects.get(plan=plan, day=now.date())
    assert (visit.session, visit.tasks, visit.buddy) == ("PM", ["DOM-03", "DOM-05"], buddy)
    assert plan.own_words in client.get(at("plan", plan.token)).content.decode()
    assert "Interim help ends on 6 December 2026" in client.get(at("plans")).content.decode()
    assert AuditEvent.objects.filter(code="interim.started", person_id=plan.person_id).count() == 1


def test_nothing_follows_a_referral_that_was_not_progressed(signed_in, lead, here, at, referral, buddy, now, at_prison):
    with at_prison(here):
        build.screened(referral, lead, now, outcome="NONE", reason="Manages alone.")
    page = post(signed_in(lead), at, referral, buddy).content.decode()
    assert "This referral was not progressed" in page and not Plan.objects.exists()


def test_needs_the_permission_and_another_prisons_is_404(signed_in, lead, officer, outsider, at, referral, buddy):
    assert post(signed_in(officer), at, referral, buddy).status_code == 403
    assert post(signed_in(outsider), at, referral, buddy).status_code == 404
    assert not Plan.objects.exists()


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"own_words": ""}, "Enter what the person said, in their own words"),
        ({"tasks": []}, "Select one, two or three tasks"),
        ({"tasks": ["DOM-01", "DOM-03", "DOM-05", "MOB-01"]}, "Select one, two or three tasks"),
        ({"tasks": ["SOC-01"]}, "Select only from the answers on the page"),
        ({"tasks": ["PRO-03"]}, "Select only from the answers on the page"),
        ({"person_agrees": "no"}, "Help starts today only when both agree"),
        ({"buddy_agrees": "no"}, "Help starts today only when both agree"),
        ({"buddy": "nobody"}, "Select one of the answers on the page"),
    ],
)
def test_refused_with_what_to_do_and_nothing_is_saved(signed_in, lead, at, referral, buddy, changed, sentence):
    page = post(signed_in(lead), at, referral, buddy, **changed).content.decode()
    assert sentence in page and not Plan.objects.exists() and not Match.objects.exists()
    assert "own_words" in changed or "I want my dinner hot." in page


def test_only_buddies_of_the_wing_whom_nothing_stops_are_offered(
    signed_in, lead, here, at, referral, buddy, now, at_prison
):
    with at_prison(here):
        far = active_buddy(here, lead, now, wing=make_wing(here, "Z"))
        by = acts(lead, here)
        keep_apart(
            by=by, now=now, prison=here, person=referral.person, other=buddy.person, reason="THREAT", restriction="WING"
        )
    page = signed_in(lead).get(at("help_today", referral.token)).content.decode()
    assert "No buddy of this wing can start today" in page and "A keep-apart record stops this match." in page
    assert buddy.token not in page and far.token not in page and "THREAT" not in page
    post(signed_in(lead), at, referral, buddy)
    assert not Plan.objects.exists()


def test_a_second_plan_is_refused(signed_in, lead, at, plan, referral, buddy):
    assert "has a plan already" in post(signed_in(lead), at, referral, buddy).content.decode()
    assert Plan.objects.count() == 1


def test_is_listed_from_the_tenth_day_and_has_no_review(signed_in, lead, here, plan, now, at_prison, at):
    with at_prison(here):
        ninth, tenth = now.date() + timedelta(days=8), now.date() + timedelta(days=9)
        assert not ends_soon(here, ninth).exists() and list(ends_soon(here, tenth)) == [plan]
        assert not review_due(here, LAST_DAY).exists()
    with time_machine.travel(now + timedelta(days=9), tick=False):
        assert plan.reference in signed_in(lead).get(at("plans"), {"show": "interim"}).content.decode()


def test_ends_by_itself_after_fourteen_days_and_the_person_is_still_asked(here, lead, plan, now, at_prison):
    with at_prison(here):
        build.screened(plan.referral, lead, now)
        assert day_opened(here, LAST_DAY, now + timedelta(days=13)) == 1
        assert day_opened(here, LAST_DAY + timedelta(days=1), now + timedelta(days=14)) == 0, "not even before the task"
        assert not to_ask(here).exists()
    for days, status in ((13, "ACTIVE"), (14, "ENDED")):
        with time_machine.travel(now + timedelta(days=days), tick=False):
            end_interim_help_everywhere()
            end_interim_help_everywhere()
        plan.refresh_from_db()
        assert plan.status == status
    assert plan.end_reason == "Interim help ended on its last day" and Match.objects.get().status == "ENDED"
    event = AuditEvent.objects.get(code="interim.over")
    assert event.actor_kind == "system"
    with at_prison(here):
        assert [referral.pk for referral in to_ask(here)] == [plan.referral_id]


def test_no_visit_is_planned_after_its_last_day(here, plan, now, at_prison):
    with at_prison(here):
        days = days_from(LAST_DAY - timedelta(days=1))
        assert [one.day for one in week_ahead(here, now, days=days)] == days[:2]


def test_becomes_the_full_plan_with_nothing_typed_twice(signed_in, lead, here, plan, at, now, at_prison):
    client = signed_in(lead)
    page = client.get(at("plan_edit", plan.token)).content.decode()
    assert "Make this the full plan" in page and plan.own_words in page and 'name="own_words"' not in page
    answers = {
        "goals": "Eat hot food.", "review_on": "2027-02-22", "evacuation_plan": "no", "falls_risk": "no",
        "version": plan.version,
    }  # fmt: skip
    client.post(at("plan_edit", plan.token), answers)
    match = Match.objects.get()
    plan.refresh_from_db()
    assert (plan.status, plan.is_interim, plan.review_on) == ("ACTIVE", False, date(2027, 2, 22))
    assert (match.status, match.plan_id) == ("ACTIVE", plan.pk)
    assert plan.tasks.filter(stopped_at__isnull=True).count() == 2 and plan.own_words == "I want my dinner hot."
    assert PlanVersion.objects.filter(plan=plan).order_by("-number").values_list("why", flat=True)[0] == "FULL"
    with time_machine.travel(now + timedelta(days=20), tick=False):
        end_interim_help_everywhere()
    with at_prison(here):
        assert day_opened(here, now.date() + timedelta(days=20), now + timedelta(days=20)) == 1
    plan.refresh_from_db()
    assert plan.status == "ACTIVE"


def test_a_withdrawal_ends_interim_visits_of_today_the_same_minute(signed_in, lead, plan, at, now):
    consent = plan.consents.get(scope="SUPPORT")
    signed_in(lead).post(at("consent_withdraw", consent.token), {})
    visit = PlannedVisit.objects.get(plan=plan, day=now.date())
    assert visit.cancelled_at == now
    plan.refresh_from_db()
    assert plan.status == "PAUSED"
    with time_machine.travel(now + timedelta(days=14), tick=False):
        end_interim_help_everywhere()
    plan.refresh_from_db()
    assert plan.status == "ENDED"


def test_withdrawing_the_named_buddy_leaves_todays_visit_to_nobody(signed_in, lead, plan, at, now):
    consent = plan.consents.get(scope="NAMED_BUDDY")
    signed_in(lead).post(at("consent_withdraw", consent.token), {})
    visit = PlannedVisit.objects.get(plan=plan, day=now.date())
    assert (visit.buddy_id, visit.cancelled_at) == (None, None) and Match.objects.get().status == "ENDED"


def test_the_database_knows_no_longer_interim_help(plan):
    with pytest.raises(IntegrityError), transaction.atomic():
        Plan.objects.filter(pk=plan.pk).update(interim_until=LAST_DAY + timedelta(days=1))


def test_the_page_does_not_query_per_buddy(signed_in, lead, here, wing, at, referral, buddy, now, at_prison):
    client = signed_in(lead)
    few = queries_of(client, at("help_today", referral.token))
    with at_prison(here):
        for _ in range(3):
            active_buddy(here, lead, now, wing=wing)
    assert queries_of(client, at("help_today", referral.token)) == few
