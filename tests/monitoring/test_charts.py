"""Pictures: months against what chance brings, parts as bars, scales; and what every picture must be."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import Any
from xml.etree import ElementTree

import pytest
from django.template.loader import render_to_string
from hypothesis import given
from hypothesis import strategies as st

from monitoring.charts.bars import bar_chart, parts_shown
from monitoring.charts.control import ControlChart, Target, control_chart
from monitoring.charts.funnel import Unit, funnel_chart, judge
from monitoring.charts.point import Point, plain_tick, scale_for
from monitoring.charts.signals import Rebase, stretches
from monitoring.charts.waits import waits_shown
from monitoring.disclosure import State
from monitoring.models.figure import FigureState
from monitoring.words import STATE_WORDS

NAMES = "JanFebMarAprMayJunJulAugSepOctNovDec"
MONTHS = [f"{NAMES[n : n + 3]} {year}" for year in (2024, 2025, 2026) for n in range(0, len(NAMES), 3)]
SVG = "{http://www.w3.org/2000/svg}"
TAGS = {SVG + tag for tag in ("svg", "title", "desc", "g", "rect", "line", "circle", "path", "text", "a")}
ATTRIBUTES = {
    *("class", "role", "aria-labelledby", "id", "width", "height", "x", "y", "x1", "x2", "y1", "y2", "r", "d", "dx"),
    *("fill", "stroke", "stroke-width", "stroke-dasharray", "stroke-linecap", "stroke-linejoin", "paint-order"),
    *("font-family", "font-size", "font-weight", "text-anchor", "transform", "overflow", "cx", "cy"),
    *("viewBox", "preserveAspectRatio", "vector-effect", "aria-hidden", "href", "tabindex"),
}
USUAL = [10, 12, 11, 13, 10, 12, 11, 13, 10, 12, 11, 13]


def point(value: float | State, label: str = "Nov 2026", *, running: bool = False) -> Point:
    if isinstance(value, State):
        return Point(label, value, None, value.words)
    if value == 0:
        return Point(label, State.NONE, 0, "None", running)
    return Point(label, State.VALUE, value, f"{value:g}", running)


def months(values: Sequence[float | State]) -> list[Point]:
    return [point(value, label) for value, label in zip(values, MONTHS, strict=False)]


def line(values: Sequence[float | State], **more: Any) -> ControlChart:
    return control_chart(id="c1", title="Visits", conclusion="9 in July 2024.", points=months(values), **more)


def bars(points: Sequence[Point], unknown: Point | None = None) -> Any:
    unknown = unknown or point(State.TOO_FEW, "Unknown")
    return bar_chart(id="c2", title="Reasons", conclusion="Most were not unlocked.", points=points, unknown=unknown)


def funnel() -> Any:
    units = [Unit(f"P{n}", State.VALUE, "85%", 80 + n, 100, f"/p/{n}/", like=n > 2) for n in range(6)]
    field = judge([*units, Unit("Far", State.VALUE, "20%", 20, 100, "/p/far/")])
    assert field is not None
    return funnel_chart(
        field,
        id="c3",
        title="By prison",
        conclusion="One is a question.",
        size_words="Visits",
        tick=plain_tick,
        like="Open",
    )


def waits() -> Any:
    return waits_shown(id="c4", title="Waits", durations=[3, 20, 30], events=[1, 1, 0]).picture


def drawn(chart: Any) -> ElementTree.Element:
    return ElementTree.fromstring(render_to_string(chart.template, {"chart": chart}).strip())


def words_in(chart: Any) -> list[str]:
    return [element.text or "" for element in drawn(chart).iter(f"{SVG}text")]


def places(path: str) -> list[tuple[float, float]]:
    return [(float(x), float(y)) for x, y in re.findall(r"[ML]([\d.-]+) ([\d.-]+)", path)]


def test_states_of_stored_figures_and_of_pictures_are_the_same_with_the_same_words() -> None:
    assert {state.value for state in State} == set(FigureState.values)
    assert {state.value: state.words for state in State if state is not State.VALUE} == STATE_WORDS


CHARTS = [
    line([3, 4, State.NOT_RETURNED, 5, 0, State.TOO_FEW, 9]),
    line([*USUAL, 40], target=Target(15, "15")),
    bars([point(12, "Not unlocked"), point(State.TOO_FEW, "Other")], point(0, "Unknown")),
    funnel(),
    waits(),
]


@pytest.mark.parametrize("chart", CHARTS)
def test_a_picture_has_its_title_its_conclusion_and_its_role(chart: Any) -> None:
    svg = next(each for each in drawn(chart).iter(f"{SVG}svg") if each.get("role"))
    title, desc = svg.find(f"{SVG}title"), svg.find(f"{SVG}desc")
    assert svg.get("role") == "img"
    assert title is not None
    assert desc is not None
    assert svg.get("aria-labelledby") == f"{title.get('id')} {desc.get('id')}"
    assert (title.text, desc.text) == (chart.title, chart.description)


@pytest.mark.parametrize("chart", CHARTS)
def test_a_picture_obeys_a_strict_policy(chart: Any) -> None:
    for element in drawn(chart).iter():
        assert element.tag in TAGS
        assert set(element.attrib) <= ATTRIBUTES


@pytest.mark.parametrize("chart", CHARTS)
def test_nothing_can_be_reached_by_keyboard_inside_a_picture_for_those_who_listen(chart: Any) -> None:
    image = next(each for each in drawn(chart).iter(f"{SVG}svg") if each.get("role"))
    assert not list(image.iter(f"{SVG}a"))


def test_words_are_escaped() -> None:
    chart = bar_chart(
        id="x", title="<b>", conclusion="&", points=[point(3, "<script>alert(1)</script>")], unknown=point(0, "Unknown")
    )
    html = render_to_string(chart.template, {"chart": chart})
    assert "<script" not in html
    assert "&lt;b&gt;" in html


# Months ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", [State.NOT_RETURNED, State.TOO_FEW, State.NOT_YET_DUE, State.NOT_REACHED])
def test_a_month_without_a_number_is_a_gap_with_words(state: State) -> None:
    chart = line([3, state, 5])
    assert [gap.words for gap in chart.gaps] == [state.words]
    assert state.words in words_in(chart)
    assert "L" not in chart.line  # nothing joins what lies on both sides of a gap
    assert len(places(chart.dots)) == 2


def test_neighbouring_months_of_one_state_are_one_gap() -> None:
    chart = line([State.NOT_RETURNED, State.NOT_RETURNED, State.TOO_FEW, 4])
    assert [gap.words for gap in chart.gaps] == ["No return", "Too few to show"]
    assert [gap.flat for gap in chart.gaps] == [True, False]


def test_none_is_a_point_at_nought_and_a_word() -> None:
    chart = line([3, 0, 4])
    assert chart.line.count("L") == 2
    assert places(chart.dots)[1][1] == float(chart.plot_height)
    assert "None" in words_in(chart)


def test_nothing_but_gaps_is_still_a_picture() -> None:
    chart = line([State.NOT_RETURNED] * 12)
    assert chart.dots == ""
    assert "No return" in words_in(chart)


def test_the_last_number_is_written_out() -> None:
    chart = line([3, 4, 9, State.NOT_YET_DUE])
    assert [mark.words for mark in chart.words] == ["9"]


def test_limits_are_lines_of_their_own_kind_with_words() -> None:
    chart = line(USUAL)
    assert [(key.sample, key.words) for key in chart.key] == [
        ("line", "Average: 11.5"),
        ("dashed", "Limits of chance: 6.42 to 16.6"),
    ]
    assert len(places(chart.limits)) == 4
    assert any(each.get("d") == chart.limits and each.get("stroke-dasharray") for each in drawn(chart).iter())


def test_eleven_months_have_no_limits() -> None:
    chart = line(USUAL[:11])
    assert (chart.limits, chart.centre, chart.key) == ("", "", ())


def test_a_limit_below_nought_is_drawn_and_said_as_nought() -> None:
    chart = line([1, 9] * 6)
    assert chart.key[1].words.startswith("Limits of chance: 0 to ")
    assert max(y for _, y in places(chart.limits)) == float(chart.plot_height)


def test_limits_of_a_share_stay_between_nothing_and_all() -> None:
    chart = line([0.1, 0.9] * 6, most=1, tick=lambda value: f"{value:.0%}")
    assert chart.key[1].words == "Limits of chance: 0% to 100%"
    assert [rule.words for rule in chart.scale] == ["0%", "25%", "50%", "75%", "100%"]


def test_a_point_outside_the_limits_has_another_shape_and_words() -> None:
    chart = line([*USUAL, 40])
    assert len(chart.diamonds) == 1
    assert len(places(chart.dots)) == 12
    assert "Outside the limits" in words_in(chart)


def test_each_of_a_run_has_a_ring() -> None:
    chart = line([*USUAL, *([14] * 3), *USUAL, *([14] * 8)])
    assert len(places(chart.rings)) == 9  # the month before the eight lies above the average too
    assert chart.diamonds == ()
    assert "One of a run or a pair that" in words_in(chart)


def test_a_running_month_is_a_hollow_mark_and_is_not_judged() -> None:
    points = [*months(USUAL), point(90, "Jan 2025", running=True)]
    chart = control_chart(id="c", title="t", conclusion="c", points=points)
    assert (chart.diamonds, len(places(chart.running))) == ((), 1)
    assert chart.key[1].words == "Limits of chance: 6.42 to 16.6"
    assert "Still running" in words_in(chart)


def test_limits_made_anew_begin_at_a_line_with_their_reason() -> None:
    points = months([*USUAL, *(value + 30 for value in USUAL)])
    parts = stretches(points, rebased=[Rebase("Jan 2025", "a second wing")])
    chart = control_chart(id="c", title="t", conclusion="c", points=points, parts=parts)
    assert len(chart.breaks) == 1
    assert len(places(chart.limits)) == 8
    assert chart.diamonds == ()
    assert "New limits from Jan 2025: a" in words_in(chart)
    assert len(line([point.value or 0 for point in points]).breaks) == 0


def test_a_target_is_a_line_with_its_words() -> None:
    assert "Target: 15" in words_in(line([3, 4], target=Target(15, "15")))


@pytest.mark.parametrize("number", [1, 2, 5, 12, 24, 36])
def test_there_are_at_most_four_month_labels_and_the_last_is_one(number: int) -> None:
    points = [point(3, f"M{n} 2026") for n in range(number)]
    chart = control_chart(id="c", title="t", conclusion="c", points=points)
    assert 1 <= len(chart.months) <= 4
    assert (chart.months[-1].month, chart.months[-1].year) == (f"M{number - 1}", "2026")


# Parts -----------------------------------------------------------------------------------------------------


def test_bars_are_sorted_what_has_no_number_after_them_and_unknown_last() -> None:
    chart = bars([point(State.TOO_FEW, "a"), point(3, "b"), point(0, "c"), point(12, "d")], point(99, "Unknown"))
    assert [bar.label[0].words for bar in chart.bars] == ["d", "b", "c", "a", "Unknown"]
    assert [bar.drawn for bar in chart.bars] == [True, True, False, False, True]
    assert [bar.hollow for bar in chart.bars] == [False, False, False, False, True]
    assert [bar.words for bar in chart.bars] == ["12", "3", "None", "Too few to show", "99"]


def test_a_long_label_takes_two_lines() -> None:
    chart = bars([point(3, "Staff refused the visit because of an incident")])
    assert len(chart.bars[0].label) == 2


def test_bars_are_in_proportion() -> None:
    chart = bars([point(20, "a"), point(5, "b")])
    long, short = (float(bar.width.rstrip("%")) for bar in chart.bars[:2])
    assert long == pytest.approx(68)
    assert long == pytest.approx(4 * short)


def parts(*points: Point, unknown: Point) -> Any:
    return parts_shown(id="c", title="t", whole="visits that did not happen", parts=points, unknown=unknown)


def test_the_largest_part_and_what_is_unknown_are_said_in_words() -> None:
    shown = parts(point(30, "Buddy away"), point(60, "Not unlocked"), unknown=point(10, "Unknown"))
    assert shown.conclusion == ("Not unlocked is the largest part of visits that did not happen: 60. Unknown: 10.",)
    assert [(row.text, *row.numbers) for row in shown.numbers.rows] == [
        ("Not unlocked", "60", "60%"),
        ("Buddy away", "30", "30%"),
        ("Unknown", "10", "10%"),
    ]


def test_with_a_hidden_part_there_are_no_shares_of_the_whole() -> None:
    shown = parts(point(30, "Buddy away"), point(State.TOO_FEW, "Not unlocked"), unknown=point(0, "Unknown"))
    assert "One of the parts rests on too few to show. Unknown: none." in shown.conclusion[0]
    assert [row.numbers[1] for row in shown.numbers.rows] == ["", "", ""]


# Scales and input ------------------------------------------------------------------------------------------


def test_bad_input_is_refused() -> None:
    with pytest.raises(ValueError, match="from 1 to 36 months"):
        line([])
    with pytest.raises(ValueError, match="from 1 to 36 months"):
        control_chart(id="c", title="t", conclusion="c", points=[point(3, f"M{n} 2026") for n in range(37)])
    with pytest.raises(ValueError, match="at least one bar"):
        bars([])
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


@given(st.lists(values, min_size=1, max_size=36))
def test_every_month_is_either_a_mark_or_in_a_gap_and_all_lie_inside(given_values: list[float | State]) -> None:
    chart = line(given_values)
    missing = sum(isinstance(value, State) for value in given_values)
    width = float(chart.width.rstrip("%")) / len(given_values)
    marks = places(chart.dots)
    assert len(marks) + len(chart.diamonds) == len(given_values) - missing
    assert sum(float(gap.width.rstrip("%")) for gap in chart.gaps) == pytest.approx(missing * width, abs=0.2)
    for x, y in [*marks, *places(chart.limits), *places(chart.centre)]:
        assert 0 <= x <= float(chart.units)
        assert 0 <= y <= float(chart.plot_height)
    assert not re.search(r"nan|inf|e[+-]\d", render_to_string(chart.template, {"chart": chart}).split("<title")[0])
