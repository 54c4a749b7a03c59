import re

import pytest

from buddyscheme.lib.references import ALPHABET, clean_reference, make_reference, make_token, split_at_references


def test_tokens_are_22_characters_and_differ() -> None:
    tokens = {make_token() for _ in range(1000)}
    assert len(tokens) == 1000
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{22}", token) for token in tokens)


def test_references_use_the_alphabet_without_look_alikes() -> None:
    assert not set(ALPHABET) & set("01OILAEUSZGB")
    assert len(set(ALPHABET)) == len(ALPHABET) == 24
    for _ in range(200):
        assert re.fullmatch(f"R-[{ALPHABET}]{{6}}", make_reference("R"))


@pytest.mark.parametrize("prefix", ["", "r", "ABCD", "R-", "1"])
def test_other_prefixes_are_refused(prefix: str) -> None:
    with pytest.raises(ValueError, match="capital letters"):
        make_reference(prefix)


def test_short_references_are_refused() -> None:
    with pytest.raises(ValueError, match="at least four"):
        make_reference("R", length=3)


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("R-7K2M9Q", "R-7K2M9Q"),
        (" r-7k2m9q ", "R-7K2M9Q"),
        ("r 7k2 m9q", "R-7K2M9Q"),
        ("R7K2M9Q", "R-7K2M9Q"),
        ("R\u20137K2M9Q", "R-7K2M9Q"),
        ("MT-7K2M9Q", "MT-7K2M9Q"),
        ("nonsense!", "NONSENSE!"),
    ],
)
def test_what_people_type(typed: str, stored: str) -> None:
    assert clean_reference(typed) == stored


def test_a_made_reference_is_already_clean() -> None:
    for prefix in ("R", "MT", "VIS"):
        reference = make_reference(prefix)
        assert clean_reference(reference) == reference


def test_references_are_found_in_a_sentence() -> None:
    assert split_at_references("Training of buddy B-6RRKHT") == ["Training of buddy ", "B-6RRKHT", ""]
    assert split_at_references("Cell A-12, task DOM-03, MOD-08") == ["Cell A-12, task DOM-03, MOD-08"]
