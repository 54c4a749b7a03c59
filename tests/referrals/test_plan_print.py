"""The plan for the person's own hands: formats, languages, and what never stands on it."""

from __future__ import annotations

import re

import pytest

from buddyscheme.audit.models import AuditEvent
from referrals import plan_words as words
from referrals.actions.equipment import add_equipment
from referrals.actions.plans import save_risks
from referrals.terminal.words import WORDS as TERMINAL_WORDS
from schemes.models import Session
from tests.builders.visits import helped
from tests.cast import acts

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
FORMATS = ("", "?format=easy", "?format=large", "?language=cy", "?format=easy&language=cy", "?format=large&language=cy")


@pytest.fixture
def plan(here, lead, wing, now, at_prison):
    with at_prison(here):
        plan, _, _ = helped(here, lead, now, wing=wing, goals=["Eat with others.", "Write home."])
        add_equipment(by=acts(lead, here), now=now, plan=plan, kind="FRAME", owner="PRISON")
        plan.refresh_from_db()
        return save_risks(
            by=acts(lead, here), now=now, plan=plan, falls_risk=True, staff_notes="Staff eyes only.",
            version=plan.version,
        )  # fmt: skip


def test_every_format_has_the_persons_words_and_nothing_that_is_for_staff(signed_in, lead, plan, at):
    client = signed_in(lead)
    for asked in FORMATS:
        page = client.get(at("plan_print", plan.token) + asked).content.decode()
        for said in (plan.own_words, "Eat with others.", "Write home."):
            assert said in page, asked
        for hidden in ("Staff eyes only.", "risk of falling", "At risk"):
            assert hidden not in page, asked
        assert (words.UNCHECKED in page) == ("cy" in asked)
        assert ("Ffrâm gerdded" in page) == ("cy" in asked) and ("Walking frame" in page) == ("cy" not in asked)
        assert ("picture" in page) == ("easy" in asked)
        assert page.index(plan.own_words) < page.index("Eat with others.")
    assert AuditEvent.objects.filter(code="printed", person_id=plan.person_id).count() == len(FORMATS)


def test_the_bar_leads_to_every_format_and_to_the_other_language_of_this_one(signed_in, lead, plan, at):
    page = signed_in(lead).get(at("plan_print", plan.token) + "?format=easy").content.decode()
    links = re.findall(r'href="([^"]*/paper/[^"]*)"', page)
    base = at("plan_print", plan.token)
    assert links == [base, f"{base}?format=large", f"{base}?format=easy&amp;language=cy"]


def test_a_format_or_language_that_does_not_exist_is_the_english_page(signed_in, lead, plan, at):
    page = signed_in(lead).get(at("plan_print", plan.token) + "?format=mp3&language=fr").content.decode()
    assert "In my own words" in page and "app-one-page" in page


def test_every_string_has_welsh_and_the_names_that_the_terminal_uses():
    for english, welsh in (*words.WORDS.values(), *words.SAFETY.values()):
        assert english.strip() and welsh.strip() and english != welsh
        assert sorted(re.findall(r"{\w+}", english)) == sorted(re.findall(r"{\w+}", welsh))
    for word, both in words.SAFETY.items():
        assert TERMINAL_WORDS[word] == both and words.SAFETY_PICTURES[word]
    for session in Session.values:
        assert TERMINAL_WORDS[session] == words.WORDS[session]


def test_welsh_names_each_day():
    assert words.days_of([0, 1, 2], "en") == "Monday to Wednesday"
    assert words.days_of([0, 2], "cy") == "Dydd Llun, Dydd Mercher" and words.days_of(range(7), "cy") == "Bob dydd"
