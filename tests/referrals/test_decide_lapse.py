"""A lapsed module or compact never ends help by itself: it is flagged, and the lead decides match by match."""

from __future__ import annotations

from datetime import timedelta

import pytest

from buddyscheme.audit.models import AuditEvent
from buddyscheme.lib.dates import london_today
from referrals.actions.days import open_day
from referrals.actions.lapses import decide_lapse
from referrals.models import LapseDecision, PlannedVisit, PlanTask
from referrals.queries.lapses import flags, to_decide
from referrals.rules.lapses import Decided, Lack, standing
from tests.builders import buddies, care
from tests.builders.visits import helped, planned_on
from tests.cast import acts
from training.models import Module

pytestmark = pytest.mark.django_db
TWO = (("DOM-03", tuple(range(7)), "AM", 10), ("MOB-03", (0, 2), "PM", 30))
LATER = timedelta(days=10)


@pytest.fixture
def later(now):
    return now + LATER


@pytest.fixture
def pair(here, wing, lead, now, at_prison):
    with at_prison(here):
        return helped(here, lead, now, wing=wing, tasks=TWO)


@pytest.fixture
def lapsed(pair, here, lead, later, at_prison, clock):
    """Ten days on, a core module ran out yesterday."""
    clock.move_to(later)
    with at_prison(here):
        care.lapsed(pair[1], lead, later)
    return pair


def decide(signed_in, lead, at, match, **answers):
    values = {"choice": "KEEP", "until": "2026-12-20", "reason": "The class is next week", **answers}
    return signed_in(lead).post(at("match_lapse", match.token), values)


def test_help_goes_on_and_the_match_is_flagged(lapsed, here, later, at_prison, signed_in, lead, at):
    plan, buddy, match = lapsed
    today = london_today(later)
    with at_prison(here):
        open_day(by=acts(lead, here), now=later, prison=here, day=today)
        assert planned_on(plan, today).buddy_id == buddy.pk
        (flag,) = to_decide(here, today)
    assert flag.words == "Your role has lapsed" and flag.standing.last_day == today - timedelta(days=1) + timedelta(14)
    page = signed_in(lead).get(at("lapsed")).content.decode()
    assert buddy.person.list_name in page and "Your role has lapsed" in page and "Decide" in page
    assert "Decide about what has lapsed" in signed_in(lead).get(at("match", match.token)).content.decode()


def test_a_module_failed_again_is_decided_about_within_14_days(pair, here, lead, later, at_prison, clock):
    clock.move_to(later)
    with at_prison(here):
        buddies.pass_module(pair[1], Module.objects.get(code="T01"), lead, later, outcome="NOT_YET")
        (flag,) = to_decide(here, london_today(later))
    assert flag.words == "Your role is not passed"
    assert flag.standing.last_day == london_today(later) + timedelta(14)


def test_kept_until_a_day_and_then_asked_again(lapsed, here, at_prison, signed_in, lead, at, later, clock):
    _, _, match = lapsed
    assert decide(signed_in, lead, at, match).status_code == 302
    decision = LapseDecision.objects.get()
    assert (decision.choice, decision.lacks, decision.decided_by) == ("KEEP", ["T01"], lead)
    assert AuditEvent.objects.filter(code="match.lapse_decided", actor_id=lead.pk).exists()
    with at_prison(here):
        assert to_decide(here, london_today(later)) == []
        assert len(flags(here, london_today(later))) == 1
        assert to_decide(here, decision.until) == []
        (again,) = to_decide(here, decision.until + timedelta(days=1))
    assert again.standing.last_day == decision.until + timedelta(days=14)
    assert "Kept for now" in signed_in(lead).get(at("lapsed")).content.decode()


def test_something_new_that_lapses_is_asked_about(lapsed, here, at_prison, signed_in, lead, at, later):
    _, buddy, match = lapsed
    decide(signed_in, lead, at, match)
    with at_prison(here):
        care.lapsed(buddy, lead, later, code="T02")
        (flag,) = to_decide(here, london_today(later))
    assert flag.words == "Your role has lapsed; Duty of care has lapsed"


def test_replacing_leads_to_the_suggestions(lapsed, signed_in, lead, at):
    plan, _, match = lapsed
    answer = decide(signed_in, lead, at, match, choice="REPLACE")
    assert answer["Location"] == at("second_suggestions", plan.token)
    match.refresh_from_db()
    assert match.status == "ACTIVE"


def test_staff_take_over_and_visits_follow(lapsed, here, at_prison, signed_in, lead, at, later):
    plan, _, match = lapsed
    today = london_today(later)
    with at_prison(here):
        open_day(by=acts(lead, here), now=later, prison=here, day=today)
    assert decide(signed_in, lead, at, match, choice="STAFF", until="").status_code == 302
    assert set(PlanTask.objects.filter(plan=plan).values_list("done_by", flat=True)) == {"STAFF"}
    assert not PlannedVisit.objects.filter(plan=plan, day=today, cancelled_at=None).exists()
    page = signed_in(lead).get(at("unlock_list")).content.decode()
    assert "Staff do these" in page and "Collect meals" in page and "other task that staff do" in page
    assert "Staff do these" in signed_in(lead).get(at("unlock_list_print")).content.decode()
    match.refresh_from_db()
    assert match.status == "ACTIVE"
    with at_prison(here):
        assert flags(here, today) == []


def test_only_the_task_that_needs_it_goes_to_staff(pair, here, at_prison, signed_in, lead, at, now, later, clock):
    plan, buddy, match = pair
    module = care.extra_module("X01", "Walking aids", task="MOB-03")
    with at_prison(here):
        buddies.pass_module(buddy, module, lead, now)
        assert flags(here, london_today(now)) == []
    clock.move_to(later)
    with at_prison(here):
        care.lapsed(buddy, lead, later, code="X01")
    decide(signed_in, lead, at, match, choice="STAFF", until="")
    assert dict(PlanTask.objects.filter(plan=plan).values_list("task_id", "done_by")) == {
        "DOM-03": "BUDDY",
        "MOB-03": "STAFF",
    }


def test_an_override_takes_the_flag_away_while_it_runs(lapsed, here, at_prison, lead, delegate, later):
    from training.models import Module

    _, buddy, _ = lapsed
    today = london_today(later)
    with at_prison(here):
        care.override_running(buddy, lead, delegate, later, Module.objects.get(code="T01"), days=5)
        assert flags(here, today + timedelta(days=5)) == []
        (flag,) = flags(here, today + timedelta(days=6))
    assert flag.standing.last_day == today + timedelta(days=5 + 14)


def test_a_new_text_of_the_compact_flags_every_match(pair, here, at_prison, now):
    from schemes.models import CompactText

    with at_prison(here):
        assert flags(here, london_today(now)) == []
        with buddies.as_owner():
            CompactText.objects.create(version=2, text="More.", in_force_from=london_today(now))
        (flag,) = flags(here, london_today(now))
    assert flag.words == "The compact is not in force"


def test_overdue_after_the_last_day(lapsed, signed_in, lead, at, clock, later):
    clock.move_to(later + timedelta(days=14))
    assert "Overdue" in signed_in(lead).get(at("lapsed") + "?state=decide").content.decode()


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"choice": ""}, "Select what should happen"),
        ({"until": ""}, "Enter the last day for which the buddy goes on."),
        ({"until": "2027-04-01"}, "must be on or before 3 March 2027"),
        ({"until": "2026-12-01"}, "must be on or after 3 December 2026"),
        ({"reason": ""}, "Enter the reason for your decision"),
    ],
)
def test_rejects_bad_input(lapsed, signed_in, lead, at, changed, sentence):
    page = decide(signed_in, lead, at, lapsed[2], **changed).content.decode()
    assert sentence in page and not LapseDecision.objects.exists()


def test_nothing_to_decide_where_nothing_has_lapsed(pair, signed_in, lead, at, clock):
    page = decide(signed_in, lead, at, pair[2]).content.decode()
    assert "there is nothing to decide" in page


def test_permission_and_other_prisons(lapsed, signed_in, officer, outsider, elsewhere, at):
    match = lapsed[2]
    assert signed_in(officer).get(at("lapsed")).status_code == 403
    assert signed_in(officer).post(at("match_lapse", match.token), {}).status_code == 403
    address = at("match_lapse", match.token).replace("ZTA", "ZTB")
    assert signed_in(outsider).get(address).status_code == 404


def test_a_decision_is_added_to_never_changed(lapsed, here, lead, later, at_prison):
    with at_prison(here):
        for days in (5, 9):
            decide_lapse(
                by=acts(lead, here), now=later, match=lapsed[2], choice="KEEP", reason="Wait",
                until=london_today(later) + timedelta(days=days),
            )  # fmt: skip
    assert LapseDecision.objects.count() == 2


def test_the_pure_rule_takes_the_earliest_lapse(now):
    today = london_today(now)
    started = today - timedelta(days=60)
    lacks = [Lack("A", "a", today - timedelta(days=5)), Lack("B", "b", today - timedelta(days=9)), Lack("C", "c")]
    found = standing(lacks[:2], None, started_on=started, today=today)
    assert found.last_day == today + timedelta(days=5) and not found.is_overdue(today)
    assert standing(lacks, None, started_on=started, today=today).is_overdue(today)
    kept = Decided("KEEP", frozenset("AB"), today, today)
    assert standing(lacks[:2], kept, started_on=started, today=today).is_decided
    assert not standing(lacks, kept, started_on=started, today=today).is_decided
