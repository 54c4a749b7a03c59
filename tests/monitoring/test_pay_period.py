"""A pay period from entering it to the last explanation: typed, from a file, differences, and who may."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from buddyscheme.accounts.models import Prison, User
from buddyscheme.audit.models import AuditEvent
from monitoring.models import PayExplanation, PayFile, PayLine, PayPeriod
from referrals.actions.visits import correct_visit
from referrals.models import Visit
from schemes.models import Buddy
from tests.builders import pay
from tests.builders.buddies import active_buddy, applied
from tests.builders.visits import day_opened, helped, planned_on, visit_of
from tests.cast import acts

pytestmark = pytest.mark.django_db
SignedIn = Callable[[User], Client]
PAY = "/prisons/ZTA/pay/"
MONDAY = date(2026, 11, 9)


@pytest.fixture(autouse=True)
def _monday(now: datetime) -> Any:
    with time_machine.travel(now, tick=False):
        yield


@pytest.fixture
def buddies(here: Prison, lead: User, now: datetime, at_prison: Callable[[Prison], Any]) -> list[Buddy]:
    """Two buddies in band 4 at 80 pence: the first worked on Monday and Tuesday, the second on no day."""
    then = now - timedelta(days=40)
    with at_prison(here):
        plan, first, _ = helped(here, lead, then)
        second = active_buddy(here, lead, then)
        for day in (MONDAY, MONDAY + timedelta(days=1)):
            day_opened(here, day)
            visit_of(planned_on(plan, day), lead, now)
        pay.rate(here, lead, now)
        return [pay.in_band(buddy, lead, now) for buddy in (first, second)]


@pytest.fixture
def week(
    buddies: list[Buddy], here: Prison, lead: User, now: datetime, at_prison: Callable[[Prison], Any]
) -> PayPeriod:
    with at_prison(here):
        return pay.period(here, lead, now, MONDAY)


def typed_day(day: date) -> dict[str, str]:
    return {"first_day": day.isoformat()}


def url(found: PayPeriod, more: str = "") -> str:
    return f"{PAY}periods/{found.token}/{more}"


def line(found: PayPeriod, buddy: Buddy) -> PayLine:
    return pay.line_of(found, buddy)


def amounts(found: PayPeriod, *pairs: tuple[Buddy, str]) -> dict[str, str]:
    found.refresh_from_db()
    return {"version": str(found.version), **{f"amount-{line(found, buddy).token}": text for buddy, text in pairs}}


# Entering a period -------------------------------------------------------------------------------------


def test_the_lead_enters_a_week_and_sees_what_it_is_worth(
    buddies: list[Buddy], here: Prison, lead: User, signed_in: SignedIn
) -> None:
    client = signed_in(lead)
    answer = client.post(f"{PAY}periods/add/", typed_day(MONDAY), follow=True)
    page = answer.content.decode()
    assert "Pay from 9 to 15 November 2026" in page
    assert "Nothing is paid here" in page
    assert "£1.60" in page
    # The next one is filled in.
    assert 'value="16"' in client.get(f"{PAY}periods/add/").content.decode()


@pytest.mark.parametrize(
    ("first_day", "sentence"),
    [
        (date(2026, 11, 10), "A pay period begins on a Monday. 9 November 2026 and 16 November 2026 are the nearest"),
        (date(2026, 11, 23), "runs until 29 November 2026 and is not over"),
        (date(2026, 12, 7), "is not over"),
        (date(2025, 11, 3), "A period must begin on or after"),
        (MONDAY, "There is a period from 9 November 2026 to 15 November 2026 already"),
    ],
)
def test_a_period_that_cannot_be_says_why(
    week: PayPeriod, lead: User, signed_in: SignedIn, first_day: date, sentence: str
) -> None:
    answer = signed_in(lead).post(f"{PAY}periods/add/", typed_day(first_day))
    assert answer.status_code == 200
    assert sentence in answer.content.decode()
    assert PayPeriod.objects.count() == 1


def test_a_week_inside_four_weeks_is_an_overlap(
    buddies: list[Buddy],
    here: Prison,
    lead: User,
    now: datetime,
    signed_in: SignedIn,
    at_prison: Callable[[Prison], Any],
) -> None:
    with at_prison(here):
        pay.period(here, lead, now, MONDAY)
        pay.settings(here, lead, now, weeks=4)
    answer = signed_in(lead).post(f"{PAY}periods/add/", typed_day(MONDAY - timedelta(weeks=3)))
    assert "There is a period from 9 November 2026" in answer.content.decode()


# Typed -------------------------------------------------------------------------------------------------


def test_amounts_are_typed_on_one_page_with_one_save(
    week: PayPeriod, buddies: list[Buddy], lead: User, signed_in: SignedIn
) -> None:
    client = signed_in(lead)
    page = client.get(url(week, "amounts/")).content.decode()
    assert page.count("govuk-input__prefix") == 2
    client.post(url(week, "amounts/"), amounts(week, (buddies[0], "0.80"), (buddies[1], "")))
    first, second = (line(week, buddy) for buddy in buddies)
    assert (first.recorded_pence, first.state) == (80, "UNDER")
    assert (second.recorded_pence, second.state) == (None, "AGREES")
    shown = client.get(url(week)).content.decode()
    assert "−£0.80" in shown
    assert "−1 session" in shown
    assert "Less than expected" in shown


@pytest.mark.parametrize(
    ("recorded", "state", "shown"),
    [
        ("1.60", "AGREES", "Agrees"),
        ("2.40", "OVER", "+1 session"),
        ("1.65", "OVER", "+£0.05"),
        ("0", "UNDER", "−2 sessions"),
        ("", "NOTHING", "Not in the pay record"),
    ],
)
def test_each_difference_has_its_tag(
    week: PayPeriod, buddies: list[Buddy], lead: User, signed_in: SignedIn, recorded: str, state: str, shown: str
) -> None:
    client = signed_in(lead)
    client.post(url(week, "amounts/"), amounts(week, (buddies[0], recorded), (buddies[1], "0")))
    assert line(week, buddies[0]).state == state
    assert shown in client.get(url(week)).content.decode()


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("-1", "cannot be below nought"),
        ("1.605", "whole pence"),
        ("lots", "in pounds and pence"),
        ("5000", "£1,000.00 or less"),
    ],
)
def test_an_amount_that_cannot_be_saves_nothing_and_keeps_what_was_typed(
    week: PayPeriod, buddies: list[Buddy], lead: User, signed_in: SignedIn, typed: str, sentence: str
) -> None:
    answer = signed_in(lead).post(url(week, "amounts/"), amounts(week, (buddies[0], typed), (buddies[1], "3.21")))
    page = answer.content.decode()
    assert sentence in page
    assert 'value="3.21"' in page
    assert not PayLine.objects.exclude(recorded_pence=None).exists()


def test_a_page_without_any_amount_is_not_a_record(
    week: PayPeriod, buddies: list[Buddy], lead: User, signed_in: SignedIn
) -> None:
    answer = signed_in(lead).post(url(week, "amounts/"), amounts(week, (buddies[0], ""), (buddies[1], "")))
    assert "Enter at least one amount" in answer.content.decode()
    week.refresh_from_db()
    assert week.recorded_at is None


def test_two_who_type_at_once_do_not_overwrite_each_other(
    week: PayPeriod, buddies: list[Buddy], lead: User, deputy: User, signed_in: SignedIn
) -> None:
    late = amounts(week, (buddies[0], "9.99"), (buddies[1], ""))
    signed_in(deputy).post(url(week, "amounts/"), amounts(week, (buddies[0], "1.60"), (buddies[1], "")))
    page = signed_in(lead).post(url(week, "amounts/"), late).content.decode()
    assert "Somebody else changed this pay period" in page
    assert 'value="9.99"' in page
    assert line(week, buddies[0]).recorded_pence == 160


# From a file -------------------------------------------------------------------------------------------


def csv_of(*rows: str, header: str = "Prison number,Amount") -> dict[str, Any]:
    content = "\r\n".join((header, *rows)).encode("utf-8-sig")
    return {"file": SimpleUploadedFile("pay.csv", content, content_type="text/csv")}


def number(buddy: Buddy) -> str:
    return str(buddy.person.prison_number)


def test_a_file_is_shown_row_by_row_and_then_saved_at_once(
    week: PayPeriod, buddies: list[Buddy], lead: User, signed_in: SignedIn
) -> None:
    client = signed_in(lead)
    template = client.get(url(week, "file/pay.csv"))
    assert number(buddies[0]) in template.content.decode("utf-8-sig")
    answer = client.post(url(week, "file/"), csv_of(f"{number(buddies[0]).lower()},£1.60", f"{number(buddies[1])},0"))
    checking = answer.headers["Location"]
    assert number(buddies[0]) not in checking
    page = client.get(checking).content.decode()
    assert "2 rows were found" in page
    assert not PayLine.objects.exclude(recorded_pence=None).exists(), "nothing is saved before the confirmation"
    assert client.post(checking).status_code == 302
    assert [line(week, buddy).recorded_pence for buddy in buddies] == [160, 0]
    staged = PayFile.objects.get()
    assert (staged.rows, staged.saved_by) == ([], lead)
    assert "This file has been saved" in client.post(checking).content.decode()


def test_every_bad_row_says_what_to_mend_and_nothing_is_saved(
    week: PayPeriod,
    buddies: list[Buddy],
    here: Prison,
    lead: User,
    now: datetime,
    signed_in: SignedIn,
    at_prison: Callable[[Prison], Any],
) -> None:
    with at_prison(here):
        applicant = applied(here, lead, now)
    client, first = signed_in(lead), number(buddies[0])
    rows = (
        f"{first},1.60",
        f"{first},2.00",
        "Z9999ZZ,1",
        f"{number(applicant)},1",
        "nobody,1",
        f"{number(buddies[1])},-2",
    )
    checking = client.post(url(week, "file/"), csv_of(*rows)).headers["Location"]
    page = client.get(checking).content.decode()
    for sentence in (
        "This person is in row 2 already",
        "No buddy here has this prison number",
        "This person was no buddy in this period",
        "Enter a prison number as one letter",
        "An amount cannot be below nought",
        "5 have to be mended",
    ):
        assert sentence in page
    assert "Save all rows" not in page
    refused = client.post(checking).content.decode()
    assert "Nothing is saved, because some rows are wrong" in refused
    assert not PayLine.objects.exclude(recorded_pence=None).exists()


@pytest.mark.parametrize(
    ("upload", "sentence"),
    [
        (csv_of("Z0001ZA,1", header="Number,Money"), "Missing: Prison number, Amount"),
        (csv_of(), "no row about anybody"),
        (csv_of(*["Z0001ZA,1"] * 501), "room for 500"),
        ({}, "Choose the file of the pay system"),
    ],
)
def test_a_file_that_is_no_such_file_says_so(
    week: PayPeriod, lead: User, signed_in: SignedIn, upload: dict[str, Any], sentence: str
) -> None:
    for file in upload.values():
        file.seek(0)
    assert sentence in signed_in(lead).post(url(week, "file/"), upload).content.decode()
    assert not PayFile.objects.exists()


def test_a_second_file_lets_the_first_go(
    week: PayPeriod, buddies: list[Buddy], lead: User, signed_in: SignedIn
) -> None:
    client = signed_in(lead)
    first = client.post(url(week, "file/"), csv_of(f"{number(buddies[0])},1")).headers["Location"]
    client.post(url(week, "file/"), csv_of(f"{number(buddies[0])},2"))
    assert "Another file was chosen" in client.post(first).content.decode()
    assert line(week, buddies[0]).recorded_pence is None


# Differences -------------------------------------------------------------------------------------------


@pytest.fixture
def differing(
    week: PayPeriod, buddies: list[Buddy], here: Prison, lead: User, now: datetime, at_prison: Callable[[Prison], Any]
) -> PayLine:
    """The first buddy was paid 80 pence too little."""
    with at_prison(here):
        pay.recorded(week, lead, now, {buddies[0]: 80, buddies[1]: 0})
    return line(week, buddies[0])


def explanation(found: PayLine, **changes: str) -> dict[str, str]:
    return {"reason": "DEDUCTION", "words": "Fine", "version": str(found.version), **changes}


def test_a_difference_is_explained_and_leaves_the_list_and_the_tile(
    differing: PayLine, here: Prison, lead: User, signed_in: SignedIn
) -> None:
    client = signed_in(lead)
    home = client.get("/prisons/ZTA/").content.decode()
    assert "Pay differences to explain" in home
    name = differing.buddy.person.list_name
    assert name in client.get(f"{PAY}differences/").content.decode()
    page = client.get(f"{PAY}lines/{differing.token}/").content.decode()
    assert "Explain this difference" in page
    assert "Morning" in page
    answer = client.post(f"{PAY}lines/{differing.token}/explanation/", explanation(differing))
    assert answer.status_code == 302
    said = PayExplanation.objects.get()
    assert (said.explained_by, said.expected_pence, said.recorded_pence) == (lead, 160, 80)
    assert "Every difference has been explained" in client.get(f"{PAY}differences/").content.decode()
    assert name in client.get(f"{PAY}differences/?show=explained").content.decode()
    assert "Deduction or adjustment" in client.get(f"{PAY}lines/{differing.token}/").content.decode()
    assert AuditEvent.objects.filter(code="pay.explained", actor_id=lead.pk).exists()


def test_an_explanation_counts_only_for_the_amounts_it_was_given_for(
    differing: PayLine, here: Prison, lead: User, now: datetime, signed_in: SignedIn, at_prison: Callable[[Prison], Any]
) -> None:
    client = signed_in(lead)
    client.post(f"{PAY}lines/{differing.token}/explanation/", explanation(differing))
    with at_prison(here):
        visit = Visit.objects.filter(day=MONDAY).get()
        correct_visit(
            by=acts(lead, here), now=now, visit=visit, outcome="NOT_DONE", minutes=0, tasks_done=[],
            reason="NOT_UNLOCKED", correction_reason="Locked in",
        )  # fmt: skip
    client.post(url(differing.period, "count/"))
    # 80 pence were expected after all, and 80 were paid.
    differing.refresh_from_db()
    assert (differing.expected_pence, differing.state, differing.version) == (80, "AGREES", 3)
    assert "The amounts have changed since" in client.get(f"{PAY}lines/{differing.token}/").content.decode()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"reason": ""}, "Select why they differ"),
        ({"reason": "OTHER", "words": ""}, "Enter the reason in words"),
        ({"version": "1"}, "Somebody else changed these amounts"),
    ],
)
def test_an_explanation_that_says_too_little_is_refused(
    differing: PayLine, lead: User, signed_in: SignedIn, changes: dict[str, str], sentence: str
) -> None:
    answer = signed_in(lead).post(f"{PAY}lines/{differing.token}/explanation/", explanation(differing, **changes))
    assert sentence in answer.content.decode()
    assert not PayExplanation.objects.exists()


def test_where_the_amounts_agree_there_is_nothing_to_explain(
    differing: PayLine, buddies: list[Buddy], lead: User, signed_in: SignedIn
) -> None:
    agrees = line(differing.period, buddies[1])
    answer = signed_in(lead).post(f"{PAY}lines/{agrees.token}/explanation/", explanation(agrees))
    assert "The two amounts agree" in answer.content.decode()


def test_the_filter_survives_the_page_and_the_paper_shows_the_same(
    differing: PayLine, lead: User, signed_in: SignedIn
) -> None:
    client = signed_in(lead)
    query = f"?show=all&state=UNDER&period={differing.period.token}"
    page = client.get(f"{PAY}differences/{query}").content.decode()
    assert differing.buddy.person.list_name in page
    assert "differences/print/?show=all&amp;state=UNDER" in page
    paper = client.get(f"{PAY}differences/print/{query}").content.decode()
    assert differing.buddy.person.list_name in paper
    assert "Nothing is paid here" in paper
    assert "Nothing matches the filters" in client.get(f"{PAY}differences/?state=OVER").content.decode()


# Who may -----------------------------------------------------------------------------------------------


def test_the_delegate_reads_and_changes_nothing(
    differing: PayLine, delegate: User, officer: User, signed_in: SignedIn
) -> None:
    client, week = signed_in(delegate), differing.period
    for path in (PAY, url(week), f"{PAY}differences/", f"{PAY}lines/{differing.token}/", f"{PAY}staff-work/"):
        page = client.get(path)
        assert page.status_code == 200
        for words in (b"Enter amounts", b"Explain this difference", b"Enter a pay period"):
            assert words not in page.content
    for path in (url(week, "amounts/"), url(week, "file/"), f"{PAY}lines/{differing.token}/explanation/"):
        assert client.post(path, {}).status_code == 403
    assert signed_in(officer).get(PAY).status_code == 403


def test_another_prisons_pay_is_not_there(differing: PayLine, outsider: User, signed_in: SignedIn) -> None:
    assert signed_in(outsider).get(url(differing.period)).status_code == 404
    other = f"/prisons/ZTB/pay/periods/{differing.period.token}/"
    assert signed_in(outsider).get(other).status_code == 404
