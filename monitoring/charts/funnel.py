"""Units of different size beside each other, with what chance alone brings at each size: a funnel.

No ranks: who stands high among small numbers is chance. A unit outside the outer limits is a question, not a verdict.
Drawn by `templates/monitoring/charts/funnel.html`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from typing import ClassVar, Literal

from monitoring import statistics
from monitoring.charts.point import (
    LEFT,
    LINE_HEIGHT,
    PLOT,
    SPAN,
    KeyLine,
    Rule,
    Scale,
    Tick,
    across,
    dots,
    down,
    key_of,
    path,
    scale_for,
)
from monitoring.disclosure import State
from monitoring.statistics import Interval

TOP, BOTTOM = 28, 332
INNER, OUTER = 0.95, 0.998
ALLOWED_FROM = 10
"""With fewer units nobody can tell how much they differ anyway."""
STEPS = 48
# Limits of ratios are asked for by what is expected; steps of 12% serve every chart of every page.
EXPECTED = tuple(0.5 * 1.12**step for step in range(110))
MOST_NAMES = 4
NAME_APART = 20

Where = Literal["", "inside", "between", "high", "low"]


@dataclass(frozen=True)
class Unit:
    """A prison on one measure, from numbers as released. `words` is the figure as a reader sees it.

    `numerator` and `denominator` are there with the states VALUE and NONE only. `like` is whether it belongs to the
    group that is marked.
    """

    name: str
    state: State
    words: str
    numerator: float | None = None
    denominator: float | None = None
    href: str = ""
    like: bool = False

    @property
    def drawn(self) -> bool:
        return self.numerator is not None and bool(self.denominator)


@dataclass(frozen=True)
class Judged:
    """Where a unit lies against chance, and against chance and how much units differ anyway (if that is shown)."""

    unit: Unit
    value: float
    where: Where
    allowed: Where = ""

    @property
    def outside(self) -> bool:
        return self.where in ("high", "low")


@dataclass(frozen=True)
class Field:
    """The units that have a figure, judged: what words, table and picture are made from.

    `per` is what a rate is for (1,000 hours), None for a share. `between` is the variance between units, None where it
    is not shown: under ten units, or where they differ no more than by chance.
    """

    judged: tuple[Judged, ...]
    centre: float
    per: float | None
    between: float | None

    @property
    def values_at(self) -> float:
        """What a centre of 1 is on the scale of the figures."""
        return self.centre if self.per is None else self.centre * self.per


def judge(units: Sequence[Unit], *, per: float | None = None, centre: float | None = None) -> Field | None:
    """Every unit against the funnel around `centre` (a share, or events for one of the denominator).

    Left out, the centre is that of all units together. None where no unit has a figure, or nothing happened anywhere,
    or everything did: then there is no funnel.
    """
    drawn = [unit for unit in units if unit.drawn]
    numerators, denominators = [unit.numerator or 0 for unit in drawn], [unit.denominator or 0 for unit in drawn]
    if not drawn:
        return None
    centre = sum(numerators) / sum(denominators) if centre is None else centre
    if centre <= 0 or (per is None and centre >= 1):
        return None
    between = _between(numerators, denominators, centre, per)
    judged = _judged(drawn, numerators, denominators, centre, per, between)
    return Field(judged, centre, per, between)


def _between(
    numerators: Sequence[float], denominators: Sequence[float], centre: float, per: float | None
) -> float | None:
    if len(numerators) < ALLOWED_FROM:
        return None
    if per is None:
        found = statistics.overdispersion(numerators, denominators)
    else:
        found = statistics.overdispersion(numerators, [centre * each for each in denominators], "sqrt")
    return found.tau_squared or None


def _judged(
    units: Sequence[Unit],
    numerators: Sequence[float],
    denominators: Sequence[float],
    centre: float,
    per: float | None,
    between: float | None,
) -> tuple[Judged, ...]:
    inner = _limits(denominators, centre, per, INNER)
    outer = _limits(denominators, centre, per, OUTER)
    found = []
    for unit, o, n, close, wide in zip(units, numerators, denominators, inner, outer, strict=True):
        share = o / n
        wider = None if between is None else _widened(n, centre, per, between)
        allowed = "" if wider is None else _where(share, wider, wider)
        found.append(Judged(unit, share * (per or 1), _where(share, close, wide), allowed))
    return tuple(found)


def _where(share: float, inner: Interval, outer: Interval) -> Where:
    if share > outer.high:
        return "high"
    if share < outer.low:
        return "low"
    return "inside" if inner.low <= share <= inner.high else "between"


def _limits(sizes: Sequence[float], centre: float, per: float | None, level: float) -> list[Interval]:
    """Limits of the share, or of events for one of the denominator, at each size."""
    if per is None:
        return [statistics.proportion_funnel_limits(centre, n, level) for n in sizes]
    ratios = statistics.ratio_funnel_curve(tuple(centre * n for n in sizes), level)
    return [Interval(each.low * centre, each.high * centre) for each in ratios]


def _widened(n: float, centre: float, per: float | None, between: float) -> Interval:
    if per is None:
        return statistics.widened_proportion_limits(centre, n, OUTER, between)
    ratio = statistics.widened_ratio_limits(centre * n, OUTER, between)
    return Interval(ratio.low * centre, ratio.high * centre)


@dataclass(frozen=True)
class Mark:
    """One unit in the picture: a path that the end of its stroke turns into a disc or a square."""

    href: str
    words: str
    path: str


@dataclass(frozen=True)
class Name:
    """The name of a unit outside the outer limits, beside its mark."""

    x: str
    y: str
    dx: str
    anchor: str
    words: str


@dataclass(frozen=True)
class FunnelChart:
    """All that the template needs."""

    id: str
    title: str
    description: str
    scale: tuple[Rule, ...]
    sizes: tuple[Name, ...]
    size_words: tuple[KeyLine, ...]
    centre: str
    inner: str
    outer: str
    allowed: str
    others: tuple[Mark, ...]
    like: tuple[Mark, ...]
    circled: str
    names: tuple[Name, ...]
    key: tuple[KeyLine, ...]
    left: str
    width: str
    units: str
    top: str
    bottom: str
    plot_height: str
    sizes_y: str
    height: str
    template: ClassVar[str] = "monitoring/charts/funnel.html"


@dataclass(frozen=True)
class _Frame:
    """From figures to places."""

    low: float
    high: float
    widest: float

    def x(self, size: float) -> float:
        """By the square root: most units are small, and this is how limits narrow."""
        return PLOT * sqrt(size / self.widest)

    def y(self, value: float) -> float:
        return (BOTTOM - TOP) * (1 - (value - self.low) / (self.high - self.low))


def funnel_chart(
    field: Field,
    *,
    id: str,
    title: str,
    conclusion: str,
    size_words: str,
    tick: Tick,
    like: str = "",
    others: str = "Prisons",
) -> FunnelChart:
    """The geometry of a funnel. `id` must be its own on the page; `tick` words the scale of the figures.

    `size_words` stand under the scale of sizes ("Planned visits"); `like` names the marked group in the key.
    """
    widest = scale_for(max(each.unit.denominator or 0 for each in field.judged))
    scale, low = _scale(field)
    frame = _Frame(low, scale.top, widest.top)
    places = [(frame.x(each.unit.denominator or 0), frame.y(each.value)) for each in field.judged]
    outside = [place for each, place in zip(field.judged, places, strict=True) if each.outside]
    size = key_of([("", size_words)], BOTTOM + 2 * LINE_HEIGHT + 4)
    key = key_of(_key(field, like, others, low, tick), BOTTOM + (3 + len(size)) * LINE_HEIGHT)
    return FunnelChart(
        id=id,
        title=title,
        description=conclusion,
        scale=tuple(_rule(value, frame, tick(value)) for value in scale.ticks if value >= low),
        sizes=_sizes(frame),
        size_words=size,
        centre=down(TOP + frame.y(field.values_at)),
        inner=_curves(field, frame, INNER),
        outer=_curves(field, frame, OUTER),
        allowed=_allowed(field, frame),
        others=_marks(field, places, like=False),
        like=_marks(field, places, like=True),
        circled=dots(outside),
        names=_names(field, places),
        key=key,
        left=across(LEFT),
        width=across(SPAN),
        units=str(PLOT),
        top=down(TOP),
        bottom=down(BOTTOM),
        plot_height=down(BOTTOM - TOP),
        sizes_y=down(BOTTOM + LINE_HEIGHT),
        height=down(BOTTOM + (2 + len(size) + len(key)) * LINE_HEIGHT + 12),
    )


def _scale(field: Field) -> tuple[Scale, float]:
    """The scale of the figures and where it begins.

    Shares are seen on the part of 0 to 100% where they lie: it begins at a quarter below the lowest, or ends at a
    quarter or a half above the highest.
    """
    values = [each.value for each in field.judged] + [field.values_at]
    if field.per is not None:
        return scale_for(max([*values, field.values_at * 1.5])), 0
    low = next(quarter for quarter in (0.75, 0.5, 0.25, 0) if quarter <= min(values))
    top = 1 if low else next(end for end in (0.25, 0.5, 1) if end >= max(values))
    steps = 5 if top - low in (0.25, 0.5) else round((top - low) / 0.25)
    return Scale(top, tuple(low + (top - low) * step / steps for step in range(steps + 1))), low


def _rule(value: float, frame: _Frame, words: str) -> Rule:
    y = TOP + frame.y(value)
    return Rule(down(y), down(y - 5), words)


def _sizes(frame: _Frame) -> tuple[Name, ...]:
    """Nought, the widest, and two round numbers about a third and two thirds of the way."""
    thirds = [float(f"{frame.widest * share:.1g}") for share in (1 / 9, 4 / 9)]
    found = []
    for size in sorted({0.0, *thirds, frame.widest}):
        x = LEFT + SPAN * frame.x(size) / PLOT
        found.append(Name(across(x), "", "0", "end" if size == frame.widest else "middle", f"{size:,.0f}"))
    return tuple(found)


def _grid(field: Field, frame: _Frame) -> list[float]:
    """Sizes at which limits are drawn: closer together where they bend."""
    if field.per is None:
        return [frame.widest * (step / STEPS) ** 3 for step in range(1, STEPS + 1)]
    sizes = [expected / field.centre for expected in EXPECTED]
    return [size for size in sizes if frame.widest / 2000 <= size <= frame.widest] + [frame.widest]


def _curves(field: Field, frame: _Frame, level: float) -> str:
    grid = _grid(field, frame)
    if field.per is None:
        limits = _limits(grid, field.centre, None, level)
    else:
        # Asked for as a whole every time, so that it is worked out once and kept; then cut to this chart.
        inside = set(grid[:-1])
        whole = zip(EXPECTED, statistics.ratio_funnel_curve(EXPECTED, level), strict=True)
        ratios = [ratio for expected, ratio in whole if expected / field.centre in inside]
        ratios.append(statistics.ratio_funnel_limits(field.centre * frame.widest, level))
        limits = [Interval(each.low * field.centre, each.high * field.centre) for each in ratios]
    return _both(grid, limits, field, frame)


def _allowed(field: Field, frame: _Frame) -> str:
    if field.between is None:
        return ""
    grid = _grid(field, frame)
    return _both(grid, [_widened(n, field.centre, field.per, field.between) for n in grid], field, frame)


def _both(grid: Sequence[float], limits: Sequence[Interval], field: Field, frame: _Frame) -> str:
    times = field.per or 1
    pairs = list(zip(grid, limits, strict=True))
    lower = path((frame.x(n), frame.y(each.low * times)) for n, each in pairs)
    return lower + path((frame.x(n), frame.y(each.high * times)) for n, each in pairs)


def _marks(field: Field, places: Sequence[tuple[float, float]], *, like: bool) -> tuple[Mark, ...]:
    return tuple(
        Mark(each.unit.href, f"{each.unit.name}: {each.unit.words}", dots([place]))
        for each, place in zip(field.judged, places, strict=True)
        if each.unit.like is like
    )


def _names(field: Field, places: Sequence[tuple[float, float]]) -> tuple[Name, ...]:
    """Names of those outside, where they are few enough and far enough apart to be read; the words name them all."""
    outside = [(each.unit.name, place) for each, place in zip(field.judged, places, strict=True) if each.outside]
    if len(outside) > MOST_NAMES:
        return ()
    found: list[Name] = []
    taken: list[float] = []
    for name, (x, y) in outside:
        if any(abs(y - other) < NAME_APART for other in taken):
            continue
        taken.append(y)
        right = x < PLOT / 2
        place = across(LEFT + SPAN * x / PLOT)
        found.append(Name(place, down(TOP + y + 5), "14" if right else "-14", "start" if right else "end", name))
    return tuple(found)


def _key(field: Field, like: str, others: str, low: float, tick: Tick) -> list[tuple[str, str]]:
    entries = []
    if any(each.unit.like for each in field.judged):
        entries.append(("square", like))
        others = f"Other {others[:1].lower()}{others[1:]}"
    entries += [
        ("disc", others),
        ("line", f"All together: {tick(field.values_at)}"),
        ("dashed", "95% limits of chance"),
        ("solid", "99.8% limits of chance"),
    ]
    if field.between is not None:
        entries.append(("dotted", "99.8%, allowing for prisons that differ anyway"))
    if any(each.outside for each in field.judged):
        entries.append(("circled", "Outside the 99.8% limits"))
    if low:
        entries.append(("", f"The scale begins at {tick(low)}."))
    return entries
