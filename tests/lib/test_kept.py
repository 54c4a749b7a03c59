"""What is kept from one test to the next: the rows of fixtures, and never anything that a test did."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.db import IntegrityError, connection

from buddyscheme.accounts.models import Prison, User, Wing
from tests import cast, kept
from tests.cast import make_wing
from tests.kept import Keeper, keeper

pytestmark = pytest.mark.django_db
made: list[str] = []


@pytest.fixture
def second_wing(wing: Wing) -> Wing:
    """One more, which counts how often it was made."""
    made.append("second wing")
    return make_wing(wing.prison, "B")


@pytest.fixture
def undone(here: Prison) -> Iterator[Wing]:
    """Has something to undo, so it is made for each test."""
    made.append("begun")
    yield make_wing(here, "C")
    made.append("ended")


@pytest.mark.parametrize("time", range(3))
def test_a_fixture_is_made_once_and_what_a_test_did_is_gone(second_wing: Wing, here: Prison, time: int) -> None:
    assert made.count("second wing") == 1
    # Rows and values are as the fixtures left them, whatever the test before this one did to both.
    assert list(Wing.objects.order_by("code").values_list("code", "name")) == [("A", "A wing"), ("B", "B wing")]
    assert second_wing.name == "B wing" and here.name == "Testwick"
    assert second_wing.prison is here, "one and the same row is one and the same object"
    second_wing.name = here.name = "Spoilt"
    second_wing.save()
    make_wing(here, "D")


def test_without_the_fixture_its_rows_are_not_there(wing: Wing) -> None:
    assert list(Wing.objects.values_list("code", flat=True)) == ["A"]


def test_nor_without_any() -> None:
    assert not Prison.objects.exists()


@pytest.mark.parametrize("time", range(2))
def test_what_has_something_to_undo_is_made_each_time(undone: Wing, time: int) -> None:
    assert made.count("begun") == made.count("ended") + 1
    assert Wing.objects.get().code == "C"


def test_another_order_is_another_beginning(second_wing: Wing, lead: User) -> None:
    assert Wing.objects.count() == 2 and User.objects.get() == lead


def test_a_test_that_breaks_its_transaction_harms_no_other(wing: Wing) -> None:
    with pytest.raises(IntegrityError), connection.cursor() as cursor:
        cursor.execute("INSERT INTO accounts_wing DEFAULT VALUES")


def test_a_value_that_remembers_is_not_kept(wing: Wing) -> None:
    def remembers() -> Wing:
        return wing

    plain: Callable[[], int] = lambda: 1  # noqa: E731
    assert kept.copyable([wing, {"a": (1, "b")}, plain, SimpleNamespace(now=None)])
    assert not kept.copyable([remembers]) and not kept.copyable(iter("a")) and not kept.copyable(object())


def test_each_test_stands_above_its_own_fixtures_only(here: Prison) -> None:
    assert isinstance(keeper, Keeper) and keeper.running and keeper.body is not None
    assert [layer.key[0].argname for layer in keeper.layers] == ["here"]


def test_what_only_an_earlier_test_asked_for_is_gone(request: pytest.FixtureRequest) -> None:
    """Whatever comes first in a test that begins otherwise: its own statements, or another fixture's."""
    inner, one, other = Keeper(), "one fixture", "another"
    inner.begin(request.node)
    inner.value(one, cast.make_prison, {})  # type: ignore[arg-type]
    inner.begin_body()
    inner.end()
    assert Prison.objects.get().code == "ZTA", "kept"
    inner.begin(request.node)
    inner.value(other, lambda: cast.make_prison("ZTB"), {})  # type: ignore[arg-type]
    inner.begin_body()
    assert Prison.objects.get().code == "ZTB"
    inner.end()
    inner.begin(request.node)
    inner.begin_body()
    assert not Prison.objects.exists()
    inner.end()
    inner.close()


def test_nothing_is_kept_of_a_folder_that_is_no_package() -> None:
    """Its fixtures are not known as ours, and its world is built anew for each test."""
    folders = {path.parent for path in Path(kept.__file__).parent.rglob("test_*.py")}
    assert not [folder.name for folder in folders if not (folder / "__init__.py").exists()]
