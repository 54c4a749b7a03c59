"""Somebody leaves: plan, matches and waiting referrals end with the stay, in the name of whoever recorded it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings
from django.urls import reverse

from buddyscheme.outbox.models import Message
from buddyscheme.outbox.relay import drain
from buddyscheme.scope.transaction import DatabaseRole, scoped
from referrals.models import CarePack, HeldText, Match, Plan, PlannedVisit, Referral
from referrals.queries.assessments import assessments_of
from referrals.queries.informal_help import entries_of
from referrals.queries.tellings import tellings_of
from referrals.queries.unmet_needs import needs_of
from schemes.models import Custody
from tests.builders import referrals as build
from tests.builders.buddies import as_owner
from tests.builders.moving import leave
from tests.builders.referrals import referral_of
from tests.builders.schemes import person_in
from tests.builders.visits import day_opened, helped

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


@pytest.fixture
def pair(here, wing, lead, now, at_prison):
    with at_prison(here):
        return helped(here, lead, now, wing=wing)


def left_form(client, person, prison, **answers):
    path = reverse("schemes:person_left", args=[prison.code, person.token])
    return client.post(path, {"reason": "TRANSFER", "moved_to": "", **answers}, follow=True)


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("TRANSFER", "Moved to another prison"),
        ("RELEASE", "Released"),
        ("DEATH", "Died"),
        ("OTHER", "Left this prison"),
    ],
)
def test_the_plan_ends_with_the_reason_and_no_visit_is_left(pair, here, lead, now, at_prison, reason, words):
    plan, _, match = pair
    with at_prison(here):
        day_opened(here, now.date(), now)
        leave(plan.person, here, lead, now, reason=reason)
        plan.refresh_from_db()
        match.refresh_from_db()
        assert (plan.status, plan.end_reason, plan.ended_by) == (Plan.Status.ENDED, words, lead)
        assert match.status == Match.Status.ENDED
        assert not PlannedVisit.objects.filter(plan=plan, cancelled_at__isnull=True).exists()


def test_a_buddy_who_leaves_frees_the_plan_for_another(pair, here, lead, now, at_prison):
    plan, buddy, match = pair
    with at_prison(here):
        leave(buddy.person, here, lead, now)
        plan.refresh_from_db()
        match.refresh_from_db()
    assert plan.status == Plan.Status.ACTIVE
    assert (match.status, match.end_reason) == (Match.Status.ENDED, "The buddy left this prison")


def test_a_referral_that_waits_is_closed_apart_from_those_that_were_decided(here, lead, now, at_prison):
    with at_prison(here):
        referral = referral_of(person_in(here, lead, now), lead, now)
        leave(referral.person, here, lead, now, reason="RELEASE")
        referral.refresh_from_db()
    assert (referral.status, referral.outcome) == (Referral.Status.NOT_PROGRESSED, Referral.Outcome.LEFT)
    assert referral.outcome_reason == "Released"


def test_handling_it_twice_ends_nothing_of_a_new_stay(pair, here, wing, lead, now, at_prison):
    plan, _, _ = pair
    with at_prison(here):
        leave(plan.person, here, lead, now, reason="RELEASE")
        person = person_in(here, lead, now.replace(hour=now.hour + 1), plan.person.prison_number, wing=wing)
        again = referral_of(person, lead, now.replace(hour=now.hour + 1))
    Message.objects.filter(topic="custody.ended").update(handled_at=None)
    with scoped(DatabaseRole.NATIONAL):
        drain()
    with at_prison(here):
        again.refresh_from_db()
    assert again.status == Referral.Status.RECEIVED


def test_the_lead_says_where_to_and_the_record_goes_along(signed_in, pair, here, elsewhere, lead):
    plan, _, _ = pair
    answer = left_form(signed_in(lead), plan.person, here, moved_to=elsewhere.code)
    assert "It is recorded that the person has left." in answer.content.decode()
    with scoped(DatabaseRole.NATIONAL):
        drain()
    pack = CarePack.objects.get()
    assert (pack.to_prison, pack.sent_by, pack.help_on_first_day) == (elsewhere, lead, True)
    assert pack.moved_on is not None


def test_a_prison_is_only_for_somebody_who_moved(signed_in, pair, here, elsewhere, lead):
    plan, _, _ = pair
    answer = left_form(signed_in(lead), plan.person, here, reason="RELEASE", moved_to=elsewhere.code)
    assert "Select a prison only for somebody who has moved to another prison." in answer.content.decode()
    assert Custody.objects.get(person=plan.person).ended_at is None


def test_a_release_date_is_saved_and_cannot_have_passed(signed_in, pair, here, lead):
    plan, _, _ = pair
    path = reverse("schemes:person_release_date", args=[here.code, plan.person.token])
    answer = signed_in(lead).post(path, {"release_on": "2026-02-01"})
    assert "Enter a release date from today on" in answer.content.decode()
    answer = signed_in(lead).post(path, {"release_on": "2027-02-01"}, follow=True)
    assert "1 February 2027" in answer.content.decode()


def test_an_officer_records_no_release_date(signed_in, pair, here, officer):
    plan, _, _ = pair
    path = reverse("schemes:person_release_date", args=[here.code, plan.person.token])
    assert signed_in(officer).post(path, {}).status_code == 403


def test_after_the_set_time_nothing_is_counted_that_nobody_may_read(signed_in, deputy, lead, here, now, at_prison, at):
    """A list and its tile count the rows that are shown, so that no count stands for ever."""
    with at_prison(here):
        person = person_in(here, lead, now)
        build.unmet_need(here, lead, now, person)
        build.helped_informally(here, lead, now, person)
        build.put_to("COUNCIL", here, lead, now, person)
        build.draft_plan(here, lead, now, person, goals="Give him a strip wash on Mondays")
        held = HeldText.objects.get()
        leave(person, here, lead, now, reason="RELEASE")
        lists = (needs_of(here), assessments_of(here, ["COUNCIL"]), entries_of(here), tellings_of(here))
        assert [rows.count() for rows in lists] == [len(rows) for rows in lists] == [1, 1, 1, 2]
    with as_owner():
        long_ago = now - timedelta(days=settings.FORMER_READ_DAYS + 400)
        Custody.objects.filter(person=person).update(started_at=long_ago - timedelta(days=1), ended_at=long_ago)
    with at_prison(here):
        assert [rows.all().count() for rows in lists] == [0, 0, 0, 0]
    assert signed_in(deputy).get(at("held_text", held.token)).status_code == 404
