"""Returning a quarter's costs: at most 12 boxes, an empty one is not known, a version for every save."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.db import DatabaseError, transaction
from django.test import Client

from buddyscheme.accounts.models import Prison, User
from buddyscheme.audit.models import AuditEvent
from buddyscheme.lib.dates import Month, Quarter
from buddyscheme.scope.transaction import DatabaseRole, scoped
from monitoring.actions.months import close_month
from monitoring.forms.costs import CostsForm
from monitoring.models import CostReturn, Figure
from monitoring.queries.costs import counted, pay_pence
from monitoring.rollups import roll_up
from tests.builders import hours, pay
from tests.builders.visits import day_opened, helped, planned_on, visit_of
from tests.cast import acts

pytestmark = pytest.mark.django_db
SignedIn = Callable[[User], Client]
SEPTEMBER = datetime(2026, 9, 7, 9, 0, tzinfo=UTC)
LAST = Quarter(2026, 3)
THIS = Quarter(2026, 4)
PAGE = "/prisons/ZTA/costs/2026-Q4/"
FORM = f"{PAGE}return/"
TYPED = {
    "lead_hours": "39.5", "lead_rate_pence": "30", "staff_hours": "20", "staff_rate_pence": "24.00",
    "training_pence": "100", "contract_pence": "0", "equipment_pence": "25.00", "setup_pence": "1,000",
    "setup_years": "5", "council_percent": "50", "health_percent": "20", "grant_percent": "0", "version": "0",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _monday(now: datetime) -> Any:
    with time_machine.travel(now, tick=False):
        yield


@pytest.fixture
def running(here: Prison, lead: User, at_prison: Callable[[Prison], Any]) -> Any:
    """A scheme since September with one person, who was helped for ten minutes on each of three days of November."""
    with at_prison(here):
        plan, buddy, _ = helped(here, lead, SEPTEMBER, tasks=(("DOM-03", [0, 1, 2, 3, 4, 5, 6], "AM", 10),))
        for day in (date(2026, 11, 2), date(2026, 11, 3), date(2026, 11, 4)):
            day_opened(here, day)
            visit_of(planned_on(plan, day), lead, datetime(2026, 11, day.day, 18, 0, tzinfo=UTC))
    return buddy


def typed(**changes: str) -> dict[str, str]:
    return {**TYPED, **changes}


def test_the_form_has_twelve_boxes_at_most() -> None:
    assert len([name for name in CostsForm().fields if name not in ("version", "form_key")]) <= 12


def test_the_lead_returns_a_quarter_and_sees_parts_whole_and_unit_costs(
    running: Any, here: Prison, lead: User, signed_in: SignedIn
) -> None:
    client = signed_in(lead)
    assert client.post(FORM, typed()).status_code == 302
    returned = CostReturn.objects.get()
    assert (returned.lead_rate_pence, returned.setup_pence, returned.lead_hours) == (3000, 100_000, Decimal("39.5"))
    page = client.get(PAGE).content.decode()
    assert "£1,185.00" in page  # The lead's time.
    assert "At least £1,841.20" in page  # Three visits by staff at one minute, £24 an hour: £1.20.
    assert "Missing: pay of buddies." in page
    assert "weeks have a pay period" in page
    assert "The prison: 30%" in page
    assert "At least £3,682.40" in page  # Half an hour of support.


def test_an_empty_box_is_not_known_and_never_nought(
    running: Any, here: Prison, lead: User, signed_in: SignedIn
) -> None:
    client = signed_in(lead)
    client.post(FORM, typed(contract_pence="", staff_rate_pence=""))
    assert CostReturn.objects.get().contract_pence is None
    page = client.get(PAGE).content.decode()
    assert "Missing: pay of buddies; time of other staff; contract with an outside provider; recording visits." in page


def test_it_is_filled_in_from_hours_supervision_and_the_last_return(
    running: Any, here: Prison, lead: User, signed_in: SignedIn, now: datetime, at_prison: Callable[[Prison], Any]
) -> None:
    with at_prison(here):
        hours.week_entered(here, lead, now, back=1)
        assert counted(here, THIS)["visits"] == 3
    client = signed_in(lead)
    client.post("/prisons/ZTA/costs/2026-Q3/return/", typed(staff_rate_pence="21.50"))
    form = client.get(FORM).context["form"]
    assert form.initial["staff_rate_pence"] == 2150
    assert form.initial["setup_years"] == 5
    assert form.initial["lead_hours"] is not None
    assert form.initial["staff_hours"] >= Decimal("0.1")
    assert form.initial.get("contract_pence") is None


def test_pay_counts_when_every_week_that_ended_has_a_period(
    running: Any, here: Prison, lead: User, now: datetime, at_prison: Callable[[Prison], Any]
) -> None:
    with at_prison(here):
        assert pay_pence(here, THIS) == (None, "0 of 13 weeks have a pay period")


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"lead_hours": "-1"}, "Hours cannot be below nought"),
        ({"lead_hours": "10000.5"}, "Enter hours from 0 to 10,000"),
        ({"contract_pence": "-5"}, "cannot be below nought"),
        ({"contract_pence": "a lot"}, "in pounds and pence"),
        ({"setup_years": ""}, "Say over how many years"),
        ({"setup_pence": ""}, "Enter the cost of setting up"),
        ({"setup_years": "21"}, "Enter a whole number from 1 to 20"),
        ({"council_percent": "90"}, "These shares come to 110%"),
        ({"grant_percent": ""}, "Enter all three shares"),
    ],
)
def test_bad_input_gets_one_sentence_and_what_was_typed_stays(
    changes: dict[str, str], sentence: str, running: Any, lead: User, signed_in: SignedIn
) -> None:
    page = signed_in(lead).post(FORM, typed(**changes))
    assert page.status_code == 200
    text = page.content.decode()
    assert sentence in text
    assert 'value="39.5"' in text or "lead_hours" in changes
    assert not CostReturn.objects.exists()


def test_a_change_is_a_new_version_and_the_old_one_stays(running: Any, lead: User, signed_in: SignedIn) -> None:
    client = signed_in(lead)
    client.post(FORM, typed())
    client.post(FORM, typed(contract_pence="10", version="1"))
    assert list(CostReturn.objects.order_by("version").values_list("version", "contract_pence")) == [(1, 0), (2, 1000)]
    with pytest.raises(DatabaseError, match="Cannot update"), transaction.atomic():
        CostReturn.objects.update(contract_pence=1)


def test_whoever_saved_first_is_not_overwritten(running: Any, lead: User, signed_in: SignedIn) -> None:
    client = signed_in(lead)
    client.post(FORM, typed())
    page = client.post(FORM, typed(contract_pence="10"))
    assert "Somebody else has returned these costs meanwhile" in page.content.decode()
    assert CostReturn.objects.count() == 1


def test_a_closed_quarter_changes_only_with_a_reason(
    running: Any, here: Prison, lead: User, signed_in: SignedIn, now: datetime, at_prison: Callable[[Prison], Any]
) -> None:
    client = signed_in(lead)
    url = "/prisons/ZTA/costs/2026-Q3/return/"
    client.post(url, typed())
    with at_prison(here):
        close_month(by=acts(lead, here), now=now, prison=here, month=Month(2026, 9))
    later = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
    with time_machine.travel(later, tick=False):
        client = signed_in(lead)
        refused = client.post(url, typed(version="1", reason=""))
        assert "Say why these costs change" in refused.content.decode()
        client.post(url, typed(version="1", reason="The invoice came late"))
    assert CostReturn.objects.get(version=2).reason == "The invoice came late"


def test_a_quarter_that_has_not_begun_or_has_no_scheme_cannot_be_returned(
    running: Any, lead: User, signed_in: SignedIn
) -> None:
    client = signed_in(lead)
    for code in ("2027-Q1", "2026-Q2"):
        assert client.post(f"/prisons/ZTA/costs/{code}/return/", typed()).status_code == 302
    assert not CostReturn.objects.exists()


@pytest.mark.parametrize("code", ["2026-11", "2026-Q5", "never"])
def test_a_cost_has_a_period(code: str, running: Any, lead: User, signed_in: SignedIn) -> None:
    assert signed_in(lead).get(f"/prisons/ZTA/costs/{code}/return/").status_code == 404


def test_the_delegate_reads_and_does_not_return(running: Any, delegate: User, signed_in: SignedIn) -> None:
    client = signed_in(delegate)
    assert client.get(PAGE).status_code == 200
    assert client.get(FORM).status_code == 403
    assert client.post(FORM, typed()).status_code == 403


def test_an_officer_sees_no_costs_and_another_prisons_are_not_there(
    running: Any, officer: User, outsider: User, signed_in: SignedIn
) -> None:
    assert signed_in(officer).get(PAGE).status_code == 403
    assert signed_in(outsider).get(PAGE).status_code == 404


def test_returning_leaves_its_audit_event(running: Any, lead: User, signed_in: SignedIn) -> None:
    signed_in(lead).post(FORM, typed())
    event = AuditEvent.objects.get(code="costs.returned")
    assert event.details["quarter"] == "2026-Q4"


def test_figures_of_the_quarter_agree_with_a_fresh_count(
    running: Any, here: Prison, lead: User, signed_in: SignedIn
) -> None:
    signed_in(lead).post(FORM, typed())
    roll_up(here.code, THIS)
    with scoped(DatabaseRole.WEB, prisons=[here.code]):
        figures = {figure.measure: figure for figure in Figure.objects.for_prison(here).filter(breakdown="")}
        assert figures["CO-01"].state == "NOT_RETURNED"
        assert figures["CO-02"].value == Decimal(1185)
        assert figures["CO-05"].state == "NONE"
        assert figures["CO-07"].value == 50
        assert figures["CO-08"].value == Decimal("1.20")
        assert figures["CO-09"].state == "NOT_RETURNED"
        assert figures["CO-14a"].value == Decimal("0.3")
    call_command("rollup", month="2026-Q4", verify=True, stdout=StringIO())


def test_with_pay_of_every_week_the_whole_is_known(
    running: Any, here: Prison, lead: User, signed_in: SignedIn, at_prison: Callable[[Prison], Any]
) -> None:
    with time_machine.travel(datetime(2027, 1, 4, 9, 0, tzinfo=UTC), tick=False), at_prison(here):
        now = datetime(2027, 1, 4, 9, 0, tzinfo=UTC)
        pay.rate(here, lead, now)
        pay.in_band(running, lead, now)
        for number in range(13):
            pay.period(here, lead, now, date.fromordinal(date(2026, 9, 28).toordinal() + 7 * number))
        assert pay_pence(here, THIS) == (240, "")  # Three sessions at 80 pence.
        signed_in(lead).post(FORM, typed())
        roll_up(here.code, THIS, now=now)
        figures = {figure.measure: figure for figure in Figure.objects.for_prison(here).filter(period=THIS.code)}
        assert figures["CO-01"].value == Decimal("2.40")
        assert figures["CO-09"].value == Decimal("1843.60")
        assert figures["CO-10"].value == Decimal("3687.20")
        call_command("rollup", month="2026-Q4", verify=True, stdout=StringIO())
