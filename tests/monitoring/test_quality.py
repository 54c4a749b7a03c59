"""Completeness, returns and lateness: the goldens, and what no golden says."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from buddyscheme.lib.dates import Month
from monitoring.quality import Completeness, closed_late, lowest, returned, score, timeliness, together


def test_golden_q1_forty_due_of_which_three_not_known_and_six_missing() -> None:
    fields = [
        Completeness("a", 10, 8, 1),
        Completeness("b", 10, 7, 2),
        Completeness("c", 10, 9),
        Completeness("d", 10, 7),
    ]
    whole = together("All", fields)
    assert (whole.due, whole.answered, whole.not_known, whole.missing) == (40, 31, 3, 6)
    assert whole.complete == Decimal(34) / 40 == Decimal("0.85")
    assert whole.known == Decimal("0.775")
    assert score(fields) == Decimal("0.85")


def test_golden_q2_nothing_due_is_neither_nought_nor_all() -> None:
    nothing = Completeness("a", 0, 0)
    assert nothing.complete is None
    assert nothing.known is None
    assert score([nothing]) is None
    assert score([nothing, Completeness("b", 4, 1)]) == Decimal("0.25")


def test_golden_q3_a_month_without_entries_is_a_gap_and_no_return() -> None:
    gap = returned(live=True, entries=0, closed=False)
    assert (gap.received, gap.due, gap.gap) == (0, 1, True)
    assert not returned(live=True, entries=0, closed=True).gap
    assert not returned(live=True, entries=1, closed=False).gap
    assert returned(live=False, entries=0, closed=False).due == 0


def test_declined_is_an_answer_and_not_missing() -> None:
    field = Completeness("a", 10, 6, 1, 2)
    assert field.missing == 1
    assert field.complete == Decimal("0.9")
    assert field.known == Decimal("0.6")


def test_the_three_lowest_are_named_and_none_that_is_complete_or_not_due() -> None:
    fields = [Completeness(name, due, answered) for name, due, answered in
              (("a", 10, 10), ("b", 10, 5), ("c", 0, 0), ("d", 10, 1), ("e", 10, 9), ("f", 10, 7))]  # fmt: skip
    assert [field.name for field in lowest(fields)] == ["d", "b", "f"]


@pytest.mark.parametrize("counts", [(10, 8, 2, 1), (-1, 0, 0, 0), (5, 6, 0, 0)])
def test_counts_that_cannot_be_are_refused(counts: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="a: "):
        Completeness("a", *counts)


def test_timeliness_takes_the_median_of_the_late_alone() -> None:
    found = timeliness([0, 0, 0, 1, 2, 9])
    assert found.on_the_day == Decimal("0.5")
    assert found.median_days_late == 2
    assert timeliness([]).on_the_day is None
    assert timeliness([0]).median_days_late is None
    with pytest.raises(ValueError, match="before its day"):
        timeliness([-1])


@pytest.mark.parametrize(
    ("closed_on", "today", "late"),
    [
        (date(2026, 11, 14), date(2026, 12, 1), False),
        (date(2026, 11, 15), date(2026, 12, 1), True),
        (None, date(2026, 11, 14), False),
        (None, date(2026, 11, 15), True),
    ],
)
def test_a_month_is_closed_in_time_for_fourteen_days(closed_on: date | None, today: date, late: bool) -> None:
    assert closed_late(Month(2026, 10), closed_on, today) is late
