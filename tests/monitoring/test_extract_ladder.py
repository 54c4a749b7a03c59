"""Making rows safe, with made-up small prisons: coarser step by step, left out, or refused."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitoring.costs import Part, Total
from monitoring.extracts.columns import KNOWN, NOT_GIVEN, SENSITIVE
from monitoring.extracts.cost_rows import PrisonQuarter, cost_rows
from monitoring.extracts.ladder import LADDER, MOST_LEFT_OUT, NotSafe, made_safe
from monitoring.extracts.rows import nearest, pseudonym, row_of

NEEDS = ("MEALS", "CELL")
ENDS = ("STILL", "MOVED")


def people(how_many: int, start: int = 0, **said: Any) -> list[dict[str, Any]]:
    """So many people who are alike in all that may be known of them, with needs and ends in turn."""
    return [
        {
            "case": f"c{n}", "person": f"p{n}", "place": "ZTA", "kind": "LOCAL", "started": "2026-Q3", "age": "40-49",
            "sex": "male", "ethnicity": "white", "disability": "no", "need": NEEDS[n % 2], "ended": ENDS[n // 2 % 2],
            **said,
        }
        for n in range(start, start + how_many)
    ]  # fmt: skip


def classes(rows: Any) -> dict[tuple[Any, ...], set[str]]:
    """Persons by what may be known of them, counted here by other hands than those of the ladder."""
    found: dict[tuple[Any, ...], set[str]] = defaultdict(set)
    for row in rows:
        found[tuple(row[column] for column in KNOWN)].add(row["person"])
    return found


def test_ten_who_look_alike_go_out_as_they_are() -> None:
    safe = made_safe(people(10))
    assert (safe.k, safe.l, safe.steps, safe.left_out) == (10, 2, (), 0)
    assert safe.rows[0]["place"] == "ZTA"


def test_two_small_prisons_of_one_kind_become_their_kind() -> None:
    safe = made_safe(people(6) + people(6, 6, place="ZTB"))
    assert [step.column for step in safe.steps] == ["place"]
    assert {row["place"] for row in safe.rows} == {"LOCAL"}
    assert safe.k == 12


def test_nine_are_never_alone() -> None:
    with pytest.raises(NotSafe, match="Fewer than 10 people were helped"):
        made_safe(people(9))


def test_ages_are_joined_before_sex_is_left_out() -> None:
    rows = people(6) + people(6, 6, age="50-59") + people(12, 12, sex="female")
    safe = made_safe(rows)
    assert {row["age"] for row in safe.rows} == {"40-59"}
    assert {row["sex"] for row in safe.rows} == {"male", "female"}
    assert [step.column for step in safe.steps] == ["place", "ethnicity", "started", "age"]


def test_an_age_that_is_not_known_stays_so() -> None:
    rows = people(12) + people(12, 12, age="unknown") + people(6, 24, age="50-59")
    assert {row["age"] for row in made_safe(rows).rows} == {"40-59", "unknown"}


def test_one_in_ten_may_be_left_out_to_keep_the_others_exact() -> None:
    safe = made_safe(people(30) + people(3, 30, ethnicity="asian"))
    assert (safe.left_out, safe.steps) == (3, ())
    assert {row["ethnicity"] for row in safe.rows} == {"white"}
    coarser = made_safe(people(30) + people(4, 30, ethnicity="asian"))
    assert coarser.left_out == 0
    assert {row["ethnicity"] for row in coarser.rows} == {NOT_GIVEN}


def test_a_group_whose_secret_is_the_same_for_all_is_not_safe() -> None:
    alike = people(12, 0, need="PERSONAL", disability="yes")
    safe = made_safe(alike + people(40, 12))
    assert {row["disability"] for row in safe.rows} == {NOT_GIVEN}
    assert safe.l == 3
    with pytest.raises(NotSafe, match="all who look alike have the same need"):
        made_safe(people(20, 0, need="PERSONAL") + people(20, 20, age="70-200", need="MEALS"))


def test_a_secret_in_which_people_hardly_differ_is_left_out() -> None:
    for other in (1, 5):
        # None of fifty, or one.
        rows = [{**row, "needs_start": 1} for row in people(49)] + [{**people(1, 49)[0], "needs_start": other}]
        safe = made_safe(rows)
        assert [(step.column, step.words) for step in safe.steps] == [("needs_start", "needs start is left out")]
        assert {row["needs_start"] for row in safe.rows} == {None}
        assert {row["need"] for row in safe.rows} == set(NEEDS)
        assert (safe.k, safe.l) == (50, 2)


def test_without_anything_left_to_learn_nothing_is_handed_out() -> None:
    with pytest.raises(NotSafe, match="the same for nearly everybody"):
        made_safe(people(20, 0, need="PERSONAL"))


def test_an_answer_that_nobody_was_asked_for_gives_nothing_away() -> None:
    assert made_safe(people(10)).l == 2
    asked = [{**row, "needs_start": 1 + (row["age"] == "70-200")} for row in people(10) + people(10, 10, age="70-200")]
    with pytest.raises(NotSafe, match="have the same needs start"):
        made_safe(asked)


def test_people_are_counted_and_not_their_spells() -> None:
    often = [{**row, "person": "p0"} for row in people(12)]
    with pytest.raises(NotSafe):
        made_safe(often)
    safe = made_safe(often + people(40, 12))
    assert safe.k >= 10
    assert all(len(found) >= 10 for found in classes(safe.rows).values())


def test_a_refusal_says_which_columns_are_in_the_way() -> None:
    rows = people(25) + people(9, 25, age="70-200")
    with pytest.raises(NotSafe, match="26% of the rows would give somebody away: fewer than 10 people share the same"):
        made_safe(rows)


AGES, PLACES = ("0-20", "30-39", "50-59", "70-200"), ("ZTA", "ZTB", "ZTC")


@given(
    st.lists(
        st.tuples(
            st.sampled_from(PLACES), st.sampled_from(AGES), st.sampled_from(["male", "female"]),
            st.sampled_from(["2026-Q1", "2026-Q3"]), st.sampled_from(NEEDS), st.sampled_from(ENDS),
            st.integers(0, 30), st.sampled_from([None, 1, 2]),
        ),
        max_size=90,
    )
)  # fmt: skip
def test_whatever_goes_out_hides_everybody_among_ten(drawn: list[tuple[Any, ...]]) -> None:
    rows = [
        {**people(1)[0], "case": f"c{n}", "place": place, "age": age, "sex": sex, "started": started, "need": need,
         "ended": ended, "person": f"p{person}", "needs_start": said}
        for n, (place, age, sex, started, need, ended, person, said) in enumerate(drawn)
    ]  # fmt: skip
    try:
        safe = made_safe(rows)
    except NotSafe:
        return
    assert safe.left_out <= MOST_LEFT_OUT * len(rows)
    groups = classes(safe.rows)
    assert safe.k == min(len(persons) for persons in groups.values()) >= 10
    for known in groups:
        alike = [row for row in safe.rows if tuple(row[column] for column in KNOWN) == known]
        for column in SENSITIVE:
            said = {row.get(column) for row in alike}
            assert len(said) >= 2 or said == {None}, column


def test_every_step_makes_one_known_column_coarser() -> None:
    assert {step.column for step in LADDER} == set(KNOWN)


# Rows --------------------------------------------------------------------------------------------------


def test_a_name_of_a_case_belongs_to_one_key() -> None:
    one, two = bytes(32), bytes([1]) * 32
    assert pseudonym(one, "case", 7) == pseudonym(one, "case", 7)
    names = {pseudonym(key, kind, n) for key in (one, two) for kind in ("case", "person") for n in range(50)}
    assert len(names) == 200
    assert all(len(name) == 16 for name in names)


def test_counts_go_to_the_nearest_five_and_days_to_weeks() -> None:
    from datetime import date

    assert [nearest(n) for n in (0, 2, 3, 7, 8, 12, 13)] == [0, 0, 5, 5, 10, 10, 15]
    spell = {
        "plan": 1, "person": 2, "place": "ZTA", "kind": "LOCAL", "began_on": date(2026, 8, 3), "age": 71,
        "sex": "MALE", "ethnicity": "UNKNOWN", "disability": "YES", "need_areas": ["MEALS", "CELL"], "buddies": 3,
        "days_waited": 30, "went": "TRANSFER", "ended_on": date(2026, 9, 6), "planned": 33, "done": 28, "locked_up": 2,
        "minutes": 333,
    }  # fmt: skip
    row = row_of(spell, [], key=bytes(32), last=date(2026, 9, 30))
    told = {name: row[name] for name in row if name not in ("case", "person", "kind")}
    assert told == {
        "place": "ZTA", "started": "2026-Q3", "age": "70-200", "sex": "male", "ethnicity": "unknown",
        "disability": "yes", "need": "SEVERAL", "ended": "MOVED", "wait": "4+", "weeks": "5-8", "buddies": "3+",
        "planned_visits": 35, "visits_done": 30, "visits_locked_up": 0, "minutes_a_week": 70,
    }  # fmt: skip
    running = row_of({**spell, "ended_on": None, "went": ""}, [], key=bytes(32), last=date(2026, 9, 30))
    assert (running["ended"], running["weeks"]) == ("STILL", "9-12")


# Costs -------------------------------------------------------------------------------------------------


def cost(prison: str, people: int = 12, minutes: int = 6000, **said: Any) -> PrisonQuarter:
    whole = said.pop("whole", Total(100_000_00, 100_000_00))
    return PrisonQuarter(prison, "LOCAL", "2026-Q3", people, minutes, said.pop("returned", True), whole)


def test_costs_stand_where_people_stand() -> None:
    both = [cost("ZTA"), cost("ZTB", whole=Total(20_000_00, None, (Part.STAFF,)))]
    by_prison = cost_rows(both, [])
    assert [(row["place"], row["cost_from"], row["cost_to"]) for row in by_prison] == [
        ("ZTA", 100_000, 100_000), ("ZTB", 20_000, None),
    ]  # fmt: skip
    [together] = cost_rows(both, LADDER[:1])
    assert (together["place"], together["cost_from"], together["cost_to"]) == ("LOCAL", 120_000, None)
    assert (together["missing"], together["hours"], together["prisons"]) == ("CO-03", 200, 2)
    assert cost_rows(both, LADDER[:6])[0]["place"] == NOT_GIVEN


def test_costs_of_fewer_than_ten_people_are_left_out_and_no_return_is_no_nought() -> None:
    assert cost_rows([cost("ZTA", people=9)], []) == []
    silent = cost("ZTB", returned=False, whole=Total(0, None, tuple(Part)))
    assert cost_rows([silent], []) == []
    [row] = cost_rows([cost("ZTA"), silent], LADDER[:1])
    assert (row["prisons"], row["returned"], row["cost_from"], row["missing"]) == (2, 1, 100_000, "")
