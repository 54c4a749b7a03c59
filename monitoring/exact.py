"""The exact figures that a release is made from: worked out from every prison's rows, and typed with their source.

Read in the national role. Nothing here leaves before it is protected.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from buddyscheme.lib.dates import Quarter, Year
from buddyscheme.scope.transaction import DatabaseRole, at_one_moment
from monitoring.measures.buddies import KIND_OF_SCHEME, NO_SCHEME
from monitoring.measures.catalogue import RELEASED
from monitoring.measures.definition import Adds, Every, Kind, Measure, Parts, Told
from monitoring.measures.recipients import INFORMAL_HELP
from monitoring.models.figure import FigureState
from monitoring.queries.typed import newest_typed
from monitoring.release_web import Place
from monitoring.rollups import Computed, Quality, compute, read_once

Exact = dict[Measure, dict[Place, Computed]]
TYPED = tuple(measure for measure in RELEASED if not measure.computed)


def exact_figures(
    codes: Sequence[str], period: Quarter | Year, *, now: datetime, read: Callable[[int], None] = lambda _: None
) -> Exact:
    """Of each prison the whole period with its groups, and the months of a quarter. A year stands by itself.

    Each prison is read as of one moment, so that its months add up to its quarter also while somebody types; no count
    of one prison is tied to another's. `read` is told after each how many are read.
    """
    found: Exact = {measure: {} for measure in RELEASED}
    for number, code in enumerate(codes, start=1):
        with at_one_moment(DatabaseRole.NATIONAL), read_once():
            _add(found, code, period, now)
        read(number)
    return {measure: figures for measure, figures in found.items() if figures}


def _add(found: Exact, code: str, period: Quarter | Year, now: datetime) -> None:
    for each in (period, *(period.months if isinstance(period, Quarter) else ())):
        for computed in compute(code, each, now=now, grouped=each is period):
            if computed.measure in found:
                found[computed.measure][Place(code, each.code, computed.breakdown)] = computed
    due = found[KIND_OF_SCHEME][Place(code, period.code)].state is not FigureState.NOT_YET_DUE
    for computed in _typed(code, period, due=due):
        found[computed.measure][Place(code, period.code)] = computed


def noughts_in(exact: Mapping[Measure, Mapping[Place, Computed]]) -> set[tuple[str, str]]:
    """What cannot be anything but nought, by (measure, prison): without a scheme of any kind nobody helps informally.

    The kind of scheme is told as it is, and says so; it would be no secret to hide that nought.
    """
    return {
        (INFORMAL_HELP.code, place.about)
        for place, computed in exact.get(KIND_OF_SCHEME, {}).items()
        if computed.value == NO_SCHEME
    }


def _typed(code: str, period: Quarter | Year, *, due: bool) -> Iterator[Computed]:
    """What a person gave: of a year for a year, or the sum of its four quarters where all are given."""
    given = {key: row.value for key, row in newest_typed(code, [measure.code for measure in TYPED]).items()}
    for measure in TYPED:
        if isinstance(period, Quarter) and measure.every is Every.YEAR:
            continue
        value = given.get((measure.code, period.code))
        if value is None and isinstance(period, Year) and measure.adds is Adds.UP:
            quarters = [given.get((measure.code, quarter.code)) for quarter in period.quarters]
            known = [each for each in quarters if each is not None]
            value = sum(known, Decimal(0)) if len(known) == len(quarters) else None
        yield _as_computed(measure, value, due=due)


def _as_computed(measure: Measure, value: Decimal | None, *, due: bool) -> Computed:
    if value is None:
        state = FigureState.NOT_RETURNED if due else FigureState.NOT_YET_DUE
        return Computed(measure, state, None, None, Quality())
    state = FigureState.NONE if not value and measure.kind is Kind.COUNT else FigureState.VALUE
    parts = Parts(value, None, 1, value if measure.told is Told.AS_IT_IS else None)
    return Computed(measure, state, value, parts, Quality())
