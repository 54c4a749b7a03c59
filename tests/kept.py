"""What fixtures wrote is kept for the next test that begins with the same fixtures.

A test of a plan first needs a prison, its staff, a scheme, a person, a referral and a buddy: hundreds of statements
through the actions that the pages call. Most tests of a file begin alike. So each fixture that writes gets a savepoint
of its own and its value is remembered. The test itself runs in one more savepoint, which is rolled back. The next test
takes over the savepoints as far as its own fixtures are the same, in the same order, with the same arguments, at the
same moment of the clock, and gets fresh copies of their values. From the first difference on everything is rolled back
and made anew. The tests of a file run in the order of their fixtures, at random among those that begin alike.

A fixture is not kept, nor is any after it in that test, when it writes and has something to undo (`yield`), leans on
something that is no plain value, moves the clock, or gives a value that cannot be copied. Tests with real commits
(`transaction=True`, a live server) and files with a world of their own (`tests/meta`) do without all this.
"""

from __future__ import annotations

import copy
import inspect
import time
import types
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, timedelta
from datetime import time as clock_time
from decimal import Decimal
from enum import Enum
from typing import Any

import pytest
import time_machine
from django.db import connection, models, transaction

MOMENT = 60.0  # seconds by which a clock that goes may have gone on
PLAIN = (str, bytes, int, float, Decimal, date, clock_time, timedelta, Enum, type, types.ModuleType, type(None))


class Mark(transaction.Atomic):
    """A savepoint (or the transaction itself) that stays open until it is taken back."""

    def __init__(self) -> None:
        super().__init__(using=None, savepoint=True, durable=False)
        self._from_testcase = True  # so that an action may still ask for a transaction of its own

    def take_back(self) -> None:
        """Everything since then is undone."""
        if not connection.closed_in_transaction:
            transaction.set_rollback(True)
        self.__exit__(None, None, None)


@dataclass
class Layer:
    """One fixture that wrote: what it was made from, and the values of all fixtures up to it as it left them."""

    key: tuple[Any, ...]
    moment: float
    mark: Mark
    values: list[Any]


class Keeper:
    """The savepoints that are open in this process, and how far the running test uses them."""

    def __init__(self) -> None:
        self.outer: Mark | None = None
        self.layers: list[Layer] = []
        self.writers: set[pytest.FixtureDef[Any]] = set()
        self.hits = self.misses = 0
        self._forget()

    def _forget(self) -> None:
        self.running = self.busy = False
        self.body: Mark | None = None
        self.opening: Mark | None = None
        self.building = False
        self.given: list[Any] = []
        self.ready: list[Any] = []

    # One test ------------------------------------------------------------------------------------------------

    def begin(self, item: pytest.Item) -> None:
        """The test's own transaction. Nothing is rolled back yet: that depends on what its fixtures will be."""
        if self.outer is None:
            self.outer = Mark()
            self.outer.__enter__()
        connection.execute_wrappers.append(self._statement)
        expected = [fixture for fixture in chain(item) if fixture in self.writers]
        alike = 0
        while alike < min(len(expected), len(self.layers)) and self.layers[alike].key[0] is expected[alike]:
            alike += 1
        self.running = True
        self.ready = copy.deepcopy(self.layers[alike - 1].values) if alike else []

    def end(self) -> None:
        """What the test wrote is gone; what its fixtures wrote stays."""
        connection.execute_wrappers.remove(self._statement)
        body = self.body
        try:
            if body is not None and not connection.needs_rollback and connection.is_usable():
                # As Django's own test case does: a key that points nowhere is a fault of the test.
                connection.check_constraints()
        finally:
            self._forget()
            if body is not None:
                body.take_back()
            if connection.closed_in_transaction:
                self.close()

    def close(self) -> None:
        """Nothing is open any more."""
        self._down_to(0)
        if self.outer is not None:
            self.outer.take_back()
            self.outer = None

    def begin_body(self) -> None:
        """From here on nothing is kept: the test itself, or a fixture that cannot be."""
        if self.running and self.body is None:
            self.busy = True
            self._down_to(len(self.given))
            self.body = Mark()
            self.body.__enter__()
            self.busy = False

    def _down_to(self, number: int) -> None:
        while len(self.layers) > number:
            self.layers.pop().mark.take_back()

    def _statement(self, execute: Callable[..., Any], *rest: Any) -> Any:
        """The first statement of a fixture opens its savepoint; one from anywhere else begins what is not kept."""
        if not self.busy and self.body is None:
            if not self.building:
                self.begin_body()
            elif self.opening is None:
                self.busy = True
                self._down_to(len(self.given))
                self.opening = Mark()
                self.opening.__enter__()
                self.busy = False
        return execute(*rest)

    # One fixture ---------------------------------------------------------------------------------------------

    def value(self, fixture: pytest.FixtureDef[Any], make: Callable[..., Any], given: dict[str, Any]) -> Any:
        """What the fixture gives: kept, or made now."""
        if not self.running or self.building or self.body is not None:
            return make(**given)
        key, moment, place = self._key(fixture, given), time.time(), len(self.given)
        if place < min(len(self.layers), len(self.ready)):
            layer = self.layers[place]
            if key is not None and layer.key == key and abs(layer.moment - moment) < MOMENT:
                self.hits += 1
                self.given.append(self.ready[place])
                return self.ready[place]
        self.building = True
        try:
            value = make(**given)
        except BaseException:
            self.building = False
            if self.opening is not None:
                self.body, self.opening = self.opening, None
            raise
        self.building = False
        if self.opening is None:
            return value  # it wrote nothing: made again for every test
        self.misses += 1
        self.writers.add(fixture)
        mark, self.opening = self.opening, None
        if key is None or abs(time.time() - moment) > MOMENT or not copyable(value):
            self.body = mark
            return value
        self.busy = True
        connection.check_constraints()
        self.busy = False
        self.given.append(value)
        self.layers.append(Layer(key, moment, mark, copy.deepcopy(self.given)))
        return value

    def _key(self, fixture: pytest.FixtureDef[Any], given: dict[str, Any]) -> tuple[Any, ...] | None:
        """What decides the outcome: the fixture and its arguments. None where an argument is more than a value."""
        parts: list[Any] = [fixture]
        for name, argument in given.items():
            if any(argument is kept for kept in self.given):
                parts.append(name)
            elif isinstance(argument, types.FunctionType):
                parts.append((name, argument.__code__))
            elif isinstance(argument, time_machine.Traveller):
                parts.append(name)  # the moment is compared apart
            elif isinstance(argument, PLAIN):
                parts.append((name, argument))
            else:
                return None
        return tuple(parts)


def copyable(value: Any, seen: set[int] | None = None) -> bool:
    """Whether a deep copy is as good: rows, plain values and what holds them; no function that remembers."""
    seen = set() if seen is None else seen
    if isinstance(value, PLAIN) or id(value) in seen:
        return True
    seen.add(id(value))
    if isinstance(value, models.Model):
        return True
    if isinstance(value, types.FunctionType):
        return value.__closure__ is None
    if isinstance(value, dict):
        return all(copyable(part, seen) for pair in value.items() for part in pair)
    if isinstance(value, list | tuple | set | frozenset):
        return all(copyable(part, seen) for part in value)
    if is_dataclass(value):
        return all(copyable(getattr(value, part.name), seen) for part in fields(value))
    return isinstance(value, types.SimpleNamespace) and copyable(vars(value), seen)


def keepable(fixture: pytest.FixtureDef[Any]) -> bool:
    """A fixture of our tests, for one test each, that has nothing to undo."""
    ours = getattr(fixture.func, "__module__", "").startswith("tests.")
    return ours and fixture.scope == "function" and not inspect.isgeneratorfunction(fixture.func)


def chain(item: pytest.Item) -> list[pytest.FixtureDef[Any]]:
    """The keepable fixtures of a test in the order in which they are set up."""
    found: dict[str, pytest.FixtureDef[Any]] = {}
    seen: set[str] = set()
    known = item._fixtureinfo.name2fixturedefs  # type: ignore[attr-defined]

    def visit(name: str) -> None:
        if name in seen or not known.get(name):
            return
        seen.add(name)
        fixture = known[name][-1]
        for argument in fixture.argnames:
            visit(argument)
        if keepable(fixture):
            found[name] = fixture

    for name in item.fixturenames:  # type: ignore[attr-defined]
        visit(name)
    return list(found.values())


def in_order(items: Sequence[pytest.Item]) -> Iterator[pytest.Item]:
    """Tests of one file, those that begin alike side by side; otherwise as they came."""
    rank: dict[tuple[Any, ...], int] = {}
    keys: dict[pytest.Item, tuple[int, ...]] = {}
    for item in items:
        names = tuple(fixture.argname for fixture in chain(item))
        starts = [names[:length] for length in range(1, len(names) + 1)]
        keys[item] = tuple(rank.setdefault(start, len(rank)) for start in starts)
    return iter(sorted(items, key=lambda item: keys[item]))


keeper = Keeper()
