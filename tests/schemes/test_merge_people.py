"""Two prison numbers of one person become one record."""

from __future__ import annotations

import pytest

from buddyscheme.audit.models import AuditEvent
from buddyscheme.outbox.relay import drain
from buddyscheme.scope.transaction import DatabaseRole, scoped
from referrals.models import Plan
from schemes.actions.keep_apart import keep_apart
from schemes.actions.people import end_custody
from schemes.models import Absence, Alert, KeepApart, Person
from schemes.queries.people import custody_of, people_of, person_here
from tests.builders.directory import alert_on, away_on
from tests.builders.referrals import agreed_plan, put_to, unmet_need
from tests.builders.schemes import arrived, person_in
from tests.cast import acts

PEOPLE = "/prisons/ZTA/people/"


@pytest.fixture
def two(here, wing, lead, now, at_prison):
    with at_prison(here):
        old = person_in(here, lead, now, "Z0001ZA", last_name="Marlow", wing=wing, landing=1, cell="A1-07")
        return old, person_in(here, lead, now, "Z0002ZA", last_name="Marlowe")


def merged(browser, person, number, keep="OTHER"):
    return browser.post(f"{PEOPLE}{person.token}/merge/", {"other_number": number, "keep": keep}, follow=True)


def test_what_is_open_goes_on_and_the_old_number_leads_to_the_kept_one(
    here, lead, now, signed_in, at_prison, clock, two
) -> None:
    old, kept = two
    with at_prison(here):
        third = person_in(here, lead, now)
        alert_on(old, "ROP", lead, now)
        away_on(old, "HEALTHCARE", lead, now, session="AM", ends_on=now.date())
        keep_apart(
            by=acts(lead, here), now=now, prison=here, person=old, other=third, reason="THREAT", restriction="WING"
        )
    browser = signed_in(lead)
    page = merged(browser, old, "Z0002ZA").content.decode()
    assert "The two records are one, under Z0002ZA" in page and "Risk to older people" in page
    assert Alert.objects.get(ended_at=None).person == kept and Absence.objects.get().person == kept
    assert KeepApart.objects.filter(ended_at=None, person=kept, other=third).count() == 1
    assert KeepApart.objects.filter(ended_at=None).count() == 2
    with at_prison(here):
        assert list(people_of(here).filter(last_name__startswith="Marlow")) == [kept]
    led = browser.get(f"{PEOPLE}{old.token}/", follow=True)
    assert led.redirect_chain[-1][0] == f"{PEOPLE}{kept.token}/"
    assert "Z0001ZA is joined with Z0002ZA" in led.content.decode()
    found = browser.post(PEOPLE, {"words": "Z0001ZA"}, follow=True)
    assert found.redirect_chain[-1][0] == f"{PEOPLE}{kept.token}/"
    audited = AuditEvent.objects.filter(code="person.merged")
    assert {event.person_id for event in audited} == {old.pk, kept.pk}


def test_the_record_in_use_takes_the_kept_number(here, lead, now, signed_in, at_prison, clock, two) -> None:
    old, kept = two
    with at_prison(here):
        plan = agreed_plan(here, lead, now, person=old)
    merged(signed_in(lead), old, "Z0002ZA")
    old.refresh_from_db()
    kept.refresh_from_db()
    assert (old.prison_number, old.last_name, old.provisional, old.same_as) == ("Z0002ZA", "Marlowe", False, None)
    assert (kept.prison_number, kept.provisional, kept.same_as) == ("Z0001ZA", True, old)
    assert Plan.objects.get(pk=plan.pk).person == old
    with at_prison(here):
        assert person_here(here, "Z0002ZA") == old
        assert custody_of(here, old).cell == "A1-07"


def test_two_records_in_use_are_refused_with_what_to_end(here, lead, now, signed_in, at_prison, clock, two) -> None:
    with at_prison(here):
        plans = [agreed_plan(here, lead, now, person=person) for person in two]
    page = merged(signed_in(lead), two[0], "Z0002ZA").content.decode()
    assert "Both numbers are in use here" in page and "End what runs under one of them first" in page
    assert all(plan.reference in page for plan in plans)
    assert not Person.objects.filter(same_as__isnull=False).exists()


def test_unmet_care_and_what_the_council_was_asked_stay_open(here, lead, now, signed_in, at_prison, clock, two) -> None:
    old, _ = two
    with at_prison(here):
        need = unmet_need(here, lead, now, person=old)
        asked = put_to("COUNCIL", here, lead, now, person=old)
    merged(signed_in(lead), old, "Z0002ZA")
    with scoped(DatabaseRole.NATIONAL):
        drain()
    need.refresh_from_db()
    asked.refresh_from_db()
    assert (need.left_on, asked.closed_on) == (None, None)
    assert need.person.prison_number == asked.person.prison_number == "Z0002ZA"


def test_a_record_that_another_prison_holds_now_is_not_moved(
    here, elsewhere, lead, outsider, now, signed_in, at_prison, clock, two
) -> None:
    """The plan is here and the kept number is there: joining would leave the person at two prisons."""
    old, kept = two
    with at_prison(here):
        agreed_plan(here, lead, now, person=old)
        end_custody(by=acts(lead, here), now=now, custody=custody_of(here, kept), reason="RELEASE")
    with at_prison(elsewhere):
        there = arrived(elsewhere, outsider, now, 0, number="Z0002ZA", last_name="Marlowe")
    assert there == kept
    page = merged(signed_in(lead), old, "Z0002ZA").content.decode()
    assert "Z0002ZA is not on this prison’s list any more" in page
    assert not Person.objects.filter(same_as__isnull=False).exists()


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        ({"other_number": "Z0001ZA"}, "Enter two different prison numbers"),
        ({"other_number": "Z4444ZA"}, "Nobody with this prison number is on this prison’s list"),
        ({"keep": ""}, "Select which number is kept"),
    ],
)
def test_bad_answers_are_said(answers, words, lead, signed_in, clock, two) -> None:
    sent = {"other_number": "Z0002ZA", "keep": "THIS", **answers}
    assert words in signed_in(lead).post(f"{PEOPLE}{two[0].token}/merge/", sent).content.decode()
    assert not Person.objects.filter(same_as__isnull=False).exists()


def test_an_officer_may_not(officer, signed_in, two) -> None:
    assert signed_in(officer).get(f"{PEOPLE}{two[0].token}/merge/").status_code == 403
