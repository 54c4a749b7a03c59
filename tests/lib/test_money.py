"""Amounts as people type and read them."""

from __future__ import annotations

import pytest

from buddyscheme.lib.money import pence_of, pounds, pounds_typed


@pytest.mark.parametrize(
    ("typed", "pence"),
    [
        ("12", 1200),
        ("12.5", 1250),
        ("£12.50", 1250),
        (" 0 ", 0),
        ("0.05", 5),
        ("1,000.00", 100_000),
        ("1 000", 100_000),
    ],
)
def test_amounts_as_people_type_them(typed: str, pence: int) -> None:
    assert pence_of(typed) == pence


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("-1", "An amount cannot be below nought"),
        ("−1.50", "An amount cannot be below nought"),
        ("12.505", "whole pence"),
        (".123", "whole pence"),
        ("12,50", "in pounds and pence"),
        ("1.", "in pounds and pence"),
        ("twelve", "in pounds and pence"),
        ("", "in pounds and pence"),
        ("1e3", "in pounds and pence"),
        ("NaN", "in pounds and pence"),
        ("١٢", "in pounds and pence"),
        ("1000.01", "£1,000.00 or less"),
        ("999999999", "£1,000.00 or less"),
    ],
)
def test_what_is_no_amount_says_what_to_do(typed: str, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        pence_of(typed)


@pytest.mark.parametrize(
    ("pence", "shown"), [(0, "£0.00"), (5, "£0.05"), (123_450, "£1,234.50"), (-160, "−£1.60"), (-5, "−£0.05")]
)
def test_amounts_as_people_read_them(pence: int, shown: str) -> None:
    assert pounds(pence) == shown


@pytest.mark.parametrize("pence", [0, 5, 80, 1250, 100_000])
def test_what_is_shown_in_a_field_can_be_sent_back(pence: int) -> None:
    assert pence_of(pounds_typed(pence)) == pence
