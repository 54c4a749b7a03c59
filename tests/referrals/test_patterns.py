"""Patterns: the rules worked by hand, and what becomes of what they find."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from buddyscheme.accounts.actor import Actor
from buddyscheme.audit.models import AuditEvent
from referrals.actions import patterns as actions
from referrals.actions.visits import correct_visit
from referrals.models import PatternHit, PatternRow, PatternRule, PlannedVisit
from referrals.queries import patterns as queries
from referrals.queries.visits import visits_of
from referrals.rules import patterns as rules
from referrals.rules.patterns import Entry, Found, Locked, Numbers, Pair, Worked
from referrals.tasks import look_for_patterns
from schemes.actions.regime import record_lock_down
from tests.builders import directory
from tests.builders.visits import day_opened, helped, planned_on, visit_of
from tests.cast import acts

DISMISS = {"decision": "DISMISSED", "words": "She was ill that week, and said so to the officer."}
TUESDAY = date(2026, 11, 17)
UNLOCK = {"AM": (time(8, 30), time(11, 45)), "PM": (time(13, 45), time(16, 45))}


# By hand ------------------------------------------------------------------------------------------------


def test_hours_over_twice_the_median():
    # Minutes 100, 200, 300, 900: the median is 250, twice that 500.
    worked = [Worked(1, 100, 100), Worked(2, 200, 200), Worked(3, 300, 300), Worked(4, 900, 900)]
    assert rules.far_above_others(worked, 200) == [
        Found(4, "15 hours. The scheme’s median is 4 hours 10 minutes.")
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("minutes", "found"),
    [
        ([600, 1200], False),  # of two the median lies between them: nobody is over twice of it
        ([600, 600, 1200], False),  # twice is not over twice
        ([600, 600, 1201], True),
        ([1201], False),
        ([], False),
    ],
)
def test_where_hours_begin_to_be_far_above(minutes, found):
    worked = [Worked(n, each, each) for n, each in enumerate(minutes)]
    assert bool(rules.far_above_others(worked, 200)) is found


def test_hours_that_somebody_decided_about_do_not_count_but_stay_in_the_median():
    worked = [Worked(1, 600, 600), Worked(2, 600, 600), Worked(3, 1500, 300)]
    assert rules.far_above_others(worked, 200) == []


def at(seconds: float) -> datetime:
    return datetime(2026, 11, 17, 10, 0, tzinfo=UTC) + timedelta(seconds=seconds)


def test_twenty_entries_within_two_minutes():
    # 6 s apart: the first and the twentieth are 114 s apart. 7 s apart: 133 s.
    assert rules.bursts([(at(6 * n), n) for n in range(20)], 20, 2) == tuple(range(20))
    assert rules.bursts([(at(7 * n), n) for n in range(20)], 20, 2) == ()
    assert rules.bursts([(at(6 * n), n) for n in range(19)], 20, 2) == ()
    # Both ends of the two minutes count; what comes before and after does not.
    ends = [(at(-500), 98), *((at(0), n) for n in range(10)), *((at(120), n) for n in range(10, 20)), (at(900), 99)]
    assert rules.bursts(ends, 20, 2) == tuple(range(20))


def test_a_burst_in_the_hour_that_comes_twice():
    # 25 October 2026: 00:59 and 01:00 UTC are 01:59 and, again, 01:00 on the prison's clock; one minute passed.
    first = datetime(2026, 10, 25, 0, 59, tzinfo=UTC)
    assert rules.bursts([(first, 1), (first + timedelta(minutes=1), 2)], 2, 2) == (1, 2)
    assert rules.bursts([(first, 1), (first + timedelta(minutes=61), 2)], 2, 2) == ()


def entry(**fields):
    values = {"day": TUESDAY, "session": "AM", "wing_id": 7}
    return Entry(**{**values, **fields})


@pytest.mark.parametrize(
    ("fields", "unlock", "locked", "why"),
    [
        ({}, UNLOCK, [], ""),
        ({"session": "EV"}, UNLOCK, [], "No unlock in that session"),
        # A prison that has entered no regime: nothing is known, so nothing is said.
        ({"session": "EV"}, None, [], ""),
        # A day without any unlock is known.
        ({}, {}, [], "No unlock in that session"),
        ({}, UNLOCK, [Locked(TUESDAY, None, "")], "A lock-down in that session"),
        ({}, UNLOCK, [Locked(TUESDAY, 7, "AM")], "A lock-down in that session"),
        ({}, UNLOCK, [Locked(TUESDAY, 8, "AM"), Locked(TUESDAY, 7, "PM")], ""),
        ({}, UNLOCK, [Locked(TUESDAY - timedelta(days=1), 7, "AM")], ""),
        ({"away": "the buddy"}, UNLOCK, [], "On record as away from the prison: the buddy"),
    ],
)  # fmt: skip
def test_the_unlock_of_the_day(fields, unlock, locked, why):
    assert rules.why_outside(entry(**fields), unlock, locked) == why


@pytest.mark.parametrize(
    ("first", "others", "since"),
    [
        (date(2026, 9, 24), None, date(2026, 9, 24)),  # 60 days before 23 November
        (date(2026, 9, 25), None, None),  # 59
        (date(2026, 6, 1), None, date(2026, 8, 1)),  # the match began then
        (date(2026, 6, 1), date(2026, 9, 23), date(2026, 9, 24)),
        (date(2026, 6, 1), date(2026, 9, 24), None),
        (None, None, None),  # no visit of theirs that nobody has decided about
    ],
)
def test_sixty_days_with_nobody_else_near(first, others, since):
    pair = Pair(started_on=date(2026, 8, 1), first_fresh_on=first, others_on=others)
    assert rules.alone_since(pair, 60, date(2026, 11, 23)) == since


def test_the_numbers_that_come_with_the_program_are_those_of_the_scheme():
    assert {code: (one.least, one.within) for code, one in queries._standard().items()} == {
        "HOURS": (200, 28), "BURST": (20, 2), "LOCKED_UP": (1, 7), "ALONE": (60, 0), "REFUSALS": (5, 14),
        "AS_PLANNED": (60, 0),
    }  # fmt: skip
    assert set(queries._standard()) == set(PatternRule.Code.values) == set(rules.COUNTED)
    assert rules.words_of("HOURS", Numbers(200, 28)) == "Hours over 2 times the scheme’s median in 28 days"


# Through the request ------------------------------------------------------------------------------------


@pytest.fixture
def week(here, lead, wing, now, at_prison, clock):
    """Help every day of the last 16 days, the newest five in the morning refused."""
    with at_prison(here):
        plan, _, _ = helped(here, lead, now - timedelta(days=17), wing=wing)
        for back in range(16, 0, -1):
            refused = {"outcome": "NOT_DONE", "reason": "DECLINED"} if back <= 5 else {}
            logged(plan, lead, now, back, **refused)
    return plan


def logged(plan, by, now, back, **fields):
    """A visit so many days ago, entered that day by staff; none on the buddy's day of rest."""
    day = now.date() - timedelta(days=back)
    day_opened(plan.prison, day)
    planned = planned_on(plan, day)
    return visit_of(planned, by, now - timedelta(days=back), **fields) if planned.buddy_id else None


def set_rule(user, now, code, least, within, active=True):
    changes = PatternRule.objects.filter(code=code).count()
    actions.change_rule(
        by=acts(user), now=now, code=code, least=least, within=within, active=active, reason="A trial.", version=changes
    )


@pytest.fixture
def refusals(here, week, national_lead, now, at_prison):
    with at_prison(here):
        set_rule(national_lead, now, "REFUSALS", 4, 14)
        assert actions.find_patterns(by=Actor.system(), now=now, prison=here) == 1
    return PatternHit.objects.select_related("person").get()


pytest_db = pytest.mark.django_db


@pytest_db
def test_found_with_its_wording_and_the_rows_behind_it(refusals, week, signed_in, safeguarding, at):
    behind = set(refusals.rows.values_list("planned__day", flat=True))
    assert (refusals.rule, refusals.subject) == ("REFUSALS", f"person:{week.person_id}")
    assert refusals.wording == "4 refusals or more in 14 days" and len(behind) >= 4
    client = signed_in(safeguarding)
    listed = client.get(at("patterns")).content.decode()
    assert week.person.list_name in listed and refusals.wording in listed
    page = client.get(at("pattern", refusals.token)).content.decode()
    assert page.count("The person did not want it") == len(behind)
    assert reverse("referrals:concern_add", args=[week.prison_id]) + f"?about={week.person.token}" in page
    reads = AuditEvent.objects.filter(code="viewed", subject_type="referrals.patternhit")
    assert [(read.actor_id, read.person_id) for read in reads] == [(safeguarding.pk, week.person_id)]


@pytest_db
def test_dismissed_stays_quiet_until_new_rows_come(refusals, week, signed_in, lead, here, now, at_prison, at):
    answer = signed_in(lead).post(at("pattern", refusals.token), DISMISS)
    assert answer["Location"] == at("patterns")
    refusals.refresh_from_db()
    assert (refusals.decision, refusals.words, refusals.decided_by) == ("DISMISSED", DISMISS["words"], lead)
    later = now + timedelta(days=1)
    with at_prison(here):
        # A correction is no new row.
        visit = visits_of(here).get(planned=refusals.rows.first().planned_id)
        correct_visit(
            by=acts(lead, here), now=later, visit=visit, outcome="NOT_DONE", minutes=0, tasks_done=[],
            reason="DECLINED", said_by="PERSON", correction_reason="He said so himself.",
        )  # fmt: skip
        assert actions.find_patterns(by=Actor.system(), now=later, prison=here) == 0
        for ahead in range(6):
            refused = {"outcome": "NOT_DONE", "reason": "DECLINED"}
            logged(week, lead, now + timedelta(days=ahead), 0, **refused)
        assert actions.find_patterns(by=Actor.system(), now=now + timedelta(days=6), prison=here) == 1
    again = PatternHit.objects.get(decision="WAITING")
    before, after = (set(hit.rows.values_list("planned_id", flat=True)) for hit in (refusals, again))
    assert len(after) >= 4 and not before & after


@pytest_db
def test_what_waits_is_not_found_twice(refusals, here, now):
    look_for_patterns()
    look_for_patterns()
    assert PatternHit.objects.count() == 1 and PatternRow.objects.count() == refusals.rows.count()


@pytest_db
def test_decided_once_and_in_words(refusals, signed_in, lead, deputy, at):
    url = at("pattern", refusals.token)
    answer = signed_in(lead).post(url, {"decision": "ACTED", "words": "  "})
    assert "Enter what you found" in answer.content.decode()
    signed_in(lead).post(url, {"decision": "ACTED", "words": "I talked with her. She wants another buddy."})
    signed_in(deputy).post(url, DISMISS)
    refusals.refresh_from_db()
    assert (refusals.decision, refusals.decided_by) == ("ACTED", lead)
    events = AuditEvent.objects.filter(code="pattern.decided")
    assert [(event.actor_id, event.details["decision"]) for event in events] == [(lead.pk, "ACTED")]


@pytest_db
def test_permissions(refusals, signed_in, officer, trainer, delegate, outsider, at):
    for user, status in ((officer, 403), (trainer, 403), (delegate, 403), (outsider, 404)):
        for url in (at("patterns"), at("pattern", refusals.token)):
            assert signed_in(user).get(url).status_code == status
        assert signed_in(user).post(at("patterns_look")).status_code == status


@pytest_db
def test_nobody_sees_a_pattern_about_their_own_entries(
    here, lead, deputy, wing, national_lead, now, signed_in, at, at_prison, clock
):
    """Misuse: whoever enters twenty visits at once would be the one to dismiss it."""
    with at_prison(here):
        set_rule(national_lead, now, "BURST", 3, 2)
        plan, _, _ = helped(here, lead, now - timedelta(days=5), wing=wing)
        for back in range(4, 0, -1):
            day_opened(here, now.date() - timedelta(days=back))
        for second, planned in enumerate(PlannedVisit.objects.filter(plan=plan, buddy__isnull=False)[:3]):
            visit_of(planned, lead, now - timedelta(hours=1, seconds=second))
        assert actions.find_patterns(by=Actor.system(), now=now, prison=here) == 1
    hit = PatternHit.objects.get()
    assert (hit.rule, hit.staff, hit.found) == ("BURST", lead, "3 entries.")
    assert signed_in(lead).get(at("pattern", hit.token)).status_code == 404
    assert "Many entries at once</a>" not in signed_in(lead).get(at("patterns")).content.decode()
    assert signed_in(deputy).get(at("pattern", hit.token)).status_code == 200
    with at_prison(here):
        assert not queries.waiting(here, lead).exists() and queries.waiting(here, deputy).count() == 1


@pytest_db
def test_misuse_20_help_entered_for_a_time_when_the_buddy_was_away_or_locked_up(
    here, lead, officer, wing, now, at_prison, clock
):
    """One alert for both impossible places, with why beside each row."""
    with at_prison(here):
        plan, buddy, _ = helped(here, lead, now - timedelta(days=4), wing=wing)
        for back in (3, 2, 1):
            logged(plan, officer, now, back)
        by, locked_on = acts(lead, here), now.date() - timedelta(days=1)
        record_lock_down(by=by, now=now, prison=here, day=locked_on, wing=wing, session="AM", cause="SEARCH", reason="")
        directory.away_on(buddy.person, "COURT", lead, now - timedelta(days=3), ends_on=now.date() - timedelta(days=2))
        actions.find_patterns(by=Actor.system(), now=now, prison=here)
    hit = PatternHit.objects.get()
    assert (hit.rule, hit.subject) == ("LOCKED_UP", f"buddy:{buddy.pk}")
    whys = dict(hit.rows.values_list("planned__day", "why"))
    assert whys[locked_on] == "A lock-down in that session"
    assert set(whys.values()) == {"A lock-down in that session", "On record as away from the prison: the buddy"}


@pytest_db
def test_a_plan_that_is_always_as_planned(here, lead, wing, national_lead, now, at_prison, clock):
    with at_prison(here):
        set_rule(national_lead, now, "AS_PLANNED", 4, 0)
        plan, _, _ = helped(here, lead, now - timedelta(days=10), wing=wing)
        visits = [logged(plan, lead, now, back) for back in range(9, 1, -1)]
        assert actions.find_patterns(by=Actor.system(), now=now, prison=here) == 1
        hit = PatternHit.objects.get()
        actions.decide_pattern(by=acts(lead, here), now=now, hit=hit, decision="DISMISSED", words="As it should be.")
        assert hit.rows.count() == len([visit for visit in visits if visit])
        assert actions.find_patterns(by=Actor.system(), now=now, prison=here) == 0
        # An exception begins the count anew.
        logged(plan, lead, now, 1, minutes=99)
        for ahead in range(3):
            logged(plan, lead, now + timedelta(days=ahead), 0)
        assert actions.find_patterns(by=Actor.system(), now=now + timedelta(days=3), prison=here) == 0


@pytest_db
def test_hours_and_a_pair_with_nobody_else_near(here, lead, wing, national_lead, now, at_prison, clock):
    with at_prison(here):
        set_rule(national_lead, now, "ALONE", 5, 0)
        plans = [helped(here, lead, now - timedelta(days=10), wing=wing) for _ in range(3)]
        for plan, buddy, _ in plans:
            for back in (9, 8, 7):
                logged(plan, lead, now, back, minutes=200 if buddy == plans[0][1] else 20)
        actions.find_patterns(by=Actor.system(), now=now, prison=here)
    hours = PatternHit.objects.get(rule="HOURS")
    assert hours.buddy == plans[0][1] and "The scheme’s median is" in hours.found
    pairs = set(PatternHit.objects.filter(rule="ALONE").values_list("buddy_id", "person_id"))
    assert pairs == {(buddy.pk, plan.person_id) for plan, buddy, _ in plans}


@pytest_db
def test_a_rule_that_is_switched_off_finds_nothing(week, here, national_lead, now, at_prison):
    with at_prison(here):
        set_rule(national_lead, now, "REFUSALS", 4, 14, active=False)
        assert actions.find_patterns(by=Actor.system(), now=now, prison=here) == 0


@pytest_db
def test_looking_costs_the_same_for_many_visits(here, lead, wing, now, at_prison, clock):
    with at_prison(here):
        plan, _, _ = helped(here, lead, now - timedelta(days=9), wing=wing)
        counts = []
        for days in (range(2, 0, -1), range(8, 2, -1)):
            for back in days:
                logged(plan, lead, now, back)
            with CaptureQueriesContext(connection) as asked:
                list(queries.findings(here, queries.rules_now(), now))
            counts.append(len(asked))
    assert counts[0] == counts[1] < 25


# The numbers of the rules -------------------------------------------------------------------------------

RULE = {"least": "4", "within": "21", "active": "yes", "reason": "Five came too late.", "version": "0"}


@pytest_db
def test_the_national_lead_sets_the_numbers(signed_in, national_lead):
    client = signed_in(national_lead)
    assert "5 refusals or more in 14 days" in client.get(reverse("national:patterns")).content.decode()
    url = reverse("national:pattern_rule", args=["REFUSALS"])
    assert client.post(url, RULE)["Location"] == reverse("national:patterns")
    assert queries.rules_now()["REFUSALS"] == Numbers(4, 21, True, 1)
    page = client.get(url).content.decode()
    assert "Five came too late. (Nat National)" in page
    assert "Somebody else changed this rule" in client.post(url, {**RULE, "least": "3"}).content.decode()
    assert AuditEvent.objects.filter(code="pattern.rule_changed").count() == 1


@pytest_db
@pytest.mark.parametrize(
    ("code", "answers", "says"),
    [
        ("REFUSALS", {"least": "5", "within": "14"}, "Nothing differs"),
        ("REFUSALS", {"within": ""}, "Within how many"),
        ("REFUSALS", {"reason": ""}, "Enter why the rule changes"),
        ("HOURS", {"least": "100"}, "at least 110 per cent"),
        ("BURST", {"least": "1"}, "at least 2 entries"),
        ("REFUSALS", {"least": "-1"}, "Enter a whole number from 1 to 1000"),
    ],
)
def test_numbers_that_make_no_sense_are_refused(signed_in, national_lead, code, answers, says):
    answer = signed_in(national_lead).post(reverse("national:pattern_rule", args=[code]), {**RULE, **answers})
    assert says in answer.content.decode() and not PatternRule.objects.exists()


@pytest_db
def test_only_the_national_lead_sets_them(signed_in, lead, inspector):
    for user in (lead, inspector):
        assert signed_in(user).get(reverse("national:patterns")).status_code in (403, 404)
    assert signed_in(inspector).post(reverse("national:pattern_rule", args=["HOURS"]), RULE).status_code == 403
