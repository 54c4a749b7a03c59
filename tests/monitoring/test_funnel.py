"""Prisons beside each other: no ranks, questions and no verdicts, and every prison without a figure with its reason."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.template.loader import render_to_string

from buddyscheme.accounts.models import Prison
from monitoring.charts.funnel import Unit, judge
from monitoring.charts.prisons import prisons_shown
from monitoring.disclosure import State
from monitoring.measures.catalogue import BY_CODE
from monitoring.statistics import proportion_funnel_limits, ratio_funnel_limits
from tests.monitoring.test_charts import drawn, words_in

SHARE, RATE, COUNT = BY_CODE["OP-07"], BY_CODE["OP-22"], BY_CODE["OP-04a"]
Parts = tuple[int, int]


def figure(parts: Parts | str, per: int = 1) -> Any:
    if isinstance(parts, str):
        return SimpleNamespace(state=parts, value=None, numerator=None, denominator=None, completeness=None)
    above, below = map(Decimal, parts)
    return SimpleNamespace(
        state="VALUE", value=above * per / below, numerator=above, denominator=below, completeness=Decimal("0.9")
    )


def entries(named: dict[str, Parts | str], per: int = 1, kinds: Sequence[str] = ()) -> list[tuple[Prison, Any, str]]:
    found = []
    for place, (name, parts) in enumerate(named.items()):
        kind = kinds[place] if kinds else "TRAINER"
        found.append((Prison(code=f"Z{place}", name=name, kind=kind), figure(parts, per), f"/prisons/Z{place}/"))
    return found


def usual(number: int) -> dict[str, Parts | str]:
    return {f"Usual {chr(65 + n)}": (80 + n % 5, 100) for n in range(number)}


def units(*parts: Parts) -> list[Unit]:
    return [Unit(f"P{n}", State.VALUE, "", o, size, f"/{n}/") for n, (o, size) in enumerate(parts)]


def test_a_unit_is_judged_by_the_limits_at_its_own_size() -> None:
    field = judge(units((62, 100), (620, 1000), (70, 100), (90, 100)), centre=0.75)
    assert field is not None
    assert [each.where for each in field.judged] == ["between", "low", "inside", "high"]
    assert proportion_funnel_limits(0.75, 100, 0.998).low < 0.62 < proportion_funnel_limits(0.75, 100, 0.95).low


def test_a_rate_is_judged_by_what_is_expected_at_its_size() -> None:
    field = judge(units((24, 1000), (40, 1000)), per=1000, centre=0.01)
    assert field is not None
    assert [each.value for each in field.judged] == [24, 40]
    assert [each.where for each in field.judged] == ["between", "high"]
    assert ratio_funnel_limits(10, 0.95).high < 2.4 < ratio_funnel_limits(10, 0.998).high < 4


def test_the_centre_is_that_of_all_together_unless_it_is_given() -> None:
    assert judge(units((10, 100), (90, 300))).centre == 0.25  # type: ignore[union-attr]


@pytest.mark.parametrize("parts", [[], [(0, 100), (0, 50)], [(100, 100), (50, 50)]])
def test_without_figures_or_without_any_difference_there_is_no_funnel(parts: list[Parts]) -> None:
    assert judge(units(*parts)) is None


def test_how_much_prisons_differ_anyway_is_shown_from_ten_prisons_on() -> None:
    differing = [(60 if n % 2 else 95, 100) for n in range(10)]
    assert judge(units(*differing[:9])).between is None  # type: ignore[union-attr]
    whole = judge(units(*differing))
    assert whole is not None
    assert whole.between
    assert {each.where for each in whole.judged} == {"low", "high"}
    assert {each.allowed for each in whole.judged} == {"inside"}


def test_prisons_that_differ_no_more_than_by_chance_get_no_wider_limits() -> None:
    assert judge(units(*[(80, 100)] * 12)).between is None  # type: ignore[union-attr]


def test_those_outside_are_named_by_the_alphabet_as_questions() -> None:
    shown = prisons_shown(SHARE, entries({"Yewtree": (1200, 2000), "Ashby": (1980, 2000), **usual(5)}))
    assert shown.conclusion[0].startswith("Of 7 prisons with a figure, two are further from ")
    assert "Ashby (higher) and Yewtree (lower). These are questions, not verdicts." in shown.conclusion[0]


def test_where_many_are_outside_they_are_counted_and_not_listed() -> None:
    named = {f"P{n:02d}": ((1200, 2000) if n % 3 else (1980, 2000)) for n in range(30)}
    shown = prisons_shown(SHARE, entries(named))
    assert (
        "than chance would explain: 10 higher and 20 lower, as the table says of each. These are questions"
        in (shown.conclusion[0])
    )
    assert "P01" not in " ".join(shown.conclusion)


def test_the_table_is_in_the_order_of_names_and_never_of_values() -> None:
    shown = prisons_shown(SHARE, entries({"C": (10, 100), "A": (50, 100), "B": (90, 100)}))
    assert [row.text for row in shown.numbers.rows] == ["A", "B", "C"]
    html = render_to_string("monitoring/charted.html", {"chart": shown})
    assert not any(word in html.lower() for word in ("rank", "league", "best", "worst"))


def test_where_nobody_is_outside_that_is_said() -> None:
    shown = prisons_shown(SHARE, entries(usual(5)))
    assert "none is further from 82%, the figure of all together, than chance would explain." in shown.conclusion[0]


def test_who_lacks_a_figure_is_named_with_the_reason() -> None:
    named = {**usual(4), "Dunley": "TOO_FEW", "Birch": "TOO_FEW", "Coley": "NOT_RETURNED", "Eller": "NOT_YET_DUE"}
    assert prisons_shown(SHARE, entries(named)).conclusion[1:] == (
        "No return: Coley.",
        "Not yet due: Eller.",
        "Too few to show: Birch and Dunley.",
    )


def test_many_who_lack_a_figure_are_counted_by_reason_and_named_in_the_table() -> None:
    named = {**usual(4), **{f"Few {n:02}": "TOO_FEW" for n in range(12)}}
    shown = prisons_shown(SHARE, entries(named))
    assert shown.conclusion[1] == "12 prisons have no figure (too few to show: 12). The table names them."
    assert [row.numbers[0] for row in shown.numbers.rows if row.text.startswith("Few")] == ["Too few to show"] * 12


def test_wider_limits_are_told_beside_those_of_chance() -> None:
    named: dict[str, Parts | str] = {f"P{n:02}": (60 if n % 2 else 95, 100) for n in range(11)}
    named["Far"] = (5, 100)
    shown = prisons_shown(SHARE, entries(named))
    assert "Far (lower)" in shown.conclusion[0]
    assert shown.conclusion[1].startswith("Prisons differ by more than chance anyway. Allowing for that,")
    assert "99.8%, allowing for prisons" in words_in(shown.picture)
    by_name = {row.text: row.words[-1] for row in shown.numbers.rows}
    assert by_name["P00"] == "Higher: outside the 99.8% limits, inside the wider ones"


def test_prisons_of_one_kind_are_squares_with_a_key() -> None:
    shown = prisons_shown(SHARE, entries(usual(3), kinds=["OPEN", "LOCAL", "OPEN"]), like="OPEN")
    picture: Any = shown.picture
    assert (len(picture.like), len(picture.others)) == (2, 1)
    assert [key.words for key in picture.key][:2] == ["Open prisons", "Other prisons"]
    assert [row.words[0] for row in shown.numbers.rows] == ["Open prison", "Reception prison", "Open prison"]


def test_a_mark_is_a_link_for_a_mouse_only_and_the_table_has_the_same_links() -> None:
    shown = prisons_shown(SHARE, entries(usual(3)))
    marks = [each for each in drawn(shown.picture).iter() if each.tag.endswith("}a")]
    assert [mark.get("tabindex") for mark in marks] == ["-1"] * 3
    assert [mark.get("href") for mark in marks] == [row.href for row in shown.numbers.rows]
    assert marks[0][0].text == "Usual A: 80%, 80 of 100 planned visits"
    assert all(each.get("aria-hidden") == "true" for each in _holders(drawn(shown.picture)))


def _holders(root: Any) -> list[Any]:
    return [each for each in root if any(child.tag.endswith("}a") for child in each.iter())]


def test_numbers_as_released_are_what_is_drawn_and_the_method_says_so() -> None:
    shown = prisons_shown(SHARE, entries(usual(3)), released="Published on 3 October 2026.")
    assert "95% and 99.8%" in shown.methods
    assert "fewer than 10 prisons" in shown.methods
    assert shown.methods.endswith("Published on 3 October 2026.")


def test_the_scale_says_where_it_begins() -> None:
    shown = prisons_shown(SHARE, entries(usual(3)))
    assert "The scale begins at 75%." in words_in(shown.picture)
    low: Any = prisons_shown(SHARE, entries({"A": (10, 100), "B": (12, 100)})).picture
    assert [rule.words for rule in low.scale] == ["0%", "5%", "10%", "15%", "20%", "25%"]


def test_a_rate_has_a_funnel_too() -> None:
    shown = prisons_shown(RATE, entries({"A": (10, 1000), "B": (15, 1200), "C": (90, 1000)}, per=1000))
    assert shown.picture is not None
    assert "C (higher)" in shown.conclusion[0]
    assert "Neither way is good by itself." in shown.conclusion[0]


def test_the_nation_is_the_centre_where_it_is_published() -> None:
    nation = figure((900, 1000))
    assert "further from 90%" in prisons_shown(SHARE, entries(usual(3)), nation=nation).conclusion[0]


def test_a_count_has_small_bars_in_its_table_and_no_funnel() -> None:
    many = figure("VALUE")
    many.value = many.numerator = Decimal(40)
    few = figure("VALUE")
    few.value = few.numerator = Decimal(10)
    both = [
        (Prison(code="B", name="B", kind="OPEN"), many, "/b/"),
        (Prison(code="A", name="A", kind="OPEN"), few, "/a/"),
    ]
    shown = prisons_shown(COUNT, [*both, (Prison(code="C", name="C", kind="OPEN"), figure("TOO_FEW"), "/c/")])
    assert shown.picture is None
    assert [(row.text, row.bar) for row in shown.numbers.rows] == [("A", "25%"), ("B", "100%"), ("C", "")]
    assert "Too few to show: C." in shown.conclusion


def test_a_share_that_is_not_its_parts_quotient_has_no_funnel() -> None:
    odd = entries(usual(3))
    odd[0][1].value = Decimal("0.3")
    assert prisons_shown(SHARE, odd).picture is None


def test_names_are_escaped() -> None:
    html = render_to_string(
        "monitoring/charted.html", {"chart": prisons_shown(SHARE, entries({"<b>": (1, 100), "B": (90, 100)}))}
    )
    assert "<b>" not in html
