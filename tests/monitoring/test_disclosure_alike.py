"""Prisons that are alike: what is possible for one is for another, and is looked at before it is believed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from monitoring.disclosure import Protected, State, Sum, feasible
from monitoring.disclosure.alike import Alike
from monitoring.disclosure.figures import TOO_FEW
from monitoring.disclosure.programme import Possible, Programme
from monitoring.disclosure.proving import Reach, not_proved
from monitoring.disclosure.webs import ANYTHING, Bounds, range_of

PRISONS = 40
EACH = 4
NATION = PRISONS * EACH
NOTHING = np.zeros(NATION + EACH)


def a_nation(prisons: int = PRISONS) -> list[Sum]:
    """Each prison a quarter and three months, all prisons a nation's quarter and months, tied both ways."""
    nation = prisons * EACH
    sums = [Sum(nth * EACH, tuple(nth * EACH + month for month in (1, 2, 3))) for nth in range(prisons + 1)]
    return sums + [Sum(nation + k, tuple(nth * EACH + k for nth in range(prisons))) for k in range(EACH)]


@pytest.fixture
def solved(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many linear programmes were solved: an entry for each."""
    found: list[int] = []
    solve: Callable[..., Any] = Possible._solved

    def counted(self: Possible, *given: Any, **named: Any) -> Any:
        found.append(self.size)
        return solve(self, *given, **named)

    monkeypatch.setattr(Possible, "_solved", counted)
    return found


def world(nth: int, month: int, count: int) -> np.ndarray:
    """All that there is in one month of one prison."""
    counts = np.zeros(NATION + EACH)
    counts[[nth * EACH, nth * EACH + month, NATION, NATION + month]] = count
    return counts


def test_a_prison_changes_places_with_the_one_that_has_most() -> None:
    (new,) = Alike(NATION + EACH, a_nation()).exchanged(world(7, 2, 12), [3 * EACH + 2], NOTHING, NOTHING)
    assert (new == world(3, 2, 12)).all()


def test_a_prison_changes_places_with_the_one_that_has_least() -> None:
    seen = world(7, 2, 12)
    found = Alike(NATION + EACH, a_nation()).exchanged(seen, [7 * EACH + 2], seen, seen)
    assert (next(found) == world(0, 2, 12)).all()


def test_nothing_is_exchanged_for_what_has_been_seen_already() -> None:
    alike = Alike(NATION + EACH, a_nation())
    assert not list(alike.exchanged(world(7, 2, 12), [3 * EACH + 2], NOTHING, NOTHING + 12))


def test_the_nation_is_like_no_prison_and_whoever_has_most_stays() -> None:
    alike = Alike(NATION + EACH, a_nation())
    assert not list(alike.exchanged(world(7, 2, 12), [NATION, NATION + 2, 7 * EACH + 2], NOTHING, NOTHING + 12))


def test_a_prison_without_a_month_is_not_like_those_with_all() -> None:
    sums = [Sum(0, (1, 2)), *(Sum(nth * EACH, tuple(nth * EACH + m for m in (1, 2, 3))) for nth in range(1, PRISONS))]
    sums += [Sum(NATION + k, tuple(nth * EACH + k for nth in range(PRISONS) if (nth, k) != (0, 3))) for k in range(4)]
    assert not list(Alike(NATION + EACH, sums).exchanged(world(7, 3, 12), [0], NOTHING, NOTHING))


def test_an_exchanged_world_that_is_not_possible_is_not_taken_for_one() -> None:
    ranges = [ANYTHING] * (NATION + EACH)
    ranges[3 * EACH] = Bounds(0, 4)
    programme = Programme(ranges, a_nation())
    (new,) = Alike(NATION + EACH, a_nation()).exchanged(world(7, 2, 12), [3 * EACH], NOTHING, NOTHING)
    assert programme.holds(world(7, 2, 12))
    assert not programme.holds(new)
    assert not programme.holds(world(7, 2, 12) + 1)


def test_a_nation_of_hidden_prisons_is_proved_with_few_programmes(solved: list[int]) -> None:
    first = world(0, 1, 12)
    ranges = [ANYTHING] * NATION + [Bounds(10, 14), ANYTHING, ANYTHING, ANYTHING]
    programme = Programme(ranges, a_nation())
    assert not_proved(programme, range(NATION), Reach(first)) == []
    assert len(solved) < 30


def test_where_nothing_is_shown_one_programme_proves_all(solved: list[int]) -> None:
    programme = Programme([ANYTHING] * (NATION + EACH), a_nation())
    assert not_proved(programme, range(NATION + EACH), Reach(np.zeros(NATION + EACH))) == []
    assert len(solved) == 1


@pytest.mark.parametrize("large", [600, 100])
def test_the_one_that_is_given_away_is_found_among_those_that_are_alike(
    large: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("monitoring.disclosure.proving.LARGE", large)
    # Nearly all of the nation's quarter is one prison's, and both are shown.
    protected = [TOO_FEW] * (NATION + EACH)
    protected[0], protected[NATION] = Protected(State.VALUE, 100), Protected(State.VALUE, 100)
    sums = a_nation()
    ranges = [range_of(one) for one in protected]
    first = world(0, 1, 100)
    programme, reach = Programme(ranges, sums), Reach(first)
    note: Callable[[Any], None] = reach.add

    def noted(seen: np.ndarray | None) -> None:
        assert seen is None or programme.holds(seen)
        note(seen)

    monkeypatch.setattr(reach, "add", noted)
    narrow = not_proved(programme, range(1, NATION), reach)
    assert {4, 8, 12} <= set(narrow)
    exact = feasible(protected, sums)
    assert all(exact[place].width < 10 for place in narrow)
    assert all(exact[place].width >= 10 for place in range(1, NATION) if place not in narrow)


def test_many_prisons_that_are_not_alike_and_share_little_are_proved_on_programmes_of_two(solved: list[int]) -> None:
    # Of each prison one month is shown and each shows another number: none can change places. What all have in the
    # other months is so little that one world proves one of them.
    prisons = 200
    nation = prisons * EACH
    first, ranges = np.zeros(nation + EACH), [ANYTHING] * (nation + EACH)
    for nth in range(prisons):
        first[[nth * EACH, nth * EACH + 1]] = 100 + 5 * nth
        ranges[nth * EACH + 1] = Bounds(98 + 5 * nth, 102 + 5 * nth)
    first[[2, 3]] = 14
    first[0] += 28
    first[nation:] = [sum(first[k:nation:EACH]) for k in range(EACH)]
    ranges[nation + 2], ranges[nation + 3] = Bounds(13, 17), Bounds(13, 17)
    hidden = [place for place in range(nation) if ranges[place] == ANYTHING]
    assert not_proved(Programme(ranges, a_nation(prisons)), hidden, Reach(first)) == []
    assert sum(size == nation + EACH for size in solved) < 20
