"""The register of informal help: fed by referrals, reception and staff; turned into something safe; no evidence."""

from __future__ import annotations

from datetime import timedelta

import pytest

from buddyscheme.audit.models import AuditEvent
from referrals.models import Concern, InformalHelp, PlanGoal, PlanReview, Referral
from referrals.rules.informal_help import TRANSITIONS
from schemes.models import Buddy
from tests.builders import referrals as build
from tests.builders.schemes import person_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


@pytest.fixture
def helper(here, lead, wing, now, at_prison):
    with at_prison(here):
        return person_in(here, lead, now, "Z4712ZA", wing=wing)


@pytest.fixture
def entry(here, lead, helper, now, at_prison):
    with at_prison(here):
        build.scheme_open(here, lead, now)
        return build.helped_informally(here, lead, now, helper=helper)


def test_every_status_has_its_row() -> None:
    assert set(TRANSITIONS) == set(InformalHelp.Status.values)


def test_a_referral_that_says_yes_makes_an_entry_and_asks_for_the_rest(
    signed_in, officer, lead, here, helper, now, at_prison, at
):
    with at_prison(here):
        referral = build.referral_of(person_in(here, lead, now), officer, now, other_help="YES")
    found = InformalHelp.objects.get()
    assert (found.said_in, found.how_known, found.kinds, found.helper) == (referral, "REFERRAL", [], None)
    client = signed_in(officer)
    fill = at("informal_help_fill", found.token)
    assert fill in client.get(at("refer_done", referral.token)).content.decode()
    page = client.get(fill).content.decode()
    assert "never evidence for discipline" in page
    client.post(fill, {"helper": helper.prison_number, "kinds": ["MEALS"], "version": 1})
    found.refresh_from_db()
    assert (found.helper, found.kinds) == (helper, ["MEALS"])
    assert client.get(at("informal_help", found.token)).status_code == 403, "who writes it down does not read it all"
    with at_prison(here):
        build.referral_of(referral.person, officer, now, other_help="YES")
    assert InformalHelp.objects.count() == 1, "one entry stands for it"


def test_no_answer_of_a_referral_but_yes_makes_one(here, lead, now, at_prison):
    with at_prison(here):
        for answer in ("NO", "UNKNOWN"):
            build.referral_of(person_in(here, lead, now), lead, now, other_help=answer)
    assert not InformalHelp.objects.exists()


def test_staff_record_what_they_saw_or_heard_at_a_review(signed_in, officer, lead, here, helper, now, at_prison, at):
    with at_prison(here):
        person = person_in(here, lead, now)
    client = signed_in(officer)
    address = at("informal_help_add") + f"?how=review&person={person.token}"
    page = client.post(address, {"helper": "Z9999ZZ", "kinds": ["CELL"]}).content.decode()
    assert "Nobody with this prison number" in page and not InformalHelp.objects.exists()
    page = client.post(address, {"helper": person.prison_number, "kinds": ["CELL"]}).content.decode()
    assert "the number of the other prisoner" in page
    client.post(address, {"helper": helper.prison_number, "kinds": ["CELL"]})
    assert InformalHelp.objects.get().how_known == "REVIEW"


def test_a_review_that_says_yes_makes_an_entry_and_a_second_one_none(signed_in, lead, here, wing, now, at_prison, at):
    with at_prison(here):
        plan = build.agreed_plan(here, lead, now, person_in(here, lead, now, wing=wing), wing=wing)
    answers = {"right": "RIGHT", "next_on": "2027-03-01", f"goal_{PlanGoal.objects.get().pk}": "PARTLY"}
    client = signed_in(lead)
    for other_help in ("NO", "YES", "YES"):
        plan.refresh_from_db()
        client.post(at("plan_review", plan.token), answers | {"other_help": other_help, "version": plan.version})
    assert PlanReview.objects.count() == 3
    entry = InformalHelp.objects.get()
    assert (entry.how_known, entry.person_id, entry.said_in) == ("REVIEW", plan.person_id, None)
    assert at("informal_help_fill", entry.token) in client.get(at("informal_help", entry.token)).content.decode()


def test_an_officer_fills_in_only_what_they_wrote_down(signed_in, officer, lead, entry, at):
    assert signed_in(officer).get(at("informal_help_fill", entry.token)).status_code == 404
    assert signed_in(lead).get(at("informal_help_fill", entry.token)).status_code == 200


def test_the_register_and_what_nobody_looked_at(signed_in, safeguarding, lead, here, now, entry, at_prison, at):
    with at_prison(here):
        old = build.helped_informally(here, lead, now - timedelta(days=8))
    client = signed_in(lead)
    page = client.get(at("informal_helps") + "?show=look").content.decode()
    assert page.index(old.reference) < page.index(entry.reference) and "Not looked at for 7 days" in page
    assert "1 for more than 7 days" in client.get(f"/prisons/{here.code}/").content.decode()
    client.post(at("informal_help_look", old.token))
    assert old.reference not in client.get(at("informal_helps") + "?show=look").content.decode()
    shown = signed_in(safeguarding).get(at("informal_help", entry.token)).content.decode()
    assert "never evidence for discipline" in shown and "End this entry" not in shown
    assert AuditEvent.objects.filter(code="viewed", person_id=entry.person_id).exists(), "readers are recorded"


def test_turned_into_a_referral(signed_in, lead, entry, at):
    client = signed_in(lead)
    client.post(
        at("informal_help_refer", entry.token), {"reason": "Cannot carry a tray.", "urgency": "SOON", "version": 1}
    )
    entry.refresh_from_db()
    referral = Referral.objects.get()
    assert (entry.status, entry.referral, entry.looked_by) == ("REFERRED", referral, lead)
    assert (referral.person, referral.need_areas, referral.other_help) == (entry.person, ["MEALS"], "YES")
    assert InformalHelp.objects.count() == 1
    page = client.get(at("informal_help", entry.token)).content.decode()
    assert f"Referral {referral.reference}" in page and "Refer the person" not in page


def test_turned_into_an_application_of_whoever_helps(signed_in, lead, entry, helper, at):
    said = {"statement": "I do it anyway.", "version": 1}
    signed_in(lead).post(at("informal_help_apply", entry.token), said)
    entry.refresh_from_db()
    assert entry.status == "APPLIED" and Buddy.objects.get(person=helper) == entry.application


def test_turned_into_a_concern_that_accuses_nobody(signed_in, lead, entry, at):
    said = {"kind": "GIFT_OR_DEBT", "words": "Pays with canteen.", "version": 1}
    signed_in(lead).post(at("informal_help_worry", entry.token), said)
    concern = Concern.objects.get()
    assert (concern.about_person, concern.about_buddy, concern.about_staff) == (entry.person, None, None)


def test_each_once_and_never_after_the_end(signed_in, lead, entry, at):
    client = signed_in(lead)
    client.post(at("informal_help_end", entry.token), {"reason": "A buddy helps now.", "version": 1})
    for name, said in (
        ("informal_help_refer", {"reason": "x", "urgency": "SOON"}),
        ("informal_help_apply", {"statement": "x"}),
        ("informal_help_worry", {"kind": "WORRY", "words": "x"}),
        ("informal_help_end", {"reason": "x"}),
    ):
        page = client.post(at(name, entry.token), {**said, "version": 2}).content.decode()
        assert "This entry has ended" in page, name
    assert not Referral.objects.exists() and not Concern.objects.exists() and not Buddy.objects.exists()


def test_nobody_applies_who_is_not_known(signed_in, lead, here, now, at_prison, at):
    with at_prison(here):
        unknown = build.helped_informally(here, lead, now)
    said = {"statement": "x", "version": 1}
    page = signed_in(lead).post(at("informal_help_apply", unknown.token), said).content.decode()
    assert "It is not known who helps" in page


def test_personal_care_leads_to_an_unmet_need(signed_in, lead, here, entry, now, at_prison, at):
    with at_prison(here):
        care = build.helped_informally(here, lead, now, kinds=["PERSONAL"])
    client = signed_in(lead)
    wanted = at("unmet_need_add") + f"?person={care.person.token}"
    assert wanted in client.get(at("informal_help", care.token)).content.decode()
    assert "unmet-needs/add" not in client.get(at("informal_help", entry.token)).content.decode()
