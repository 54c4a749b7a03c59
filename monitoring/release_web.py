"""The counts behind the figures of a release and everything that a reader can add up, as names and sums of names.

One web for both sides: publishing fills it with exact counts and hides, the audit with what is shown and looks. Pure.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from buddyscheme.lib.dates import Month, parse_period
from monitoring.measures.catalogue import BY_CODE
from monitoring.measures.definition import Adds, By, Every, Measure, Told
from monitoring.measures.groups import group_words
from monitoring.telling import layers
from monitoring.ties import TOTALS, Layer, named

NATION = ""
ALL_PRISONS = "all prisons"
NOT_RETURNED = "the months without a return"


@dataclass(frozen=True)
class Place:
    """Whose figure (a prison's code, or the nation) for which period's code, and of which group if of one."""

    about: str
    period: str
    breakdown: str = ""


@dataclass(frozen=True, order=True)
class Count:
    """One count: a layer of a measure at a place. The same count has one name, whichever figures it stands behind."""

    measure: str
    layer: str
    about: str
    period: str
    breakdown: str = ""

    def __str__(self) -> str:
        names = [self.measure, self.about or ALL_PRISONS, _period_words(self.period)]
        names += [group_words(self.breakdown)] if self.breakdown else []
        return ", ".join([*names, self.layer] if len(layers(BY_CODE[self.measure])) > 1 else names)


def how_late(name: Count, period: str) -> int:
    """How late a count is hidden where something must be (0 first): what a reader needs most goes last.

    The nation goes after a prison, the whole period after a month, and groups go first.
    """
    if name.breakdown or name.period == NOT_RETURNED:
        return 0
    return 2 * (name.about == NATION) + (name.period == period)


Total = tuple[Count, tuple[Count, ...]]
Counted = Mapping[Measure, Collection[Place]]


class Web:
    """`counted` are the places at which each measure has a count, shown or hidden; `silent` those without a return.

    `months` are the codes of the periods that add up to `period`, in this release or in others. With `rests` what a
    prison did not return of a quarter is a count of its own; without, such a quarter is no sum of its months.
    `differs` says of a count's own name and a shared one that they are not equal here.
    """

    def __init__(
        self,
        counted: Counted,
        *,
        period: str,
        months: Sequence[str],
        silent: Counted | None = None,
        rests: bool = False,
        differs: Callable[[Count, Count], bool] = lambda own, shared: False,
    ) -> None:
        self.counted = {measure: set(places) for measure, places in counted.items()}
        self.silent = {measure: set(places) for measure, places in (silent or {}).items()}
        self.period, self.months, self.rests, self.differs = period, tuple(months), rests, differs
        self.by_code = {measure.code: measure for measure in counted}
        self.behind: dict[tuple[Measure, Place], tuple[Count, ...]] = {}
        """The names of the counts behind each figure, in the order of the measure's layers."""
        self.unknown: set[Count] = set()
        """Counts that nobody publishes and that no figure hides: they only loosen the sums that they are part of."""
        for measure, places in self.counted.items():
            # In one order, for every prison the same: prisons that are alike are then seen to be.
            for place in sorted(places, key=lambda place: (place.about, place.breakdown, place.period)):
                self.behind[measure, place] = tuple(self._name(measure, layer, place) for layer in layers(measure))
        self.sums: list[Total] = list(dict.fromkeys(self._sums()))

    # --- names ------------------------------------------------------------------------------------

    def _name(self, measure: Measure, layer: str, place: Place) -> Count:
        own = Count(measure.code, layer, place.about, place.period, place.breakdown)
        code, other = named(measure, layer)
        shared = Count(code, other, place.about, place.period, place.breakdown)
        if shared == own or not self._shares(measure, code, place) or self.differs(own, shared):
            return own
        return shared

    def _shares(self, measure: Measure, code: str, place: Place) -> bool:
        """Whether the other measure's count of the place is the same one: of all prisons only if they are the same."""
        other = self.by_code.get(code)
        if other is None:
            return False
        if place.about != NATION:
            return True
        if place.breakdown and place not in self.counted[other]:
            return False
        return self._prisons(measure, place.period) == self._prisons(other, place.period)

    def _prisons(self, measure: Measure, period: str) -> list[str]:
        return sorted(
            place.about
            for place in self.counted[measure]
            if place.about != NATION and place.period == period and not place.breakdown
        )

    # --- sums -------------------------------------------------------------------------------------

    def _sums(self) -> Iterator[Total]:
        for measure in self.counted:
            yield from self._prisons_to_nation(measure)
            yield from self._months_to_period(measure)
            yield from self._groups_to_whole(measure)
            if measure.told is Told.SHARE:
                yield from ((names[2], names[:2]) for (other, _), names in self.behind.items() if other is measure)
        yield from self._parts_to_totals()

    def _prisons_to_nation(self, measure: Measure) -> Iterator[Total]:
        for each in (self.period, *self.months):
            total = self.behind.get((measure, Place(NATION, each)))
            parts = [self.behind[measure, Place(code, each)] for code in self._prisons(measure, each)]
            if total and parts:
                yield from zip(total, zip(*parts, strict=True), strict=True)

    def _months_to_period(self, measure: Measure) -> Iterator[Total]:
        """By the way in which the counts themselves add up, which is that of the measure whose name they have."""
        if not self.months or not _given_for(measure, self.months[0]):
            return
        abouts = sorted({place.about for place in self.counted[measure] if not place.breakdown})
        open_ended = [code for code in abouts if code != NATION and self._lacks_a_month(measure, code)]
        for about in abouts:
            for layer, total in zip(
                layers(measure), self.behind.get((measure, Place(about, self.period)), ()), strict=False
            ):
                adds = BY_CODE[total.measure].adds
                if adds is Adds.UP:
                    parts = self._added_up(measure, layer, total, open_ended)
                elif adds is Adds.LAST and self._same_at_the_end(measure, about):
                    parts = [self._of_month(measure, layer, total, self.months[-1])]
                else:
                    continue
                there = tuple(part for part in parts if part is not None)
                if there:
                    yield total, there

    def _lacks_a_month(self, measure: Measure, code: str) -> bool:
        silent = self.silent.get(measure, set())
        return any(Place(code, each) in silent for each in (self.period, *self.months))

    def _added_up(self, measure: Measure, layer: str, total: Count, open_ended: Sequence[str]) -> list[Count | None]:
        months = [self._of_month(measure, layer, total, each) for each in self.months]
        lacking = [code for code in open_ended if total.about in (code, NATION)]
        if not lacking:
            return list(months)
        if not self.rests:
            return []
        rests = [
            self._rest(measure, layer, code) for code in lacking if (measure, Place(code, self.period)) in self.behind
        ]
        return [*months, *rests]

    def _rest(self, measure: Measure, layer: str, code: str) -> Count:
        rest = Count(measure.code, layer, code, NOT_RETURNED)
        self.unknown.add(rest)
        return rest

    def _of_month(self, measure: Measure, layer: str, total: Count, month: str) -> Count | None:
        """The count of a month; of one that this release does not hold the name that its total has."""
        place = Place(total.about, month)
        if place in self.counted[measure]:
            return self.behind[measure, place][layers(measure).index(layer)]
        if self.rests or any(each.period == month for each in self.counted[measure]):
            # The scheme was not open, or nothing was returned.
            return None
        return Count(total.measure, total.layer, total.about, month)

    def _same_at_the_end(self, measure: Measure, about: str) -> bool:
        """A state at the end is the last month's; the nation's only where the same prisons have both."""
        last = self.months[-1]
        if not any(each.period == last for each in self.counted[measure]):
            return True
        if about != NATION:
            return Place(about, last) in self.counted[measure]
        return self._prisons(measure, self.period) == self._prisons(measure, last)

    def _groups_to_whole(self, measure: Measure) -> Iterator[Total]:
        groups = [place for place in self.counted[measure] if place.breakdown]
        for period in sorted({place.period for place in groups}):
            total = self.behind.get((measure, Place(NATION, period)))
            for by in By:
                parts = [
                    self.behind[measure, place]
                    for place in sorted(groups, key=lambda place: place.breakdown)
                    if place.period == period and place.breakdown.startswith(f"{by.value}:")
                ]
                if total and parts:
                    yield from zip(total, zip(*parts, strict=True), strict=True)

    def _parts_to_totals(self) -> Iterator[Total]:
        for total, parts in TOTALS:
            for place in self._counted_by(total):
                names = [self._layer_at(part, place) for part in parts]
                whole = self._layer_at(total, place)
                there = tuple(name for name in names if name is not None)
                if whole is not None and len(there) == len(parts):
                    yield whole, there

    def _counted_by(self, layer: Layer) -> list[Place]:
        measure = self.by_code.get(layer[0])
        return [] if measure is None else sorted(self.counted[measure], key=lambda p: (p.about, p.period, p.breakdown))

    def _layer_at(self, layer: Layer, place: Place) -> Count | None:
        measure = self.by_code.get(layer[0])
        names = None if measure is None else self.behind.get((measure, place))
        return None if names is None or measure is None else names[layers(measure).index(layer[1])]


def _given_for(measure: Measure, code: str) -> bool:
    """Whether the measure is given for periods as long as this one."""
    month = isinstance(parse_period(code), Month)
    return measure.every is Every.MONTH if month else measure.every is not Every.YEAR


def _period_words(code: str) -> str:
    return code if code == NOT_RETURNED else str(parse_period(code))
