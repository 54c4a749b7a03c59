"""The statistics behind the figures: pure functions of numbers, with the source of each formula.

Shares and proportions are fractions of 1, and so is a level (0.95). Impossible input raises `ValueError` with a
sentence. Nothing here knows a prison, a measure or the database.

PHE is the technical guide of Public Health England (now OHID) to rates, proportions and funnel plots, as in its R
package PHEindicatormethods.

scipy and statsmodels take two seconds to import, so the functions that need them import them, and the start of a
process and a page without them do not wait.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise
from math import asin, inf, isfinite, log, pi, sin, sqrt
from statistics import NormalDist, fmean, mean
from typing import Any, Literal

LEAST_LEVEL = 0.9
# Under so many events PHE gives exact limits, and no directly standardised rate at all.
FEW_EVENTS = 10
# Jacobson and Truax 1991: a change this many standard errors wide is unlikely to be one of measurement alone.
RELIABLE = 1.96
# Of the individuals and moving ranges chart: three sigma over the mean moving range, and the limit of those ranges.
THREE_SIGMA, LARGEST_RANGE = 2.66, 3.267
# NHS England, Making Data Count: how long a run or a trend is a signal.
RUN = 7
ROUNDING = 1e-12

Transform = Literal["arcsine", "log", "sqrt"]
Signal = Literal["outside", "side", "trend", "two_of_three"]
Assurance = Literal["pass", "fail", "inconsistent"]
Verdict = Literal["ratio", "dominant", "dominated", "undefined"]


@dataclass(frozen=True)
class Interval:
    """From here to there, both ends included."""

    low: float
    high: float


@dataclass(frozen=True)
class Estimate:
    """A value with its interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Overdispersion:
    """How much more units differ than chance alone would have it: the ratio, and the variance between them."""

    phi: float
    tau_squared: float


@dataclass(frozen=True)
class XmR:
    """A chart of individual values with moving ranges. `signals` has one set for each value."""

    centre: float
    lower: float
    upper: float
    near_lower: float
    near_upper: float
    mean_moving_range: float
    signals: tuple[frozenset[Signal], ...]


@dataclass(frozen=True)
class KaplanMeier:
    """The share still waiting after each time at which somebody's wait ended.

    `median` is None where half of them never got there. `low` and `high` are its 95% interval on the log-log scale;
    an end that was not reached is `inf`.
    """

    times: tuple[float, ...]
    survival: tuple[float, ...]
    median: float | None
    low: float
    high: float


@dataclass(frozen=True)
class CumulativeIncidence:
    """The share to whom the event of interest has happened, after each time at which it did to somebody."""

    times: tuple[float, ...]
    probability: tuple[float, ...]


@dataclass(frozen=True)
class PairedChange:
    """After less before, of the same people. What is undefined where everybody changed by the same is None."""

    n: int
    mean: float
    low: float
    high: float
    effect_size: float | None
    statistic: float | None
    degrees_of_freedom: int
    p_value: float | None


@dataclass(frozen=True)
class ReliableChange:
    """One person's change in standard errors of measurement, and whether it is more than measurement makes likely."""

    index: float
    reliable: bool


@dataclass(frozen=True)
class Icer:
    """Cost for each unit of effect, where that says anything; otherwise which side is better whatever it is worth."""

    ratio: float | None
    verdict: Verdict


# Shares, counts and rates ----------------------------------------------------------------------------------


def wilson_interval(events: float, n: float, level: float = 0.95) -> Interval:
    """Interval of a proportion, Wilson 1927, as PHE uses it."""
    _numbers("The number of events", [events], least=0)
    _numbers("The number of people", [n])
    if n <= 0:
        raise ValueError("A proportion needs at least one person.")
    if events > n:
        raise ValueError("There cannot be more events than people.")
    from statsmodels.stats.proportion import proportion_confint

    low, high = proportion_confint(events, n, alpha=1 - _level(level), method="wilson")
    # The formula gives the two ends but for rounding.
    return Interval(0.0 if events == 0 else max(0.0, float(low)), 1.0 if events == n else min(1.0, float(high)))


def poisson_interval(events: float, level: float = 0.95) -> Interval:
    """Interval of a count: exact under ten events, by Byar's approximation from ten on (PHE)."""
    _numbers("The number of events", [events], least=0)
    tail = (1 - _level(level)) / 2
    if events < FEW_EVENTS:
        from scipy.stats import chi2

        low = chi2.ppf(tail, 2 * events) / 2 if events else 0.0
        return Interval(float(low), float(chi2.ppf(1 - tail, 2 * events + 2) / 2))
    z = _z(level)
    more = events + 1
    low = events * (1 - 1 / (9 * events) - z / (3 * sqrt(events))) ** 3
    return Interval(low, more * (1 - 1 / (9 * more) + z / (3 * sqrt(more))) ** 3)


def directly_standardised_rate(
    events: Sequence[float],
    populations: Sequence[float],
    weights: Sequence[float],
    per: float = 100_000,
    level: float = 0.95,
) -> Estimate | None:
    """The rate that the groups would have together with the standard's shares of each. Interval by Dobson 1991 (PHE).

    None under ten events in all: the rate would say more about chance than about the place.
    """
    _alike(events=events, populations=populations, weights=weights)
    _numbers("The events", events, least=0)
    _numbers("The populations", populations)
    _numbers("The weights", weights, least=0)
    _numbers("The number of people that a rate is for", [per])
    _level(level)
    if min(populations) <= 0:
        raise ValueError("Every group needs people in it. Leave out a group without any, and its weight.")
    total, weight = sum(events), sum(weights)
    if weight <= 0 or per <= 0:
        raise ValueError("The weights, and the number of people that a rate is for, must be above nought.")
    if total < FEW_EVENTS:
        return None
    rate = sum(w * o / n for o, n, w in zip(events, populations, weights, strict=True)) / weight
    variance = sum(w**2 * o / n**2 for o, n, w in zip(events, populations, weights, strict=True)) / weight**2
    counted = poisson_interval(total, level)
    scale = sqrt(variance / total)
    return Estimate(
        rate * per, (rate + scale * (counted.low - total)) * per, (rate + scale * (counted.high - total)) * per
    )


def indirectly_standardised_ratio(
    events: float | Sequence[float],
    populations: Sequence[float],
    reference_events: Sequence[float],
    reference_populations: Sequence[float],
    level: float = 0.95,
) -> Estimate:
    """Events over what the reference's rates would have brought, with the interval of the count (PHE).

    `events` are those of each group or, where only that is known, of all together.
    """
    _alike(populations=populations, reference_events=reference_events, reference_populations=reference_populations)
    observed = list(events) if isinstance(events, Sequence) else [events]
    if isinstance(events, Sequence):
        _alike(events=observed, populations=populations)
    _numbers("The events", observed, least=0)
    _numbers("The populations", populations, least=0)
    _numbers("The events of the reference", reference_events, least=0)
    _numbers("The populations of the reference", reference_populations)
    if min(reference_populations) <= 0:
        raise ValueError("Every group of the reference needs people in it.")
    rates = [o / n for o, n in zip(reference_events, reference_populations, strict=True)]
    expected = sum(n * rate for n, rate in zip(populations, rates, strict=True))
    if expected <= 0:
        raise ValueError("By the reference nothing is expected here, so there is no ratio.")
    total = sum(observed)
    counted = poisson_interval(total, level)
    return Estimate(total / expected, counted.low / expected, counted.high / expected)


# Funnels ---------------------------------------------------------------------------------------------------


def proportion_funnel_limits(centre: float, n: float, level: float) -> Interval:
    """Between which proportions a unit of this size lies by chance around the centre (PHE). Usual: 0.95 and 0.998."""
    _numbers("The centre", [centre], least=0)
    _numbers("The number of people", [n])
    if centre > 1:
        raise ValueError("The centre of a proportion is a fraction of 1.")
    if n <= 0:
        raise ValueError("A unit needs at least one person.")
    around = _z(level) * sqrt(centre * (1 - centre) / n)
    return Interval(max(0.0, centre - around), min(1.0, centre + around))


def ratio_funnel_limits(expected: float, level: float) -> Interval:
    """Between which ratios to what is expected a unit lies by chance around 1 (PHE).

    That is, the ratios whose own exact interval just holds 1: E over the limits of a count of E.
    """
    _numbers("What is expected", [expected])
    if expected <= 0:
        raise ValueError("A ratio needs something that is expected.")
    return ratio_funnel_curve((expected,), level)[0]


@lru_cache(maxsize=64)
def ratio_funnel_curve(expected: tuple[float, ...], level: float) -> tuple[Interval, ...]:
    """`ratio_funnel_limits` for many at once, far quicker than one by one. Kept: charts ask for the same again."""
    _numbers("What is expected", expected)
    if any(each <= 0 for each in expected):
        raise ValueError("A ratio needs something that is expected.")
    # Quantiles of chi squared from the function beneath them: scipy.special takes a fifth of the time of scipy.stats.
    import numpy as np
    from scipy.special import gammaincinv

    tail = (1 - _level(level)) / 2
    counts = np.asarray(expected, float)
    lows, highs = counts / gammaincinv(counts + 1, 1 - tail), counts / gammaincinv(counts, tail)
    return tuple(Interval(float(low), float(high)) for low, high in zip(lows, highs, strict=True))


def widened_proportion_limits(centre: float, n: float, level: float, between: float) -> Interval:
    """`proportion_funnel_limits` with the variance between units (`overdispersion`, arcsine) added to chance."""
    _numbers("Size and variance", [n, between], least=0)
    if not 0 <= centre <= 1 or n <= 0:
        raise ValueError("The centre of a proportion is a fraction of 1, and a unit needs at least one person.")
    around = _z(level) * sqrt(1 / (4 * n) + between)
    middle = asin(sqrt(centre))
    return Interval(sin(max(0.0, middle - around)) ** 2, sin(min(pi / 2, middle + around)) ** 2)


def widened_ratio_limits(expected: float, level: float, between: float) -> Interval:
    """`ratio_funnel_limits` on the square root's scale with the variance between units (`overdispersion`, sqrt)."""
    _numbers("Expected and variance", [expected, between], least=0)
    if expected <= 0:
        raise ValueError("A ratio needs something that is expected.")
    around = _z(level) * sqrt(1 / (4 * expected) + between)
    return Interval(max(0.0, 1 - around) ** 2, (1 + around) ** 2)


def overdispersion(
    numerators: Sequence[float],
    denominators: Sequence[float],
    transform: Transform = "arcsine",
    winsorise: float | None = 0.1,
) -> Overdispersion:
    """Spiegelhalter 2005 and 2012: the mean square of the units' z scores, and the variance between units.

    "arcsine" is for proportions around their common one; "log" and "sqrt" for ratios of observed to expected around 1.
    Scores beyond the given share at each end are pulled in to it first; None leaves them.
    """
    _alike(numerators=numerators, denominators=denominators)
    _numbers("The numerators", numerators, least=0)
    _numbers("The denominators", denominators)
    if len(numerators) < 2:
        raise ValueError("How much units differ needs two units or more.")
    if min(denominators) <= 0:
        raise ValueError("Every denominator must be above nought.")
    if winsorise is not None and not 0 <= winsorise < 0.5:
        raise ValueError("The share that is pulled in at each end is from 0 to below 0.5.")
    scores, errors = _scores(numerators, denominators, transform)
    if winsorise is not None:
        import numpy as np

        low, high = np.quantile(scores, [winsorise, 1 - winsorise])
        scores = [min(max(score, float(low)), float(high)) for score in scores]
    phi = sum(score**2 for score in scores) / len(scores)
    weights = [1 / error**2 for error in errors]
    total = sum(weights)
    spread = total - sum(weight**2 for weight in weights) / total
    between = (len(scores) * phi - (len(scores) - 1)) / spread
    return Overdispersion(phi, max(0.0, between))


def _scores(
    numerators: Sequence[float], denominators: Sequence[float], transform: Transform
) -> tuple[list[float], list[float]]:
    """How many standard errors each unit is off, and these errors, on the scale on which they go by size alone."""
    pairs = list(zip(numerators, denominators, strict=True))
    if transform == "arcsine":
        if any(o > n for o, n in pairs):
            raise ValueError("There cannot be more events than people.")
        centre = asin(sqrt(sum(numerators) / sum(denominators)))
        errors = [1 / (2 * sqrt(n)) for n in denominators]
        return [(asin(sqrt(o / n)) - centre) / s for (o, n), s in zip(pairs, errors, strict=True)], errors
    if transform == "log":
        if min(numerators) <= 0:
            raise ValueError("The log of nought does not exist. Use the square root where a unit has no events.")
        errors = [1 / sqrt(e) for e in denominators]
        return [log(o / e) / s for (o, e), s in zip(pairs, errors, strict=True)], errors
    if transform == "sqrt":
        errors = [1 / (2 * sqrt(e)) for e in denominators]
        return [(sqrt(o / e) - 1) / s for (o, e), s in zip(pairs, errors, strict=True)], errors
    raise ValueError("The transform is arcsine, log or sqrt.")


# Control charts --------------------------------------------------------------------------------------------


def xmr(values: Sequence[float], screen: bool = True, baseline: tuple[int, int] | None = None) -> XmR:
    """Limits from the mean moving range, and the four rules of NHS England's Making Data Count.

    With `baseline` the limits are those of the values from the first place up to, without, the second; the rules look
    at all values.

    With `screen`, moving ranges of 3.267 times their mean or more are left out of it, once, as NHSRplotthedots does;
    NHS England's spreadsheet does not. Every member of a run, a trend or a pair carries its signal.
    """
    _numbers("The values", values)
    if len(values) < 2:
        raise ValueError("A control chart needs two values or more.")
    locked = values if baseline is None else values[slice(*baseline)]
    if len(locked) < 2:
        raise ValueError("A baseline needs two values or more.")
    # Exact, so that the mean of equal values is that value and none of them lies beside it.
    centre = float(mean(locked))
    ranges = [abs(after - before) for before, after in pairwise(locked)]
    usual = fmean(ranges)
    if screen and usual:
        usual = fmean([one for one in ranges if one < LARGEST_RANGE * usual])
    away = THREE_SIGMA * usual
    near = away * 2 / 3
    chart = XmR(centre, centre - away, centre + away, centre - near, centre + near, usual, ())
    return replace(chart, signals=_signals(values, chart))


def _signals(values: Sequence[float], chart: XmR) -> tuple[frozenset[Signal], ...]:
    sides = [(value > chart.centre) - (value < chart.centre) for value in values]
    steps = [(after > before) - (after < before) for before, after in pairwise(values)]
    outside = [not chart.lower <= value <= chart.upper for value in values]
    near = [
        0 if out or chart.near_lower <= value <= chart.near_upper else side
        for value, side, out in zip(values, sides, outside, strict=True)
    ]
    found: list[set[Signal]] = [{"outside"} if out else set() for out in outside]
    for first, last in runs(sides):
        if last - first + 1 >= RUN:
            _mark(found, range(first, last + 1), "side")
    for first, last in runs(steps):
        # So many steps lead over one value more.
        if last - first + 2 >= RUN:
            _mark(found, range(first, last + 2), "trend")
    for first in range(len(values) - 2):
        for side in (-1, 1):
            members = [place for place in range(first, first + 3) if near[place] == side]
            if len(members) >= 2:
                _mark(found, members, "two_of_three")
    return tuple(frozenset(one) for one in found)


def _mark(found: list[set[Signal]], places: Iterable[int], signal: Signal) -> None:
    for place in places:
        found[place].add(signal)


def runs(signs: Sequence[int]) -> list[tuple[int, int]]:
    """First and last place of each stretch of one sign; noughts belong to none."""
    found: list[tuple[int, int]] = []
    for place, sign in enumerate(signs):
        if not sign:
            continue
        if found and found[-1][1] == place - 1 and signs[place - 1] == sign:
            found[-1] = (found[-1][0], place)
        else:
            found.append((place, place))
    return found


def assurance(lower: float, upper: float, target: float, higher_is_better: bool) -> Assurance:
    """Whether the process as it is will always, never or sometimes reach the target (Making Data Count)."""
    _numbers("Limits and target", [lower, upper, target])
    if lower > upper:
        raise ValueError("The lower limit cannot be above the upper one.")
    if target > upper:
        return "fail" if higher_is_better else "pass"
    if target < lower:
        return "pass" if higher_is_better else "fail"
    return "inconsistent"


# Waits -----------------------------------------------------------------------------------------------------


def kaplan_meier(durations: Sequence[float], observed: Sequence[bool | int]) -> KaplanMeier:
    """Kaplan and Meier 1958, for waits of which some have not ended yet.

    The median is the first time at which half or fewer still wait, its interval that of Brookmeyer and Crowley on the
    log-log scale.
    """
    _waits(durations, observed=observed)
    if any(one not in (0, 1) for one in observed):
        raise ValueError("Each wait has ended (1) or not (0).")
    if not any(observed):
        return KaplanMeier((), (), None, inf, inf)
    import numpy as np
    from statsmodels.duration.survfunc import SurvfuncRight

    with np.errstate(all="ignore"):
        curve = SurvfuncRight(np.asarray(durations, float), np.asarray(observed, int))
        low, high = curve.quantile_ci(0.5, method="cloglog")
    times = tuple(map(float, curve.surv_times))
    survival = tuple(map(float, curve.surv_prob))
    median = next((time for time, share in zip(times, survival, strict=True) if share <= 0.5 + ROUNDING), None)
    return KaplanMeier(times, survival, median, _end(low), _end(high))


def _end(time: Any) -> float:
    return float(time) if isfinite(time) else inf


def cumulative_incidence(durations: Sequence[float], events: Sequence[int]) -> CumulativeIncidence:
    """Aalen and Johansen 1978: the share to whom the event of interest (1) happens by a time.

    0 is a wait that has not ended, 2 and above are events after which it cannot happen any more.
    """
    _waits(durations, events=events)
    if any(one != int(one) or one < 0 for one in events):
        raise ValueError("An event is 0 (none yet), 1 (the one of interest), or 2 and above (another one).")
    if 1 not in events:
        return CumulativeIncidence((), ())
    import numpy as np
    from statsmodels.duration.survfunc import CumIncidenceRight

    kinds = np.minimum(np.asarray(events, int), 2)
    with np.errstate(all="ignore"):
        curve = CumIncidenceRight(np.asarray(durations, float), kinds)
    happened = {float(time) for time, kind in zip(durations, kinds, strict=True) if kind == 1}
    steps = [(float(time), float(share)) for time, share in zip(curve.times, curve.cinc[0], strict=True)]
    kept = [(time, share) for time, share in steps if time in happened]
    return CumulativeIncidence(tuple(time for time, _ in kept), tuple(share for _, share in kept))


# Change ----------------------------------------------------------------------------------------------------


def paired_change(before: Sequence[float], after: Sequence[float]) -> PairedChange:
    """Student's paired t: after less before, with a 95% interval; the effect size is the mean over the changes' SD."""
    _alike(before=before, after=after)
    _numbers("The values before", before)
    _numbers("The values after", after)
    if len(before) < 2:
        raise ValueError("A change with its interval needs two pairs or more.")
    import numpy as np
    from scipy.stats import t, ttest_rel

    changes = [late - early for early, late in zip(before, after, strict=True)]
    n, change, spread = len(changes), fmean(changes), float(np.std(changes, ddof=1))
    if len(set(changes)) == 1:
        return PairedChange(n, changes[0], changes[0], changes[0], None, None, n - 1, None)
    test = ttest_rel(after, before)
    around = float(t.ppf(0.975, n - 1)) * spread / sqrt(n)
    return PairedChange(
        n, change, change - around, change + around, change / spread, float(test.statistic), n - 1, float(test.pvalue)
    )


def difference(earlier: Estimate, later: Estimate) -> Estimate:
    """Later less earlier of two independent estimates, from their intervals.

    For shares with Wilson's intervals this is Newcombe 1998, method 10; for rates and counts the method of variance
    estimates recovery (Zou and Donner 2008), which is the same formula.
    """
    for one in (earlier, later):
        _numbers("Estimates", [one.value, one.low, one.high])
        if not one.low <= one.value <= one.high:
            raise ValueError("An estimate lies inside its interval.")
    change = later.value - earlier.value
    return Estimate(
        change,
        change - sqrt((later.value - later.low) ** 2 + (earlier.high - earlier.value) ** 2),
        change + sqrt((later.high - later.value) ** 2 + (earlier.value - earlier.low) ** 2),
    )


def reliable_change(pre: float, post: float, sd: float, reliability: float) -> ReliableChange:
    """Jacobson and Truax 1991. `sd` is that of the scores before, `reliability` of the instrument."""
    _numbers("Scores, standard deviation and reliability", [pre, post, sd, reliability])
    if sd <= 0:
        raise ValueError("The standard deviation must be above nought.")
    if not 0 <= reliability < 1:
        raise ValueError("The reliability is from 0 to below 1.")
    index = (post - pre) / (sd * sqrt(2) * sqrt(1 - reliability))
    return ReliableChange(index, abs(index) > RELIABLE)


# Money -----------------------------------------------------------------------------------------------------


def real_terms(amount: float, index_from: float, index_to: float) -> float:
    """An amount in the prices of another year, by a price index such as HM Treasury's GDP deflator."""
    _numbers("The amount and the index", [amount, index_from, index_to])
    if index_from <= 0 or index_to <= 0:
        raise ValueError("A price index is above nought.")
    return amount * index_to / index_from


def discount_factor(rate: float, years: float) -> float:
    """What one pound after so many years is worth now (Green Book). The rate is a fraction of 1."""
    _numbers("The rate and the years", [rate, years])
    if rate <= -1:
        raise ValueError("A rate of minus 1 or less leaves nothing to discount.")
    if years < 0:
        raise ValueError("Years to come are nought or more.")
    return float((1 + rate) ** -years)


def icer(cost_difference: float, effect_difference: float) -> Icer:
    """Extra cost for each extra unit of effect. Only where both are more, or both are less, is there a choice."""
    _numbers("The differences", [cost_difference, effect_difference])
    if effect_difference == 0:
        return Icer(None, "undefined")
    if cost_difference * effect_difference > 0:
        return Icer(cost_difference / effect_difference, "ratio")
    return Icer(None, "dominant" if effect_difference > 0 else "dominated")


# What goes in ----------------------------------------------------------------------------------------------


@lru_cache(maxsize=16)
def _z(level: float) -> float:
    """How many standard errors to each side hold this share of what chance brings."""
    return NormalDist().inv_cdf((1 + _level(level)) / 2)


def _level(level: float) -> float:
    if not isfinite(level) or not LEAST_LEVEL <= level < 1:
        raise ValueError("The level is a fraction of 1, from 0.9 to below 1.")
    return level


def _numbers(what: str, values: Iterable[float], *, least: float | None = None) -> None:
    for value in values:
        if not isfinite(value):
            raise ValueError(f"{what} must be numbers.")
        if least is not None and value < least:
            raise ValueError(f"{what} cannot be below nought.")


def _alike(**lists: Sequence[Any]) -> None:
    sizes = {len(values) for values in lists.values()}
    if len(sizes) > 1:
        raise ValueError(
            f"{', '.join(name.replace('_', ' ') for name in lists)} must be of the same length.".capitalize()
        )
    if sizes == {0}:
        raise ValueError("There is nothing to work out: the lists are empty.")


def _waits(durations: Sequence[float], **ends: Sequence[int]) -> None:
    _alike(durations=durations, **ends)
    _numbers("The durations", durations, least=0)
