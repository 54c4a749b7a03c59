"""Everybody who arrives is asked once; what they need becomes a referral with the same press."""

from __future__ import annotations

import pytest

from buddyscheme.audit.models import AuditEvent
from referrals.forms.reception import ReceptionForm
from referrals.models import InformalHelp, Need, ReceptionPrompt, ReceptionScreening, Referral
from referrals.queries.reception import prompts
from schemes.queries.people import custody_of
from tests.builders import referrals as build
from tests.builders.schemes import arrived

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


@pytest.fixture
def custody(here, lead, wing, now, at_prison):
    build.reception_prompts()
    with at_prison(here):
        return custody_of(here, arrived(here, lead, now, wing=wing))


def test_two_inputs_and_our_own_words(custody):
    assert ReceptionForm(prompts=prompts()).count_inputs() == 2
    assert all("reconstruction" in prompt.source for prompt in ReceptionPrompt.objects.all())


def test_needs_become_a_referral_in_one_step(signed_in, officer, custody, at):
    client = signed_in(officer)
    assert custody.person.prison_number in client.get(at("reception")).content.decode()
    said = {"yes": ["WALKING", "STAIRS", "WASHING", "HELPED"], "urgency": "URGENT"}
    answer = client.post(at("reception_ask", custody.token), said)
    referral = Referral.objects.get()
    assert answer["Location"] == at("refer_done", referral.token)
    assert (referral.need_areas, referral.urgency, referral.other_help) == (["MOBILITY", "PERSONAL"], "URGENT", "YES")
    assert "Uses a walking aid" in referral.reason and referral.due_at is not None
    assert set(Need.objects.values_list("category", "source")) == {("MOBILITY", "RECEPTION"), ("PERSONAL", "RECEPTION")}
    assert InformalHelp.objects.get().how_known == "RECEPTION"
    assert ReceptionScreening.objects.get().referral == referral
    assert AuditEvent.objects.get(code="reception.asked").person_id == custody.person_id
    assert custody.person.prison_number not in client.get(at("reception")).content.decode()


@pytest.mark.parametrize(("yes", "declined"), [("NOTHING", False), ("DECLINED", True)])
def test_nothing_needed_or_nothing_said_is_an_answer(signed_in, officer, custody, at, yes, declined):
    signed_in(officer).post(at("reception_ask", custody.token), {"yes": [yes]})
    screening = ReceptionScreening.objects.get()
    assert (screening.yes, screening.declined, screening.referral) == ([], declined, None)
    assert not Referral.objects.exists()


def test_help_alone_is_entered_in_the_register(signed_in, officer, custody, at):
    signed_in(officer).post(at("reception_ask", custody.token), {"yes": ["HELPED"]})
    assert InformalHelp.objects.get().person == custody.person and not Referral.objects.exists()


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"urgency": "SOON"}, "Select what applies"),
        ({"yes": ["WALKING"]}, "Select how soon help is needed"),
        ({"yes": ["WALKING", "NOTHING"], "urgency": "SOON"}, "one of the last two answers"),
        ({"yes": ["FLYING"]}, "Select only from the answers"),
    ],
)
def test_rejects_bad_input(signed_in, officer, custody, at, said, sentence):
    assert sentence in signed_in(officer).post(at("reception_ask", custody.token), said).content.decode()
    assert not ReceptionScreening.objects.exists()


def test_asked_once_for_each_arrival(signed_in, officer, custody, at):
    client = signed_in(officer)
    for _ in range(2):
        page = client.post(at("reception_ask", custody.token), {"yes": ["NOTHING"]})
    assert "has been asked already" in page.content.decode() and ReceptionScreening.objects.count() == 1


def test_who_came_long_ago_is_not_on_the_list(signed_in, officer, here, lead, wing, now, custody, at_prison, at):
    with at_prison(here):
        old, last = (arrived(here, lead, now, days=days, wing=wing) for days in (15, 14))
    page = signed_in(officer).get(at("reception")).content.decode()
    assert old.prison_number not in page and last.prison_number in page


def test_needs_the_permission(signed_in, healthcare, custody, at):
    assert signed_in(healthcare).get(at("reception")).status_code == 403
    assert signed_in(healthcare).get(at("reception_ask", custody.token)).status_code == 403
