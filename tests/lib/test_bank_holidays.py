"""Bank holidays of England and Wales against the lists that the government has published."""

from __future__ import annotations

from datetime import date

import pytest

from buddyscheme.lib.bank_holidays import bank_holiday_on, bank_holidays, easter, next_bank_holidays

# gov.uk/bank-holidays, England and Wales: month and day.
PUBLISHED = {
    2020: "01-01 04-10 04-13 05-08 05-25 08-31 12-25 12-28",
    2021: "01-01 04-02 04-05 05-03 05-31 08-30 12-27 12-28",
    2022: "01-03 04-15 04-18 05-02 06-02 06-03 08-29 09-19 12-26 12-27",
    2023: "01-02 04-07 04-10 05-01 05-08 05-29 08-28 12-25 12-26",
    2024: "01-01 03-29 04-01 05-06 05-27 08-26 12-25 12-26",
    2025: "01-01 04-18 04-21 05-05 05-26 08-25 12-25 12-26",
    2026: "01-01 04-03 04-06 05-04 05-25 08-31 12-25 12-28",
    2027: "01-01 03-26 03-29 05-03 05-31 08-30 12-27 12-28",
    2028: "01-03 04-14 04-17 05-01 05-29 08-28 12-25 12-26",
}


@pytest.mark.parametrize("year", PUBLISHED)
def test_every_published_day_and_no_other(year) -> None:
    assert " ".join(f"{day:%m-%d}" for day in bank_holidays(year)) == PUBLISHED[year]


@pytest.mark.parametrize(
    ("year", "day"), [(1961, (4, 2)), (2000, (4, 23)), (2008, (3, 23)), (2011, (4, 24)), (2038, (4, 25))]
)
def test_easter_also_at_its_earliest_and_latest(year, day) -> None:
    assert easter(year) == date(year, *day)


def test_names_and_substitutes() -> None:
    assert bank_holiday_on(date(2022, 12, 26)) == "Boxing Day"
    assert bank_holiday_on(date(2022, 12, 27)) == "Christmas Day (substitute day)"
    assert bank_holiday_on(date(2023, 5, 8)) == "Coronation of King Charles III"
    assert bank_holiday_on(date(2026, 12, 26)) == ""


def test_the_next_ones_go_on_into_the_next_year() -> None:
    found = next_bank_holidays(date(2026, 12, 25), 3)
    assert [day for day, _ in found] == [date(2026, 12, 25), date(2026, 12, 28), date(2027, 1, 1)]
