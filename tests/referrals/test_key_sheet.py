"""Entering a log sheet: in the paper's order, compared with its totals, saved once."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.db import transaction
from django.urls import reverse

from buddyscheme.audit.models import AuditEvent
from buddyscheme.lib.errors import NotAllowed
from referrals.actions.sheets import key_sheet
from referrals.models import HeldText, PlannedVisit, Visit
from referrals.rules.sheets import SPARE_ROWS, RowEntry, Totals
from schemes.models import Buddy
from tests.builders.referrals import EVERY_DAY
from tests.builders.visits import day_opened, helped, log_sheet, planned_on, spare_sheet, visit_of
from tests.cast import acts

TASKS = (("DOM-03", EVERY_DAY, "AM", 10), ("DOM-05", EVERY_DAY, "AM", 5))
MONDAY = date(2026, 11, 23)


@pytest.fixture(autouse=True)
def _a_week_later(now):
    """The sheet is entered on the Monday after its week."""
    with time_machine.travel(now + timedelta(days=7), tick=False):
        yield


@pytest.fixture
def sheet(here, wing, lead, now, at_prison):
    """A sheet of six visits of 15 minutes, printed on the Monday. Sunday is the day of rest."""
    with at_prison(here):
        _, buddy, _ = helped(here, lead, now, wing=wing, tasks=TASKS)
        made = log_sheet(here, lead, now, buddy)
        for days in range(1, 6):
            day_opened(here, MONDAY + timedelta(days=days), now + timedelta(days=days))
    return made


def posted(rows: dict[int, str], totals: tuple[int, int, int], **more: str) -> dict[str, str]:
    """Rows as "how|which|extra|why|minutes"; what is left out at the end stays empty."""
    names = ("how", "which", "extra", "why", "minutes")
    answers = {
        f"{name}_{place}": typed
        for place, row in rows.items()
        for name, typed in zip(names, row.split("|"), strict=False)
    }
    done, not_done, minutes = totals
    return {**answers, "done": str(done), "not_done": str(not_done), "minutes": str(minutes), **more}


@pytest.fixture
def enter(signed_in, officer, here, sheet):
    """Posting the whole sheet, as the page does."""
    client, url = signed_in(officer), reverse("referrals:sheet_enter", args=[here.code, sheet.token])
    return lambda rows, totals, **more: client.post(url, posted(rows, totals, **more), follow=True)


MIXED = {1: "1", 2: "1||||20", 3: "2|2", 4: "3|||1", 5: "1||Read him a letter", 6: "1"}


def test_the_whole_sheet_is_saved_at_once_as_from_paper(enter, sheet, officer):
    page = enter(MIXED, (5, 1, 80)).content.decode()
    assert "Sheet L1001 is entered: 6 visits are saved." in page
    visits = {visit.slip.place: visit for visit in Visit.objects.select_related("slip")}
    assert set(visits) == {1, 2, 3, 4, 5, 6}
    assert {visit.source for visit in visits.values()} == {"PAPER"}
    assert (visits[1].outcome, visits[1].minutes, visits[1].tasks_done) == ("DONE", 15, ["DOM-03", "DOM-05"])
    assert (visits[2].minutes, visits[5].extra_help) == (20, "Read him a letter")
    assert (visits[3].outcome, visits[3].tasks_done) == ("PARTLY", ["DOM-05"])
    assert (visits[4].outcome, visits[4].reason, visits[4].said_by) == ("NOT_DONE", "NOT_UNLOCKED", "BUDDY")
    assert {visit.entered_by for visit in visits.values()} == {officer}
    assert AuditEvent.objects.filter(code="sheets.keyed").count() == 1


def test_totals_of_the_sheet_and_of_the_record_agree(enter, sheet, signed_in, officer, here):
    page = enter(MIXED, (5, 1, 80)).content.decode()
    sheet.refresh_from_db()
    assert (sheet.done_on_paper, sheet.not_done_on_paper, sheet.minutes_on_paper) == (5, 1, 80)
    assert page.count("Agree") == 3 and "Differ" not in page
    listed = signed_in(officer).get(reverse("referrals:visits", args=[here.code]), {"source": "PAPER"})
    rows = list(listed.context["page"])
    assert sum(row.minutes for row in rows) == 80
    assert sum(row.outcome != "NOT_DONE" for row in rows) == 5 and len(rows) == 6


def test_totals_that_differ_are_shown_and_nothing_is_saved(enter, sheet):
    page = enter(MIXED, (6, 1, 95)).content.decode()
    assert "On the paper: 6 done, 1 not done, 95 minutes. The rows here: 5 done, 1 not done, 80 minutes." in page
    assert "the paper is added up wrongly" in page and not Visit.objects.exists()
    assert 'value="Read him a letter"' in page and 'value="95"' in page
    enter(MIXED, (6, 1, 95), paper_wrong="on")
    sheet.refresh_from_db()
    assert Visit.objects.count() == 6 and sheet.minutes_on_paper == 95


def test_what_the_sheet_says_of_wrong_totals_afterwards(enter):
    page = enter(MIXED, (6, 1, 95), paper_wrong="on").content.decode()
    assert "The totals differ" in page and page.count(">\n  Differ") + page.count("Differ") >= 2


def test_a_visit_on_record_already_is_counted_and_not_asked_again(enter, sheet, here, lead, now, at_prison):
    with at_prison(here):
        plan = sheet.rows.first().plan
        visit_of(planned_on(plan, MONDAY), lead, now)
    page = enter({2: "1"}, (2, 0, 30)).content.decode()
    assert "1 visit is saved" in page and page.count("Agree") == 3
    assert Visit.objects.filter(source="PAPER").count() == 1


WRONG_ROWS = [
    ("4", "Row 2: enter 1, 2 or 3 for how it went"),
    ("||||20", "Row 2: enter 1, 2 or 3 for how it went"),
    ("2", "Row 2: enter the numbers of the tasks that were done, from 1 to 2"),
    ("2|3", "Row 2: enter the numbers of the tasks that were done, from 1 to 2"),
    ("1|1", "Row 2: what was done goes only with 2"),
    ("1|||2", "Row 2: why not goes only with 3"),
    ("3", "Row 2: enter a number from 1 to 5 for why not"),
    ("3|||1|10", "Row 2: a visit that was not done has no minutes"),
    ("1||||481", "Row 2: enter whole minutes from 1 to 480"),
    ("1||||ten", "Row 2: enter whole minutes from 1 to 480"),
    ("1||" + "x" * 281, "Shorten the text by 1 character"),
    ("1||a\u202eb", "Remove hidden characters"),
]


def test_a_row_that_cannot_be_names_itself_and_keeps_what_was_typed(enter):
    for row, sentence in WRONG_ROWS:
        page = enter({1: "1", 2: row}, (2, 0, 30)).content.decode()
        assert sentence in page, row
        assert 'name="how_1" id="id_how_1" value="1"' in page
    assert not Visit.objects.exists()


def test_help_beside_the_plan_is_keyed_by_its_numbers(enter):
    enter({1: "1||15"}, (1, 0, 15))
    assert Visit.objects.get().extra_help == "Brought a meal or water; Read or wrote something for them"


def test_an_empty_sheet_is_not_saved(enter, sheet):
    assert "No row is filled in" in enter({}, (0, 0, 0)).content.decode()
    sheet.refresh_from_db()
    assert sheet.keyed_at is None


def test_both_tasks_of_some_is_all_as_planned(enter):
    enter({1: "2|12"}, (1, 0, 15))
    assert Visit.objects.get().outcome == "DONE"


def test_a_row_left_empty_stays_without_a_record(enter, here, signed_in, officer):
    enter({1: "1"}, (1, 0, 15))
    page = signed_in(officer).get(reverse("referrals:visits_missing", args=[here.code])).context["page"]
    assert page.paginator.count == 5


def test_the_sheet_leads_to_what_was_left_empty(enter, here):
    page = enter({1: "1"}, (1, 0, 15)).content.decode()
    second = PlannedVisit.objects.get(day=MONDAY + timedelta(days=1))
    assert reverse("referrals:visit_add", args=[here.code, second.token]) in page


def test_extra_help_that_oversteps_is_held(enter):
    page = enter({1: "1||Helped him wash and dress"}, (1, 0, 15)).content.decode()
    assert "waits for a second person" in page
    assert Visit.objects.get().extra_help == "" and HeldText.objects.get().words == "Helped him wash and dress"


def test_a_sheet_keyed_twice_is_saved_once(enter, signed_in, here, lead, sheet):
    enter({1: "1"}, (1, 0, 15))
    again = enter({1: "1", 2: "1"}, (2, 0, 30)).content.decode()
    assert "Sheet L1001 was entered already by" in again
    key = reverse("referrals:sheet_key", args=[here.code])
    assert "was entered already by" in signed_in(lead).post(key, {"reference": "L1001"}).content.decode()
    assert Visit.objects.count() == 1


def test_a_page_that_was_open_while_somebody_recorded_one_of_its_visits(sheet, here, officer, lead, now, at_prison):
    with at_prison(here):
        plan = sheet.rows.first().plan
        planned = planned_on(plan, MONDAY)
        visit_of(planned, lead, now)
        rows = [RowEntry(place=1, planned_id=planned.pk, outcome="DONE", minutes=15)]
        with pytest.raises(NotAllowed, match="Row 1: This visit is already logged"):
            key_sheet(by=acts(officer, here), now=now, sheet=sheet, rows=rows, totals=Totals(1, 0, 15))
    assert Visit.objects.count() == 1


def test_a_visit_of_another_buddy_cannot_be_smuggled_in(sheet, here, wing, officer, lead, now, at_prison):
    with at_prison(here):
        other, _, _ = helped(here, lead, now, wing=wing)
        rows = [RowEntry(place=1, planned_id=planned_on(other, MONDAY).pk, outcome="DONE", minutes=15)]
        with pytest.raises(NotAllowed, match="Row 1 is about another visit"):
            key_sheet(by=acts(officer, here), now=now, sheet=sheet, rows=rows, totals=Totals(1, 0, 15))


def test_a_visit_that_is_no_longer_planned_has_no_boxes(sheet, here, signed_in, officer, now):
    PlannedVisit.objects.filter(day=MONDAY).update(cancelled_at=now, cancel_reason="At court")
    page = signed_in(officer).get(reverse("referrals:sheet_enter", args=[here.code, sheet.token])).content.decode()
    assert "At court" in page and 'name="how_1"' not in page and 'name="how_2"' in page


# Finding the sheet --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("L9999", "No sheet with this number was printed"),
        ("S1001", "No sheet with this number was printed"),
        ("one", "Enter the number as it is printed"),
        ("", "Enter the number that is printed at the top"),
    ],
)
def test_a_number_that_is_none(signed_in, officer, here, sheet, typed, sentence):
    response = signed_in(officer).post(reverse("referrals:sheet_key", args=[here.code]), {"reference": typed})
    assert sentence in response.content.decode()


@pytest.mark.parametrize("typed", ["L1001", " l1001 ", "1001"])
def test_the_number_opens_the_sheet(signed_in, officer, here, sheet, typed):
    response = signed_in(officer).post(reverse("referrals:sheet_key", args=[here.code]), {"reference": typed})
    assert response["Location"] == reverse("referrals:sheet_enter", args=[here.code, sheet.token])


def test_a_form_is_no_log_sheet(signed_in, officer, here, sheet):
    client = signed_in(officer)
    client.post(reverse("referrals:paper_concern", args=[here.code]), {"how_many": "1"})
    response = client.post(reverse("referrals:sheet_key", args=[here.code]), {"reference": "C1002"})
    assert "C1002 is a form and no log sheet" in response.content.decode()


def test_the_permission_and_the_prison(signed_in, trainer, outsider, elsewhere, here, sheet):
    url = reverse("referrals:sheet_enter", args=[here.code, sheet.token])
    assert signed_in(trainer).get(url).status_code == 403
    assert signed_in(outsider).get(url).status_code == 404
    key = reverse("referrals:sheet_key", args=[elsewhere.code])
    assert "No sheet with this number" in signed_in(outsider).post(key, {"reference": "L1001"}).content.decode()


# Spare sheets -------------------------------------------------------------------------------------------------


def test_a_spare_sheet_asks_whose_it_is_and_which_visits(sheet, here, officer, signed_in, now, at_prison):
    with at_prison(here):
        spare = spare_sheet(here, officer, now)
        buddy, plan = sheet.buddy, sheet.rows.first().plan
        tuesday, friday = (planned_on(plan, MONDAY + timedelta(days=days)) for days in (1, 4))
    client = signed_in(officer)
    step = client.post(reverse("referrals:sheet_key", args=[here.code]), {"reference": spare.reference}, follow=True)
    assert "Which buddy’s sheet is it?" in step.content.decode()
    whose = reverse("referrals:sheet_whose", args=[here.code, spare.token])
    page = client.post(whose, {"buddy": buddy.token, "week": "2026-11-23"}, follow=True)
    assert page.content.decode().count(f'value="{tuesday.token}"') == SPARE_ROWS
    answers = posted({1: "1", 2: "3|||3"}, (1, 1, 15), visit_1=friday.token, visit_2=tuesday.token)
    saved = client.post(page.redirect_chain[-1][0], answers, follow=True).content.decode()
    assert "2 visits are saved" in saved and saved.count("Agree") == 3
    spare.refresh_from_db()
    assert (spare.buddy, spare.week_starts_on) == (buddy, MONDAY)
    assert Visit.objects.get(planned=friday).slip.place == 1


def test_a_spare_sheet_of_a_week_without_a_visit(sheet, here, officer, signed_in, now, at_prison):
    with at_prison(here):
        spare = spare_sheet(here, officer, now)
    url = reverse("referrals:sheet_enter", args=[here.code, spare.token])
    page = signed_in(officer).get(f"{url}?buddy={sheet.buddy.token}&week=2026-11-30").content.decode()
    assert "has a record, or none was planned" in page and "Save the sheet" not in page


@pytest.mark.parametrize(
    ("answers", "sentence"),
    [
        (posted({1: "1"}, (1, 0, 15)), "Row 1: select which visit it is"),
        (posted({1: "1", 2: "1"}, (2, 0, 30), visit_1="same", visit_2="same"), "names the same visit as another row"),
        (posted({}, (1, 0, 15), visit_1="same"), "Row 1: enter 1, 2 or 3 for how it went"),
    ],
)
def test_rows_of_a_spare_sheet_that_cannot_be(sheet, here, officer, signed_in, now, at_prison, answers, sentence):
    with at_prison(here):
        spare = spare_sheet(here, officer, now)
        token = planned_on(sheet.rows.first().plan, MONDAY).token
    answers = {name: token if value == "same" else value for name, value in answers.items()}
    url = reverse("referrals:sheet_enter", args=[here.code, spare.token])
    page = signed_in(officer).post(f"{url}?buddy={sheet.buddy.token}&week=2026-11-23", answers)
    assert sentence in page.content.decode() and not Visit.objects.exists()


# Misuse cases of trust.md, section 3 ----------------------------------------------------------------------------


def test_misuse_10_an_entry_on_a_later_day_is_late_and_keeps_both_times(enter, sheet, here, now, signed_in, officer):
    enter({1: "1"}, (1, 0, 15))
    visit = Visit.objects.get()
    assert (visit.happened_on, visit.entered_at, visit.late) == (MONDAY, now + timedelta(days=7), True)
    page = signed_in(officer).get(reverse("referrals:visits", args=[here.code])).content.decode()
    assert "Paper (late)" in page
    one = signed_in(officer).get(reverse("referrals:visit", args=[here.code, visit.token])).content.decode()
    assert "Paper L1001, row 1" in one and "entered on a later day" in one


def test_misuse_10_the_day_of_printing_cannot_be_keyed_ahead(sheet, here, now, signed_in, officer):
    """On the Wednesday only three rows have boxes; the rest is still to come, also when it is posted."""
    url = reverse("referrals:sheet_enter", args=[here.code, sheet.token])
    with time_machine.travel(now + timedelta(days=2), tick=False):
        page = signed_in(officer).get(url).content.decode()
        assert 'name="how_3"' in page and 'name="how_4"' not in page and page.count("Still to come") == 3
        answer = signed_in(officer).post(url, posted({3: "1", 5: "1"}, (2, 0, 30)))
    assert "The totals differ" in answer.content.decode() and not Visit.objects.exists()


def test_misuse_10_what_is_more_than_two_weeks_old_is_refused(sheet, here, now, signed_in, officer, at_prison):
    later, url = now + timedelta(days=15), reverse("referrals:sheet_enter", args=[here.code, sheet.token])
    with time_machine.travel(later, tick=False):
        page = signed_in(officer).get(url).content.decode()
    assert "More than 14 days ago" in page and 'name="how_1"' not in page and 'name="how_2"' in page
    rows = [RowEntry(place=1, planned_id=PlannedVisit.objects.get(day=MONDAY).pk, outcome="DONE", minutes=15)]
    with at_prison(here), pytest.raises(NotAllowed, match="Row 1: Visits can be recorded up to 14 days later"):
        key_sheet(by=acts(officer, here), now=later, sheet=sheet, rows=rows, totals=Totals(1, 0, 15))


def test_misuse_11_the_same_page_sent_again_saves_nothing_more(enter, sheet):
    first = enter(MIXED, (5, 1, 80), form_key="k" * 22)
    again = enter(MIXED, (5, 1, 80), form_key="k" * 22)
    assert first.redirect_chain[0][0] == again.redirect_chain[0][0]
    assert Visit.objects.count() == 6 and AuditEvent.objects.filter(code="sheets.keyed").count() == 1


def test_misuse_11_after_an_error_of_the_server_one_more_try_saves_all(enter, sheet, monkeypatch, settings):
    from referrals.actions import sheets as actions

    real = actions.record
    monkeypatch.setattr(actions, "record", lambda *a, **k: (_ for _ in ()).throw(RuntimeError("broken")))
    with pytest.raises(RuntimeError):
        enter(MIXED, (5, 1, 80), form_key="k" * 22)
    assert not Visit.objects.exists()
    monkeypatch.setattr(actions, "record", real)
    enter(MIXED, (5, 1, 80), form_key="k" * 22)
    assert Visit.objects.count() == 6


CHANGES = [
    # The night on which an hour comes twice, and the night that leaves one out: (Sunday, a moment of it in UTC).
    (date(2026, 10, 25), datetime(2026, 10, 25, 0, 30, tzinfo=UTC), False),  # 01:30 for the first time
    (date(2026, 10, 25), datetime(2026, 10, 25, 1, 30, tzinfo=UTC), False),  # 01:30 for the second time
    (date(2026, 10, 25), datetime(2026, 10, 25, 23, 59, tzinfo=UTC), False),  # the last minute of a day of 25 hours
    (date(2026, 10, 25), datetime(2026, 10, 26, 0, 0, tzinfo=UTC), True),
    (date(2027, 3, 28), datetime(2027, 3, 28, 22, 59, tzinfo=UTC), False),  # the last minute of a day of 23 hours
    (date(2027, 3, 28), datetime(2027, 3, 28, 23, 0, tzinfo=UTC), True),
]


@pytest.mark.parametrize("sunday", sorted({sunday for sunday, _, _ in CHANGES}))
def test_misuse_35_on_nights_when_the_clock_changes_late_goes_by_the_prisons_day(
    here, wing, lead, officer, at_prison, sunday
):
    monday = sunday - timedelta(days=6)
    begins = datetime(monday.year, monday.month, monday.day, 9, tzinfo=UTC)
    with at_prison(here):
        plan, buddy, _ = helped(here, lead, begins, wing=wing)
        Buddy.objects.filter(pk=buddy.pk).update(rest_day=2)
        sheet = log_sheet(here, lead, begins, buddy)
        day_opened(here, sunday, begins + timedelta(days=5))
        days = [monday + timedelta(days=n) for n in (0, 1, 3, 4, 5, 6)]
        assert [row.day for row in sheet.rows.order_by("place")] == days
        planned = planned_on(plan, sunday)
        rows = [RowEntry(place=6, planned_id=planned.pk, outcome="DONE", minutes=10)]
        for _, entered_at, late in (change for change in CHANGES if change[0] == sunday):
            with transaction.atomic():
                key_sheet(by=acts(officer, here), now=entered_at, sheet=sheet, rows=rows, totals=Totals(1, 0, 10))
                visit = Visit.objects.get(planned=planned)
                assert (visit.late, visit.happened_on, visit.entered_at) == (late, sunday, entered_at)
                transaction.set_rollback(True)
