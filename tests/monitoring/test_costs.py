"""Sums of costs: what is missing is never nought, set-up is spread, default times are stated."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from monitoring.costs import DEFAULT_TIMES, Inputs, Part, default_hours, total, unit_cost
from monitoring.costs_words import missing_words, total_words, unit_words

WHOLE: dict[str, Any] = {
    "pay_pence": 50_000,
    "lead_hours": Decimal("39.5"),
    "lead_rate_pence": 3000,
    "staff_hours": Decimal(20),
    "staff_rate_pence": 2400,
    "training_pence": 10_000,
    "contract_pence": 0,
    "equipment_pence": 2_500,
    "setup_pence": 100_000,
    "setup_years": 5,
    "council_percent": 50,
    "health_percent": 20,
    "grant_percent": 0,
    "recorded_by_staff": 120,
}


def without(*names: str) -> Inputs:
    return Inputs(**{name: value for name, value in WHOLE.items() if name not in names})


def test_every_part_is_worked_out_in_pence() -> None:
    assert Inputs(**WHOLE).parts() == {
        Part.PAY: 50_000,
        Part.LEAD: 118_500,  # 39.5 hours at £30
        Part.STAFF: 48_000,  # 20 hours at £24
        Part.TRAINING: 10_000,
        Part.CONTRACT: 0,
        Part.EQUIPMENT: 2_500,
        Part.SETUP: 5_000,  # £1,000 over 20 quarters
        Part.RECORDING: 4_800,  # 120 minutes at £24
    }


def test_half_a_penny_of_recording_goes_up_although_a_sixtieth_has_no_end() -> None:
    # Five minutes at £24.06 are 200.5 pence.
    assert Inputs(staff_rate_pence=2406, recorded_by_staff=5).parts()[Part.RECORDING] == 201


def test_a_whole_cost_is_a_value() -> None:
    whole = total(Inputs(**WHOLE).parts())
    assert (whole.low, whole.high, whole.whole) == (238_800, 238_800, True)
    assert total_words(whole) == "£2,388.00"


def test_a_missing_part_makes_the_total_at_least_so_much_and_is_named() -> None:
    whole = total(without("contract_pence", "pay_pence").parts())
    assert (whole.low, whole.high) == (188_800, None)
    assert total_words(whole) == "At least £1,888.00"
    assert missing_words(whole.missing) == "Missing: pay of buddies; contract with an outside provider."


def test_what_the_prison_gave_in_other_quarters_makes_a_range() -> None:
    others = [Inputs(**{**WHOLE, "pay_pence": pay}).parts() for pay in (40_000, 70_000)]
    whole = total(without("pay_pence").parts(), others)
    assert (whole.low, whole.high, whole.whole) == (228_800, 258_800, False)
    assert total_words(whole) == "Between £2,288.00 and £2,588.00"


def test_one_missing_part_that_was_never_given_leaves_the_range_open() -> None:
    others = [without("contract_pence").parts()]
    whole = total(without("pay_pence", "contract_pence").parts(), others)
    assert (whole.low, whole.high) == (238_800, None)


def test_an_hour_costs_the_whole_over_the_hours() -> None:
    cost = unit_cost(total(Inputs(**WHOLE).parts()), Decimal(40))
    assert cost is not None
    assert cost.value == Decimal("59.7")
    assert unit_words(cost, "") == "£59.70"


def test_without_an_hour_there_is_no_cost_of_an_hour() -> None:
    assert unit_cost(total(Inputs(**WHOLE).parts()), Decimal(0)) is None
    assert unit_words(None, "No hour of support is recorded") == "No hour of support is recorded"


def test_a_unit_cost_with_a_missing_part_is_never_a_value() -> None:
    cost = unit_cost(total(without("pay_pence").parts()), Decimal(40))
    assert cost is not None
    assert cost.value is None
    assert unit_words(cost, "") == "At least £47.20"


def test_no_hours_cost_nothing_even_where_the_rate_is_not_known() -> None:
    parts = Inputs(staff_hours=Decimal(0), recorded_by_staff=0).parts()
    assert parts[Part.STAFF] == 0
    assert parts[Part.RECORDING] == 0
    assert parts[Part.LEAD] is None


def test_setting_up_for_nothing_needs_no_years() -> None:
    assert Inputs(setup_pence=0).parts()[Part.SETUP] == 0
    assert Inputs().parts()[Part.SETUP] is None


def test_the_prison_pays_what_the_others_leave() -> None:
    assert Inputs(**WHOLE).shares() == {"prison": 30, "council": 50, "health": 20, "grant": 0}
    assert without("grant_percent").shares() is None


@pytest.mark.parametrize("name", DEFAULT_TIMES)
def test_a_default_time_counts_once_for_each(name: str) -> None:
    assert default_hours({name: 60}) == Decimal(DEFAULT_TIMES[name].minutes)
