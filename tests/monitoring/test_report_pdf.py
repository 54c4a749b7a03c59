"""A report on paper: pictures without what only browsers know, a tagged file, and data that stay data."""

from __future__ import annotations

import re
import time
from datetime import UTC, datetime
from typing import Any
from xml.etree import ElementTree

import pytest
from django.template.loader import render_to_string

from monitoring.charts.control import control_chart
from monitoring.charts.funnel import Unit, funnel_chart, judge
from monitoring.charts.paper import on_paper
from monitoring.charts.point import Point
from monitoring.disclosure import State
from monitoring.exports.report_pdf import FONT, PICTURE_WIDTH, report_pdf
from monitoring.exports.reports import stored_form
from monitoring.reports.build import build
from tests.monitoring.test_report_rules import any_figures

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
SVG = "{http://www.w3.org/2000/svg}"


def paper(chart: Any) -> ElementTree.Element:
    return ElementTree.fromstring(on_paper(drawn(chart), width=PICTURE_WIDTH, font=FONT))


def drawn(chart: Any) -> str:
    return render_to_string(chart.template, {"chart": chart})


def months() -> Any:
    points = [Point(f"May {year}", State.VALUE, 0.5 + year % 7 / 20, f"{year}%") for year in range(2001, 2016)]
    points[4] = Point("May 2005", State.TOO_FEW, None, "Too few to show")
    points[9] = Point("May 2010", State.VALUE, 0.02, "2%")
    return control_chart(id="c1", title="A & B <c>", conclusion="Fewer & fewer.", points=points, most=1)


def funnel(*, per: float | None = None) -> Any:
    units = [Unit(f"Prison {n}", State.VALUE, "x", 20 + n * 9.0, 60 + n * 12.0, like=n == 3) for n in range(1, 12)]
    field = judge(units, per=per)
    assert field is not None
    return funnel_chart(
        field, id="c2", title="T", conclusion="C", size_words="Visits", tick=lambda value: f"{value:.2f}", like="Here"
    )


CHARTS = {"months": months, "shares": funnel, "rates": lambda: funnel(per=1000)}


@pytest.mark.parametrize("kind", CHARTS)
def test_a_picture_for_paper_has_numbers_for_places_and_nothing_of_the_page(kind: str) -> None:
    root = paper(CHARTS[kind]())
    assert root.get("width") == str(PICTURE_WIDTH)
    assert float(root.get("height") or 0) > 300
    for element in root.iter():
        assert element.tag in {SVG + tag for tag in ("svg", "g", "rect", "line", "path", "text", "circle", "clipPath")}
        for name, value in element.attrib.items():
            assert "%" not in value, (element.tag, name, value)
            assert name not in ("vector-effect", "href", "class", "role", "viewBox", "preserveAspectRatio", "tabindex")


def test_marks_lie_where_the_page_has_them() -> None:
    """On a page the plot is 84% of the width, 14% from the left, and 1,000 units across are stretched over it."""
    page, root = drawn(months()), paper(months())
    first = re.search(r'<path d="M([\d.]+) ([\d.]+)h\.01', page)
    assert first is not None
    x, y = (float(number) for number in first.groups())
    plot = next(each for each in root.iter(f"{SVG}g") if (each.get("transform") or "").startswith("translate(106.4 28"))
    placed = [re.match(r"M([\d.]+) ([\d.]+)h", path.get("d") or "") for path in plot.iter(f"{SVG}path")]
    found = [tuple(float(number) for number in each.groups()) for each in placed if each]
    assert (round(x * 0.84 * PICTURE_WIDTH / 1000, 2), y) in found


def test_limits_end_at_the_edge_of_the_plot() -> None:
    root = paper(funnel())
    (edge,) = root.iter(f"{SVG}clipPath")
    cut = [each for each in root.iter(f"{SVG}g") if each.get("clip-path") == f"url(#{edge.get('id')})"]
    assert len(cut) == 1
    assert edge[0].get("width") == "638.4"


def test_words_of_a_picture_stay_words() -> None:
    points = [Point("May 2026", State.VALUE, 5, '<b> & "c"')]
    chart = control_chart(id="c3", title="T", conclusion="C", points=points)
    words = [element.text for element in paper(chart).iter(f"{SVG}text")]
    assert '<b> & "c"' in words


def any_content(seed: int = 3) -> dict[str, Any]:
    return stored_form(build(any_figures(seed)))


def test_the_file_is_tagged_with_its_title_and_words_for_every_picture() -> None:
    content = any_content()
    pictures = sum(len(found["drawings"]) for section in content["sections"] for found in section["found"])
    assert pictures > 3
    pdf = report_pdf(content, made_at=NOW)
    assert b"/MarkInfo" in pdf and b"/StructTreeRoot" in pdf and b"/Lang" in pdf
    assert b"pdfuaid:part" in pdf
    # Two lines of the index of a picture: the figure with its caption, and the picture in it.
    assert pdf.count(b"/S/Figure") + pdf.count(b"/S /Figure") >= pictures


def test_the_same_report_is_the_same_file() -> None:
    content = any_content()
    assert report_pdf(content, made_at=NOW) == report_pdf(content, made_at=NOW)


@pytest.mark.parametrize(
    "planted",
    ['#read("/etc/passwd")', "= Heading", "$x^2$", '#import "@preview/x:1.0.0"', "*bold* _it_ `raw` \\", "<label>"],
)
def test_no_word_of_a_report_is_taken_for_a_command(planted: str) -> None:
    content = any_content()
    content["facts"] = [{"name": planted, "value": planted}, *content["facts"]]
    content["title"] = planted
    content["said"] = [{"rule": 1, "sentence": planted}]
    content["sections"][0]["lines"][0]["title"] = planted
    content["sections"][0]["heading"] = planted
    assert report_pdf(content, made_at=NOW).startswith(b"%PDF")


def test_a_full_report_is_made_with_less_than_five_seconds_of_work() -> None:
    """By the clock of this process, so that a busy machine says nothing; the promise is five seconds in all."""
    given = any_figures(5)
    build(given)
    began = time.process_time()
    content = stored_form(build(given))
    report_pdf(content, made_at=NOW)
    assert time.process_time() - began < 5


def test_a_report_of_nothing_can_be_set_too() -> None:
    from monitoring.measures.catalogue import RELEASED
    from tests.monitoring.test_report_rules import given

    content = stored_form(build(given(*RELEASED, own={})))
    assert report_pdf(content, made_at=NOW).startswith(b"%PDF")
