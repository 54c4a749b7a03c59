"""One October of buddies worked out by hand: recruitment, training, supervision, staff, and the prison beside them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError, call_command

from buddyscheme.accounts.models import Prison, User
from buddyscheme.lib.dates import parse_period
from buddyscheme.scope.transaction import DatabaseRole, scoped
from monitoring.models import Figure, Population, PopulationCount
from monitoring.rollups import roll_up
from schemes.actions.buddies import decline, leave_role, withdraw
from schemes.actions.protected_time import enter_week
from schemes.models import Clearance
from tests.builders.buddies import active_buddy, applied, in_checks, signed
from tests.builders.training import briefing, one_to_one
from tests.builders.visits import helped
from tests.cast import acts

pytestmark = [pytest.mark.django_db, pytest.mark.second_database]
NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
EXACT = Decimal("0.00000001")


def at(month: int, day: int) -> datetime:
    """Nine in the morning, or thereabouts."""
    return datetime(2026, month, day, 9, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _monday() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def figures(here: Prison, lead: User, at_prison: Callable[[Prison], Any]) -> dict[tuple[str, str], Figure]:
    """Two buddies from 7 September, of whom one left on 20 October, and a third from 12 October.

    Five people applied in October: the third buddy, one who only applied, one whose security answered after 10 days,
    one who was refused and one who withdrew. The first buddy's supervision was held on 7 October, its due day; the
    other one's was due on the same day and was not held. 500 prisoners, 480 of them men.
    """
    by = acts(lead, here)
    with at_prison(here):
        _, first, _ = helped(here, lead, at(9, 7))
        second = active_buddy(here, lead, at(9, 7))
        applied(here, lead, at(10, 5))
        checked = in_checks(here, lead, at(10, 6))
        signed(Clearance.objects.get(buddy=checked, department="SECURITY"), lead, at(10, 16))
        decline(by=by, now=at(10, 9), buddy=applied(here, lead, at(10, 8)), reason="Needs to wait for the course")
        withdraw(by=by, now=at(10, 9), buddy=applied(here, lead, at(10, 9)))
        active_buddy(here, lead, at(10, 12))
        one_to_one(first, lead, at(10, 7))
        leave_role(by=by, now=at(10, 20), buddy=second, reason="Starts another job")
        enter_week(by=by, now=at(10, 12), prison=here, monday=date(2026, 10, 5), hours=[(lead, Decimal(8), Decimal(6))])
        wing = first.scheme.wings.filter(served=True).order_by("id")[0].wing
        briefing(wing, lead, at(10, 14), staff=20, briefed=12)
        counted = Population.objects.create(
            prison=here, month=date(2026, 10, 1), total=500, source="Daily roll", counted_on=date(2026, 10, 31),
            entered_at=at(11, 2), entered_by=lead,
        )  # fmt: skip
        for group, count in (("male", 480), ("female", 20)):
            PopulationCount.objects.create(prison=here, population=counted, by="sex", group=group, count=count)
        with scoped(DatabaseRole.NATIONAL):
            for period in ("2026-10", "2026-Q4"):
                roll_up(here.code, parse_period(period), now=NOW)
    return {(f.period, f.measure): f for f in Figure.objects.for_prison(here).filter(breakdown="")}


OCTOBER = {
    "OP-01": 1,  # the scheme is open
    "OP-02": 2,  # the first and the third
    "OP-05": Decimal("0.5"),  # one person helped, two buddies
    "OP-14a": 5,
    "OP-14b": 1,  # of the third buddy
    "OP-14c": 1,
    "OP-14d": 1,
    "OP-14e": 1,
    "OP-16a": 1,  # 3 of the third buddy's 3; the first one's were passed in September and hold
    "OP-16b": 0,  # no class was held
    "OP-16c": 1,
    "OP-17": 1,  # 2 of 2
    "OP-18": Decimal("0.5"),  # due twice on 7 October, held once
    "OP-20a": 6,
    "OP-20b": 8,
    "OP-25a": Decimal("0.4"),  # 2 of 500
    "OP-25b": Decimal("0.2"),  # 1 of 500
    "OU-08": 3,
    "BS-02a": 0,
    "BS-02b": 0,
}
QUARTER = {
    "OP-15": 0,  # the third buddy's took 0 days, another's 10: half had theirs at once
    "OP-19": Decimal("0.6"),  # 12 of 20
    "OP-21a": Decimal("0.5"),  # 1 of a mean of 2: on 1 October, at its end, and now
    "OP-21b": 0,
    "OP-21c": 0,
    "OP-21d": 1,  # left for another job
    "OP-21e": (Decimal(43) / Decimal("30.4375")).quantize(EXACT),  # 7 September to 20 October, one of two still at risk
}


def test_october_is_what_a_person_would_count(figures: dict[tuple[str, str], Figure]) -> None:
    assert {code: figures["2026-10", code].value for code in OCTOBER} == OCTOBER


def test_the_quarter_is_what_a_person_would_count(figures: dict[tuple[str, str], Figure]) -> None:
    assert {code: figures["2026-Q4", code].value for code in QUARTER} == QUARTER


def test_without_a_post_there_are_no_full_time_equivalents(figures: dict[tuple[str, str], Figure]) -> None:
    assert figures["2026-10", "OP-03"].state == "NOT_YET_DUE"


def test_groups_stand_beside_the_prison(figures: dict[tuple[str, str], Figure], here: Prison) -> None:
    men = Figure.objects.for_prison(here).get(period="2026-10", measure="OP-25a", breakdown="sex:male")
    assert men.denominator == 480


def test_a_rate_that_needs_the_population_is_not_returned_without_it(
    figures: dict[tuple[str, str], Figure], here: Prison, at_prison: Callable[[Prison], Any]
) -> None:
    with at_prison(here), scoped(DatabaseRole.NATIONAL):
        roll_up(here.code, parse_period("2026-11"), now=NOW)
    assert Figure.objects.for_prison(here).get(period="2026-11", measure="OP-25a").state == "NOT_RETURNED"


def test_a_fresh_count_of_buddies_agrees(figures: dict[tuple[str, str], Figure]) -> None:
    out = StringIO()
    call_command("rollup", month="2026-10", verify=True, stdout=out)
    assert "every figure equals a fresh count" in out.getvalue()


@pytest.mark.parametrize("code", ["OP-14a", "OP-16a", "OP-17", "OP-18", "OP-20a", "OP-25b", "OP-30a", "OU-08"])
def test_a_planted_wrong_figure_of_buddies_is_found(figures: dict[tuple[str, str], Figure], code: str) -> None:
    Figure.objects.filter(pk=figures["2026-10", code].pk).update(value=77, state="VALUE")
    with pytest.raises(CommandError, match="1 figures differ"):
        call_command("rollup", month="2026-10", verify=True, stderr=StringIO())
