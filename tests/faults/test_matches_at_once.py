"""Twenty leads at once: places of a buddy are given once, and a keep-apart record in between stops a match."""

from __future__ import annotations

from threading import Barrier, Thread

import pytest
from django.db import connection

from buddyscheme.lib.errors import NotAllowed
from buddyscheme.scope.transaction import DatabaseRole, scoped
from referrals.actions.interim import help_from_today
from referrals.actions.matches import propose_match, record_agreement
from referrals.models import Match, Plan, PlannedVisit, Visit
from schemes.actions.keep_apart import keep_apart
from schemes.models import TaskKind
from tests.builders.buddies import active_buddy
from tests.builders.referrals import agreed_plan, referral_of
from tests.builders.schemes import person_in
from tests.builders.visits import helped, planned_on, proposed_match, visit_of
from tests.cast import acts

pytestmark = pytest.mark.django_db(transaction=True)
AT_ONCE = 20


def all_at_once(here, works):
    """Run every piece of work in a thread and a transaction of its own; returns what each gave or was refused with."""
    start, results = Barrier(len(works)), [None] * len(works)

    def run(place, work):
        try:
            start.wait(30)
            with scoped(DatabaseRole.WEB, prisons=[here.code]):
                results[place] = work()
        except NotAllowed as refusal:
            results[place] = str(refusal)
        finally:
            connection.close()

    threads = [Thread(target=run, args=(place, work)) for place, work in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return results


def given(results, kind):
    return [result for result in results if isinstance(result, kind)]


@pytest.fixture
def plans(here, wing, lead, now, at_prison):
    with at_prison(here):
        return [
            agreed_plan(here, lead, now, person=person_in(here, lead, now, wing=wing), wing=wing)
            for _ in range(AT_ONCE)
        ]


@pytest.fixture
def buddy(here, wing, lead, now, at_prison, plans):
    with at_prison(here):
        buddy = active_buddy(here, lead, now, wing=wing)
        buddy.capacity = 3
        buddy.save(update_fields=["capacity"])
    return buddy


def test_three_places_are_given_three_times(plans, buddy, here, lead, now):
    by = acts(lead, here)
    works = [lambda plan=plan: propose_match(by=by, now=now, plan=plan, buddy=buddy, why="Asked.") for plan in plans]
    results = all_at_once(here, works)
    assert len(given(results, Match)) == 3
    assert {"Helps 3 people of at most 3." in refusal for refusal in given(results, str)} == {True}
    with scoped(DatabaseRole.WEB, prisons=[here.code]):
        assert Match.objects.filter(buddy=buddy, status__in=Match.LIVE).count() == 3


def test_one_first_buddy_for_a_plan(plans, buddy, here, wing, lead, now, at_prison):
    with at_prison(here):
        others = [active_buddy(here, lead, now, wing=wing) for _ in range(3)]
    by = acts(lead, here)
    works = [
        lambda b=b: propose_match(by=by, now=now, plan=plans[0], buddy=b, why="Asked.") for b in [buddy, *others] * 2
    ]
    assert len(given(all_at_once(here, works), Match)) == 1


def test_help_from_today_takes_no_place_twice_and_gives_nobody_two_plans(
    plans, buddy, here, wing, lead, now, at_prison
):
    """Twenty people for three places, then twenty tries for one person: three plans with a buddy, then no second."""
    with at_prison(here):
        people = [person_in(here, lead, now, wing=wing) for _ in range(AT_ONCE)]
        referrals = [referral_of(person, lead, now) for person in people]
        meals = TaskKind.objects.get(code="DOM-03")
    by = acts(lead, here)

    def start(referral):
        return help_from_today(
            by=by, now=now, referral=referral, own_words="I want to eat.", tasks=[meals], session="AM", buddy=buddy,
            person_agrees=True, buddy_agrees=True,
        )  # fmt: skip

    first = all_at_once(here, [lambda: start(referrals[0]) for _ in range(AT_ONCE)])
    assert len(given(first, Match)) == 1 and {"has a plan already" in words for words in given(first, str)} == {True}
    rest = all_at_once(here, [lambda r=r: start(r) for r in referrals[1:]])
    assert len(given(rest, Match)) == 2
    with scoped(DatabaseRole.WEB, prisons=[here.code]):
        assert Match.objects.filter(buddy=buddy, status="ACTIVE").count() == 3
        assert Plan.objects.filter(interim_from__isnull=False).count() == 3, "nothing is half saved"


def test_agreed_once(plans, buddy, here, lead, now, at_prison):
    with at_prison(here):
        match = proposed_match(plans[0], buddy, lead, now)
    by = acts(lead, here)
    works = [
        lambda: record_agreement(by=by, now=now, match=match, person_agrees=True, buddy_agrees=True) for _ in range(8)
    ]
    assert len(given(all_at_once(here, works), Match)) == 1


def test_keep_apart_between_look_and_save(plans, buddy, here, lead, now):
    """Whichever is first: either the match is refused, or the record came after it. Never neither."""
    by = acts(lead, here)
    person, other = plans[0].person, buddy.person

    def record_it():
        keep_apart(by=by, now=now, prison=here, person=person, other=other, reason="THREAT", restriction="WING")
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM referrals_match WHERE plan_id = %s", [plans[0].pk])
            return cursor.fetchone()[0]

    recorded, matched = all_at_once(
        here, [record_it, lambda: propose_match(by=by, now=now, plan=plans[0], buddy=buddy, why="Asked.")]
    )
    if isinstance(matched, Match):
        assert recorded == 1  # the match stood before the record was made
    else:
        assert "A keep-apart record stops this match." in matched


def test_misuse_11_a_visit_is_logged_once(here, wing, lead, now, at_prison):
    with at_prison(here):
        plan, _, _ = helped(here, lead, now, wing=wing)
        planned = planned_on(plan, now.date())
    results = all_at_once(here, [lambda: visit_of(planned, lead, now) for _ in range(AT_ONCE)])
    assert len(given(results, Visit)) == 1
    with scoped(DatabaseRole.WEB, prisons=[here.code]):
        assert Visit.objects.filter(planned=planned).count() == 1
        assert PlannedVisit.objects.filter(plan=plan).count() == 1
