"""Referring a person: number, questions, check answers, sent."""

from __future__ import annotations

import pytest

from buddyscheme.audit.models import AuditEvent
from buddyscheme.outbox.models import Message
from referrals.forms.referrals import NumberForm, ReferForm
from referrals.models import Referral
from schemes.actions.people import end_custody
from schemes.queries.people import custody_of
from tests.builders import referrals as build
from tests.builders.schemes import person_in
from tests.cast import acts

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
NUMBER = "Z4711ZA"
ANSWERS = {
    "need_areas": ["MEALS", "MOBILITY"],
    "reason": "Fell twice this week, cannot carry a tray.",
    "urgency": "URGENT",
    "source": "SELF",
    "other_help": "YES",
}


@pytest.fixture
def person(here, lead, wing, now, at_prison):
    with at_prison(here):
        return person_in(here, lead, now, NUMBER, wing=wing, first_name="Ida", last_name="Brook")


def begin(client, at, number=NUMBER):
    return client.post(at("refer"), {"prison_number": number})


def send(client, at, answers=ANSWERS):
    begin(client, at)
    client.post(at("refer_questions"), answers)
    return client.post(at("refer_answers"), {})


def test_works(signed_in, officer, person, at):
    client = signed_in(officer)
    answer = send(client, at)
    referral = Referral.objects.get()
    assert answer["Location"] == at("refer_done", referral.token)
    assert (referral.person_id, referral.urgency, referral.other_help) == (person.pk, "URGENT", "YES")
    assert referral.referred_by == officer and referral.status == "RECEIVED"
    done = client.get(answer["Location"]).content.decode()
    assert referral.reference in done and "Brook" not in done


def test_asks_six_things():
    assert NumberForm().count_inputs() + ReferForm().count_inputs() == 6


def test_answers_can_be_checked_and_changed(signed_in, officer, person, at):
    client = signed_in(officer)
    begin(client, at)
    client.post(at("refer_questions"), ANSWERS)
    page = client.get(at("refer_answers")).content.decode()
    assert "Getting about" in page and "Fell twice this week" in page
    assert page.count("Change<span") == 6 and "whether another prisoner already helps</span>" in page
    assert "Fell twice this week" in client.get(at("refer_questions")).content.decode()


def test_no_prison_number_in_an_address(signed_in, officer, person, at):
    client = signed_in(officer)
    for answer in (begin(client, at), begin(client, at, "Z9999ZZ"), send(client, at)):
        assert "Z4711" not in answer["Location"] and "Z9999" not in answer["Location"]


def test_other_help_is_never_for_discipline(signed_in, officer, person, at):
    client = signed_in(officer)
    begin(client, at)
    assert "never used for discipline" in client.get(at("refer_questions")).content.decode()


def test_an_unknown_number_offers_to_add_the_person(signed_in, officer, here, at):
    client = signed_in(officer)
    page = client.get(begin(client, at, "Z9999ZZ")["Location"]).content.decode()
    assert "Nobody with this prison number is on this prison’s list" in page
    assert "Add this person" in page and "Z9999ZZ" in page
    add = client.get(f"/prisons/{here.code}/people/add/").content.decode()
    assert 'value="Z9999ZZ"' in add


def test_healthcare_cannot_add_people(signed_in, healthcare, at):
    client = signed_in(healthcare)
    page = client.get(begin(client, at, "Z9999ZZ")["Location"]).content.decode()
    assert "Add this person" not in page and "ask a wing officer" in page


def test_a_person_of_another_prison_is_not_revealed(signed_in, officer, elsewhere, lead, now, at_prison, at):
    with at_prison(elsewhere):
        person_in(elsewhere, lead, now, "Z5000ZB")
    client = signed_in(officer)
    there = client.get(begin(client, at, "Z5000ZB")["Location"]).content.decode()
    nowhere = client.get(begin(client, at, "Z5001ZB")["Location"]).content.decode()
    assert without_random(there).replace("Z5000ZB", "Z5001ZB") == without_random(nowhere)


def without_random(page):
    import re

    return re.sub(r'(nonce|csrfmiddlewaretoken|form_key|value|data-token)="[^"]*"', "", page)


def test_a_malformed_number_is_one_sentence(signed_in, officer, at):
    page = begin(signed_in(officer), at, "12345").content.decode()
    assert "Enter a prison number as one letter, four digits and two letters, like A1234BC" in page
    assert 'value="12345"' in page


def test_a_second_referral_is_noticed_and_can_go_on(signed_in, officer, lead, here, person, now, at_prison, at):
    with at_prison(here):
        first = build.referral_of(person, lead, now)
    client = signed_in(officer)
    begin(client, at)
    assert first.reference in client.get(at("refer_questions")).content.decode()
    send(client, at)
    assert Referral.objects.count() == 2


def test_posting_twice_makes_one_record(signed_in, officer, person, at):
    client = signed_in(officer)
    begin(client, at)
    client.post(at("refer_questions"), ANSWERS)
    first = client.post(at("refer_answers"), {"form_key": "k"})
    second = client.post(at("refer_answers"), {"form_key": "k"})
    assert first["Location"] == second["Location"] and Referral.objects.count() == 1


def test_needs_the_permission(signed_in, trainer, at):
    for name in ("refer", "refer_unknown", "refer_questions", "refer_answers"):
        assert signed_in(trainer).get(at(name)).status_code == 403


def test_another_prisons_is_404(signed_in, outsider, at):
    assert signed_in(outsider).get(at("refer")).status_code == 404


def test_a_draft_is_of_one_prison(signed_in, officer, person, at, elsewhere):
    client = signed_in(officer)
    begin(client, at)
    session = client.session
    session["referral_draft"] |= {"prison": elsewhere.code}
    session.save()
    assert client.get(at("refer_questions"))["Location"] == at("refer")


def test_a_person_who_left_meanwhile_is_refused_and_nothing_is_lost(
    signed_in, officer, lead, here, person, now, at_prison, at
):
    client = signed_in(officer)
    begin(client, at)
    client.post(at("refer_questions"), ANSWERS)
    with at_prison(here):
        end_custody(by=acts(lead, here), now=now, custody=custody_of(here, person), reason="TRANSFER")
    page = client.post(at("refer_answers"), {}).content.decode()
    assert "no longer on this prison’s list" in page and "Fell twice this week" in page
    assert not Referral.objects.exists()


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"need_areas": []}, "Select what the person needs help with"),
        ({"reason": ""}, "Enter in a few words why the person needs help"),
        ({"reason": "x" * 10_000}, "Shorten the text by 9500 characters"),
        ({"urgency": "NEVER"}, "Select one of the answers on the page"),
    ],
)
def test_rejects_bad_input_and_keeps_what_was_typed(signed_in, officer, person, at, changed, sentence):
    client = signed_in(officer)
    begin(client, at)
    page = client.post(at("refer_questions"), ANSWERS | changed).content.decode()
    assert sentence in page and "Error: " in page
    assert changed.get("reason", ANSWERS["reason"])[:40] in page


def test_leaves_the_audit_event_and_moves_the_month(signed_in, officer, person, at):
    send(signed_in(officer), at)
    event = AuditEvent.objects.get(code="referral.made")
    assert (event.actor_id, event.person_id, event.prison_code) == (officer.pk, person.pk, "ZTA")
    assert Message.objects.filter(topic="month.changed", key="ZTA:2026-11").exists()
