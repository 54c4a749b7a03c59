"""Referral, concern and interview on paper: the questions of the screens, in their order."""

from __future__ import annotations

import re
from html import unescape

import pytest
import time_machine
from django.urls import reverse

from buddyscheme.audit.models import AuditEvent
from referrals.models import PaperSheet
from tests.builders.buddies import at_interview
from tests.builders.referrals import scheme_open
from tests.builders.schemes import person_in

SCREEN = re.compile(
    r"<(?:label|legend)[^>]*(?:govuk-label--|govuk-fieldset__legend--)[^>]*>(.*?)</(?:label|legend)>", re.S
)
PAPER = re.compile(r'<p class="app-form__ask">(.*?)(?:<span|</p>)', re.S)


@pytest.fixture(autouse=True)
def _clock(now):
    with time_machine.travel(now, tick=False):
        yield


def words(found: list[str]) -> list[str]:
    """As people read them: without tags, "(optional)" kept."""
    return [unescape(" ".join(re.sub("<[^>]+>", " ", one).split())) for one in found]


def on_screen(page: str) -> list[str]:
    return words(SCREEN.findall(page))


@pytest.fixture
def on_paper(signed_in, officer, here):
    """The questions of a form of this kind, as it is printed."""

    def read(kind: str) -> list[str]:
        url = reverse(f"referrals:paper_{kind}", args=[here.code])
        page = signed_in(officer).post(url, {"how_many": "1"}, follow=True).content.decode()
        return words(PAPER.findall(page))

    return read


def test_the_referral_asks_what_the_screens_ask(signed_in, officer, here, wing, lead, now, at_prison, on_paper):
    with at_prison(here):
        scheme_open(here, lead, now, wing)
        person = person_in(here, lead, now, wing=wing)
    client, number = signed_in(officer), reverse("referrals:refer", args=[here.code])
    first = client.get(number).content.decode()
    second = client.post(number, {"prison_number": person.prison_number}, follow=True).content.decode()
    asked = [*on_screen(first), *on_screen(second)]
    paper = on_paper("referral")
    assert len(asked) == 6 and paper[:6] == asked
    # Asked on the page after, where it was not staff.
    assert paper[6:] == ["Who asked for help?"]


def test_the_concern_asks_what_the_screen_asks(signed_in, officer, here, wing, lead, now, at_prison, on_paper):
    with at_prison(here):
        scheme_open(here, lead, now, wing)
    page = signed_in(officer).get(reverse("referrals:concern_add", args=[here.code])).content.decode()
    assert on_paper("concern") == on_screen(page) != []


def test_the_interview_asks_what_the_screen_asks(signed_in, officer, here, wing, lead, now, at_prison, on_paper):
    with at_prison(here):
        buddy = at_interview(here, lead, now, wing=wing)
    page = signed_in(officer).get(reverse("schemes:score", args=[here.code, buddy.token])).content.decode()
    assert on_paper("interview") == on_screen(page)
    assert len(on_screen(page)) > 3


def test_every_answer_of_the_screen_has_a_box(signed_in, officer, here):
    url = reverse("referrals:paper_referral", args=[here.code])
    page = signed_in(officer).post(url, {"how_many": "1"}, follow=True)
    for question in page.context["questions"]:
        for choice in question.choices:
            assert choice.text in unescape(page.content.decode())


def test_each_form_has_a_number_of_its_own_in_one_run(signed_in, officer, here):
    client = signed_in(officer)
    client.post(reverse("referrals:paper_referral", args=[here.code]), {"how_many": "2"})
    page = client.post(reverse("referrals:paper_concern", args=[here.code]), {"how_many": "1"}, follow=True)
    assert [sheet.reference for sheet in PaperSheet.objects.order_by("number")] == ["R1001", "R1002", "C1003"]
    assert "C1003" in page.content.decode() and "R1002" not in page.content.decode()
    assert AuditEvent.objects.filter(code="forms.printed").count() == 2


def test_the_permission_and_the_prison(signed_in, trainer, outsider, officer, here):
    signed_in(officer).post(reverse("referrals:paper_referral", args=[here.code]), {"how_many": "1"})
    assert signed_in(trainer).get(reverse("referrals:paper_referral", args=[here.code])).status_code == 403
    printed = reverse("referrals:paper_referral_print", args=[here.code, 1001, 1001])
    assert signed_in(outsider).get(printed).status_code == 404
    assert (
        signed_in(officer).get(reverse("referrals:paper_concern_print", args=[here.code, 1001, 1001])).status_code
        == 404
    )
