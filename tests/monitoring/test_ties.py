"""What is said to be the same count, or the sum of others, is so when it is worked out from rows."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from buddyscheme.accounts.models import Prison
from buddyscheme.lib.dates import Month, Quarter
from buddyscheme.lib.errors import NotAllowed
from buddyscheme.scope.transaction import DatabaseRole, scoped
from monitoring.measures.catalogue import BY_CODE
from monitoring.measures.definition import EQUALITY, Adds, Told
from monitoring.measures.groups import GROUP_WORDS, UNKNOWN
from monitoring.models.figure import FigureState
from monitoring.rollups import Computed, compute, read_once
from monitoring.telling import behind, layers
from monitoring.ties import SAME, TOTALS, families, family_of, named
from tests.monitoring.test_late_edits import KINDS, NOW, Late, late  # noqa: F401 the fixture

NEARLY = Decimal("1e-9")
QUARTER = Quarter(2026, 4)
EDITS = 70
KNOWN = (FigureState.VALUE, FigureState.NONE, FigureState.NOT_REACHED)
Worked = dict[tuple[str, str], Decimal]


@pytest.fixture
def worked(late: Late, at_prison: Callable[[Prison], Any]) -> dict[str, list[Computed]]:  # noqa: F811
    """A quarter and its months after a lot has happened, every kind of thing at least once."""
    with time_machine.travel(NOW, tick=False):
        for number in range(EDITS):
            with at_prison(late.here), suppress(NotAllowed), transaction.atomic():
                getattr(late, KINDS[number % len(KINDS)])()
        with scoped(DatabaseRole.NATIONAL):
            return {period.code: compute(late.here.code, period, now=_later()) for period in (QUARTER, *QUARTER.months)}


def _later() -> datetime:
    return datetime(2027, 2, 1, 9, 0, tzinfo=NOW.tzinfo)


def counts_of(figures: list[Computed], breakdown: str = "") -> Worked:
    return {
        (computed.measure.code, layer): amount
        for computed in figures
        if computed.state in KNOWN and computed.breakdown == breakdown
        for layer, amount in zip(layers(computed.measure), behind(computed.measure, computed.parts), strict=True)
    }


@pytest.mark.django_db
def test_shared_counts_totals_months_and_groups_are_what_they_are_said_to_be(worked: dict[str, list[Computed]]) -> None:
    counts = {period: counts_of(figures) for period, figures in worked.items()}
    compared = 0
    for period, known in counts.items():
        for here, there in SAME.items():
            if here in known and there in known:
                assert known[here] == known[there], (here, there, period)
                compared += bool(known[here])
        for total, parts in TOTALS:
            if total in known and all(part in known for part in parts):
                assert abs(known[total] - sum(known[part] for part in parts)) < NEARLY, (total, period)
                compared += bool(known[total])
    months = [month.code for month in QUARTER.months]
    for (code, layer), amount in counts[QUARTER.code].items():
        each = [counts[month].get((code, layer)) for month in months]
        adds = BY_CODE[named(BY_CODE[code], layer)[0]].adds
        if None in each:
            continue
        if adds is Adds.UP:
            assert abs(amount - sum(count for count in each if count is not None)) < NEARLY, (code, layer)
        elif adds is Adds.LAST:
            assert amount == each[-1], (code, layer)
    assert compared > 25
    _groups_add_up(worked[QUARTER.code], counts[QUARTER.code])


def _groups_add_up(figures: list[Computed], whole: Worked) -> None:
    for (code, layer), amount in whole.items():
        measure = BY_CODE[code]
        # The prison's own count of its people need not name every group.
        if measure.told not in (Told.COUNT, Told.SHARE) or not amount:
            continue
        for by in measure.by & EQUALITY:
            groups = [counts_of(figures, f"{by.value}:{group}") for group in (*GROUP_WORDS[by], UNKNOWN)]
            assert abs(amount - sum(group.get((code, layer), Decimal(0)) for group in groups)) < NEARLY, (code, by)


def test_a_shared_count_has_its_own_name_at_the_other_measure() -> None:
    """One step leads to the name under which a count is known: no chains."""
    assert not SAME.keys() & set(SAME.values())
    for (code, layer), (other, there) in SAME.items():
        assert layer in layers(BY_CODE[code])
        assert there in layers(BY_CODE[other])


def test_every_measure_is_in_one_family() -> None:
    everything = [measure.code for family in families() for measure in family]
    assert sorted(everything) == sorted(BY_CODE)
    assert {"OP-02", "OP-05", "OP-04a", "OP-25b"} <= family_of(["OP-17"])


@pytest.mark.django_db
def test_periods_that_are_read_together_have_the_figures_of_each_by_itself(
    worked: dict[str, list[Computed]],
    late: Late,  # noqa: F811
) -> None:
    def asked(period: Month | Quarter) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert compute(late.here.code, period, now=_later()) == worked[period.code]
        return len(queries)

    first, second, *_ = QUARTER.months
    with scoped(DatabaseRole.NATIONAL):
        alone = asked(second)
        with read_once():
            asked(first)
            assert asked(second) <= alone - 8
            asked(QUARTER)
