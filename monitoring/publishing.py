"""From prisons' exact figures to the protected figures of a release.

Everything that could be worked out from something else is protected together: prisons and the nation, the months
and the quarter, a share's part, rest and whole. Pure but for its inputs; nothing is stored here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from monitoring.disclosure import ROUNDED_TO, SMALLEST_SHOWN, Protected, State, Sum, withhold_all
from monitoring.measures.definition import Adds, Kind, Measure
from monitoring.models.figure import FigureState
from monitoring.rollups import Computed, Quality

KNOWN = (FigureState.VALUE, FigureState.NONE)
NATION = ""
TWENTIETH = Decimal("0.05")


@dataclass(frozen=True)
class Place:
    """Whose figure (a prison's code, or the nation) for which period's code."""

    about: str
    period: str


@dataclass(frozen=True)
class Released:
    """One figure as it will be stored in a release."""

    place: Place
    measure: Measure
    figure: Protected
    quality: dict[str, Any] = field(default_factory=dict)


def protect(
    measure: Measure, exact: Mapping[Place, Computed], *, period: str, months: tuple[str, ...]
) -> list[Released]:
    """Every prison's and the nation's figure of one measure, for the whole period and its months.

    `exact` has each prison's computed figure for each of these. The nation's is added up here from the prisons
    that returned something; a prison without a return is said to have none, and is in no sum.
    """
    periods = (period, *months)
    prisons = sorted({place.about for place in exact})
    known = {place: computed for place, computed in exact.items() if computed.state in KNOWN}
    parts = {place: _counts(measure, computed) for place, computed in known.items()}
    for each in periods:
        there = [parts[Place(code, each)] for code in prisons if Place(code, each) in parts]
        if there:
            parts[Place(NATION, each)] = tuple(sum(column) for column in zip(*there, strict=True))
    protected = _protect_together(measure, parts, prisons, period, months)
    released = [
        Released(place, measure, protected[place], _quality([exact[place].quality] if place.about else []))
        for place in sorted(protected, key=lambda p: (p.about, p.period))
        if place.about
    ]
    for each in periods:
        place = Place(NATION, each)
        qualities = [known[Place(code, each)].quality for code in prisons if Place(code, each) in known]
        released.append(
            Released(place, measure, protected.get(place, _nation_without(exact, each)), _quality(qualities))
        )
    silent = [place for place in exact if place not in known]
    released += [Released(place, measure, Protected(State(exact[place].state.value)), {}) for place in silent]
    return released


def _counts(measure: Measure, computed: Computed) -> tuple[int, ...]:
    """The whole numbers behind a figure: (n), or for a share (part, rest), or for a rate (events, amount)."""
    assert computed.parts is not None
    numerator = int(computed.parts.numerator)
    if computed.parts.denominator is None:
        return (numerator,)
    denominator = int(computed.parts.denominator.to_integral_value(ROUND_HALF_UP))
    return (numerator, denominator - numerator) if measure.kind is Kind.SHARE else (numerator, denominator)


def _protect_together(
    measure: Measure,
    parts: Mapping[Place, tuple[int, ...]],
    prisons: list[str],
    period: str,
    months: tuple[str, ...],
) -> dict[Place, Protected]:
    share = measure.kind is Kind.SHARE
    places = sorted(parts, key=lambda p: (p.about, p.period))
    # One layer of counts for each part, and for a share one for the whole.
    layers = 1 if not measure.denominator or measure.kind is Kind.RATE else 3
    index = {(place, layer): i * layers + layer for i, place in enumerate(places) for layer in range(layers)}
    counts = [n for place in places for n in _layers(parts[place], layers)]
    sums: list[Sum] = []
    for layer in range(layers):
        for each in (period, *months):
            _add_sum(sums, counts, index, Place(NATION, each), [Place(code, each) for code in prisons], layer)
        for about in (NATION, *prisons):
            tied = {Adds.UP: months, Adds.LAST: months[-1:], Adds.NOT: ()}[measure.adds]
            _add_sum(sums, counts, index, Place(about, period), [Place(about, month) for month in tied], layer)
    if share:
        sums += [Sum(index[place, 2], (index[place, 0], index[place, 1])) for place in places]
    # What a reader needs most goes last: the nation before a prison, the quarter before a month.
    keep = [2 * (place.about == NATION) + (place.period == period) for place in places for _ in range(layers)]
    shown = withhold_all(counts, sums, keep=keep)
    return {place: _figure(measure, parts[place], [shown[index[place, k]] for k in range(layers)]) for place in places}


def _layers(parts: tuple[int, ...], layers: int) -> tuple[int, ...]:
    return (parts[0],) if layers == 1 else (parts[0], parts[1], parts[0] + parts[1])


def _add_sum(
    sums: list[Sum],
    counts: list[int],
    index: Mapping[tuple[Place, int], int],
    total: Place,
    parts: Iterable[Place],
    layer: int,
) -> None:
    """Note an equation the reader knows, if it holds: months without a return may hide a part of a quarter."""
    there = tuple(index[part, layer] for part in parts if (part, layer) in index)
    whole = index.get((total, layer))
    if whole is not None and there and sum(counts[part] for part in there) == counts[whole]:
        sums.append(Sum(whole, there))


def _figure(measure: Measure, parts: tuple[int, ...], shown: list[Protected]) -> Protected:
    if measure.kind is Kind.SHARE:
        part, rest, whole = shown
        if not (part.shown and rest.shown and whole.shown):
            return Protected(State.TOO_FEW)
        return _ratio(part.value, whole.value, 1)
    if measure.kind is Kind.RATE:
        amount = parts[1]
        if not shown[0].shown or amount < SMALLEST_SHOWN:
            return Protected(State.TOO_FEW)
        return _ratio(shown[0].value, Decimal(round(amount / ROUNDED_TO) * ROUNDED_TO), measure.per)
    return shown[0]


def _ratio(above: Decimal | None, below: Decimal | None, per: int) -> Protected:
    assert above is not None
    assert below is not None
    return Protected(State.VALUE, above * per / below, numerator=above, denominator=below)


def _nation_without(exact: Mapping[Place, Computed], period: str) -> Protected:
    states = {computed.state.value for place, computed in exact.items() if place.period == period}
    return Protected(State.NOT_RETURNED if State.NOT_RETURNED in states else State.NOT_YET_DUE)


def _quality(qualities: list[Quality]) -> dict[str, Any]:
    """Shares to the nearest 5%, and only where they rest on enough visits."""
    planned, recorded = sum(q.planned for q in qualities), sum(q.recorded for q in qualities)
    visits = sum(q.visits for q in qualities)
    sources: dict[str, int] = {}
    for quality in qualities:
        for source, count in quality.sources.items():
            sources[source] = sources.get(source, 0) + count
    return {
        "completeness": _twentieths(recorded, planned),
        "looked_at_share": _twentieths(sum(q.looked_at_visits for q in qualities), visits),
        "late_share": _twentieths(sum(q.late_visits for q in qualities), visits),
        "sources": {source: str(_twentieths(count, visits)) for source, count in sources.items()}
        if visits >= SMALLEST_SHOWN
        else {},
    }


def _twentieths(part: int, whole: int) -> Decimal | None:
    if whole < SMALLEST_SHOWN:
        return None
    return (Decimal(part) / Decimal(whole) / TWENTIETH).quantize(Decimal(1), ROUND_HALF_UP) * TWENTIETH
