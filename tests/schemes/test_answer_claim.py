"""The prison that holds a person answers another prison's claim."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection

from buddyscheme.audit.models import AuditEvent
from schemes.actions import keep_apart as keep_apart_actions
from schemes.actions.people import answer_claim
from schemes.models import Custody, CustodyClaim, KeepApart, Person
from schemes.queries.people import keep_apart_others
from tests.builders.schemes import person_in
from tests.cast import acts, make_prison, make_staff

NUMBER = "Z1234ZA"


@pytest.fixture
def claim(here, elsewhere, lead, outsider, now, at_prison) -> CustodyClaim:
    """`here` holds the person; `elsewhere` says that it has them."""
    with at_prison(here):
        person_in(here, lead, now, NUMBER, last_name="Adams")
    with at_prison(elsewhere):
        person_in(elsewhere, outsider, now, NUMBER, last_name="Adamson")
    return CustodyClaim.objects.get()


def url(claim: CustodyClaim) -> str:
    return f"/prisons/ZTA/claims/{claim.token}/"


def test_moved_ends_the_time_here_and_hands_the_record_over(claim, lead, elsewhere, signed_in) -> None:
    browser = signed_in(lead)
    assert "Adams" in browser.get("/prisons/ZTA/claims/").content.decode()
    page = browser.get(url(claim)).content.decode()
    assert "Otherfield says" in page and "Adamson" not in page
    answer = browser.post(url(claim), {"answer": "MOVED"}, follow=True)
    assert "Otherfield has the record" in answer.content.decode()
    claim.refresh_from_db()
    old, new = claim.person, claim.provisional_person
    assert (claim.answer, claim.answered_by) == ("MOVED", lead)
    assert (old.provisional, old.same_as, new.provisional) == (True, new, False)
    assert Custody.objects.get(person=old).end_reason == "TRANSFER"
    assert Custody.objects.get(person=new).ended_at is None
    assert Person.objects.get(prison_number=NUMBER, provisional=False) == new


def test_still_here_changes_nothing(claim, lead, signed_in) -> None:
    answer = signed_in(lead).post(url(claim), {"answer": "STILL_HERE"}, follow=True)
    assert "Ring Otherfield" in answer.content.decode()
    assert Custody.objects.filter(ended_at__isnull=True).count() == 2
    assert Person.objects.get(provisional=False).last_name == "Adams"


@pytest.mark.parametrize("who", ["officer", "security", "admin"])
def test_needs_the_permission(who, claim, request, signed_in) -> None:
    browser = signed_in(request.getfixturevalue(who))
    assert browser.get("/prisons/ZTA/claims/").status_code == 403
    assert browser.post(url(claim), {"answer": "MOVED"}).status_code == 403


def test_the_prison_that_claims_cannot_see_or_answer(claim, outsider, signed_in) -> None:
    browser = signed_in(outsider)
    assert browser.post(url(claim), {"answer": "MOVED"}).status_code == 404
    assert browser.get(url(claim).replace("ZTA", "ZTB")).status_code == 404
    assert "Adams" not in browser.get("/prisons/ZTB/claims/").content.decode()


def test_a_claim_is_answered_once(claim, lead, signed_in) -> None:
    signed_in(lead).post(url(claim), {"answer": "STILL_HERE"})
    page = signed_in(lead).post(url(claim), {"answer": "MOVED"})
    assert "answered already" in page.content.decode()
    assert Custody.objects.filter(ended_at__isnull=True).count() == 2


def test_an_answer_is_needed(claim, lead, signed_in) -> None:
    page = signed_in(lead).post(url(claim), {"sent": "1"})
    assert "Select whether the person has moved or is still here" in page.content.decode()


def test_keep_apart_goes_on_with_the_record(claim, here, elsewhere, lead, security, now, at_prison) -> None:
    with at_prison(here):
        other = person_in(here, lead, now, "Z0002ZA")
        keep_apart_actions.keep_apart(
            by=acts(security, here),
            now=now,
            prison=here,
            person=claim.person,
            other=other,
            reason="THREAT",
            restriction="WING",
        )
    new = claim.provisional_person
    # Before the answer already: the block goes by number.
    assert keep_apart_others([new.pk])[new.pk] == {other.pk}
    assert keep_apart_others([other.pk])[other.pk] == {claim.person_id, new.pk}
    with at_prison(here):
        answer_claim(by=acts(lead, here), now=now, claim=claim, answer="MOVED")
    running = KeepApart.objects.filter(ended_at__isnull=True)
    assert {(row.person_id, row.other_id) for row in running} == {(new.pk, other.pk), (other.pk, new.pk)}
    assert KeepApart.objects.filter(ended_by=lead).count() == 2
    with at_prison(elsewhere):
        assert new.pk in keep_apart_others([other.pk])[other.pk]


def test_a_second_claim_goes_on_to_the_prison_that_has_the_person(claim, here, elsewhere, lead, now, at_prison) -> None:
    third = make_prison("ZTC", "Thirdley")
    with at_prison(third):
        person_in(third, make_staff("Thea Third", "LEAD", third), now, NUMBER)
    with at_prison(here):
        answer_claim(by=acts(lead, here), now=now, claim=claim, answer="MOVED")
    waiting = CustodyClaim.objects.get(answered_at__isnull=True)
    assert (waiting.prison, waiting.person) == (elsewhere, claim.provisional_person)


def test_leaves_events_at_both_prisons(claim, here, lead, now, at_prison) -> None:
    with at_prison(here):
        answer_claim(by=acts(lead, here), now=now, claim=claim, answer="MOVED")
    assert AuditEvent.objects.filter(code="custody.claim_answered", prison_code="ZTA").count() == 1
    assert AuditEvent.objects.filter(code="custody.ended", prison_code="ZTA").count() == 1
    handed = AuditEvent.objects.get(code="person.changed", prison_code="ZTB")
    assert handed.details["set_aside"] == claim.person_id


def test_looking_at_a_claim_is_recorded(claim, lead, signed_in) -> None:
    signed_in(lead).get(url(claim))
    assert AuditEvent.objects.filter(code="viewed", person_id=claim.person_id, actor_id=lead.pk).count() == 1


def test_the_database_refuses_two_records_with_one_number(claim) -> None:
    with pytest.raises(IntegrityError, match="person_number_once"), connection.cursor() as cursor:
        cursor.execute("UPDATE schemes_person SET provisional = false")


def test_the_database_refuses_two_running_periods_of_one_person(claim) -> None:
    with pytest.raises(IntegrityError, match="custody_no_overlap"), connection.cursor() as cursor:
        cursor.execute("UPDATE schemes_custody SET person_id = %s", [claim.person_id])
