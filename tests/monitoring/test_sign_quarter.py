"""A quarter's closing: what belongs to it, signing it, opening it again, and what changed since."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.db import DatabaseError, transaction
from django.test import Client

from buddyscheme.accounts.models import Prison, User, Wing
from buddyscheme.audit.models import AuditEvent
from buddyscheme.lib.dates import Month, Quarter
from buddyscheme.lib.errors import NotAllowed
from buddyscheme.scope.transaction import DatabaseRole, scoped
from monitoring.actions.self_assessment import finish_self_assessment
from monitoring.models import DataQuery, Figure, FigureCorrection, QuarterSign
from monitoring.rollups import roll_up
from monitoring.rules.quarters import check_can_sign
from tests.builders import quality, self_assessment
from tests.builders.schemes import open_scheme
from tests.cast import acts

pytestmark = pytest.mark.django_db
SignedIn = Callable[[User], Client]
OPENED = datetime(2026, 9, 7, 9, 0, tzinfo=UTC)
LAST, SEPTEMBER = Quarter(2026, 3), Month(2026, 9)
PAGE = "/prisons/ZTA/figures/quarters/2026-Q3/"


@pytest.fixture(autouse=True)
def _monday(now: datetime) -> Any:
    with time_machine.travel(now, tick=False):
        yield


@pytest.fixture
def scheme(here: Prison, lead: User, wing: Wing, at_prison: Callable[[Prison], Any]) -> None:
    """A scheme that opened in September, so that the third quarter has one month."""
    with at_prison(here):
        open_scheme(here, lead, wing, OPENED)


@pytest.fixture
def complete(scheme: None, here: Prison, lead: User, now: datetime, at_prison: Callable[[Prison], Any]) -> None:
    """The month is closed, and the costs are returned with every box empty: not known."""
    with at_prison(here):
        quality.months_closed(here, lead, now, SEPTEMBER)
        quality.costs(here, lead, now, LAST)


def contradiction(here: Prison, now: datetime) -> DataQuery:
    with scoped(DatabaseRole.NATIONAL):
        return DataQuery.objects.create(
            prison=here, period="2026-09", first_day=SEPTEMBER.first, rule="NO_BUDDY", measure="OP-06a",
            words="12 hours of support are recorded, and no buddy was active at the end.", raised_at=now,
        )  # fmt: skip


def corrected(here: Prison, at: datetime) -> None:
    roll_up(here.code, SEPTEMBER)
    with scoped(DatabaseRole.NATIONAL):
        figure = Figure.objects.for_prison(here).get(measure="OP-30g", period="2026-09", breakdown="")
        FigureCorrection.objects.create(
            prison=here, figure=figure, version=2, was_state="VALUE", was_value=Decimal("0.87"), state="VALUE",
            value=Decimal("0.89"), corrected_at=at,
        )  # fmt: skip


def test_the_page_lists_what_belongs_to_the_closing_in_its_order(scheme: None, lead: User, signed_in: SignedIn) -> None:
    page = signed_in(lead).get(PAGE)
    rows = [(row.text, row.tag.text) for row in page.context["table"].rows]
    assert [text for text, _ in rows] == [
        "Close September 2026", "Costs", "Figures that others hold", "Data queries", "Self-assessment", "Outcomes",
    ]  # fmt: skip
    assert rows[0][1] == rows[1][1] == "To do"
    text = page.content.decode()
    assert "Close September 2026 first." in text
    assert "Sign this quarter" not in text


def test_the_self_assessment_of_the_quarter_is_one_of_its_steps_and_holds_no_signature_up(
    complete: None, here: Prison, lead: User, now: datetime, signed_in: SignedIn, at_prison: Callable[[Prison], Any]
) -> None:
    client = signed_in(lead)

    def step() -> tuple[str, str, str]:
        found = next(row for row in client.get(PAGE).context["table"].rows if row.text == "Self-assessment")
        return found.href, found.cells[0], found.tag.text

    assert step() == ("/prisons/ZTA/self-assessment/2026-Q3/", "Not started", "Look")
    with at_prison(here):
        begun = self_assessment.started(here, lead, now, LAST)
        assert step()[1:] == ("Started", "Look")
        self_assessment.all_answered(begun, lead, now)
        finish_self_assessment(by=acts(lead, here), now=now, assessment=begun, version=begun.version)
    assert step()[1:] == ("Finished", "Done")
    assert client.post(f"{PAGE}sign/", {"note": ""}).status_code == 302


def test_the_lead_signs_a_complete_quarter_with_one_button(
    complete: None, lead: User, national_lead: User, signed_in: SignedIn
) -> None:
    client = signed_in(lead)
    assert "Sign this quarter" in client.get(PAGE).content.decode()
    assert client.post(f"{PAGE}sign/", {"note": ""}).status_code == 302
    sign = QuarterSign.objects.get()
    assert (sign.kind, sign.version, sign.said_by) == ("SIGNED", 1, lead)
    page = client.get(PAGE).content.decode()
    assert "by Lena Lead" in page
    assert "No figure of this quarter or its months has changed." in page
    returns = signed_in(national_lead).get("/national/returns/").content.decode()
    assert "Signed" in returns
    assert "Not signed" not in returns


def test_a_quarter_whose_month_is_open_or_whose_costs_are_missing_is_not_signed(
    scheme: None, here: Prison, lead: User, now: datetime, signed_in: SignedIn, at_prison: Callable[[Prison], Any]
) -> None:
    client = signed_in(lead)
    assert "Close September 2026 first." in client.post(f"{PAGE}sign/", {"note": "As is"}).content.decode()
    with at_prison(here):
        quality.months_closed(here, lead, now, SEPTEMBER)
    page = client.post(f"{PAGE}sign/", {"note": "As is"}).content.decode()
    assert "Return the costs of" in page
    assert "As is" in page
    assert not QuarterSign.objects.exists()


def test_a_sign_off_with_contradictions_is_refused_until_somebody_has_answered(
    complete: None, here: Prison, lead: User, now: datetime, signed_in: SignedIn, at_prison: Callable[[Prison], Any]
) -> None:
    query = contradiction(here, now)
    client = signed_in(lead)
    page = client.post(f"{PAGE}sign/", {"note": ""}).content.decode()
    assert "Two figures contradict each other. Answer this first: 12 hours of support" in page
    assert not QuarterSign.objects.exists()
    with at_prison(here):
        quality.answered(query, lead, now)
    assert client.post(f"{PAGE}sign/", {"note": ""}).status_code == 302


def test_a_query_that_is_no_contradiction_does_not_hold_the_signature_up(
    complete: None, lead: User, signed_in: SignedIn
) -> None:
    with scoped(DatabaseRole.NATIONAL):
        assert DataQuery.objects.filter(closed_at__isnull=True, rule="NO_PEOPLE").exists()
    assert signed_in(lead).post(f"{PAGE}sign/", {"note": ""}).status_code == 302


def test_a_running_quarter_one_signed_already_and_one_without_a_scheme_are_refused(
    complete: None, lead: User, signed_in: SignedIn
) -> None:
    client = signed_in(lead)
    client.post(f"{PAGE}sign/", {"note": ""})
    sentences = {"2026-Q3": "is signed already", "2026-Q4": "is still running", "2026-Q2": "was not open in"}
    for code, sentence in sentences.items():
        page = client.post(f"/prisons/ZTA/figures/quarters/{code}/sign/", {"note": ""})
        assert sentence in page.content.decode(), code
    assert QuarterSign.objects.count() == 1
    assert client.get("/prisons/ZTA/figures/quarters/2026-11/").status_code == 404


def test_a_signed_quarter_is_opened_again_with_a_reason_and_both_stay(
    complete: None, lead: User, signed_in: SignedIn
) -> None:
    client = signed_in(lead)
    assert "is not signed" in client.post(f"{PAGE}open-again/", {"words": "Late sheets"}).content.decode()
    client.post(f"{PAGE}sign/", {"note": ""})
    assert "Enter why the quarter is opened again" in client.post(f"{PAGE}open-again/", {"words": ""}).content.decode()
    assert client.post(f"{PAGE}open-again/", {"words": "Late sheets came"}).status_code == 302
    assert "Late sheets came" in client.get(PAGE).content.decode()
    client.post(f"{PAGE}sign/", {"note": "With the late sheets"})
    kinds = QuarterSign.objects.order_by("version").values_list("kind", flat=True)
    assert list(kinds) == ["SIGNED", "REOPENED", "SIGNED"]
    with pytest.raises(DatabaseError, match="Cannot update"), transaction.atomic():
        QuarterSign.objects.update(words="Something else")


def test_what_changed_since_is_listed_and_stands_beside_the_figure(
    complete: None, here: Prison, lead: User, now: datetime, signed_in: SignedIn
) -> None:
    client = signed_in(lead)
    client.post(f"{PAGE}sign/", {"note": ""})
    corrected(here, now + timedelta(minutes=1))
    assert "Changed since it was signed: from 87% to 89% on 23 November 2026" in client.get(PAGE).content.decode()
    figures = client.get("/prisons/ZTA/figures/?period=2026-09").content.decode()
    assert "Changed since the month was closed: from 87% to 89% on 23 November 2026" in figures


def test_what_changed_before_it_was_signed_is_not_listed(
    complete: None, here: Prison, lead: User, now: datetime, signed_in: SignedIn
) -> None:
    corrected(here, now - timedelta(minutes=1))
    client = signed_in(lead)
    client.post(f"{PAGE}sign/", {"note": ""})
    assert "from 87% to 89%" not in client.get(PAGE).content.decode()


def test_the_delegate_reads_and_does_not_sign(complete: None, delegate: User, signed_in: SignedIn) -> None:
    client = signed_in(delegate)
    page = client.get(PAGE)
    assert page.status_code == 200
    assert "Sign this quarter" not in page.content.decode()
    assert client.post(f"{PAGE}sign/", {"note": ""}).status_code == 403
    assert client.post(f"{PAGE}open-again/", {"words": "No"}).status_code == 403


def test_an_officer_sees_no_quarter_and_another_prisons_is_not_there(
    complete: None, officer: User, outsider: User, signed_in: SignedIn
) -> None:
    assert signed_in(officer).get(PAGE).status_code == 403
    assert signed_in(outsider).get(PAGE).status_code == 404


def test_signing_and_opening_again_leave_their_audit_events(complete: None, lead: User, signed_in: SignedIn) -> None:
    client = signed_in(lead)
    client.post(f"{PAGE}sign/", {"note": ""})
    client.post(f"{PAGE}open-again/", {"words": "Late sheets"})
    events = AuditEvent.objects.filter(code__startswith="quarter.").order_by("id")
    assert [(event.code, event.details["quarter"]) for event in events] == [
        ("quarter.signed", "2026-Q3"), ("quarter.reopened", "2026-Q3"),
    ]  # fmt: skip


def test_data_quality_names_a_gap_and_the_days_late(scheme: None, lead: User, signed_in: SignedIn) -> None:
    client = signed_in(lead)
    page = client.get("/prisons/ZTA/figures/quality/?month=2026-10").content.decode()
    assert "0 of 1: nothing was entered. That is a gap, not none" in page
    assert "Not due" in page
    client.post("/prisons/ZTA/figures/2026-10/close/")
    assert "1 of 1" in client.get("/prisons/ZTA/figures/quality/?month=2026-10").content.decode()


def test_the_first_open_month_is_named_first() -> None:
    def refused(**changes: Any) -> str:
        facts = {"today": LAST.next().first, "opened_on": LAST.first, "closed": ["2026-07"], "costs_returned": False,
                 "contradictions": ["A and B."], "signed": False, **changes}  # fmt: skip
        with pytest.raises(NotAllowed) as error:
            check_can_sign(LAST, **facts)
        return str(error.value)

    assert refused() == "Close August 2026 first."
    assert refused(closed=["2026-07", "2026-08", "2026-09"]).startswith("Return the costs")
    assert refused(closed=["2026-07", "2026-08", "2026-09"], costs_returned=True).endswith("A and B.")
