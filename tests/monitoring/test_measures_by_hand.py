"""One prison-month worked out by hand: every measure, its verification, and a planted wrong figure."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError, call_command

from buddyscheme.accounts.models import Prison, User
from buddyscheme.lib.dates import Month, parse_period
from buddyscheme.outbox.models import Message
from buddyscheme.outbox.relay import drain
from buddyscheme.scope.transaction import DatabaseRole, scoped
from monitoring.models import Figure
from referrals.actions.concerns import raise_concern
from referrals.actions.unmet_needs import meet_unmet_need
from referrals.actions.visits import correct_visit
from referrals.actions.weeks import look_at_visit
from referrals.models import Concern, Visit
from tests.builders.buddies import taken_over
from tests.builders.referrals import unmet_need
from tests.builders.visits import day_opened, helped, planned_on, visit_of
from tests.cast import acts

pytestmark = [pytest.mark.django_db, pytest.mark.second_database]
SEPTEMBER = datetime(2026, 9, 7, 9, 0, tzinfo=UTC)
OCTOBER = parse_period("2026-10")
assert isinstance(OCTOBER, Month)
FIRST = date(2026, 10, 1)
NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
MEALS_DAILY = (("DOM-03", [0, 1, 2, 3, 4, 5, 6], "AM", 10),)


@pytest.fixture(autouse=True)
def _monday() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def october(here: Prison, lead: User, delegate: User, at_prison: Callable[[Prison], Any]) -> dict[str, Figure]:
    """October at a prison with one buddy and one person, who is to be helped every morning for 10 minutes.

    Two more buddies were taken over: one has until December to make good what is missing, the other one had until
    20 October.

    Of 31 planned visits: 19 done, 1 partly (5 minutes), 2 not unlocked, 1 buddy away, 1 declined, and 1 that was first
    entered as done and then corrected to not done for another reason; of the other 6 nothing was recorded.
    """
    by = acts(lead, here)
    with at_prison(here):
        plan, buddy, _ = helped(here, lead, SEPTEMBER, tasks=MEALS_DAILY)
        taken_over(here, lead, delegate, SEPTEMBER, good_by=date(2026, 12, 1))
        taken_over(here, lead, delegate, SEPTEMBER, good_by=date(2026, 10, 20))
        days = [FIRST + timedelta(days=n) for n in range(31)]
        for day in days:
            day_opened(here, day)
        evening = [datetime(day.year, day.month, day.day, 18, 0, tzinfo=UTC) for day in days]
        visits = [visit_of(planned_on(plan, day), lead, evening[n]) for n, day in enumerate(days[:20])]
        visit_of(planned_on(plan, days[20]), lead, evening[20], outcome="PARTLY", minutes=5, tasks_done=["DOM-03"])
        for n, reason in enumerate(["NOT_UNLOCKED", "NOT_UNLOCKED", "BUDDY_ABSENT", "DECLINED"], start=21):
            visit_of(planned_on(plan, days[n]), lead, evening[n], outcome="NOT_DONE", reason=reason)
        correct_visit(
            by=by, now=evening[20], visit=visits[0], outcome="NOT_DONE", minutes=0, tasks_done=[], reason="OTHER",
            correction_reason="The person told us",
        )  # fmt: skip
        for visit in visits[1:6]:
            look_at_visit(by=by, now=evening[20], visit=visit, result="RIGHT")
        raise_concern(
            by=by, now=evening[4], prison=here, kind=Concern.Kind.ASKED_TO_OVERSTEP, words="Asked to help with washing",
            happened_on=days[4], about_buddy=buddy, source="STAFF",
        )  # fmt: skip
        need = unmet_need(here, lead, evening[9], person=plan.person, known_on=days[9])
        meet_unmet_need(
            by=by, now=evening[21], need=need, met_on=days[21], met_how="A carer comes", version=need.version
        )
        with scoped(DatabaseRole.NATIONAL):
            drain()
    return {figure.measure: figure for figure in Figure.objects.filter(period="2026-10", breakdown="")}


def test_visits_and_care_are_what_a_person_would_count(october: dict[str, Figure]) -> None:
    hours = Decimal(19 * 10 + 5) / 60
    expected = {
        "OP-02": 3,
        "OP-04a": 1,
        "OP-04b": 1,
        "OP-07": (Decimal(20) / 31).quantize(Decimal("0.00000001")),
        "OP-08a": 2,
        "OP-08b": 1,
        "OP-08c": 1,
        "OP-08d": 0,
        "OP-08e": 1,
        "OP-22": (1000 / hours).quantize(Decimal("0.00000001")),
        "BS-01": 12,
        "BS-02b": 1,
    }
    assert {code: october[code].value for code in expected} == expected


def test_the_figure_stands_on_its_parts_and_its_quality(october: dict[str, Figure]) -> None:
    share = october["OP-07"]
    assert (share.numerator, share.denominator, share.n) == (20, 31, 31)
    assert share.completeness == (Decimal(25) / 31).quantize(Decimal("0.0001"))
    assert share.looked_at_share == (Decimal(6) / 25).quantize(Decimal("0.0001"))
    assert october["OP-08d"].state == "NONE"


def test_a_fresh_count_agrees(october: dict[str, Figure]) -> None:
    out = StringIO()
    call_command("rollup", month="2026-10", verify=True, stdout=out)
    assert "every figure equals a fresh count" in out.getvalue()


@pytest.mark.parametrize("code", ["OP-02", "OP-04a", "OP-04b", "OP-07", "OP-08a", "OP-08d", "OP-22", "BS-01", "BS-02b"])
def test_a_planted_wrong_figure_is_found(october: dict[str, Figure], code: str) -> None:
    Figure.objects.filter(pk=october[code].pk).update(value=77, state="VALUE")
    errors = StringIO()
    with pytest.raises(CommandError, match="1 figures differ") as caught:
        call_command("rollup", month="2026-10", verify=True, stderr=errors)
    assert caught.value.returncode == 1
    assert code in errors.getvalue()


def test_a_figure_that_is_not_there_is_found(october: dict[str, Figure]) -> None:
    Figure.objects.filter(pk=october["OP-07"].pk).delete()
    with pytest.raises(CommandError):
        call_command("rollup", month="2026-10", verify=True, stderr=StringIO())


def test_a_late_entry_changes_its_old_month(october: dict[str, Figure], here: Prison, lead: User) -> None:
    from referrals.models import PlannedVisit

    with scoped(DatabaseRole.WEB, prisons=[here.code]):
        planned = PlannedVisit.objects.for_prison(here).get(day=date(2026, 10, 31))
        from referrals.actions.visits import log_visits
        from referrals.rules.visits import VisitEntry

        entry = VisitEntry(planned_id=planned.pk, outcome="DONE", minutes=10, entered_at=NOW, tasks_done=("DOM-03",))
        log_visits(by=acts(lead, here), now=NOW, prison=here, entries=[entry])
    assert Message.objects.filter(key=f"{here.code}:2026-10", handled_at__isnull=True).exists()
    with scoped(DatabaseRole.NATIONAL):
        drain()
    assert Figure.objects.get(period="2026-10", measure="OP-07", breakdown="").numerator == 21
    assert Visit.objects.get(planned=planned).late
    call_command("rollup", month="2026-10", verify=True, stdout=StringIO())


def test_rolling_up_again_changes_nothing(october: dict[str, Figure], here: Prison) -> None:
    from monitoring.rollups import roll_up

    with scoped(DatabaseRole.WEB, prisons=[here.code]):
        assert roll_up(here.code, OCTOBER) == 0
