from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from buddyscheme.lib.dates import (
    LONDON,
    Month,
    Quarter,
    Week,
    Year,
    day_bounds,
    elapsed,
    london_moment,
    london_today,
    minutes_between,
    month_of,
    months_between,
    parse_period,
    quarter_of,
    week_of,
    year_of,
)

days = st.dates(min_value=date(2013, 4, 1), max_value=date(2098, 3, 31))


def test_the_day_in_london_is_not_the_day_in_utc() -> None:
    assert london_today(datetime(2026, 7, 31, 23, 30, tzinfo=UTC)) == date(2026, 8, 1)
    assert london_today(datetime(2026, 11, 30, 23, 30, tzinfo=UTC)) == date(2026, 11, 30)


def test_a_time_without_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="without its zone"):
        london_today(datetime(2026, 7, 31, 23, 30))


def test_the_hour_left_out_in_march_has_no_moment() -> None:
    with pytest.raises(ValueError, match="There is no 01:30 on 29 March 2026"):
        london_moment(date(2026, 3, 29), time(1, 30))


def test_the_hour_that_comes_twice_in_october_has_two() -> None:
    day, half_past_one = date(2026, 10, 25), time(1, 30)
    assert london_moment(day, half_past_one) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert london_moment(day, half_past_one, fold=1) == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("day", "hours"),
    [(date(2026, 10, 25), 3), (date(2026, 3, 29), 1), (date(2026, 6, 1), 2)],
)
def test_a_shift_from_half_past_midnight_to_half_past_two(day: date, hours: int) -> None:
    start, end = london_moment(day, time(0, 30)), london_moment(day, time(2, 30))
    assert elapsed(start, end) == timedelta(hours=hours)
    assert minutes_between(start.astimezone(LONDON), end.astimezone(LONDON)) == hours * 60


@pytest.mark.parametrize(
    ("day", "hours"),
    [(date(2026, 10, 25), 25), (date(2026, 3, 29), 23), (date(2026, 6, 1), 24)],
)
def test_a_day_is_not_always_24_hours(day: date, hours: int) -> None:
    start, end = day_bounds(day)
    assert end - start == timedelta(hours=hours)


def test_month() -> None:
    month = month_of(date(2028, 2, 9))
    assert (month.first, month.last, month.code) == (date(2028, 2, 1), date(2028, 2, 29), "2028-02")
    assert month.days == 29
    assert month.end == date(2028, 3, 1)
    assert str(month) == "February 2028"
    assert Month(2026, 12).next() == Month(2027, 1)
    assert Month(2026, 1).previous() == Month(2025, 12)


def test_quarter() -> None:
    quarter = quarter_of(date(2026, 8, 15))
    assert (quarter.first, quarter.last) == (date(2026, 7, 1), date(2026, 9, 30))
    assert quarter.code == "2026-Q3"
    assert str(quarter) == "July to September 2026"
    assert quarter.months == (Month(2026, 7), Month(2026, 8), Month(2026, 9))
    assert Quarter(2026, 4).next() == Quarter(2027, 1)
    assert Quarter(2026, 1).previous() == Quarter(2025, 4)


def test_year() -> None:
    year = year_of(date(2026, 8, 15))
    assert (year.first, year.last, year.code) == (date(2026, 4, 1), date(2027, 3, 31), "2026-27")
    assert (str(year), year.days) == ("April 2026 to March 2027", 365)
    assert len(year.months) == 12
    assert (year.months[0], year.months[-1]) == (Month(2026, 4), Month(2027, 3))
    assert year.quarters[-1] == Quarter(2027, 1)
    assert year.next().previous() == year
    assert year_of(date(2026, 3, 31)) == year.previous()


def test_a_year_that_was_typed_before_financial_years_is_the_one_that_begins_in_it() -> None:
    assert parse_period("2026") == parse_period("2026-27") == Year(2026)


@pytest.mark.parametrize("year", [2011, 2099])
def test_a_year_whose_code_would_be_a_months_is_refused(year: int) -> None:
    with pytest.raises(ValueError, match="A financial year begins in"):
        Year(year)


def test_week_starts_on_monday() -> None:
    week = week_of(date(2026, 11, 29))
    assert (week.first, week.last, week.code) == (
        date(2026, 11, 23),
        date(2026, 11, 29),
        "2026-W48",
    )
    assert week.next().first == date(2026, 11, 30)
    assert week.previous().last == date(2026, 11, 22)
    with pytest.raises(ValueError, match="Monday"):
        Week(date(2026, 11, 24))


def test_a_month_begins_at_london_midnight() -> None:
    assert Month(2026, 7).starts_at == datetime(2026, 6, 30, 23, tzinfo=UTC)
    assert Month(2026, 10).ends_at == datetime(2026, 11, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    "code",
    [
        "",
        "26-11",
        "2026-13",
        "2026-00",
        "2026-1",
        "2026-Q5",
        "2026-Q03",
        "2026-28",
        "2099-00",
        "2026-11-01",
        "\uff12\uff10\uff12\uff16",
        "2026\n",
    ],
)
def test_other_codes_are_refused(code: str) -> None:
    with pytest.raises(ValueError, match="is not a month"):
        parse_period(code)


@pytest.mark.parametrize("make", [lambda: Month(2026, 0), lambda: Quarter(2026, 5)])
def test_a_period_with_an_impossible_number_is_refused(make: object) -> None:
    with pytest.raises(ValueError, match="is numbered from 1"):
        make()  # type: ignore[operator]


def test_a_moment_is_not_a_day() -> None:
    with pytest.raises(TypeError, match="london_today"):
        month_of(datetime(2026, 7, 31, 23, 30, tzinfo=UTC))


def test_months_between() -> None:
    assert months_between(Month(2026, 11), Month(2027, 1)) == (
        Month(2026, 11),
        Month(2026, 12),
        Month(2027, 1),
    )
    assert months_between(Month(2026, 2), Month(2026, 1)) == ()


@given(days)
def test_every_day_lies_in_its_periods_and_they_join_up(day: date) -> None:
    for period in (week_of(day), month_of(day), quarter_of(day), year_of(day)):
        assert period.contains(day)
        assert period.next().first == period.end
        assert period.previous().end == period.first
        assert period.next().previous() == period
        assert not period.contains(period.end)


@given(days)
def test_codes_lead_back_to_their_period(day: date) -> None:
    for period in (month_of(day), quarter_of(day), year_of(day)):
        assert parse_period(period.code) == period


@given(st.datetimes(min_value=datetime(1990, 1, 1), max_value=datetime(2037, 12, 31)))
def test_day_bounds_hold_the_moment(moment: datetime) -> None:
    moment = moment.replace(tzinfo=UTC)
    start, end = day_bounds(london_today(moment))
    assert start <= moment < end
