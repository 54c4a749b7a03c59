"""From prisons' exact figures to the protected figures of a release.

Everything that could be worked out from something else is protected together: prisons and the nation, the months
and the quarter, a share's part, rest and whole. Pure but for its inputs; nothing is stored here.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from monitoring.disclosure import SMALLEST_SHOWN, Protected, State, Sum, withhold_all
from monitoring.measures.definition import Adds, Kind, Measure
from monitoring.models.figure import FigureState
from monitoring.rollups import Computed, Quality

KNOWN = (FigureState.VALUE, FigureState.NONE)
NATION = ""
TWENTIETH = Decimal("0.05")
A_TRIFLE = Decimal("0.000001")
"""Hours are minutes divided by 60: their decimals end somewhere, and three months miss their quarter by the last."""
COUNTED, AMOUNT = "counted", "amount"
PART, REST, WHOLE = "the part", "the rest", "the whole"


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
    behind = {place: _counts(measure, computed) for place, computed in known.items()}
    parts = _whole_numbers(measure, behind, period, months)
    for each in periods:
        there = [parts[Place(code, each)] for code in prisons if Place(code, each) in parts]
        if there:
            parts[Place(NATION, each)] = tuple(sum(column) for column in zip(*there, strict=True))
    silent = [place for place in exact if exact[place].state is FigureState.NOT_RETURNED]
    protected = _protect_together(measure, parts, prisons, period, months, silent)
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
    without = [place for place in exact if place not in known]
    released += [Released(place, measure, Protected(State(exact[place].state.value)), {}) for place in without]
    return released


def _counts(measure: Measure, computed: Computed) -> tuple[Decimal, ...]:
    """What stands behind a figure: (n), or for a share (part, rest), or for a rate (events, amount)."""
    assert computed.parts is not None
    numerator, denominator = computed.parts.numerator, computed.parts.denominator
    if denominator is None:
        return (numerator,)
    return (numerator, denominator - numerator) if measure.kind is Kind.SHARE else (numerator, denominator)


def _whole_numbers(
    measure: Measure, parts: Mapping[Place, tuple[Decimal, ...]], period: str, months: tuple[str, ...]
) -> dict[Place, tuple[int, ...]]:
    """Amounts to whole numbers, months so that they still add up to their quarter: what is left over goes to those
    that lost most."""
    whole = {place: [int(part.to_integral_value(ROUND_HALF_UP)) for part in behind] for place, behind in parts.items()}
    for place in [place for place in parts if place.period == period and measure.adds is Adds.UP]:
        there = [Place(place.about, month) for month in months if Place(place.about, month) in parts]
        for k, part in enumerate(parts[place]):
            if abs(sum(parts[each][k] for each in there) - part) > A_TRIFLE:
                continue
            over = sum(whole[each][k] for each in there) - whole[place][k]
            step = 1 if over > 0 else -1
            there.sort(key=lambda each: step * (parts[each][k] - whole[each][k]))
            for each in there[: abs(over)]:
                whole[each][k] -= step
    return {place: tuple(numbers) for place, numbers in whole.items()}


def _protect_together(
    measure: Measure,
    parts: Mapping[Place, tuple[int, ...]],
    prisons: list[str],
    period: str,
    months: tuple[str, ...],
    silent: Collection[Place],
) -> dict[Place, Protected]:
    rests = _rests(measure, parts, period, months, silent)
    parts = {**parts, **rests}
    places = sorted(parts, key=lambda p: (p.about, p.period))
    layers = layer_words(measure)
    # One layer of counts for each part, and for a share one for the whole.
    index = {(place, layer): i * len(layers) + k for i, place in enumerate(places) for k, layer in enumerate(layers)}
    counts = [n for place in places for n in _layers(measure, parts[place])]
    sums = [
        Sum(index[total, layer], tuple(index[part, layer] for part in tied))
        for total, tied in _tied(measure, places, prisons, period, months)
        for layer in layers
    ]
    if measure.kind is Kind.SHARE:
        sums += [Sum(index[place, WHOLE], (index[place, PART], index[place, REST])) for place in places]
    # Amounts are rounded: a sum that no longer holds is none.
    sums = [one for one in sums if sum(counts[part] for part in one.parts) == counts[one.total]]
    # What a reader needs most goes last: the nation before a prison, the quarter before a month.
    keep = [2 * (place.about == NATION) + (place.period == period) for place in places for _ in layers]
    figures = [[index[place, layer] for layer in layers] for place in places]
    unknown = [at for i, place in enumerate(places) if place in rests for at in figures[i]]
    shown = withhold_all(counts, sums, keep=keep, figures=figures, unknown=unknown)
    return {
        place: _figure(measure, [shown[at] for at in figures[i]])
        for i, place in enumerate(places)
        if place not in rests
    }


NOT_RETURNED = "the months without a return"


def _rests(
    measure: Measure,
    parts: Mapping[Place, tuple[int, ...]],
    period: str,
    months: tuple[str, ...],
    silent: Collection[Place],
) -> dict[Place, tuple[int, ...]]:
    """What of a prison's quarter lies in months that it did not return: nobody publishes it, and nobody knows it.

    It is nought or more, so the months that were returned still hold the quarter from below.
    """
    found = {}
    for about in {place.about for place in silent if place.period in months} if measure.adds is Adds.UP else ():
        if Place(about, period) in parts:
            there = [parts[Place(about, month)] for month in months if Place(about, month) in parts]
            # Below nought is the rounding of amounts.
            found[Place(about, NOT_RETURNED)] = tuple(
                max(0, whole - sum(part[k] for part in there)) for k, whole in enumerate(parts[Place(about, period)])
            )
    return found


def layer_words(measure: Measure) -> tuple[str, ...]:
    if measure.kind is Kind.SHARE:
        return (PART, REST, WHOLE)
    return (COUNTED, AMOUNT) if measure.denominator else (COUNTED,)


def _layers(measure: Measure, parts: tuple[int, ...]) -> tuple[int, ...]:
    return (*parts, sum(parts)) if measure.kind is Kind.SHARE else parts


def _tied(
    measure: Measure,
    places: Collection[Place],
    prisons: Iterable[str],
    period: str,
    months: tuple[str, ...],
) -> list[tuple[Place, list[Place]]]:
    """What a reader can add up: the prisons of each period to the nation, the months of each prison to the quarter.

    A prison that did not return a month has that month's unknown rest in its quarter and in the nation's. A state at
    the end is that of the last month, and the nation's only where the same prisons have both: else what another
    prison has of the quarter would be taken for nought because it happens to be.
    """
    there, prisons = set(places), list(prisons)
    tied = [(Place(NATION, each), [Place(code, each) for code in prisons]) for each in (period, *months)]
    if measure.adds is Adds.UP:
        tied += [(Place(code, period), [Place(code, each) for each in (*months, NOT_RETURNED)]) for code in prisons]
        rests = [Place(code, NOT_RETURNED) for code in prisons]
        tied.append((Place(NATION, period), [*(Place(NATION, month) for month in months), *rests]))
    elif measure.adds is Adds.LAST and months:
        last = months[-1]
        whole = all((Place(code, period) in there) == (Place(code, last) in there) for code in prisons)
        tied += [(Place(code, period), [Place(code, last)]) for code in (*([NATION] if whole else []), *prisons)]
    kept = [(total, [part for part in parts if part in there]) for total, parts in tied if total in there]
    return [(total, parts) for total, parts in kept if parts]


def _figure(measure: Measure, shown: list[Protected]) -> Protected:
    """A figure from its protected counts: hidden with any of them."""
    if not all(one.shown for one in shown):
        return Protected(State.TOO_FEW)
    if not measure.denominator:
        return shown[0]
    above, below = shown[0].value, shown[-1].value
    assert above is not None
    assert below is not None
    per = 1 if measure.kind is Kind.SHARE else measure.per
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
