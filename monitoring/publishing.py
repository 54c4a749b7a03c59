"""From prisons' exact figures to the protected figures of a release.

Everything that could be worked out from something else is protected together: prisons and the nation, the months
and the quarter, a share's part, rest and whole, groups and all together, and measures that share a count or add up to
another. Pure but for its inputs; nothing is stored here.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from buddyscheme.lib.errors import NotAllowed
from monitoring.disclosure import SMALLEST_SHOWN, Protected, State, Sum, withhold_all
from monitoring.disclosure.whole import whole_numbers
from monitoring.disclosure.withhold import NothingLeftToHide
from monitoring.measures.catalogue import BY_CODE
from monitoring.measures.definition import EQUALITY, Measure, Parts, Source, Told
from monitoring.measures.groups import GROUP_WORDS, UNKNOWN, breakdown_of, split
from monitoring.models.figure import FigureState
from monitoring.release_web import NATION, Count, Place, Web, how_late
from monitoring.rollups import Computed, Quality
from monitoring.telling import NOUGHT_IS_A_COUNT, behind, figure_of, layers, together, withheld
from monitoring.ties import families

KNOWN = (FigureState.VALUE, FigureState.NONE, FigureState.NOT_REACHED)
ENOUGH = 20
"""How many visits a step of a share about them must be: half a step at either end is then a count of 10."""
STEPS = (Decimal("0.05"), Decimal("0.1"), Decimal("0.2"), Decimal("0.5"))
Exact = Mapping[Place, Computed]


@dataclass(frozen=True)
class Released:
    """One figure as it will be stored in a release."""

    place: Place
    measure: Measure
    figure: Protected
    quality: dict[str, Any] = field(default_factory=dict)


def protect_all(
    exact: Mapping[Measure, Exact],
    *,
    period: str,
    months: tuple[str, ...],
    noughts: Collection[tuple[str, str]] = (),
    protected: Callable[[int, int], None] = lambda _done, _of: None,
) -> list[Released]:
    """Every prison's and the nation's figures, for the whole period and its months, and the nation's of each group.

    `exact` has each prison's computed figures, groups among them. The nation's is made here from those of the prisons
    that returned something; a prison without a return is said to have none, and is in no sum. `noughts` are the
    (measure, prison) of the whole period that could not be anything but nought, and are told as none. `protected` is
    told after each family of measures how many are done, of how many. Raises `NotAllowed` with the figure that cannot
    be hidden, should there be one.
    """
    found: list[Released] = []
    there = [[measure for measure in family if measure in exact] for family in families()]
    for number, family in enumerate(there, start=1):
        if family:
            found += _Family({measure: exact[measure] for measure in family}, period, months, noughts).released()
        protected(number, len(there))
    return found


def protect(measure: Measure, exact: Exact, *, period: str, months: tuple[str, ...]) -> list[Released]:
    """The same of one measure by itself."""
    return protect_all({measure: exact}, period=period, months=months)


class _Family:
    """Measures that say something of each other's counts."""

    def __init__(
        self,
        exact: Mapping[Measure, Exact],
        period: str,
        months: tuple[str, ...],
        noughts: Collection[tuple[str, str]],
    ) -> None:
        self.exact, self.period, self.months, self.noughts = exact, period, months, noughts
        self.periods = (period, *months)
        self.known = {measure: _known(measure, figures) for measure, figures in exact.items()}
        self.parts: dict[tuple[Measure, Place], Parts | None] = {
            (measure, place): computed.parts
            for measure, figures in self.known.items()
            for place, computed in figures.items()
        }
        self.own: dict[Count, Decimal] = {}
        for measure in exact:
            self._add_up(measure)
        self.web = Web(
            {measure: [place for other, place in self.parts if other is measure] for measure in exact},
            period=period,
            months=months,
            silent={measure: _silent(figures) for measure, figures in exact.items()},
            rests=True,
            differs=lambda own, shared: shared in self.own and self.own[own] != self.own[shared],
        )

    def _add_up(self, measure: Measure) -> None:
        """The nation's exact parts and counts, and those of its groups, from those of the prisons."""
        for place in self.known[measure]:
            self._note(measure, place, behind(measure, self.parts[measure, place]))
        for each in self.periods:
            there = [place for place in self.known[measure] if place.period == each]
            if there:
                nation = Place(NATION, each)
                self.parts[measure, nation] = together(measure, [self.parts[measure, place] for place in there])
                self._note(measure, nation, _summed(behind(measure, self.parts[measure, place]) for place in there))
        if (measure, Place(NATION, self.period)) in self.parts:
            for breakdown, counts in self._groups(measure).items():
                group = Place(NATION, self.period, breakdown)
                self.parts[measure, group] = None
                self._note(measure, group, counts)

    def _note(self, measure: Measure, place: Place, counts: tuple[Decimal, ...]) -> None:
        for layer, amount in zip(layers(measure), counts, strict=True):
            self.own[Count(measure.code, layer, place.about, place.period, place.breakdown)] = amount

    def _groups(self, measure: Measure) -> dict[str, tuple[Decimal, ...]]:
        """Each group that there can be, whether anybody is in it or not, and those who are in none that is known."""
        counts = {
            breakdown_of(by, group): [(Decimal(0),) * len(layers(measure))]
            for by in sorted(measure.by & EQUALITY)
            for group in (*GROUP_WORDS[by], UNKNOWN)
        }
        prisons = {place.about for place in self.known[measure] if place.period == self.period}
        for place, computed in self.exact[measure].items():
            if place.breakdown in counts and place.period == self.period and place.about in prisons:
                counts[place.breakdown].append(behind(measure, computed.parts))
        summed = {breakdown: _summed(each) for breakdown, each in counts.items()}
        return {breakdown: each for breakdown, each in summed.items() if self._divided(measure, breakdown, summed)}

    def _divided(self, measure: Measure, breakdown: str, groups: Mapping[str, tuple[Decimal, ...]]) -> bool:
        """Whether all of what a rate is of is divided into these groups.

        Where a prison counted its prisoners, but not by age, its people are above the line of each age and nobody is
        below: the groups would look better helped than they are, so none of that breakdown is told.
        """
        if measure.told is not Told.RATE:
            return True
        by, _ = split(breakdown)
        below = sum((amounts[1] for each, amounts in groups.items() if split(each)[0] is by), Decimal(0))
        return below == self.own[Count(measure.code, layers(measure)[1], NATION, self.period)]

    # --- protecting -------------------------------------------------------------------------------

    def released(self) -> list[Released]:
        """Every figure of these measures."""
        try:
            shown = self._shown()
        except NothingLeftToHide as error:
            raise NotAllowed(cannot_hide(list(self._whole_numbers())[error.place])) from error
        found = []
        for (measure, place), parts in self.parts.items():
            names = self.web.behind[measure, place]
            figure = figure_of(measure, [shown[name] for name in names], parts)
            found.append(Released(place, measure, figure, self._quality(measure, place)))
        found += [
            Released(place, measure, Protected(State(computed.state.value)))
            for measure, figures in self.exact.items()
            for place, computed in figures.items()
            if not place.breakdown and place not in self.known[measure]
        ]
        found += [
            Released(Place(NATION, each), measure, _nation_without(figures, each))
            for measure, figures in self.exact.items()
            for each in self.periods
            if (measure, Place(NATION, each)) not in self.parts and any(place.period == each for place in figures)
        ]
        return found

    def _shown(self) -> dict[Count, Protected]:
        """Each count as it may be shown."""
        numbers = self._whole_numbers()
        at = {name: place for place, name in enumerate(numbers)}
        counts = list(numbers.values())
        sums = [Sum(at[total], tuple(at[part] for part in parts)) for total, parts in self.web.sums if total in at]
        # Amounts are rounded: a sum that does not hold any more is none.
        sums = [one for one in sums if sum(counts[part] for part in one.parts) == counts[one.total]]
        figures = [(key, names) for key, names in self.web.behind.items() if names]
        found = withhold_all(
            counts,
            sums,
            structural_zeros=[at[name] for name in self._structural() if not numbers[name]],
            keep=[how_late(name, self.period) for name in numbers],
            figures=[[at[name] for name in names] for _, names in figures],
            unknown=[at[name] for name in self.web.unknown],
            withheld=[
                number
                for number, ((measure, place), _) in enumerate(figures)
                if withheld(measure, self.parts[measure, place])
            ],
        )
        return {name: found[place] for name, place in at.items()}

    def _structural(self) -> Iterator[Count]:
        for (measure, place), names in self.web.behind.items():
            if (measure.code, place.about) in self.noughts and place.period == self.period:
                yield from names

    def _whole_numbers(self) -> dict[Count, int]:
        """Each count as a whole number: of each prison so that its sums hold, of the nation as the sum of these."""
        amounts: dict[Count, Decimal] = {}
        for (measure, place), names in self.web.behind.items():
            for layer, name in zip(layers(measure), names, strict=True):
                own = Count(measure.code, layer, place.about, place.period, place.breakdown)
                amounts.setdefault(name, self.own[own])
        numbers: dict[Count, int] = {}
        for about in sorted({name.about for name in amounts} - {NATION}):
            here = {name: amount for name, amount in amounts.items() if name.about == about}
            sums = [one for one in self.web.sums if one[0] in here and all(part in here for part in one[1])]
            numbers |= whole_numbers(here, sums)
        nation = {name: amount for name, amount in amounts.items() if name.about == NATION}
        fixed = {
            total: sum(numbers[part] for part in parts)
            for total, parts in self.web.sums
            if total in nation and all(part.about != NATION and part in numbers for part in parts)
        }
        groups = [one for one in self.web.sums if one[0] in nation and any(part.breakdown for part in one[1])]
        numbers |= whole_numbers(nation, groups, fixed)
        return numbers | self._rests(numbers)

    def _rests(self, numbers: Mapping[Count, int]) -> dict[Count, int]:
        """What of a prison's quarter lies in months that it did not return: nobody publishes it, and nobody knows it.

        It is nought or more, so the months that were returned still hold the quarter from below.
        """
        rests = dict.fromkeys(self.web.unknown, 0)
        for total, parts in self.web.sums:
            if total.about != NATION and not rests.keys().isdisjoint(parts):
                (rest,) = [part for part in parts if part in rests]
                rests[rest] = max(0, numbers[total] - sum(numbers[part] for part in parts if part != rest))
        return rests

    # --- what a reader needs to judge a figure ------------------------------------------------------

    def _quality(self, measure: Measure, place: Place) -> dict[str, Any]:
        if place.breakdown or measure.source in (Source.TYPED, Source.ELSEWHERE):
            return {}
        if place.about != NATION:
            return _quality([self.known[measure][place].quality])
        return _quality([each.quality for at, each in self.known[measure].items() if at.period == place.period])


def cannot_hide(name: Count) -> str:
    """What to do about a small number that is given away by what everybody knows."""
    return (
        f"Nothing was published, because a number that may not be shown could be worked out: {name} "
        f"({BY_CODE[name.measure].title}). Everything that it adds up with is hidden already or known to be nought. "
        "Have the records behind it checked. If they are right, ask whoever looks after this service to leave this "
        "figure out of releases."
    )


def _known(measure: Measure, figures: Exact) -> dict[Place, Computed]:
    """Where there is a count: a number, none, or nobody to whom it was due although the scheme is running."""
    return {
        place: computed
        for place, computed in figures.items()
        if not place.breakdown
        and (
            computed.state in KNOWN
            or (
                computed.state is FigureState.NOT_YET_DUE
                and computed.quality.anything_returned
                and measure.told in NOUGHT_IS_A_COUNT
            )
        )
    }


def _silent(figures: Exact) -> list[Place]:
    return [place for place, computed in figures.items() if computed.state is FigureState.NOT_RETURNED]


def _summed(counts: Iterable[tuple[Decimal, ...]]) -> tuple[Decimal, ...]:
    return tuple(sum(column, Decimal(0)) for column in zip(*counts, strict=True))


def _nation_without(figures: Exact, period: str) -> Protected:
    states = {computed.state.value for place, computed in figures.items() if place.period == period}
    return Protected(State.NOT_RETURNED if State.NOT_RETURNED in states else State.NOT_YET_DUE)


def _quality(qualities: list[Quality]) -> dict[str, Any]:
    """Shares in steps so wide that the visits of one step could hide a small number, and none of too few visits."""
    planned, recorded = sum(q.planned for q in qualities), sum(q.recorded for q in qualities)
    visits = sum(q.visits for q in qualities)
    sources: dict[str, int] = {}
    for quality in qualities:
        for source, count in quality.sources.items():
            sources[source] = sources.get(source, 0) + count
    return {
        "completeness": _in_steps(recorded, planned),
        "looked_at_share": _in_steps(sum(q.looked_at_visits for q in qualities), visits),
        "late_share": _in_steps(sum(q.late_visits for q in qualities), visits),
        "sources": {source: str(_in_steps(count, visits)) for source, count in sources.items()}
        if step_of(visits) is not None
        else {},
    }


def step_of(whole: int) -> Decimal | None:
    """The narrowest step in which a share of so many visits may be told; None where there is none."""
    rounded = (whole + 2) // 5 * 5 if whole >= SMALLEST_SHOWN else 0
    return next((step for step in STEPS if step * rounded >= ENOUGH), None)


def _in_steps(part: int, whole: int) -> Decimal | None:
    step = step_of(whole)
    if step is None:
        return None
    return (Decimal(part) / Decimal(whole) / step).quantize(Decimal(1), ROUND_HALF_UP) * step
