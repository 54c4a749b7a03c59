"""Closing a month, and the page of a prison's own figures."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from django.test import Client

from buddyscheme.accounts.models import Prison, User, Wing
from buddyscheme.audit.models import AuditEvent
from buddyscheme.lib.dates import Month, parse_period
from buddyscheme.scope.transaction import DatabaseRole, scoped
from monitoring.models import Figure, MonthClose
from monitoring.rollups import roll_up
from tests.builders.schemes import open_scheme

pytestmark = pytest.mark.django_db
SignedIn = Callable[[User], Client]
OPENED = datetime(2026, 9, 7, 9, 0, tzinfo=UTC)
OCTOBER = parse_period("2026-10")
assert isinstance(OCTOBER, Month)


@pytest.fixture
def scheme(here: Prison, lead: User, wing: Wing, at_prison: Callable[[Prison], Any]) -> None:
    """A scheme that has been open since September."""
    with at_prison(here):
        open_scheme(here, lead, wing, OPENED)


@pytest.fixture(autouse=True)
def _monday(now: datetime) -> Any:
    with time_machine.travel(now, tick=False):
        yield


def url(here: Prison, month: str = "2026-10") -> str:
    return f"/prisons/{here.code}/figures/{month}/close/"


def test_the_lead_closes_a_month_without_typing_anything(
    scheme: None, lead: User, here: Prison, signed_in: SignedIn
) -> None:
    client = signed_in(lead)
    assert b"Close October 2026" in client.get(url(here)).content
    assert client.post(url(here)).status_code == 302
    assert MonthClose.objects.get().closed_by == lead
    page = client.get(f"/prisons/{here.code}/figures/?period=2026-10").content.decode()
    assert "Closed by Lena Lead on 23 November 2026" in page


def test_nothing_recorded_is_no_return_until_the_lead_closes_the_month_as_none(
    scheme: None, lead: User, here: Prison, signed_in: SignedIn
) -> None:
    with scoped(DatabaseRole.WEB, prisons=[here.code]):
        roll_up(here.code, OCTOBER)
    assert set(Figure.objects.values_list("state", flat=True)) == {"NOT_RETURNED"}
    page = signed_in(lead).get(f"/prisons/{here.code}/figures/?period=2026-10").content.decode()
    assert "No return" in page
    signed_in(lead).post(url(here))
    states = dict(Figure.objects.filter(period="2026-10").values_list("measure", "state"))
    assert states["OP-02"] == "NONE"
    assert states["OP-08a"] == "NONE"
    # Nothing was planned: neither nought nor all of it.
    assert states["OP-07"] == "NOT_YET_DUE"


def test_closing_needs_the_permission(scheme: None, delegate: User, here: Prison, signed_in: SignedIn) -> None:
    client = signed_in(delegate)
    assert client.get(f"/prisons/{here.code}/figures/").status_code == 200
    assert client.post(url(here)).status_code == 403


def test_another_prisons_figures_are_not_there(scheme: None, outsider: User, here: Prison, signed_in: SignedIn) -> None:
    assert signed_in(outsider).get(f"/prisons/{here.code}/figures/").status_code == 404
    assert signed_in(outsider).post(url(here)).status_code == 404


@pytest.mark.parametrize(
    ("month", "sentence"),
    [
        ("2026-11", "November 2026 is still running"),
        ("2026-08", "The scheme was not open in August 2026"),
        ("2027-01", "January 2027 is still running"),
    ],
)
def test_a_month_that_cannot_be_closed_says_why(
    scheme: None, lead: User, here: Prison, signed_in: SignedIn, month: str, sentence: str
) -> None:
    answer = signed_in(lead).post(url(here, month))
    assert answer.status_code == 200
    assert sentence in answer.content.decode()
    assert not MonthClose.objects.exists()


def test_a_month_is_closed_once(scheme: None, lead: User, here: Prison, signed_in: SignedIn) -> None:
    signed_in(lead).post(url(here))
    assert "is closed already" in signed_in(lead).post(url(here)).content.decode()


@pytest.mark.parametrize("month", ["2026-13", "x", "2026", "2026-Q3"])
def test_what_is_no_month_is_no_page(scheme: None, lead: User, here: Prison, signed_in: SignedIn, month: str) -> None:
    assert signed_in(lead).get(url(here, month)).status_code == 404
    # The list of figures falls back to the running month.
    assert signed_in(lead).get(f"/prisons/{here.code}/figures/?period={month}").status_code == 200


def test_closing_is_audited(scheme: None, lead: User, here: Prison, signed_in: SignedIn) -> None:
    signed_in(lead).post(url(here))
    event = AuditEvent.objects.get(code="month.closed")
    assert (event.actor_id, event.prison_code, event.details["month"]) == (lead.pk, here.code, "2026-10")


def test_before_the_scheme_opens_the_page_says_so(lead: User, here: Prison, signed_in: SignedIn) -> None:
    page = signed_in(lead).get(f"/prisons/{here.code}/figures/").content.decode()
    assert "The scheme is not open yet" in page
