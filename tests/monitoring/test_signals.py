"""What a control chart says: too early, nothing but chance, or the rule that fired; in words for chart and table."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from buddyscheme.lib.dates import Month
from monitoring.charts.control import Target
from monitoring.charts.months import chart_of
from monitoring.charts.signals import Baseline, Rebase, conclusion_of, findings, signal_words, stretches
from monitoring.disclosure import State
from monitoring.measures.catalogue import BY_CODE
from monitoring.statistics import xmr
from tests.monitoring.test_charts import MONTHS, months

USUAL = [10, 12, 11, 13, 10, 12, 11, 13, 10, 12, 11, 13]
STILL = "Nothing more than chance would explain."


def said(values: Sequence[float | State], **more: Any) -> str:
    points = months(values)
    parts = stretches(points, **more)
    return " ".join(conclusion_of(points, parts, findings(points, parts)))


def rows(values: Sequence[float | State]) -> list[str]:
    points = months(values)
    parts = stretches(points)
    return signal_words(points, parts, findings(points, parts))


def test_with_fewer_than_twelve_months_it_is_too_early_for_limits() -> None:
    assert said([3, 40, 3, 40, 3, 40, 90]) == "Too early for limits: 7 of 12 months."


def test_months_without_a_number_do_not_count_towards_the_twelve() -> None:
    assert said([*USUAL[:11], State.NOT_RETURNED]) == "Too early for limits: 11 of 12 months."
    assert said([*USUAL[:11], State.TOO_FEW, 13]) == STILL


def test_twelve_usual_months_say_nothing_more_than_chance() -> None:
    assert said(USUAL) == STILL
    assert set(rows(USUAL)) == {"Nothing more than chance"}


def test_a_point_above_the_limits() -> None:
    assert said([*USUAL, *USUAL, 40]) == (
        "In Jan 2026 the figure was higher than chance would explain: a point above the upper limit."
    )
    assert rows([*USUAL, *USUAL, 40])[-1] == "Above the upper limit"


def test_a_point_below_the_limits() -> None:
    values = [value + 50 for value in USUAL]
    assert said([*values, *values, 45]) == (
        "In Jan 2026 the figure was lower than chance would explain: a point below the lower limit."
    )


def test_seven_months_on_one_side() -> None:
    values = [*USUAL, *USUAL, 13, 12.5, 13, 12.5, 13, 12.5, 13, 12.5]
    assert said(values).startswith("The last nine months are all above the average: more than chance would explain.")
    assert "One of nine in a row above the average" in rows(values)[-1]


def test_a_run_over_a_gap_is_of_months_with_a_figure() -> None:
    values = [*USUAL, *USUAL, 13, 12.5, State.NOT_RETURNED, 13, 12.5, 13, 12.5, 13, 12.5]
    assert said(values).startswith("The last nine months with a figure are all above the average:")


def test_a_run_that_has_ended_is_told_with_its_months() -> None:
    values = [13, 12.5, 13, 12.5, 13, 12.5, 13, *USUAL, *USUAL]
    assert "All seven months from Jan 2024 to Jul 2024 were above the average" in said(values)


def test_seven_months_rising() -> None:
    values = [12, 10, 13, 11, 12, 10, 11, 10, 10.5, 11, 11.5, 12, 12.5, 13]
    assert said(values) == ("The figure rose every time over the last seven months: more than chance would explain.")
    assert rows(values)[-1] == "One of seven in a row, each higher than the one before"


def test_two_of_three_close_to_a_limit() -> None:
    values = [*USUAL, *USUAL, 16, 11, 16]
    assert "were close to the upper limit, two of three in a row: more than chance would explain." in said(values)


def test_two_findings_are_told_and_the_rest_is_counted() -> None:
    values = [*[40] * 8, *[80] * 8, *[20] * 8]
    assert "The table shows" in said(values)
    assert said(values).count("more than chance would explain") + said(values).count("than chance would explain:") >= 2


def test_a_locked_baseline_judges_later_months_by_earlier_limits() -> None:
    values = [*USUAL, *[value + 4 for value in USUAL]]
    locked = said(values, baseline=Baseline(MONTHS[0], MONTHS[11]))
    assert "The last 13 months are all above the average" in locked
    points = months(values)
    assert stretches(points, baseline=Baseline(MONTHS[0], MONTHS[11]))[0].centre == 11.5
    assert stretches(points)[0].centre == 13.5


def test_a_baseline_of_fewer_than_twelve_months_gives_no_limits() -> None:
    assert stretches(months([*USUAL, *USUAL]), baseline=Baseline(MONTHS[0], MONTHS[10]))[0].chart is None


def test_limits_made_anew_are_those_of_their_own_months() -> None:
    values = [*USUAL, *[value + 30 for value in USUAL]]
    assert said(values) != STILL
    assert said(values, rebased=[Rebase(MONTHS[12], "a second wing")]) == STILL


def test_after_limits_were_given_up_it_is_too_early_again() -> None:
    values = [*USUAL, 41, 43, 40]
    assert said(values, rebased=[Rebase(MONTHS[12], "a second wing")]) == (
        "Too early for limits since Jan 2025: 3 of 12 months."
    )


def test_a_month_that_is_not_there_is_refused() -> None:
    with pytest.raises(ValueError, match="not among the months"):
        stretches(months(USUAL), rebased=[Rebase("May 1999", "x")])


@given(st.lists(st.integers(1, 60), min_size=12, max_size=36))
def test_every_month_that_a_rule_marks_has_its_words_and_no_other(values: list[int]) -> None:
    points = months(values)
    words = signal_words(points, (parts := stretches(points)), findings(points, parts))
    marked = [bool(signals) for signals in xmr(values).signals]
    assert [each != "Nothing more than chance" for each in words] == marked


# The chart of a measure ------------------------------------------------------------------------------------

SHARE, COUNT = BY_CODE["OP-07"], BY_CODE["OP-04a"]


def figure(state: str, value: str | None = None) -> Any:
    return SimpleNamespace(
        state=state,
        value=None if value is None else Decimal(value),
        numerator=None,
        denominator=None,
        completeness=None,
    )


def run(values: Sequence[Any]) -> list[tuple[Month, Any]]:
    found, month = [], Month(2026, 9)
    for value in reversed(values):
        found.insert(0, (month, value if value is None or hasattr(value, "state") else figure("VALUE", str(value))))
        month = month.previous()
    return found


def test_the_conclusion_begins_with_the_newest_figure() -> None:
    assert chart_of(COUNT, run(USUAL)).conclusion == (f"13 in September 2026. {STILL}",)


def test_a_signal_is_neither_praised_nor_blamed_where_no_way_is_good() -> None:
    assert chart_of(COUNT, run([*USUAL, 40])).conclusion[0].endswith("Neither way is good by itself.")
    assert chart_of(SHARE, run([*["0.6", "0.62"] * 6, "0.9"])).conclusion[0].endswith("Higher is better.")


def test_a_running_month_is_said_to_be_so_far_and_not_judged() -> None:
    shown = chart_of(COUNT, run([*USUAL, 1]), running=Month(2026, 9))
    assert shown.conclusion == (f"1 in September 2026 so far. {STILL}",)
    assert shown.numbers.rows[-1].words[-1] == "Still running"
    assert "below the lower limit" in chart_of(COUNT, run([*USUAL, 1])).conclusion[0]


def test_the_three_ways_to_be_missing_stay_three_words() -> None:
    shown = chart_of(COUNT, run([figure("NOT_RETURNED"), figure("TOO_FEW"), None, figure("NONE", "0"), 5]))
    assert [row.numbers[0] for row in shown.numbers.rows] == [
        "No return", "Too few to show", "Not yet due", "None", "5",
    ]  # fmt: skip
    assert "No return for 1 of the months." in shown.conclusion[0]
    assert "Hidden because they rest on too few: 1." in shown.methods


def test_without_any_figure_there_is_no_picture() -> None:
    shown = chart_of(COUNT, run([figure("NOT_RETURNED")] * 3))
    assert shown.picture is None
    assert shown.conclusion == ("There is no month with a figure yet. No return for 3 of the months.",)
    assert chart_of(COUNT, run([figure("TOO_FEW")] * 3)).conclusion == ("Too few to show in every month.",)


@pytest.mark.parametrize(
    ("target", "words"),
    [
        (0.95, "no month is expected to meet the target"),
        (0.3, "every month is expected to meet the target"),
        (0.61, "some months meet the target of 61% and some do not, by chance"),
    ],
)
def test_what_a_target_has_to_expect_is_said_in_words(target: float, words: str) -> None:
    shown = chart_of(SHARE, run(["0.6", "0.62"] * 6), target=Target(target, f"{target:.0%}"))
    assert words in shown.conclusion[0]


def test_nothing_is_expected_of_a_target_without_limits_or_without_a_good_way() -> None:
    early = chart_of(SHARE, run(["0.6", "0.62"] * 3), target=Target(0.9, "90%"))
    neither = chart_of(COUNT, run(USUAL), target=Target(90, "90"))
    assert "expected" not in early.conclusion[0] + neither.conclusion[0]


def test_the_method_says_what_limits_are_how_many_months_and_when_it_was_published() -> None:
    shown = chart_of(COUNT, run(USUAL), released="Published on 3 October 2026.")
    for words in ("XmR", "2.66", "12 of the 12 months from October 2025 to September 2026", "Published on 3 October"):
        assert words in shown.methods
