"""A prison's own figures: every measure in a line, and a page for each with what stands behind it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from django.test import Client

from buddyscheme.accounts.models import Prison, User, Wing
from buddyscheme.lib.dates import parse_period
from buddyscheme.scope.transaction import DatabaseRole, scoped
from monitoring.measures.catalogue import computed_for
from monitoring.measures.definition import Every
from monitoring.measures.wholes import stands_alone
from monitoring.models import Figure
from monitoring.rollups import roll_up
from tests.builders.buddies import active_buddy
from tests.builders.schemes import open_scheme

pytestmark = pytest.mark.django_db
SignedIn = Callable[[User], Client]
LIST = "/prisons/ZTA/figures/"


@pytest.fixture(autouse=True)
def _monday(now: datetime) -> Any:
    with time_machine.travel(now, tick=False):
        yield


@pytest.fixture
def scheme(here: Prison, lead: User, wing: Wing, at_prison: Callable[[Prison], Any]) -> None:
    with at_prison(here):
        open_scheme(here, lead, wing, datetime(2026, 5, 4, 9, 0, tzinfo=UTC))


def worked_out(here: Prison, *codes: str) -> None:
    with scoped(DatabaseRole.WEB, prisons=[here.code]):
        for code in codes:
            roll_up(here.code, parse_period(code))  # type: ignore[arg-type]


def test_every_measure_of_a_month_or_a_quarter_stands_in_a_line_with_its_page(
    scheme: None, lead: User, here: Prison, signed_in: SignedIn
) -> None:
    client = signed_in(lead)
    for code, every in (("2026-10", Every.MONTH), ("2026-Q3", Every.QUARTER)):
        page = client.get(LIST, {"period": code}).content.decode()
        for measure in computed_for(every):
            link = f'href="{LIST}measures/{measure.code}/?period={code}"'
            assert (link in page) is stands_alone(measure.code), measure.code
        whole = client.get(f"{LIST}measures/OP-09a/", {"period": code}).content.decode()
        assert f'href="{LIST}measures/OP-09c/?period={code}"' in whole


def test_every_measure_has_a_page_with_its_definition(
    scheme: None, lead: User, here: Prison, signed_in: SignedIn
) -> None:
    worked_out(here, "2026-10", "2026-Q3")
    client = signed_in(lead)
    for measure in computed_for(Every.QUARTER):
        page = client.get(f"{LIST}measures/{measure.code}/", {"period": "2026-10"}).content.decode()
        assert measure.title in page, measure.code
        assert "What this counts" in page


def test_a_figure_is_shown_by_groups_and_beside_the_whole_prison(
    scheme: None,
    lead: User,
    here: Prison,
    wing: Wing,
    now: datetime,
    at_prison: Callable[[Prison], Any],
    signed_in: SignedIn,
) -> None:
    with at_prison(here):
        active_buddy(here, lead, now, wing=wing)
    worked_out(here, "2026-11")
    page = signed_in(lead).get(f"{LIST}measures/OP-02/", {"period": "2026-11"}).content.decode()
    for words in ("by wing", "by age", "by ethnic group", "Not known", "Beside the whole prison", "Not counted"):
        assert words in page, words


def test_parts_of_a_whole_stand_beside_each_other(scheme: None, lead: User, here: Prison, signed_in: SignedIn) -> None:
    page = signed_in(lead).get(f"{LIST}measures/OP-08a/").content.decode()
    assert "Why visits did not happen, November 2026" in page
    assert "Staff said no" in page


def test_a_figure_of_quarters_takes_the_quarter_of_the_month_it_is_asked_for(
    scheme: None, lead: User, here: Prison, signed_in: SignedIn
) -> None:
    page = signed_in(lead).get(f"{LIST}measures/CO-09/", {"period": "2026-08"}).content.decode()
    assert "July to September 2026" in page
    assert "By quarter" in page


def test_two_months_are_compared_by_choice(scheme: None, lead: User, here: Prison, signed_in: SignedIn) -> None:
    worked_out(here, "2026-09", "2026-10")
    page = signed_in(lead).get(f"{LIST}measures/OP-02/", {"period": "2026-10", "beside": "2026-09"}).content.decode()
    assert "September 2026 and October 2026" in page
    # A quarter is held against a quarter alone.
    page = signed_in(lead).get(f"{LIST}measures/OP-02/", {"period": "2026-10", "beside": "2026-Q3"}).content.decode()
    assert "There is no figure for both" not in page


@pytest.mark.parametrize("code", ["XX-01", "OP-26a", "OU-14"])
def test_what_is_not_worked_out_here_is_no_page(
    scheme: None, lead: User, here: Prison, signed_in: SignedIn, code: str
) -> None:
    assert signed_in(lead).get(f"{LIST}measures/{code}/").status_code == 404


def test_an_officer_sees_no_figures_and_another_prisons_are_not_there(
    scheme: None, officer: User, outsider: User, here: Prison, signed_in: SignedIn
) -> None:
    assert signed_in(officer).get(f"{LIST}measures/OP-02/").status_code == 403
    assert signed_in(outsider).get(f"{LIST}measures/OP-02/").status_code == 404


def test_what_stands_out_is_named_first(scheme: None, lead: User, here: Prison, signed_in: SignedIn) -> None:
    worked_out(here, "2026-09")
    client = signed_in(lead)
    quiet = client.get(LIST, {"period": "2026-09"}).content.decode()
    assert "No rule of a control chart fired, nothing was corrected and no query is open." in quiet
    client.post(f"{LIST}2026-09/close/")
    figure = Figure.objects.get(period="2026-09", measure="OP-02")
    assert figure.state == "NONE"
    page = client.get(LIST, {"period": "2026-09"}).content.decode()
    # The figure went from "No return" to "None" when the lead closed the month as none.
    assert "Closed by Lena Lead" in page
