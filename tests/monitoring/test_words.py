"""Figures in words: by the kind of number, and what they rest on."""

from __future__ import annotations

from decimal import Decimal

import pytest

from monitoring.measures.catalogue import BY_CODE, MEASURES
from monitoring.measures.definition import Heading, Kind
from monitoring.words import basis_words, number_words


@pytest.mark.parametrize(
    ("code", "value", "words"),
    [
        ("OP-01", "1", "Formal scheme"),
        ("OP-02", "1204", "1,204"),
        ("OP-05", "2.46", "2.5"),
        ("OP-07", "0.996", "over 99%"),
        ("OP-22", "3.04", "3.0"),
        ("OP-10b", "12", "12 days"),
        ("OP-10b", "1", "1 day"),
        ("CO-09", "12345.678", "£12,345.68"),
        ("OU-04a", "0.44", "+0.4"),
        ("OU-04a", "-0.44", "−0.4"),
        ("OU-04a", "0", "0.0"),
    ],
)
def test_a_number_is_worded_by_its_kind(code: str, value: str, words: str) -> None:
    assert number_words(BY_CODE[code], Decimal(value)) == words


@pytest.mark.parametrize(
    ("code", "above", "below", "words"),
    [
        ("OP-07", "120", "140", "120 of 140 planned visits"),
        ("OP-17", "3", "4", "3 of 4 active buddies"),
        ("OP-22", "12", "3400", "12 reports in 3,400 support hours"),
        ("OP-08f", "7", "300", "7 visits in 300 planned visits"),
        ("OP-25a", "9", "700", "9 buddies in 700 prisoners"),
        ("OU-12a", "2", "900", "2 falls in 900 days of help"),
        ("OP-05", "26", "12", "26 people for 12 buddies"),
        ("OP-20a", "26", "13", "26 hours in 13 weeks"),
        ("CO-10", "1250.50", "100", "£1,250.50 for 100 hours"),
        ("CO-11", "1250.50", "31", "£1,250.50 for 31 months of help"),
        ("CO-04", "300", "6", "£300.00 for 6 buddies"),
        ("OU-04a", "4", "9", "9 people with both answers"),
        ("CO-14a", "45", "100", ""),
    ],
)
def test_what_a_figure_rests_on_is_named(code: str, above: str, below: str, words: str) -> None:
    assert basis_words(BY_CODE[code], Decimal(above), Decimal(below)) == words


def test_every_share_and_rate_names_what_it_rests_on() -> None:
    for measure in MEASURES:
        if measure.computed and measure.kind in (Kind.SHARE, Kind.RATE) and measure.heading is not Heading.COST:
            words = basis_words(measure, Decimal(12), Decimal(40))
            assert words.startswith("12 ") and not words.endswith(("40", "40 ")), measure.code
            assert "share of" not in words and "every" not in words, measure.code


def test_a_plain_count_rests_on_itself() -> None:
    assert basis_words(BY_CODE["OP-02"], Decimal(12), None) == ""
