"""Needs by category and source: what was said stands beside what is confirmed."""

from __future__ import annotations

import pytest

from buddyscheme.audit.models import AuditEvent
from referrals.actions.assessments import answer_assessment
from referrals.actions.needs import note_needs
from referrals.models import Need, Referral
from tests.builders import referrals as build
from tests.builders.schemes import person_in
from tests.cast import acts

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


@pytest.fixture
def person(here, lead, wing, now, at_prison):
    with at_prison(here):
        return person_in(here, lead, now, wing=wing)


def test_sources_and_categories_are_those_of_a_referral() -> None:
    assert set(Referral.Source.values) | {"RECEPTION"} == set(Need.Source.values)
    assert Need._meta.get_field("category").choices == Referral.NeedArea.choices


def test_a_referral_notes_what_it_says_once_for_each_source(here, lead, person, now, at_prison):
    with at_prison(here):
        build.referral_of(person, lead, now, need_areas=["MEALS", "GENERAL"], source="SELF")
        build.referral_of(person, lead, now, need_areas=["MEALS"], source="SELF")
        build.referral_of(person, lead, now, need_areas=["MEALS"], source="HEALTHCARE")
    found = Need.objects.order_by("id").values_list("category", "source", "confirmed_at")
    assert list(found) == [("MEALS", "SELF", None), ("GENERAL", "SELF", None), ("MEALS", "HEALTHCARE", None)]


def test_a_council_that_finds_somebody_eligible_says_so_too(here, lead, council, now, at_prison):
    with at_prison(here):
        asked = build.put_to("COUNCIL", here, lead, now)
        answer_assessment(
            by=acts(council, here), now=now, assessment=asked, acknowledged_on=None, visited_on=None,
            decided_on=now.date(), decision="ELIGIBLE", answer="", version=asked.version,
        )  # fmt: skip
    assert Need.objects.filter(person=asked.person, source="COUNCIL").count() == 1


def test_adding_confirming_ending(signed_in, lead, person, now, at):
    client = signed_in(lead)
    answer = client.post(
        at("need_add", person.token), {"category": "MEMORY", "source": "FAMILY", "words": "Gets lost."}
    )
    assert answer["Location"] == at("person_needs", person.token)
    need = Need.objects.get()
    assert need.confirmed_at is None
    assert "Not confirmed" in client.get(at("person_needs", person.token)).content.decode()
    client.post(at("need_confirm", need.token))
    page = client.get(at("need", need.token)).content.decode()
    assert "Confirmed" in page and "Gets lost." in page and "Confirm that the person needs this" not in page
    client.post(at("need_end", need.token), {"ended_on": now.date().isoformat()})
    need.refresh_from_db()
    assert need.ended_by == lead
    codes = AuditEvent.objects.filter(code__startswith="need.").order_by("id").values_list("code", flat=True)
    assert list(codes) == ["need.added", "need.confirmed", "need.ended"]
    client.post(at("need_confirm", need.token))
    assert AuditEvent.objects.filter(code="need.confirmed").count() == 1


def test_what_staff_see_is_confirmed_and_the_same_twice_is_refused(signed_in, lead, person, at):
    client = signed_in(lead)
    said = {"category": "MEALS", "source": "STAFF", "words": ""}
    client.post(at("need_add", person.token), said)
    assert Need.objects.get().confirmed_by == lead
    page = client.post(at("need_add", person.token), said).content.decode()
    assert "is there already from the same source" in page


def test_the_links_to_a_persons_needs(signed_in, lead, here, wing, now, at_prison, at):
    with at_prison(here):
        plan = build.agreed_plan(here, lead, now, wing=wing)
    wanted = at("person_needs", plan.person.token)
    for address in (at("plan", plan.token), at("referral", plan.referral.token)):
        assert wanted in signed_in(lead).get(address).content.decode()
    assert wanted in signed_in(lead).get(f"/prisons/{here.code}/people/{plan.person.token}/").content.decode()


def test_needs_the_permission(signed_in, officer, person, at):
    for name in ("person_needs", "need_add"):
        assert signed_in(officer).get(at(name, person.token)).status_code == 403


def test_noting_the_same_again_changes_nothing(here, lead, person, now, at_prison):
    with at_prison(here):
        need = build.need_noted(here, lead, now, person)
        again = note_needs(
            by=acts(lead, here), now=now, prison=here, person=person, source=need.source,
            categories=[need.category, need.category],
        )  # fmt: skip
    assert again == [] and Need.objects.count() == 1
