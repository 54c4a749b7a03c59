"""Every kind of figure in a release: what is told of it, in which words, and what no reader ever sees."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from zipfile import ZipFile

import pytest
import time_machine
from django.test import Client

from buddyscheme.accounts.models import Prison, User, Wing
from buddyscheme.lib.dates import Quarter, Year
from buddyscheme.scope.transaction import DatabaseRole, scoped
from monitoring import working_out
from monitoring.actions.releases import publish_release
from monitoring.actions.typed import give_figure
from monitoring.disclosure import State, protect_mean
from monitoring.disclosure.whole import whole_numbers
from monitoring.exact import exact_figures, noughts_in
from monitoring.measures.catalogue import BY_CODE
from monitoring.measures.definition import Measure, Parts
from monitoring.models import Release, ReleaseFigure
from monitoring.models.figure import FigureState
from monitoring.publishing import protect_all, step_of
from monitoring.release_web import NATION, Place
from monitoring.rollups import Computed, Quality
from monitoring.words import basis_words, completeness_words, figure_words
from tests.builders.schemes import open_scheme
from tests.cast import acts

SignedIn = Callable[[User], Client]
QUARTER = "2026-Q3"
RETURNED = Quality(visits_returned=True, anything_returned=True)


def computed(code: str, numerator: str, denominator: str | None = None, n: int = 0, **more: Any) -> Computed:
    measure = BY_CODE[code]
    parts = Parts(Decimal(numerator), None if denominator is None else Decimal(denominator), n, **more)
    value = measure.value(parts)
    state = FigureState.NOT_YET_DUE if value is None else FigureState.VALUE
    return Computed(measure, state, value, parts, RETURNED)


def waits(code: str, days: list[int], ended: bool = True) -> Computed:
    measure = BY_CODE[code]
    assert measure.typical is not None
    parts = measure.typical((day, ended) for day in days)
    state = FigureState.NOT_YET_DUE if parts is None else FigureState.VALUE
    if parts is not None and not ended:
        state = FigureState.NOT_REACHED
    return Computed(measure, state, None if parts is None else measure.value(parts), parts, RETURNED)


def told(*figures: tuple[str, Computed], months: tuple[str, ...] = ()) -> dict[tuple[str, str], Any]:
    """By (measure, prison or nothing) what a release of the quarter tells of these."""
    exact: dict[Measure, dict[Place, Computed]] = {}
    for about, each in figures:
        exact.setdefault(each.measure, {})[Place(about, QUARTER, each.breakdown)] = each
    made = protect_all(exact, period=QUARTER, months=months, noughts=noughts_in(exact))
    return {(one.measure.code, one.place.about): one.figure for one in made if not one.place.breakdown}


# --- the rule of each kind -----------------------------------------------------------------------------


def test_a_median_is_that_of_all_waits_and_shown_from_twenty_on() -> None:
    """Twelve short waits and eleven long ones: neither prison by itself, and both together."""
    shown = told(("ZAA", waits("OP-15", [2] * 12)), ("ZAB", waits("OP-15", [40] * 11)))
    assert shown["OP-15", "ZAA"].state is State.TOO_FEW
    both = shown["OP-15", NATION]
    assert (both.value, both.denominator) == (2, 25) or both.state is State.TOO_FEW
    alone = told(("ZAA", waits("OP-15", [2] * 12 + [40] * 11)))["OP-15", NATION]
    assert (alone.value, alone.denominator) == (2, 25)


def test_a_median_that_is_not_reached_says_so_from_twenty_on() -> None:
    assert told(("ZAA", waits("OP-15", [3] * 30, ended=False)))["OP-15", "ZAA"].state is State.NOT_REACHED
    assert told(("ZAA", waits("OP-15", [3] * 15, ended=False)))["OP-15", "ZAA"].state is State.TOO_FEW


def test_nobody_waiting_is_not_told_from_a_few() -> None:
    assert told(("ZAA", waits("OP-15", [])))["OP-15", "ZAA"].state is State.TOO_FEW


def test_a_ratio_is_made_of_two_rounded_counts_that_are_published_under_their_own_names() -> None:
    shown = told(
        ("ZAA", computed("OP-02", "21")), ("ZAA", computed("OP-04a", "63")), ("ZAA", computed("OP-05", "63", "21"))
    )
    assert (shown["OP-05", "ZAA"].numerator, shown["OP-05", "ZAA"].denominator) == (65, 20)
    assert shown["OP-05", "ZAA"].value == Decimal("3.25")


def test_a_count_that_is_hidden_is_hidden_in_the_ratio_too() -> None:
    """Eight buddies: the ratio would tell them from the people helped."""
    shown = told(
        ("ZAA", computed("OP-02", "8")), ("ZAA", computed("OP-04a", "63")), ("ZAA", computed("OP-05", "63", "8"))
    )
    assert shown["OP-05", "ZAA"].state is shown["OP-02", "ZAA"].state is State.TOO_FEW
    assert shown["OP-04a", "ZAA"].value == 65


def test_full_time_equivalents_are_counted_like_people() -> None:
    """Three posts of 12.5 hours would be told by 1.2: hours over a week of 31."""
    shown = told(("ZAA", computed("OP-03", "37.5", "31")), ("ZAB", computed("OP-03", "600", "30")))
    assert shown["OP-03", "ZAA"].state is State.TOO_FEW
    assert shown["OP-03", "ZAB"].value in (20, None)


def test_money_is_told_in_thousands_and_what_one_costs_from_rounded_numbers() -> None:
    shown = told(
        ("ZAA", computed("CO-09", "14321.50")),
        ("ZAA", computed("OP-06a", "612.4")),
        ("ZAA", computed("CO-10", "14321.50", "612.4")),
        ("ZAB", computed("CO-09", "1650")),
    )
    assert shown["CO-09", "ZAB"].state is State.TOO_FEW
    assert shown["CO-09", NATION].state is State.TOO_FEW or shown["CO-09", "ZAA"].state is State.TOO_FEW
    alone = told(("ZAA", computed("CO-09", "14321.50")), ("ZAA", computed("CO-10", "14321.50", "612.4")))
    assert alone["CO-09", "ZAA"].value == 14000
    cost = alone["CO-10", "ZAA"]
    assert (cost.numerator, cost.denominator, cost.value) == (14000, 610, Decimal("22.95"))


def test_a_mean_is_shown_where_it_leaves_enough_open() -> None:
    assert told(("ZAA", computed("OU-01a", "9", "30", n=30)))["OU-01a", "ZAA"].value == Decimal("0.3")
    assert told(("ZAA", computed("OU-01a", "-4", "9", n=9)))["OU-01a", "ZAA"].state is State.TOO_FEW
    # Four points up is the most there is: nearly all of them went from the worst answer to the best.
    assert told(("ZAA", computed("OU-01a", "119", "30", n=30)))["OU-01a", "ZAA"].state is State.TOO_FEW


@pytest.mark.parametrize(
    ("total", "n", "shown"), [(0, 20, True), (0, 12, False), (60, 20, True), (79, 20, False), (400, 20, False)]
)
def test_how_near_its_end_a_mean_may_be(total: int, n: int, shown: bool) -> None:
    assert protect_mean(Decimal(total), n, Decimal(4)).shown is shown


def test_a_fact_is_told_as_it_is_and_the_nations_is_how_many_prisons_have_it() -> None:
    kinds = [("ZAA", 1), ("ZAB", 1), ("ZAC", 3)]
    shown = told(*[(about, computed("OP-01", str(kind), value=Decimal(kind))) for about, kind in kinds])
    nation, measure = shown["OP-01", NATION], BY_CODE["OP-01"]
    assert figure_words(measure, "VALUE", shown["OP-01", "ZAC"].value) == "None"
    assert figure_words(measure, "VALUE", nation.value) == "67% of prisons: formal scheme"
    assert basis_words(measure, nation.numerator, nation.denominator) == "2 of 3 prisons"


def test_where_there_is_no_scheme_of_any_kind_nobody_helps_informally_is_no_secret() -> None:
    nobody = ("ZAC", computed("OP-32", "0"))
    said = told(nobody, ("ZAC", computed("OP-01", "3", value=Decimal(3))))
    assert said["OP-32", "ZAC"].state is State.NONE
    assert told(nobody, ("ZAC", computed("OP-01", "1", value=Decimal(1))))["OP-32", "ZAC"].state is State.TOO_FEW


def test_parts_of_a_total_are_hidden_so_that_none_is_left_over() -> None:
    """60 and 40 of 100 would leave between 0 and 6 for the urgent ones."""
    figures = [
        ("ZAA", computed(f"OP-09{letter}", count))
        for letter, count in zip("aijk", ("99", "58", "38", "3"), strict=True)
    ]
    shown = [told(*figures)[f"OP-09{letter}", "ZAA"].shown for letter in "aijk"]
    assert not shown[3]
    assert sum(shown) < 3


def test_a_typed_count_follows_the_rule_of_counts_and_says_that_it_was_given_by_hand() -> None:
    shown = told(("ZAA", computed("OP-26a", "4")), ("ZAB", computed("OP-26a", "63")))
    assert shown["OP-26a", "ZAA"].state is State.TOO_FEW
    assert "Given by hand" in completeness_words(BY_CODE["OP-26a"], None, None)
    assert "complaints office" in completeness_words(BY_CODE["OP-26a"], None, None)


def test_amounts_become_whole_numbers_that_still_add_up() -> None:
    amounts = {"a": Decimal("10.5"), "b": Decimal("20.5"), "c": Decimal("3.2"), "all": Decimal("34.2")}
    whole = whole_numbers(amounts, [("all", ["a", "b", "c"])])
    assert whole["a"] + whole["b"] + whole["c"] == whole["all"] == 34
    assert all(abs(whole[name] - amount) < 1 for name, amount in amounts.items())


@pytest.mark.parametrize(("visits", "step"), [(9, None), (39, "0.5"), (100, "0.2"), (200, "0.1"), (400, "0.05")])
def test_shares_about_records_are_told_in_steps_that_ten_visits_fit_into(visits: int, step: str | None) -> None:
    assert step_of(visits) == (None if step is None else Decimal(step))


# --- from rows, and through the request ---------------------------------------------------------------------


@pytest.fixture
def scheme(here: Prison, lead: User, wing: Wing, now: datetime, at_prison: Callable[[Prison], Any]) -> None:
    """A scheme that has run since May, with 64 complaints, and an agreement in force."""
    with time_machine.travel(now, tick=False), at_prison(here):
        open_scheme(here, lead, wing, datetime(2026, 5, 4, 9, 0, tzinfo=UTC))
        by = acts(lead, here)
        give_figure(
            by=by, now=now, prison=here, measure=BY_CODE["OP-26a"], period=Quarter(2026, 3), value=Decimal(64),
            source="Letter of Mr Canary",
        )  # fmt: skip
        give_figure(
            by=by, now=now, prison=here, measure=BY_CODE["OP-31"], period=Year(2026), value=Decimal(1), source="Signed",
        )  # fmt: skip


@pytest.mark.django_db
def test_typed_figures_of_the_quarter_are_in_its_release_and_their_source_is_not(
    scheme: None, national_lead: User, inspector: User, now: datetime, signed_in: SignedIn
) -> None:
    with time_machine.travel(now, tick=False):
        release = publish_release(by=acts(national_lead), now=now, quarter=Quarter(2026, 3))
        page = signed_in(inspector).get(f"/national/releases/{release.token}/prisons/ZTA/OP-26a/").content.decode()
    assert ReleaseFigure.objects.get(release=release, measure="OP-26a", about_id="ZTA").value == 65
    assert not ReleaseFigure.objects.filter(release=release, measure="OP-31").exists()
    assert "Given by hand. Held by: the prison’s complaints office" in page
    assert "Canary" not in page


@pytest.mark.django_db
def test_what_is_typed_by_quarter_is_a_years_only_with_all_four(scheme: None, now: datetime) -> None:
    with scoped(DatabaseRole.NATIONAL):
        exact = exact_figures(["ZTA"], Year(2026), now=datetime(2027, 5, 1, 9, 0, tzinfo=UTC))
    place = Place("ZTA", "2026-27")
    assert exact[BY_CODE["OP-26a"]][place].state is FigureState.NOT_RETURNED
    assert exact[BY_CODE["OP-31"]][place].value == 1


@pytest.mark.django_db
def test_no_inspectors_response_holds_an_exact_number(
    here: Prison, elsewhere: Prison, national_lead: User, inspector: User, now: datetime, signed_in: SignedIn,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """One figure of each kind, with numbers that nobody rounds to: none of them is on a page or in the file."""
    planted = _planted()
    monkeypatch.setattr(working_out, "exact_figures", lambda *_, **__: planted)
    with time_machine.travel(now, tick=False):
        release = publish_release(by=acts(national_lead), now=now, quarter=Quarter(2026, 3))
        texts = list(_responses(signed_in(inspector), release, [measure.code for measure in planted]))
    assert len(texts) > 2 * len(planted)
    exact = re.compile(r"9,?87[1-4]\b|98,?76[5-9]|12,?346|1,?237\b")
    assert [found for text in texts for found in exact.findall(text)] == []
    people = ReleaseFigure.objects.exclude(measure__in=["OP-01", "CO-14a", "OU-01a"])
    for figure in people:
        for number in (figure.value if figure.denominator is None else None, figure.numerator, figure.n):
            assert number is None or number == 0 or (number >= 10 and number % 5 == 0), figure.measure


def _planted() -> dict[Measure, dict[Place, Computed]]:
    figures = [
        computed("OP-09a", "9871"), computed("OP-07", "9872", "12346"), computed("OP-24a", "8"),
        computed("OP-22", "1237", "9873"), computed("OP-05", "9874", "1237"), computed("OP-03", "37035.6", "30"),
        waits("OP-10b", [12] * 1237), computed("CO-09", "98765.43"), computed("CO-10", "98765.43", "9873"),
        computed("OU-01a", "400", "1237", n=1237), computed("OP-01", "1", value=Decimal(1)),
        computed("CO-14a", "70", "100"), computed("OP-26a", "9871"),
    ]  # fmt: skip
    return {
        each.measure: {
            Place("ZTA", QUARTER): each,
            Place("ZTB", QUARTER): Computed(each.measure, FigureState.NOT_YET_DUE, None, None, Quality()),
        }
        for each in figures
    }


def _responses(client: Client, release: Release, codes: list[str]) -> Any:
    start = f"/national/releases/{release.token}/"
    for then in ("", "prisons/ZTA/", "chosen/", "coverage/"):
        yield client.get(start + then).content.decode()
    for code in codes:
        yield client.get(f"{start}measures/{code}/").content.decode()
        yield client.get(f"{start}prisons/ZTA/{code}/").content.decode()
    answer = client.get(f"{start}figures.zip")
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    with ZipFile(io.BytesIO(content)) as bundle:
        yield bundle.read("figures.csv").decode("utf-8-sig")


# --- groups of a rate ----------------------------------------------------------------------------------


@pytest.mark.parametrize(("counted", "groups"), [(600, {"age:21-29", "age:unknown"}), (500, set())])
def test_a_rate_is_told_by_group_only_where_every_prison_divided_its_prisoners(counted: int, groups: set[str]) -> None:
    """The second prison counted 100 prisoners, in the one case by age as well."""
    whole = [("ZAA", "30", "500"), ("ZAB", "40", "100")]
    parts = [("ZAA", "age:21-29", "30", "500"), ("ZAB", "age:21-29", "40", str(counted - 500))]
    exact = {Place(about, QUARTER): computed("OP-25b", *given) for about, *given in whole}
    for about, breakdown, *given in parts:
        exact[Place(about, QUARTER, breakdown)] = replace(computed("OP-25b", *given), breakdown=breakdown)
    made = protect_all({BY_CODE["OP-25b"]: exact}, period=QUARTER, months=())
    told_of = {one.place.breakdown for one in made if one.place.breakdown.startswith("age:")}
    assert groups <= told_of if groups else not told_of
