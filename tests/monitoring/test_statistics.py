"""The statistics against published examples, to all the digits that are given, and what they refuse."""

from __future__ import annotations

from math import exp, inf, sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chi2
from statsmodels.stats.proportion import confint_proportions_2indep

from monitoring import statistics as s
from monitoring.statistics import Icer, Interval

FULL = 1e-9


def near(found, *expected, rel=FULL, abs=1e-12) -> None:
    """An interval or a few numbers, each to the digits given."""
    values = (found.low, found.high) if isinstance(found, Interval) else found
    assert tuple(values) == tuple(pytest.approx(one, rel=rel, abs=abs) for one in expected)


# Shares, counts and rates ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("events", "n", "level", "low", "high"),
    [
        (65, 100, 0.95, 0.5525444329688797, 0.7363575175690247),
        (65, 100, 0.998, 0.4954946574070431, 0.7783540614089697),
        (1045, 5000, 0.95, 0.19795549880013297, 0.22049130373189027),
        (1045, 5000, 0.998, 0.19179381799015244, 0.22731562902525818),
        (1, 100, 0.95, 0.0017674320640641, 0.054486196178705294),
        (1, 100, 0.998, 0.000873065697299977, 0.1045544528370582),
    ],
)
def test_wilson_as_in_the_fixtures_of_phe(events, n, level, low, high) -> None:
    near(s.wilson_interval(events, n, level), low, high, rel=1e-9)


def test_wilson_of_few_and_of_none() -> None:
    near(s.wilson_interval(15, 148), 0.0623864, 0.16048724, rel=1e-6)
    near(s.wilson_interval(0, 20), 0, 0.16112516, rel=1e-7)
    assert s.wilson_interval(0, 20).low == 0 and s.wilson_interval(20, 20).high == 1


@pytest.mark.parametrize(
    ("events", "level", "low", "high"),
    [
        (65, 0.95, 50.163187710459454, 82.84913854593984),
        (65, 0.998, 42.8802614714802, 94.00029084431802),
        (10, 0.998, 2.916318374695686, 24.193724927880535),
        (1, 0.95, 0.025317807984289897, 5.571643390938898),
        (1, 0.998, 0.0010005003335835344, 9.233413476451585),
        (5, 0.95, 1.62348639011842, 11.668332079322669),
        (5, 0.998, 0.739371731917839, 16.454745203680105),
        (0, 0.95, 0, 3.6888794541139354),
    ],
)
def test_a_count_is_exact_under_ten_and_by_byar_from_ten(events, level, low, high) -> None:
    near(s.poisson_interval(events, level), low, high)


EVENTS = [127, 25, 18, 21, 12, 27, 48, 27, 29, 32, 32, 34, 45, 65, 38, 68, 74, 82, 91]
PEOPLE = [636, 558, 609, 543, 384, 594, 669, 843, 660, 576, 606, 522, 426, 273, 300, 288, 153, 123, 207]
ESP2013 = [5000, 5500, 5500, 5500, 6000, 6000, 6500, 7000, 7000, 7000, 7000, 6500, 6000, 5500, 5000, 4000, 2500, 1500,
           1000]  # fmt: skip
REFERENCE_EVENTS = [10303, 2824, 0, 3615, 3641, 3490, 3789, 3213, 3031, 2771, 3089, 3490, 3595, 4745, 5514, 7125, 5694,
                    6210, 5757]  # fmt: skip
REFERENCE_PEOPLE = [50520, 57173, 60213, 54659, 44345, 50128, 62163, 67423, 62899, 55463, 60479, 49974, 44140, 40888,
                    37239, 30819, 18136, 15325, 13918]  # fmt: skip


def test_directly_standardised_rate() -> None:
    rate = s.directly_standardised_rate(EVENTS, PEOPLE, ESP2013)
    near((rate.value, rate.low, rate.high), 10430.247991469423, 9717.709067985681, 11178.94091547925)
    wide = s.directly_standardised_rate(EVENTS, PEOPLE, ESP2013, level=0.998)
    near((wide.low, wide.high), 9323.287880219903, 11620.595999522058)
    share = s.directly_standardised_rate(EVENTS, PEOPLE, ESP2013, per=1)
    assert share.value == pytest.approx(rate.value / 100_000)


def test_no_directly_standardised_rate_under_ten_events() -> None:
    assert s.directly_standardised_rate([4, 5], [100, 100], [1, 1]) is None
    assert s.directly_standardised_rate([5, 5], [100, 100], [1, 1]) is not None


def test_indirectly_standardised_ratio() -> None:
    ratio = s.indirectly_standardised_ratio(EVENTS, PEOPLE, REFERENCE_EVENTS, REFERENCE_PEOPLE)
    near((ratio.value, ratio.low, ratio.high), 1.0707232939020275, 1.0017147712553987, 1.143233287249895)
    assert sum(EVENTS) / ratio.value == pytest.approx(835.8835612311743, rel=FULL)
    few = s.indirectly_standardised_ratio(9, PEOPLE, REFERENCE_EVENTS, REFERENCE_PEOPLE)
    near((few.value, few.low, few.high), 0.010767049882813684, 0.004923380825095776, 0.02043921455549973)


# Funnels ---------------------------------------------------------------------------------------------------

CENTRE = 0.8064244785714955


@pytest.mark.parametrize(
    ("n", "two", "three"),
    [
        (1, (3.204264, 100), (0, 100)),
        (10, (56.154344, 100), (42.032590, 100)),
        (664, (77.637263, 83.647632), (75.904239, None)),
        (110000, (80.408963, 80.875933), (80.274317, None)),
    ],
)
def test_funnel_of_a_proportion(n, two, three) -> None:
    for level, expected in ((0.95, two), (0.998, three)):
        found = s.proportion_funnel_limits(CENTRE, n, level)
        for value, wanted in zip((found.low, found.high), expected, strict=True):
            assert wanted is None or value * 100 == pytest.approx(wanted, abs=5e-7)


@given(st.floats(0.5, 500), st.sampled_from([0.95, 0.998]))
def test_a_unit_is_outside_its_funnel_where_its_own_interval_leaves_one_out(expected, level) -> None:
    """The limits are the ratios whose exact interval has its nearer end at 1."""
    limits = s.ratio_funnel_limits(expected, level)
    assert limits.low < 1 < limits.high
    tail = (1 - level) / 2
    # E over the limits are the exact limits of a count of E.
    assert chi2.cdf(2 * expected / limits.low, 2 * expected + 2) == pytest.approx(1 - tail)
    assert chi2.cdf(2 * expected / limits.high, 2 * expected) == pytest.approx(tail)


@given(st.integers(1, 400), st.integers(1, 400), st.sampled_from([0.95, 0.998]))
def test_a_funnel_says_what_wilson_says(centre, n, level) -> None:
    """A unit lies outside exactly where its own Wilson interval leaves the centre out."""
    theta = centre / 401
    limits = s.proportion_funnel_limits(theta, n, level)
    for events in range(0, n + 1, max(1, n // 7)):
        own = s.wilson_interval(events, n, level)
        share = events / n
        if min(abs(share - limits.low), abs(share - limits.high)) > 1e-9:
            assert (share < limits.low or share > limits.high) == (theta < own.low or theta > own.high)


def test_overdispersion_of_ratios_on_the_log_scale() -> None:
    found = s.overdispersion([100, 150, 180, 80, 120, 225], [108, 112, 165, 95, 100, 220], "log", None)
    near((found.phi, found.tau_squared), 2.948033175, 0.01947753058, rel=FULL)
    error = sqrt(1 / 108 + found.tau_squared)
    near((exp(-1.959964 * error), exp(1.959964 * error)), 0.717307, 1.394104, rel=1e-6)


def test_overdispersion_of_proportions_with_the_ends_pulled_in() -> None:
    found = s.overdispersion([8, 15, 30, 22, 40, 12, 60, 35, 9, 25], [50, 60, 100, 120, 110, 90, 150, 140, 80, 95])
    near((found.phi, found.tau_squared), 3.834213948, 0.008277225215, rel=FULL)
    unpulled = s.overdispersion(
        [8, 15, 30, 22, 40, 12, 60, 35, 9, 25], [50, 60, 100, 120, 110, 90, 150, 140, 80, 95], winsorise=None
    )
    assert unpulled.phi > found.phi


def test_units_that_are_alike_have_no_variance_between_them() -> None:
    assert s.overdispersion([10, 20, 30], [100, 200, 300]).tau_squared == 0
    assert s.overdispersion([25, 25], [25, 25], "sqrt").phi == 0


# Control charts --------------------------------------------------------------------------------------------

X = [1, 2, 1, 2, 10, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1]


def places(chart, signal) -> list[int]:
    """At which points, counted from 1."""
    return [place for place, found in enumerate(chart.signals, start=1) if signal in found]


def test_limits_without_and_with_screening() -> None:
    plain, screened = s.xmr(X, screen=False), s.xmr(X)
    near((plain.centre, plain.upper, plain.lower), 1.944444, 6.951503, -3.062614, rel=1e-6)
    near((screened.upper, screened.lower), 4.604444, -0.715556, rel=1e-6)
    assert screened.mean_moving_range == 1
    for chart in (plain, screened):
        assert places(chart, "outside") == [5]
        assert not any(places(chart, other) for other in ("side", "trend", "two_of_three"))
        assert chart.near_upper - chart.centre == pytest.approx((chart.upper - chart.centre) * 2 / 3)


def on_sides(signs: str) -> list[float]:
    """Values above and below a mean of nought, so that nothing but runs is a signal."""
    ups, downs = signs.count("+"), signs.count("-")
    return [1.0 / ups if sign == "+" else -1.0 / downs for sign in signs]


def test_a_run_on_one_side_marks_all_of_its_members() -> None:
    assert places(s.xmr(on_sides("+" * 8 + "-" * 3)), "side") == list(range(1, 9))
    assert places(s.xmr(on_sides("+" * 7 + "-")), "side") == list(range(1, 8))
    assert places(s.xmr(on_sides("+" * 6 + "-" * 3)), "side") == []


def test_a_value_on_the_centre_breaks_a_run() -> None:
    assert places(s.xmr([1, 1, 1, 1, 0, 1, 1, 1, 1, -8]), "side") == []


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([1, 2, 3, 4, 5, 6, 7], list(range(1, 8))),
        ([7, 6, 5, 4, 3, 2, 1], list(range(1, 8))),
        ([1, 2, 3, 3, 4, 5, 6], []),
        ([2, 1, 2, 3, 4, 5, 6, 7, 3], list(range(2, 9))),
        ([1, 2, 3, 4, 5, 6], []),
    ],
)
def test_a_trend_of_seven_and_a_tie_breaks_it(values, expected) -> None:
    assert places(s.xmr(values), "trend") == expected


def pairs(marks: str) -> list[int]:
    """Which of these points are one of two in three; "u" and "l" lie in the upper and lower outer third."""
    chart = s.XmR(0, -3, 3, -2, 2, 1, ())
    values = [{"u": 2.5, "l": -2.5, "-": 0.5, "O": 9.0}[mark] for mark in marks]
    found = s._signals(values, chart)
    return [place for place, signals in enumerate(found, start=1) if "two_of_three" in signals]


def test_two_of_three_near_a_limit_on_one_side() -> None:
    assert pairs("--u-u--") == [3, 5]
    assert pairs("u--u") == []
    assert pairs("u-l") == []
    assert pairs("ull") == [2, 3]
    assert pairs("O-u") == [], "a point outside is not near"


def test_equal_values_are_no_signal() -> None:
    chart = s.xmr([0.1] * 20)
    assert chart.lower == chart.centre == chart.upper == 0.1
    assert set(chart.signals) == {frozenset()}


@pytest.mark.parametrize(
    ("limits", "up", "down"),
    [((1, 3), "fail", "pass"), ((5, 7), "pass", "fail"), ((1, 5), "inconsistent", "inconsistent")],
)
def test_assurance(limits, up, down) -> None:
    assert s.assurance(*limits, 4, True) == up
    assert s.assurance(*limits, 4, False) == down


# Waits -----------------------------------------------------------------------------------------------------

MAINTAINED = ([9, 13, 13, 18, 23, 28, 31, 34, 45, 48, 161], [1, 1, 0, 1, 1, 0, 1, 1, 0, 1, 0])
OTHERS = ([5, 5, 8, 8, 12, 16, 23, 27, 30, 33, 43, 45], [1, 1, 1, 1, 1, 0, 1, 1, 1, 1, 1, 1])


def test_kaplan_meier_of_the_maintained() -> None:
    found = s.kaplan_meier(*MAINTAINED)
    assert found.times == (9, 13, 18, 23, 31, 34, 48)
    near(found.survival, 0.909091, 0.818182, 0.715909, 0.613636, 0.490909, 0.368182, 0.184091, rel=1e-6)
    assert (found.median, found.low, found.high) == (31, 13, inf)


def test_kaplan_meier_of_the_others() -> None:
    found = s.kaplan_meier(*OTHERS)
    assert (found.median, found.low, found.high) == (23, 5, 33)


def test_a_median_that_nobody_reached_is_none_and_never_nought() -> None:
    assert s.kaplan_meier([3, 7, 9], [0, 0, 0]).median is None
    assert s.kaplan_meier([3, 7, 9], [1, 0, 0]).median is None
    assert s.kaplan_meier([1, 2, 3, 4], [1, 1, 1, 1]).median == 2, "half of them is half or fewer"


def test_cumulative_incidence_by_hand() -> None:
    """Six waits: supported at 1, moved at 2, supported at 3, one at 4 still waiting and one dead, supported at 5."""
    found = s.cumulative_incidence([1, 2, 3, 4, 4, 5], [1, 2, 1, 0, 3, 1])
    assert found.times == (1, 3, 5)
    near(found.probability, 1 / 6, 2 / 6, 4 / 6)


@given(st.lists(st.tuples(st.integers(0, 30), st.booleans()), min_size=2, max_size=40))
def test_without_competing_events_it_is_what_kaplan_and_meier_leave(waits) -> None:
    durations, observed = [one for one, _ in waits], [two for _, two in waits]
    left = s.kaplan_meier(durations, observed)
    came = s.cumulative_incidence(durations, [int(one) for one in observed])
    assert came.times == left.times
    assert came.probability == tuple(pytest.approx(1 - share, abs=1e-9) for share in left.survival)


# Change ----------------------------------------------------------------------------------------------------

SLEEP = ([1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4], [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0, 2])


def test_students_sleep() -> None:
    found = s.paired_change(*SLEEP)
    assert (found.n, found.degrees_of_freedom) == (10, 9)
    near((found.mean, found.statistic), -1.58, -4.062127683)
    near((found.low, found.high), -2.45988578, -0.70011424, rel=1e-8)
    near((found.p_value, found.effect_size), 0.00283289, -1.284558, rel=1e-6)


def test_no_change_has_no_t() -> None:
    found = s.paired_change([1, 2, 3], [1, 2, 3])
    assert (found.mean, found.low, found.high) == (0, 0, 0)
    assert (found.statistic, found.effect_size, found.p_value) == (None, None, None)


def test_reliable_change() -> None:
    found = s.reliable_change(32.5, 47.5, 7.5, 0.8)
    assert found.index == pytest.approx(3.162278, rel=1e-6) and found.reliable
    assert not s.reliable_change(32.5, 32.5 + 9.29, 7.5, 0.8).reliable
    assert s.reliable_change(32.5, 32.5 - 9.30, 7.5, 0.8).reliable


# Money -----------------------------------------------------------------------------------------------------


def test_real_terms_and_discounting() -> None:
    assert s.real_terms(7.4, 91.031, 102.789) == pytest.approx(8.355819, rel=1e-6)
    assert s.real_terms(1, 88.480, 100) - 1 == pytest.approx(0.1302, abs=5e-5)
    factors = [1, 0.9662, 0.9335, 0.9019, 0.8714, 0.8420, 0.8135, 0.7860, 0.7594, 0.7337, 0.7089]
    assert [round(s.discount_factor(0.035, year), 4) for year in range(11)] == factors
    assert round(s.discount_factor(0.035, 30), 4) == 0.3563
    assert [round(s.discount_factor(0.015, year), 4) for year in (10, 30)] == [0.8617, 0.6398]
    assert sum(1000 * s.discount_factor(0.035, year) for year in range(5)) == pytest.approx(4673.08, abs=0.005)


@pytest.mark.parametrize(
    ("cost", "effect", "expected"),
    [
        (10, 2, Icer(5, "ratio")), (-10, -2, Icer(5, "ratio")), (-10, 2, Icer(None, "dominant")),
        (10, -2, Icer(None, "dominated")), (0, 2, Icer(None, "dominant")), (0, -2, Icer(None, "dominated")),
        (10, 0, Icer(None, "undefined")), (0, 0, Icer(None, "undefined")),
    ],
)  # fmt: skip
def test_icer(cost, effect, expected) -> None:
    assert s.icer(cost, effect) == expected


# Refusals --------------------------------------------------------------------------------------------------

NAN = float("nan")


def test_a_curve_of_ratios_is_that_of_the_quantiles_one_by_one() -> None:
    expected = (0.4, 3.0, 15.0, 2400.0)
    for each, limits in zip(expected, s.ratio_funnel_curve(expected, 0.998), strict=True):
        assert limits.low == pytest.approx(2 * each / chi2.ppf(0.999, 2 * each + 2), rel=1e-9)
        assert limits.high == pytest.approx(2 * each / chi2.ppf(0.001, 2 * each), rel=1e-9)


def test_limits_that_allow_for_prisons_that_differ_are_those_of_the_golden_example() -> None:
    # F7: ten units around 0.25728643, tau squared 0.008277225215, a unit of 80.
    limits = s.widened_proportion_limits(0.25728643, 80, 0.95, 0.008277225215)
    assert (limits.low, limits.high) == pytest.approx((0.100561, 0.455919), abs=1e-6)


def test_without_a_spread_between_units_wider_limits_of_a_ratio_are_about_those_of_chance() -> None:
    plain, wide = s.ratio_funnel_limits(400, 0.95), s.widened_ratio_limits(400, 0.95, 0)
    assert (wide.low, wide.high) == pytest.approx((plain.low, plain.high), abs=0.01)


def test_locked_limits_are_those_of_the_baseline_and_later_values_are_judged_by_them() -> None:
    before, after = [10, 12, 11, 13, 10, 12, 11, 13, 10, 12, 11, 13], [20, 21]
    locked, own = s.xmr([*before, *after], baseline=(0, 12)), s.xmr(before)
    assert (locked.centre, locked.lower, locked.upper) == (own.centre, own.lower, own.upper)
    assert list(locked.signals[-2:]) == [{"outside"}, {"outside"}]


def test_a_difference_of_shares_has_newcombes_interval() -> None:
    shares = [s.wilson_interval(56, 70), s.wilson_interval(48, 80)]
    earlier, later = (s.Estimate(p, i.low, i.high) for p, i in zip((56 / 70, 48 / 80), shares, strict=True))
    found = s.difference(earlier, later)
    low, high = confint_proportions_2indep(48, 80, 56, 70, method="newcomb")
    assert (found.value, found.low, found.high) == pytest.approx((-0.2, low, high))


REFUSED = {
    "a baseline of one": lambda: s.xmr([1, 2, 3], baseline=(0, 1)),
    "an estimate outside itself": lambda: s.difference(s.Estimate(5, 1, 2), s.Estimate(1, 1, 1)),
    "a wider funnel of nobody": lambda: s.widened_proportion_limits(0.5, 0, 0.95, 0),
    "a wider funnel around nothing": lambda: s.widened_ratio_limits(0, 0.95, 0),
    "fewer than no events": lambda: s.wilson_interval(-1, 10),
    "nobody": lambda: s.wilson_interval(0, 0),
    "more events than people": lambda: s.wilson_interval(11, 10),
    "a level as a percentage": lambda: s.wilson_interval(1, 10, 95),
    "a level too low": lambda: s.wilson_interval(1, 10, 0.89),
    "a level of one": lambda: s.poisson_interval(1, 1),
    "no number": lambda: s.poisson_interval(NAN),
    "a count below nought": lambda: s.poisson_interval(-0.5),
    "lists of two lengths": lambda: s.directly_standardised_rate([10, 10], [100], [1, 1]),
    "empty lists": lambda: s.directly_standardised_rate([], [], []),
    "an empty group": lambda: s.directly_standardised_rate([10, 0], [100, 0], [1, 1]),
    "no weights": lambda: s.directly_standardised_rate([10], [100], [0]),
    "nothing expected": lambda: s.indirectly_standardised_ratio(3, [10], [0], [100]),
    "an empty reference": lambda: s.indirectly_standardised_ratio(3, [10], [1], [0]),
    "a centre above one": lambda: s.proportion_funnel_limits(80, 10, 0.95),
    "a unit of nobody": lambda: s.proportion_funnel_limits(0.5, 0, 0.95),
    "a funnel around nothing": lambda: s.ratio_funnel_limits(0, 0.95),
    "one unit": lambda: s.overdispersion([1], [2]),
    "more than all": lambda: s.overdispersion([3, 1], [2, 2]),
    "the log of nought": lambda: s.overdispersion([0, 1], [2, 2], "log"),
    "an unknown transform": lambda: s.overdispersion([1, 1], [2, 2], "cube"),
    "half pulled in": lambda: s.overdispersion([1, 1], [2, 2], winsorise=0.5),
    "one value": lambda: s.xmr([1]),
    "a value that is none": lambda: s.xmr([1, inf]),
    "limits the wrong way": lambda: s.assurance(3, 1, 2, True),
    "a wait below nought": lambda: s.kaplan_meier([-1], [1]),
    "half observed": lambda: s.kaplan_meier([1], [0.5]),
    "an event below nought": lambda: s.cumulative_incidence([1], [-1]),
    "waits without ends": lambda: s.cumulative_incidence([1, 2], [1]),
    "one pair": lambda: s.paired_change([1], [2]),
    "pairs that do not match": lambda: s.paired_change([1, 2], [2]),
    "no spread": lambda: s.reliable_change(1, 2, 0, 0.8),
    "perfect reliability": lambda: s.reliable_change(1, 2, 3, 1),
    "an index of nought": lambda: s.real_terms(1, 0, 100),
    "years gone by": lambda: s.discount_factor(0.035, -1),
    "a rate of minus one": lambda: s.discount_factor(-1, 1),
    "no difference at all": lambda: s.icer(NAN, 1),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_is_impossible_is_refused_with_a_sentence(what) -> None:
    with pytest.raises(ValueError, match=r"^[A-Z][^\n]+\.$"):
        REFUSED[what]()
