"""Inspections on site: one inspector, one prison, 28 days at most; exact figures and case lines without names."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from buddyscheme.accounts.models import Prison, User
from buddyscheme.audit.models import AuditEvent
from buddyscheme.lib.dates import Month
from monitoring.models import Inspection
from monitoring.rollups import roll_up
from referrals.models import Plan
from tests import cast
from tests.builders.visits import day_opened, helped, planned_on, visit_of

pytestmark = pytest.mark.django_db
SignedIn = Callable[[User], Client]
OPEN = "/national/inspections/open/"
OCTOBER = datetime(2026, 10, 5, 9, 0, tzinfo=UTC)
EVERY_MORNING = (("DOM-03", [0, 1, 2, 3, 4, 5, 6], "AM", 10),)


@pytest.fixture(autouse=True)
def _monday(now: datetime) -> Any:
    with time_machine.travel(now, tick=False):
        yield


def day(name: str, when: date) -> dict[str, str]:
    return {f"{name}-day": str(when.day), f"{name}-month": str(when.month), f"{name}-year": str(when.year)}


def typed(inspector: User, first: date, last: date, **changes: str) -> dict[str, str]:
    said = {"prison": "ZTA", "inspector": str(inspector.pk), "reference": "HMIP 2026/117"}
    return {**said, **day("first_on", first), **day("last_on", last), **changes}


@pytest.fixture
def plan(here: Prison, lead: User, at_prison: Callable[[Prison], Any]) -> Plan:
    """Somebody helped since October, with three visits recorded in November and one that is not."""
    with at_prison(here):
        found, _, _ = helped(here, lead, OCTOBER, tasks=EVERY_MORNING)
        for number in (16, 17, 18, 19):
            day_opened(here, date(2026, 11, number))
        for number in (16, 17, 18):
            when = datetime(2026, 11, number, 18, 0, tzinfo=UTC)
            visit_of(planned_on(found, date(2026, 11, number)), lead, when)
        roll_up(here.code, Month(2026, 11))
        return found


@pytest.fixture
def opened(here: Prison, inspector: User, national_lead: User, signed_in: SignedIn, now: datetime) -> Inspection:
    signed_in(national_lead).post(OPEN, typed(inspector, now.date(), now.date() + timedelta(days=10)))
    return Inspection.objects.get()


def on_site(found: Inspection) -> str:
    return f"/national/inspections/{found.token}/"


def test_the_national_lead_opens_one_and_the_inspector_sees_exact_figures(
    plan: Plan, opened: Inspection, inspector: User, signed_in: SignedIn
) -> None:
    client = signed_in(inspector)
    assert opened.reference in client.get("/national/inspections/").content.decode()
    page = client.get(f"{on_site(opened)}?period=2026-11").content.decode()
    # Three of four planned visits: a release would hide every one of these numbers.
    assert "75%" in page
    assert "HMIP 2026/117" in page
    figure = client.get(f"{on_site(opened)}measures/OP-07/?period=2026-11").content.decode()
    assert "3 of 4 planned visits" in figure
    assert "by wing" in figure


def test_case_lines_hold_no_name_no_number_and_no_cell(
    plan: Plan, opened: Inspection, inspector: User, signed_in: SignedIn
) -> None:
    page = signed_in(inspector).get(f"{on_site(opened)}cases/").content.decode()
    assert "3 of 4" in page
    assert "October 2026" in page
    person = plan.person
    for hidden in (person.first_name, person.last_name, person.prison_number, plan.reference, plan.token):
        assert hidden not in page


def test_a_case_keeps_its_letters_in_one_inspection_and_has_others_in_the_next(
    plan: Plan, opened: Inspection, here: Prison, national_lead: User, signed_in: SignedIn, now: datetime
) -> None:
    from monitoring.queries.inspections import pseudonym

    assert pseudonym(opened.token, plan.token) == pseudonym(opened.token, plan.token)
    assert pseudonym(opened.token, plan.token) != pseudonym("another inspection’s key", plan.token)


def test_every_page_read_is_recorded_and_the_prison_sees_how_many(
    plan: Plan, opened: Inspection, inspector: User, lead: User, signed_in: SignedIn
) -> None:
    client = signed_in(inspector)
    client.get(on_site(opened))
    client.get(f"{on_site(opened)}cases/")
    read = AuditEvent.objects.filter(code="viewed", subject_type="monitoring.inspection")
    assert {event.details["page"] for event in read} == {"figures", "cases"}
    assert {event.prison_code for event in read} == {"ZTA"}
    page = signed_in(lead).get("/prisons/ZTA/inspections/")
    [row] = page.context["table"].rows
    assert row.cells[-1] == "2"
    assert row.tag.text == "Open"


def test_on_paper_nothing_exact_is_left(plan: Plan, opened: Inspection, inspector: User, signed_in: SignedIn) -> None:
    client = signed_in(inspector)
    for rest, first in (("", "govuk-table"), ("cases/", "govuk-table"), ("measures/OP-07/", "app-measure")):
        page = client.get(f"{on_site(opened)}{rest}").content.decode()
        assert "Print a release in place of this page" in page
        assert page.index('class="hide-in-print"') < page.index(first)


def test_another_inspectors_inspection_is_not_there(
    plan: Plan, opened: Inspection, signed_in: SignedIn, db: None
) -> None:
    other = signed_in(cast.make_staff("Otto Inspector", "INSPECTOR", None))
    assert other.get(on_site(opened)).status_code == 404
    assert other.get(f"{on_site(opened)}cases/").status_code == 404
    assert other.get(f"{on_site(opened)}measures/OP-07/").status_code == 404
    assert opened.reference not in other.get("/national/inspections/").content.decode()


def test_before_its_days_and_after_them_it_is_closed(
    plan: Plan, opened: Inspection, inspector: User, signed_in: SignedIn, now: datetime
) -> None:
    for shift, sentence in ((-1, "begins on 23 November 2026"), (11, "This inspection is over")):
        with time_machine.travel(now + timedelta(days=shift), tick=False):
            answer = signed_in(inspector).get(on_site(opened))
        assert answer.status_code == 403
        assert sentence in answer.content.decode()


def test_the_national_lead_can_end_it_early(
    plan: Plan, opened: Inspection, inspector: User, national_lead: User, signed_in: SignedIn
) -> None:
    client = signed_in(national_lead)
    assert client.post(f"{on_site(opened)}end/").status_code == 302
    assert signed_in(inspector).get(on_site(opened)).status_code == 403
    assert "This inspection is over" in client.post(f"{on_site(opened)}end/").content.decode()


@pytest.mark.parametrize(
    ("first", "last", "changes", "sentence"),
    [
        (0, -1, {}, "The last day must be on or after the first day"),
        (0, 28, {}, "open for 28 days at most"),
        (-20, -2, {}, "The last day cannot be before today"),
        (0, 5, {"reference": ""}, "Enter the reference of the inspection"),
        (0, 5, {"prison": ""}, "Select the prison"),
    ],
)
def test_days_and_words_that_cannot_be(
    first: int, last: int, changes: dict[str, str], sentence: str, here: Prison, inspector: User,
    national_lead: User, signed_in: SignedIn, now: datetime,
) -> None:  # fmt: skip
    days = [now.date() + timedelta(days=shift) for shift in (first, last)]
    answer = signed_in(national_lead).post(OPEN, typed(inspector, *days, **changes))
    assert sentence in answer.content.decode()
    assert not Inspection.objects.exists()


def test_no_second_one_of_the_same_prison_at_the_same_time(
    opened: Inspection, inspector: User, national_lead: User, signed_in: SignedIn, now: datetime
) -> None:
    answer = signed_in(national_lead).post(
        OPEN, typed(inspector, now.date() + timedelta(days=3), now.date() + timedelta(days=9))
    )
    assert "has an inspection of this prison on some of these days" in answer.content.decode()


def test_an_inspector_opens_none_and_a_lead_reads_none(
    opened: Inspection, inspector: User, lead: User, signed_in: SignedIn
) -> None:
    assert signed_in(inspector).get(OPEN).status_code == 403
    assert signed_in(inspector).post(f"{on_site(opened)}end/").status_code == 403
    assert signed_in(lead).get(on_site(opened)).status_code == 403
