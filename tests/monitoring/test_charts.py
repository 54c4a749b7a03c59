from __future__ import annotations

import math
import re
from collections.abc import Sequence
from xml.etree import ElementTree

import pytest
from django.template.loader import render_to_string
from hypothesis import given
from hypothesis import strategies as st

from monitoring.charts.bars import BarChart, bar_chart
from monitoring.charts.line import Limits, LineChart, line_chart
from monitoring.charts.point import Point, plain_tick, scale_for
from monitoring.disclosure import State
from monitoring.models.figure import FigureState
from monitoring.words import STATE_WORDS

NAMES = "JanFebMarAprMayJunJulAugSepOctNov"
MONTHS = ["Dec 2025", *(f"{NAMES[place : place + 3]} 2026" for place in range(0, len(NAMES), 3))]
SVG = "{http://www.w3.org/2000/svg}"
TAGS = {SVG + tag for tag in ("svg", "title", "desc", "g", "rect", "line", "circle", "path", "text")}
ATTRIBUTES = {
    *("class", "role", "aria-labelledby", "id", "width", "height", "x", "y", "x1", "x2", "y1", "y2", "r", "d"),
    *("fill", "stroke", "stroke-width", "stroke-dasharray", "stroke-linecap", "stroke-linejoin", "paint-order"),
    *("font-family", "font-size", "font-weight", "text-anchor", "transform", "overflow"),
}


def point(value: float | State, label: str = "Nov 2026", signal: str = "") -> Point:
    if isinstance(value, State):
        return Point(label, value, None, value.words)
    if value == 0:
        return Point(label, State.NONE, 0, "None", signal)
    return Point(label, State.VALUE, value, f"{value:g}", signal)


def months(values: Sequence[float | State]) -> list[Point]:
    return [point(value, label) for value, label in zip(values, MONTHS, strict=False)]


def line(values: Sequence[float | State], **more: object) -> LineChart:
    return line_chart(
        id="c1",
        title="Visits",
        conclusion="Up from 3 to 9.",
        points=months(values),
        **more,  # type: ignore[arg-type]
    )


def bars(points: Sequence[Point], **more: object) -> BarChart:
    return bar_chart(id="c2", title="Reasons", conclusion="Most were not unlocked.", points=points, **more)  # type: ignore[arg-type]


def drawn(chart: LineChart | BarChart) -> ElementTree.Element:
    return ElementTree.fromstring(render_to_string(chart.template, {"chart": chart}).strip())


def words_in(chart: LineChart | BarChart) -> list[str]:
    return [element.text or "" for element in drawn(chart).iter(f"{SVG}text")]


def test_states_of_stored_figures_and_of_pictures_are_the_same_with_the_same_words() -> None:
    assert {state.value for state in State} == set(FigureState.values)
    assert {state.value: state.words for state in State if state is not State.VALUE} == STATE_WORDS


CHARTS = [
    line([3, 4, State.NOT_RETURNED, 5, 0, State.TOO_FEW, 9]),
    line([3, 4, 5], limits=Limits(4, 1, 7)),
    bars([point(12, "Not unlocked"), point(State.TOO_FEW, "Other"), point(0, "Unknown")]),
]


@pytest.mark.parametrize("chart", CHARTS)
def test_a_picture_has_its_title_its_conclusion_and_its_role(chart: LineChart | BarChart) -> None:
    svg = drawn(chart)
    title, desc = svg.find(f"{SVG}title"), svg.find(f"{SVG}desc")
    assert svg.get("role") == "img"
    assert title is not None
    assert desc is not None
    assert svg.get("aria-labelledby") == f"{title.get('id')} {desc.get('id')}"
    assert (title.text, desc.text) == (chart.title, chart.description)


@pytest.mark.parametrize("chart", CHARTS)
def test_a_picture_obeys_a_strict_policy(chart: LineChart | BarChart) -> None:
    for element in drawn(chart).iter():
        assert element.tag in TAGS
        assert set(element.attrib) <= ATTRIBUTES


def test_words_are_escaped() -> None:
    chart = bar_chart(id="x", title="<b>", conclusion="&", points=[point(3, "<script>alert(1)</script>")])
    html = render_to_string(chart.template, {"chart": chart})
    assert "<script" not in html
    assert "&lt;b&gt;" in html


@pytest.mark.parametrize("state", [State.NOT_RETURNED, State.TOO_FEW, State.NOT_YET_DUE])
def test_a_month_without_a_number_is_a_gap_with_words(state: State) -> None:
    chart = line([3, state, 5])
    assert [gap.words for gap in chart.gaps] == [state.words]
    assert state.words in words_in(chart)
    assert chart.segments == ()  # nothing joins what lies on both sides of a gap
    assert len(chart.marks) == 2


def test_neighbouring_months_of_one_state_are_one_gap() -> None:
    chart = line([State.NOT_RETURNED, State.NOT_RETURNED, State.TOO_FEW, 4])
    assert [gap.words for gap in chart.gaps] == ["No return", "Too few to show"]
    assert [gap.flat for gap in chart.gaps] == [True, False]


def test_none_is_a_point_at_nought_and_a_word() -> None:
    chart = line([3, 0, 4])
    assert len(chart.segments) == 2
    assert chart.marks[1].y == chart.bottom
    assert "None" in words_in(chart)


def test_nothing_but_gaps_is_still_a_picture() -> None:
    chart = line([State.NOT_RETURNED] * 12)
    assert chart.marks == ()
    assert "No return" in words_in(chart)


def test_the_last_number_is_written_out() -> None:
    chart = line([3, 4, 9, State.NOT_YET_DUE])
    assert [mark.words for mark in chart.marks] == ["", "", "9"]


def test_control_limits_are_lines_of_their_own_kind_with_words() -> None:
    chart = line([3, 4, 5], limits=Limits(4, 1, 7))
    assert [key.words for key in chart.key] == ["Thin line: average 4", "Dashed: limits 1 and 7"]
    dashed = [e for e in drawn(chart).iter(f"{SVG}line") if e.get("stroke-dasharray")]
    assert len(dashed) == 2


def test_one_limit_only() -> None:
    assert [key.words for key in line([3], limits=Limits(upper=7)).key] == ["Dashed: limit 7"]


def test_a_point_where_a_rule_fired_has_another_shape_and_words() -> None:
    points = [*months([3, 4]), point(30, "Feb 2026", signal="outside the limits")]
    chart = line_chart(id="c", title="t", conclusion="c", points=points)
    assert [mark.diamond for mark in chart.marks] == [False, False, True]
    assert "Diamond: beyond what chance explains" in words_in(chart)
    assert len(list(drawn(chart).iter(f"{SVG}path"))) == 1


def test_a_share_runs_to_the_whole() -> None:
    chart = line([0.2, 0.3], most=1, tick=lambda value: f"{value:.0%}")
    assert [rule.words for rule in chart.scale] == ["0%", "25%", "50%", "75%", "100%"]


@pytest.mark.parametrize("number", [1, 2, 5, 12, 24, 60])
def test_there_are_at_most_four_month_labels_and_the_last_is_one(number: int) -> None:
    points = [point(3, f"M{n} 2026") for n in range(number)]
    chart = line_chart(id="c", title="t", conclusion="c", points=points)
    assert 1 <= len(chart.months) <= 4
    assert (chart.months[-1].month, chart.months[-1].year) == (f"M{number - 1}", "2026")


def test_bars_are_sorted_and_what_has_no_number_comes_last() -> None:
    chart = bars([point(State.TOO_FEW, "a"), point(3, "b"), point(0, "c"), point(12, "d")])
    assert [bar.label[0].words for bar in chart.bars] == ["d", "b", "c", "a"]
    assert [bar.drawn for bar in chart.bars] == [True, True, False, False]
    assert [bar.words for bar in chart.bars] == ["12", "3", "None", "Too few to show"]


def test_bars_may_keep_their_order() -> None:
    chart = bars([point(3, "b"), point(12, "d")], sort=False)
    assert [bar.label[0].words for bar in chart.bars] == ["b", "d"]


def test_a_long_label_takes_two_lines() -> None:
    chart = bars([point(3, "Staff refused the visit because of an incident")])
    assert len(chart.bars[0].label) == 2


def test_bars_are_in_proportion() -> None:
    chart = bars([point(20, "a"), point(5, "b")])
    long, short = (float(bar.width.rstrip("%")) for bar in chart.bars)
    assert long == pytest.approx(68)
    assert long == pytest.approx(4 * short)


def test_bars_of_shares_are_parts_of_the_whole() -> None:
    chart = bars([point(0.5, "a")], most=1)
    assert chart.bars[0].width == "34%"


def test_bad_input_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one month"):
        line([])
    with pytest.raises(ValueError, match="at least one bar"):
        bars([])
    with pytest.raises(ValueError, match="longer than the most"):
        bars([point(2, "a")], most=1)
    with pytest.raises(ValueError, match="its state says so"):
        Point("Nov 2026", State.TOO_FEW, 3, "3")
    with pytest.raises(ValueError, match="not below it"):
        Point("Nov 2026", State.VALUE, -1, "-1")
    with pytest.raises(ValueError, match="must be a number"):
        Point("Nov 2026", State.VALUE, math.nan, "?")


@pytest.mark.parametrize(
    ("highest", "ticks"),
    [
        (0, (0, 1)),
        (1, (0, 1)),
        (3, (0, 1, 2, 3)),
        (9, (0, 5, 10)),
        (14, (0, 5, 10, 15)),
        (97, (0, 25, 50, 75, 100)),
        (1340, (0, 500, 1000, 1500)),
    ],
)
def test_scales_end_in_round_numbers(highest: float, ticks: tuple[float, ...]) -> None:
    assert scale_for(highest).ticks == ticks


def test_words_of_the_scale() -> None:
    assert plain_tick(1200) == "1,200"
    assert plain_tick(0.25) == "0.25"


@given(st.floats(0, 1e9))
def test_a_scale_reaches_the_highest_in_few_steps(highest: float) -> None:
    scale = scale_for(highest)
    assert scale.top >= highest * 0.9999
    assert 2 <= len(scale.ticks) <= 5
    assert scale.ticks[0] == 0
    assert scale.ticks[-1] == pytest.approx(scale.top)


values = st.one_of(
    st.floats(0, 1e6).map(lambda number: round(number, 3)),
    st.sampled_from([State.NOT_RETURNED, State.TOO_FEW, State.NOT_YET_DUE]),
)


@given(st.lists(values, min_size=1, max_size=12))
def test_every_month_is_either_a_mark_or_in_a_gap_and_all_lie_inside(given_values: list[float | State]) -> None:
    chart = line(given_values)
    missing = sum(isinstance(value, State) for value in given_values)
    width = (100 - 12) / len(given_values)
    assert len(chart.marks) == len(given_values) - missing
    assert sum(float(gap.width.rstrip("%")) for gap in chart.gaps) == pytest.approx(missing * width, abs=0.1)
    for mark in chart.marks:
        assert 0 <= float(mark.x.rstrip("%")) <= 100
        assert float(chart.top) <= float(mark.y) <= float(chart.bottom)
    assert not re.search(r"nan|inf|e[+-]\d", render_to_string(chart.template, {"chart": chart}).split("<title")[0])
