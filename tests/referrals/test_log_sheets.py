"""Log sheets: what is printed on them, and their numbers."""

from __future__ import annotations

from datetime import timedelta
from html import unescape
from types import SimpleNamespace
from typing import Any

import pytest
import time_machine
from django.urls import reverse

from buddyscheme.audit.models import AuditEvent
from referrals.models import PaperSheet, PaperSlip
from referrals.rules.sheets import COLUMNS, EXTRA, HOW, SPARE_ROWS, WHY
from referrals.sheet_words import SHARED, WORDS
from referrals.terminal import forms as terminal_forms
from referrals.terminal import words as terminal_words
from referrals.terminal.forms import AS_PLANNED, NOT_DONE, REASONS, SOME, Answers
from referrals.terminal.reads import VisitOnScreen
from tests.builders.buddies import active_buddy
from tests.builders.visits import helped, log_sheet, spare_sheet
from tests.cast import make_wing


@pytest.fixture(autouse=True)
def _clock(now):
    with time_machine.travel(now, tick=False):
        yield


@pytest.fixture
def team(here, wing, lead, now, at_prison):
    with at_prison(here):
        return helped(here, lead, now, wing=wing)


@pytest.fixture
def made(signed_in, officer, here, team):
    """Making the sheets of this week, as the page does."""

    def make(whose: str = "all", week: str = "2026-11-23"):
        url = reverse("referrals:sheets_make", args=[here.code])
        return signed_in(officer).post(url, {"week": week, "whose": whose}, follow=True)

    return make


def test_a_sheet_holds_the_buddys_week_from_today_on(made, team):
    page = made().content.decode()
    plan, buddy, _ = team
    sheet = PaperSheet.objects.get()
    rows = list(PaperSlip.objects.order_by("place"))
    assert [row.day.isoformat() for row in rows] == [
        f"2026-11-{day}" for day in range(23, 29)
    ]  # Sunday is the day of rest
    assert (sheet.reference, sheet.buddy, rows[0].plan) == ("L1001", buddy, plan)
    assert "L1001" in page and plan.person.first_name in page and plan.person.last_name not in page
    assert plan.person.prison_number not in page and buddy.person.full_name in page


def test_a_sheet_waits_to_be_entered_once_its_week_is_over(made, team, signed_in, officer, here, now):
    made()
    address = f"{reverse('referrals:sheets', args=[here.code])}?show=waiting"
    client = signed_in(officer)
    page = client.get(address)
    assert not page.context["table"].rows and "Nothing matches the filters you chose." in page.content.decode()
    with time_machine.travel(now + timedelta(days=7), tick=False):
        assert [row.text for row in signed_in(officer).get(address).context["table"].rows] == ["L1001"]


def test_making_it_leaves_an_audit_event(made):
    made()
    assert AuditEvent.objects.filter(code="sheets.printed").count() == 1


def test_on_a_wednesday_the_days_before_are_left_out(made, now):
    with time_machine.travel(now + timedelta(days=2), tick=False):
        made()
    assert PaperSlip.objects.order_by("place").first().day.isoformat() == "2026-11-25"


def test_printed_again_a_sheet_keeps_its_number_and_new_visits_come_at_its_end(
    made, here, wing, lead, now, team, at_prison
):
    made()
    before = list(PaperSlip.objects.order_by("place").values_list("place", "plan", "day"))
    with at_prison(here):
        other, _, _ = helped(here, lead, now, wing=wing, buddy=team[1])
    made()
    after = list(PaperSlip.objects.order_by("place").values_list("place", "plan", "day"))
    assert PaperSheet.objects.count() == 1 and after[: len(before)] == before
    assert {plan for _, plan, _ in after[len(before) :]} == {other.pk} and len(after) == 12


def test_a_wings_sheets_are_those_of_its_buddies(made, here, lead, now, at_prison):

    with at_prison(here):
        helped(here, lead, now, wing=make_wing(here, "B"))
    made("wing:A")
    assert PaperSheet.objects.count() == 1
    made("all")
    assert PaperSheet.objects.count() == 2


def test_nothing_to_print_is_said(made, here, wing, lead, now, at_prison):

    with at_prison(here):
        idle = active_buddy(here, lead, now, wing=wing)
    page = made(f"buddy:{idle.token}").content.decode()
    assert "No visit is planned in this week" in page and not PaperSheet.objects.exists()


def test_a_week_further_ahead_cannot_be_chosen(made):
    assert "Select which week" in made(week="2026-12-07").content.decode() or not PaperSheet.objects.exists()
    assert not PaperSheet.objects.exists()


def test_the_paper_is_in_welsh_too(made, signed_in, officer, here, team):
    made()
    url = reverse("referrals:sheets_print", args=[here.code, "2026-11-23"])
    page = signed_in(officer).get(url, {"language": "cy"}).content.decode()
    assert "Taflen gofnodi" in page and "Heb ddatgloi" in page and 'lang="cy"' in page


def test_spare_sheets_have_blank_rows_and_numbers_of_their_own(signed_in, officer, here, team):
    url = reverse("referrals:sheets_spare", args=[here.code])
    page = signed_in(officer).post(url, {"how_many": "2"}, follow=True).content.decode()
    assert "S1001" in page and "S1002" in page
    assert PaperSlip.objects.filter(plan__isnull=True, sheet__kind="SPARE").count() == 2 * SPARE_ROWS


@pytest.mark.parametrize("how_many", ["0", "31", "some"])
def test_a_number_that_cannot_be(signed_in, officer, here, how_many):
    response = signed_in(officer).post(reverse("referrals:sheets_spare", args=[here.code]), {"how_many": how_many})
    assert "Enter a whole number from 1 to 30" in response.content.decode() and not PaperSheet.objects.exists()


def test_the_permission_and_the_prison(signed_in, trainer, outsider, here, officer, now, team, at_prison):
    with at_prison(here):
        sheet = log_sheet(here, officer, now, team[1])
    url = reverse("referrals:sheet", args=[here.code, sheet.token])
    assert signed_in(trainer).get(url).status_code == 403
    assert signed_in(outsider).get(url).status_code == 404


def test_the_list_says_how_far_each_is(signed_in, officer, here, now, team, at_prison):
    with at_prison(here):
        log_sheet(here, officer, now, team[1])
        spare_sheet(here, officer, now)
    url = reverse("referrals:sheets", args=[here.code])
    page = signed_in(officer).get(url).content.decode()
    assert "In use" in page and "Not used yet" in page
    with time_machine.travel(now + timedelta(days=7), tick=False):
        later = signed_in(officer).get(url).content.decode()
    assert "To enter" in later and "<strong>1</strong> sheet of weeks that are over is not entered yet" in later


# The paper and the screens -----------------------------------------------------------------------------------


def _steps(*answers: dict[str, Any]) -> list[str]:
    visit = VisitOnScreen.__new__(VisitOnScreen)
    object.__setattr__(visit, "tasks", (SimpleNamespace(code="DOM-03"),))
    return [Answers(answer, visit=visit).step for answer in answers]


def test_the_columns_are_in_the_order_of_the_terminals_screens():
    screens = _steps({}, {"a": SOME}, {"a": SOME, "d": ["DOM-03"]}, {"a": NOT_DONE}, {"a": AS_PLANNED, "b": "1"})
    asked = {"how": "how", "which": "which", "extra": "extra", "why": "why", "finish": "minutes"}
    assert [asked[step] for step in screens] == list(COLUMNS)


def test_the_numbers_on_the_paper_are_those_of_the_terminal():
    assert {AS_PLANNED: "DONE", SOME: "PARTLY", NOT_DONE: "NOT_DONE"} == HOW
    assert {value: str(reason) for value, reason in REASONS.items()} == WHY
    assert {value: words for value, (_, words) in terminal_forms.EXTRA.items()} == EXTRA
    assert [SHARED[f"extra_{value}"] for value in EXTRA] == [f"extra_{key}" for key, _ in terminal_forms.EXTRA.values()]


def test_the_paper_says_what_the_terminal_says_in_both_languages(made):
    """Word for word, from the same file; and these words are what is printed."""
    page = unescape(made().content.decode())
    for key in ("how", "which", "why", "extra", "all", "some", "none", "boundary", *(f"{r}" for r in WHY.values())):
        assert terminal_words.say(key, "en") in page, key


def test_no_word_lacks_a_language():
    assert all(len(pair) == 2 and all(pair) for pair in WORDS.values())
