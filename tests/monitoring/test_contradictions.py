"""Every named rule fires on what it is about, and on nothing near it."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from buddyscheme.lib.dates import Month, Quarter
from monitoring.contradictions import BY_RULE, CONTRADICTIONS, RULES, Costs, Picture, Said, findings
from monitoring.measures.catalogue import BY_CODE

OCTOBER, LAST = Month(2026, 10), Quarter(2026, 3)
NONE = Said("NONE", Decimal(0))


def is_(value: int | str) -> Said:
    return Said("VALUE", Decimal(value))


# Twelve people or so helped by five buddies, as a month should be.
SOUND = {
    "OP-02": is_(5), "OP-04b": is_(12), "OP-06a": is_(100), "OP-07": is_("0.9"), "OP-13a": is_(2),
    "OP-29": Said("VALUE", Decimal(1), Decimal(6), Decimal(6)),
}  # fmt: skip
MONTH = Picture(period=OCTOBER, over=True, figures=SOUND, weekly_minutes=1200)
STEADY = {code: [10.0, 12.0, 11.0, 9.0] * 3 for code in ("OP-04b",)}
QUARTER = Picture(period=LAST, over=True, figures={"OP-22": is_(1), "OP-23a": is_(2), "OP-24a": is_(1)}, costs=Costs())


def month(**figures: Any) -> Picture:
    return replace(MONTH, figures={**SOUND, **{code.replace("_", "-"): said for code, said in figures.items()}})


def fired(picture: Picture) -> set[tuple[str, str]]:
    return set(findings(picture))


def test_a_sound_month_and_quarter_raise_nothing() -> None:
    assert fired(MONTH) == set()
    assert fired(QUARTER) == set()


@pytest.mark.parametrize(
    ("picture", "rule", "words"),
    [
        (month(OP_02=NONE), "NO_BUDDY", "100 hours of support are recorded, and no buddy was active"),
        (month(OP_06a=NONE), "NO_HOURS", "12 people were helped, and no hour"),
        (month(OP_06a=NONE, OP_04b=is_(1), OP_29=NONE), "NO_HOURS", "1 person was helped"),
        (month(OP_07=Said("NOT_YET_DUE")), "NO_PLAN", "12 people were helped, and no visit was planned"),
        (month(OP_06a=is_(440)), "OVER_CAP", "20.2 hours of support a week for each active buddy"),
        (month(OP_29=Said("VALUE", Decimal(1), Decimal(15), Decimal(15))), "REVIEWS", "15 reviews were held"),
        (replace(month(OP_04b=is_(40)), earlier=STEADY), "FAR_OUT", "40 is far above"),
        (month(OP_04b=Said("NOT_RETURNED"), OP_29=Said("NOT_RETURNED")), "GAP", "nothing was entered"),
        (replace(QUARTER, costs=None), "NO_COSTS", "have not been returned"),
        (replace(QUARTER, costs=Costs(lead_hours=Decimal("39.5"))), "NO_RATE", "39.5 hours of the lead"),
        (replace(QUARTER, costs=Costs(staff_hours=Decimal(20))), "NO_RATE", "20 hours of other staff"),
        (replace(QUARTER, has_population=False), "NO_PEOPLE", "is not entered"),
    ],
)  # fmt: skip
def test_a_rule_fires(picture: Picture, rule: str, words: str) -> None:
    found = findings(picture)
    assert {code for code, _ in found} == {rule}
    assert words in next(iter(found.values()))


@pytest.mark.parametrize("code", ["OP-22", "OP-23a", "OP-24a"])
def test_none_for_two_quarters_running_is_asked_about_and_none_for_one_is_not(code: str) -> None:
    one = replace(QUARTER, figures={**QUARTER.figures, code: NONE}, before={code: is_(1)})
    two = replace(one, before={code: NONE})
    assert fired(one) == set()
    assert fired(replace(two, before={})) == set()
    assert fired(two) == {("SILENCE", code)}
    assert "Silence is not safety" in findings(two)["SILENCE", code]


def test_limits_need_twelve_months_and_room() -> None:
    far = replace(MONTH, figures={**SOUND, "OP-04b": is_(40)})
    assert fired(replace(far, earlier={"OP-04b": STEADY["OP-04b"][1:]})) == set()
    assert fired(replace(far, earlier={"OP-04b": [10.0] * 12})) == set()
    assert fired(replace(MONTH, earlier=STEADY)) == set()


def test_a_figure_just_beyond_its_limit_is_left_to_the_chart() -> None:
    # Centre 10.5; the moving ranges give limits some six away, and half of that again is the room.
    assert fired(replace(MONTH, figures={**SOUND, "OP-04b": is_(16)}, earlier=STEADY)) == set()


def test_what_is_still_running_is_not_late() -> None:
    assert fired(replace(QUARTER, over=False, costs=None, has_population=False)) == set()
    running = month(OP_04b=Said("NOT_RETURNED"), OP_29=Said("NOT_RETURNED"))
    assert fired(replace(running, over=False)) == set()


def test_hours_that_just_fit_the_cap_do_not_fire() -> None:
    assert fired(month(OP_06a=is_(435))) == set()
    assert fired(replace(month(OP_06a=is_(440)), weekly_minutes=0)) == set()


def test_every_rule_says_which_measures_it_speaks_to() -> None:
    assert len(BY_RULE) == len(RULES)
    for rule in RULES:
        assert set(rule.measures) <= set(BY_CODE)
        assert rule.sentence.endswith(".")
        assert len(rule.code) <= 10
    assert set(CONTRADICTIONS) < set(BY_RULE)
