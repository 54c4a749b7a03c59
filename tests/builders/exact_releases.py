"""Exact figures of several prisons for a whole release, drawn so that they fit each other by their definitions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from random import Random

from monitoring.measures.catalogue import RELEASED
from monitoring.measures.definition import EQUALITY, Adds, By, Every, Kind, Measure, Parts, Told
from monitoring.measures.groups import GROUP_WORDS, UNKNOWN, breakdown_of
from monitoring.models.figure import FigureState
from monitoring.release_web import Place
from monitoring.rollups import Computed, Quality
from monitoring.telling import AMOUNT, COUNTED, PART, PEOPLE, REST, SMALLER_UNITS, STEP, STEPS, WHOLE, layers
from monitoring.ties import SAME, TOTALS

MONTHS = ("2026-07", "2026-08", "2026-09")
QUARTER = "2026-Q3"
RETURNED = Quality(visits_returned=True, anything_returned=True, planned=200, recorded=180, visits=180)
SIZES = (4, 12, 30, 80)
FRACTIONS = ("OP-06", "CO-0")
Name = tuple[str, str]


def exact_release(
    seed: int, prisons: Sequence[str], measures: Iterable[Measure] = RELEASED, *, groups: bool = False
) -> dict[Measure, dict[Place, Computed]]:
    """Of each prison the quarter and its months; large and small schemes; hours and pounds with fractions."""
    there = [measure for measure in measures if measure.told is not Told.AS_IT_IS]
    found: dict[Measure, dict[Place, Computed]] = {measure: {} for measure in there}
    for prison in prisons:
        drawn = _Drawn(Random(f"{seed} {prison}"), there)
        for measure in there:
            for period in drawn.periods(measure):
                computed = drawn.computed(measure, period)
                found[measure][Place(prison, period)] = computed
            if groups and measure.by & EQUALITY and measure.told in (Told.COUNT, Told.RATE, Told.SHARE):
                found[measure] |= {Place(prison, QUARTER, each.breakdown): each for each in drawn.by_group(measure)}
    return found


class _Drawn:
    """One prison's counts by (measure, layer) and period."""

    def __init__(self, random: Random, measures: Sequence[Measure]) -> None:
        self.random, self.size = random, random.choice(SIZES)
        self.by_code = {measure.code: measure for measure in measures}
        self.at: dict[tuple[Name, str], Decimal] = {}
        self.groups: dict[tuple[Name, By], list[Decimal]] = {}
        self.parts_of: dict[Name, tuple[Name, ...]] = {}
        for total, parts in TOTALS:
            if all(code in self.by_code for code, _ in parts):
                self.parts_of.setdefault(total, parts)
        for measure in measures:
            for layer in layers(measure):
                for period in (*MONTHS, QUARTER):
                    self.count((measure.code, layer), period)

    def periods(self, measure: Measure) -> tuple[str, ...]:
        return (QUARTER, *MONTHS) if measure.every is Every.MONTH else (QUARTER,)

    def count(self, name: Name, period: str) -> Decimal:
        """Drawn once; of a name that is another's, or a sum, that one's."""
        name = SAME.get(name, name) if SAME.get(name, name)[0] in self.by_code else name
        if (name, period) not in self.at:
            self.at[name, period] = self._made(name, period)
        return self.at[name, period]

    def _made(self, name: Name, period: str) -> Decimal:
        code, layer = name
        measure = self.by_code[code]
        if name in self.parts_of:
            return sum((self.count(part, period) for part in self.parts_of[name]), Decimal(0))
        # The second way in which the same total is divided: all of it, in three.
        if code in ("OP-09i", "OP-09j", "OP-09k"):
            return self._divided(code, period)
        if layer == REST:
            return self.count((code, WHOLE), period) - self.count((code, PART), period)
        if layer == WHOLE and (code, WHOLE) not in SAME:
            return self._over_time(name, period, measure)
        if layer == PART:
            return self._over_time(name, period, measure)
        return self._over_time(name, period, measure)

    def _divided(self, code: str, period: str) -> Decimal:
        if period == QUARTER:
            return sum((self.count((code, COUNTED), month) for month in MONTHS), Decimal(0))
        whole = self.count(("OP-09a", COUNTED), period)
        first, second = whole // 2, whole // 3
        return {"OP-09i": first, "OP-09j": second, "OP-09k": whole - first - second}[code]

    def _over_time(self, name: Name, period: str, measure: Measure) -> Decimal:
        code, layer = name
        if period == QUARTER and measure.every is Every.MONTH and measure.adds is Adds.UP:
            return sum((self.count(name, month) for month in MONTHS), Decimal(0))
        if period == QUARTER and measure.every is Every.MONTH and measure.adds is Adds.LAST:
            return self.count(name, MONTHS[-1])
        if layer == PART:
            return Decimal(self.random.randint(0, int(self.count((code, WHOLE), period))))
        if code.startswith(FRACTIONS) and layer in (COUNTED, STEPS):
            return Decimal(self.random.randint(0, self.size * 60)) / 60
        return Decimal(self.random.randint(0, self.size * (3 if layer == AMOUNT else 1)))

    # --- figures ----------------------------------------------------------------------------------

    def computed(self, measure: Measure, period: str) -> Computed:
        counts = {layer: self.count((measure.code, layer), period) for layer in layers(measure)}
        return _computed(measure, self._parts(measure, counts))

    def _parts(self, measure: Measure, counts: dict[str, Decimal]) -> Parts | None:
        match measure.told:
            case Told.SHARE:
                return Parts(counts[PART], counts[WHOLE], int(counts[WHOLE]))
            case Told.RATE:
                return Parts(counts[COUNTED], counts[AMOUNT], int(counts[AMOUNT]))
            case Told.FULL_TIME:
                return Parts(counts[COUNTED] * 30, Decimal(30), int(counts[COUNTED]))
            case Told.MEDIAN:
                assert measure.typical is not None
                return measure.typical((self.random.randint(0, 40), True) for _ in range(int(counts[PEOPLE])))
            case Told.MEAN:
                n = int(counts[PEOPLE])
                total = Decimal(sum(self.random.choice((-2, -1, 0, 0, 1, 2)) for _ in range(n)))
                return Parts(total, Decimal(n), n) if n else None
            case Told.MONEY:
                return Parts(counts[STEPS] * STEP, None, 1)
            case Told.UNIT_COST:
                below = counts[AMOUNT] / SMALLER_UNITS.get(measure.code, Decimal(1))
                return Parts(counts[STEPS] * STEP, below, int(below)) if below else None
        return Parts(counts[COUNTED], None, int(counts[COUNTED]))

    def by_group(self, measure: Measure) -> list[Computed]:
        """The quarter's counts divided over the groups of each breakdown, most of them over few groups."""
        found = []
        whole = {layer: self.count((measure.code, layer), QUARTER) for layer in layers(measure)}
        for by in sorted(measure.by & EQUALITY):
            groups = [*GROUP_WORDS[by], UNKNOWN]
            divided = {
                layer: self._divided_by((measure.code, layer), by, amount, len(groups))
                for layer, amount in whole.items()
                if layer != WHOLE
            }
            for number, group in enumerate(groups):
                counts = {layer: amounts[number] for layer, amounts in divided.items()}
                if WHOLE in whole:
                    counts[WHOLE] = counts[PART] + counts[REST]
                parts = self._parts(measure, counts)
                found.append(_computed(measure, parts, breakdown_of(by, group)))
        return found

    def _divided_by(self, name: Name, by: By, amount: Decimal, into: int) -> list[Decimal]:
        """Of a count that has another name as well, the same groups under both."""
        name = SAME.get(name, name) if SAME.get(name, name)[0] in self.by_code else name
        if (name, by) not in self.groups:
            self.groups[name, by] = self._split(amount, into)
        return self.groups[name, by]

    def _split(self, amount: Decimal, into: int) -> list[Decimal]:
        weights = [self.random.choice((0, 1, 1, 5)) for _ in range(into)]
        left, parts = int(amount), []
        for weight in weights[:-1]:
            share = min(left, int(amount) * weight // max(1, sum(weights)))
            parts.append(Decimal(share))
            left -= share
        return [*parts, amount - sum(parts)]


def _computed(measure: Measure, parts: Parts | None, breakdown: str = "") -> Computed:
    value = None if parts is None else measure.value(parts)
    state = FigureState.NOT_YET_DUE if value is None else FigureState.VALUE
    if value == 0 and measure.kind in (Kind.COUNT, Kind.RATE, Kind.RATIO, Kind.MONEY):
        state = FigureState.NONE
    return Computed(measure, state, value, parts, RETURNED, breakdown)
