"""Waits, groups and two periods: what they say, what they leave unsaid, and that nothing is called a cause."""

from __future__ import annotations

from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.template.loader import render_to_string

from monitoring.charts.change import change_of
from monitoring.charts.groups import Group, groups_shown
from monitoring.charts.point import Point
from monitoring.charts.waits import waits_shown
from monitoring.disclosure import State
from monitoring.measures.catalogue import BY_CODE
from tests.monitoring.test_charts import words_in

SHARE, RATE, COUNT = BY_CODE["OP-07"], BY_CODE["OP-22"], BY_CODE["OP-04a"]


def waits(durations: list[float], events: list[int]) -> Any:
    return waits_shown(id="w", title="From asking to help", durations=durations, events=events)


def test_the_share_helped_within_fourteen_days_and_the_typical_wait_are_said() -> None:
    shown = waits([2, 5, 10, 20, 40], [1, 1, 1, 1, 1])
    assert shown.conclusion[0] == "Help had begun within 14 days for 60% of the people who asked."
    assert shown.conclusion[1].startswith("The typical wait of those still here is 10 days")
    assert "60% by day 14" in words_in(shown.picture)


def test_a_typical_wait_that_is_not_reached_is_said_and_never_nought() -> None:
    shown = waits([20, 30, 40, 50], [1, 0, 0, 0])
    assert shown.conclusion[1] == "The typical wait is not reached: help has not begun for half of them."


def test_who_left_before_help_is_not_counted_as_helped_or_as_waiting_for_ever() -> None:
    assert waits([5, 5, 5, 5], [1, 1, 2, 2]).conclusion[0].startswith("Help had begun within 14 days for 50%")


def test_before_anybody_was_followed_for_fourteen_days_the_share_is_not_known() -> None:
    assert "is not known" in waits([3, 5, 9], [0, 0, 1]).conclusion[0]


def test_how_many_still_wait_stands_under_the_curve_and_in_the_table() -> None:
    shown = waits([2, 5, 10, 20, 40], [1, 1, 1, 1, 1])
    first = shown.picture.days[0]
    assert (first.day, first.waiting) == ("0", "5")
    assert ("14", "2", "60%") in [(row.text, *row.numbers) for row in shown.numbers.rows]


def test_nobody_waiting_is_words_and_no_picture() -> None:
    assert (waits([], []).picture, waits([], []).conclusion) == (None, ("Nobody waited in this time.",))


def share(value: float | None) -> Point:
    if value is None:
        return Point("", State.TOO_FEW, None, "Too few to show")
    return Point("", State.VALUE, value, f"{value:.0%}")


def groups(*named: tuple[str, float | None, float | None]) -> Any:
    found = [Group(name, share(here), share(prison)) for name, here, prison in named]
    return groups_shown(
        title="By age", what="people with a buddy", groups=found, unknown=Group("Unknown", share(0.05), share(None))
    )


def test_groups_keep_their_order_and_unknown_is_always_the_last() -> None:
    shown = groups(("Under 50", 0.2, 0.7), ("50 and over", 0.75, 0.3))
    assert [row.text for row in shown.numbers.rows] == ["Under 50", "50 and over", "Unknown"]
    assert [row.words[0] for row in shown.numbers.rows] == ["50 fewer", "45 more", "Too few to say"]
    assert "50 percentage points: Under 50. Unknown: 5%" in shown.conclusion[0]


def test_a_group_too_few_to_show_has_no_bar_and_no_difference() -> None:
    row = groups(("A", None, 0.3)).numbers.rows[0]
    assert (row.bar, row.outline, row.words) == ("", "30%", ("Too few to say",))


def test_bars_in_a_table_are_for_the_eye_only() -> None:
    html = render_to_string("monitoring/charted.html", {"chart": groups(("A", 0.2, 0.3))})
    assert html.count("<svg") == html.count('<svg aria-hidden="true"') == 3


def figure(numerator: int | None, denominator: int | None = None, per: int = 1, state: str = "VALUE") -> Any:
    if numerator is None:
        return SimpleNamespace(state=state, value=None, numerator=None, denominator=None)
    above, below = Decimal(numerator), None if denominator is None else Decimal(denominator)
    return SimpleNamespace(
        state=state, value=above if below is None else above * per / below, numerator=above, denominator=below
    )


def words(measure: Any, earlier: Any, later: Any) -> str:
    return change_of(measure, ("July 2026", earlier), ("August 2026", later)).words


def test_a_share_that_moved_more_than_chance() -> None:
    # Newcombe's own interval for 56 of 70 and 48 of 80 is 5.2 to 33.4 points.
    assert words(SHARE, figure(56, 70), figure(48, 80)) == (
        "20 percentage points lower (95% interval −33 to −5): more than chance would explain. "
        "The comparison says nothing about why. Higher is better."
    )


def test_a_difference_that_chance_explains_is_no_change() -> None:
    assert words(SHARE, figure(50, 100), figure(52, 100)).startswith("No change that chance could not explain")


def test_a_count_and_a_rate_have_the_interval_of_their_counts() -> None:
    assert words(COUNT, figure(100), figure(200)).startswith("100 people higher")
    assert words(RATE, figure(20, 1000, 1000), figure(80, 1000, 1000)).startswith("60.0 reports for every 1,000")


@pytest.mark.parametrize(
    ("measure", "earlier", "later"),
    [
        (COUNT, figure(4), figure(40)),
        (SHARE, figure(4, 8), figure(40, 80)),
        (RATE, figure(3, 100, 1000), figure(30, 100, 1000)),
    ],
)
def test_few_are_too_few_to_say(measure: Any, earlier: Any, later: Any) -> None:
    assert words(measure, earlier, later) == "Too few to say whether it changed."


def test_a_period_without_a_figure_keeps_its_word_and_nothing_is_compared() -> None:
    change = change_of(COUNT, ("July 2026", figure(None, state="NOT_RETURNED")), ("August 2026", figure(40)))
    assert (change.earlier.figure, change.later.figure) == ("No return", "40")
    assert change.words == "There is no figure for both, so nothing can be said about a change."
    assert "No return" in render_to_string("monitoring/charts/change.html", {"change": change})
