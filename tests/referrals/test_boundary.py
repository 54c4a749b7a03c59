import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from referrals.boundary import DATA, find, make_phrases, standard_phrases
from referrals.boundary_text import english_forms, tokens_of, welsh_forms

SENTENCES = Path(__file__).with_name("boundary_sentences.csv")
with SENTENCES.open(encoding="utf-8", newline="") as file:
    ROWS = list(csv.DictReader(file))
TRUE = [(row["code"], row["sentence"]) for row in ROWS if row["code"]]
HARMLESS = [row["sentence"] for row in ROWS if not row["code"]]
ALL_CODES = {f"PRO-{number:02d}" for number in range(1, 17)}


def codes(text: str) -> set[str]:
    return {hit.code for hit in find(text)}


@pytest.mark.parametrize(("code", "sentence"), TRUE)
def test_a_sentence_that_describes_forbidden_care_is_held(code: str, sentence: str) -> None:
    assert find(sentence)


@pytest.mark.parametrize("sentence", HARMLESS)
def test_a_harmless_sentence_is_not_held(sentence: str) -> None:
    assert find(sentence) == ()


def test_there_are_enough_sentences_of_both_kinds_in_both_languages() -> None:
    assert len(TRUE) >= 60
    assert len(HARMLESS) >= 60
    for language in ("en", "cy"):
        mine = [row for row in ROWS if row["language"] == language]
        assert {row["code"] for row in mine} >= ALL_CODES
        assert len([row for row in mine if not row["code"]]) >= 20


def test_the_task_found_is_mostly_the_task_meant() -> None:
    """A wrong code still holds the text, but opens the wrong kind of record."""
    right = [code for code, sentence in TRUE if code in codes(sentence)]
    assert len(right) / len(TRUE) > 0.95


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("WASH HIM EVERY DAY", "PRO-07"),
        ("\uff37\uff21\uff33\uff28 \uff28\uff29\uff2d", "PRO-07"),  # full width
        ("wa\u200bsh hi\u00adm", "PRO-07"),  # zero-width space, soft hyphen
        ("\u202ewash\u202c \u2066him\u2069", "PRO-07"),  # bidi
        ("w\u0430sh him", "PRO-07"),  # a Cyrillic letter
        ("w a s h him", "PRO-07"),
        ("w.a.s.h him", "PRO-07"),
        ("Help with the toilét", "PRO-05"),
        ("He\u2019s not able to shower himself and the buddy helps", "PRO-07"),
        ("Pick\nhim up off the floor", "PRO-08"),  # a wrapped line
        ("help\u00a0him\u00a0wash", "PRO-07"),
        ("(shower him)", "PRO-07"),
        ("meals/laundry/bathing him", "PRO-07"),
    ],
)
def test_tricks_of_writing_do_not_hide_it(text: str, code: str) -> None:
    assert code in codes(text)


@pytest.mark.parametrize(
    "text",
    [
        "Do not lift him. Lift him only with two.",
        "It is not a problem to lift him",
        "Don't forget to give him his tablets",
        "Do not wait for staff: lift him off the floor",
    ],
)
def test_a_negation_elsewhere_excuses_nothing(text: str) -> None:
    assert find(text)


@pytest.mark.parametrize(
    "text",
    [
        "The nurse and buddy wash him together",
        "Staff may be late, so the buddy showers him",
        "If staff are late he washes him",
        "The nurse asked the buddy to wash him",
        "He helps the nurse wash him",
        "Ring the bell if he falls and lift him",
        "Tell staff, then lift him",
        "If he needs help wash him",
    ],
)
def test_a_professional_nearby_excuses_nothing(text: str) -> None:
    assert find(text)


def test_nothing_is_found_across_sentences() -> None:
    assert find("Wash. Him and his brother write letters.") == ()
    assert find("He needs help.\n\nShower gel comes from canteen.") == ()


def test_a_hit_says_where_and_in_which_words() -> None:
    text = "Tidy the cell.  Then  wash\u200b  him, please."
    (hit,) = find(text)
    assert text[hit.start : hit.end].startswith("wash")
    assert hit.end <= text.index(",")
    assert (hit.code, hit.language) == ("PRO-07", "en")
    assert hit.words.startswith("wash")


def test_hits_for_one_task_that_overlap_are_one() -> None:
    hits = [hit for hit in find("Help him up off the floor when he falls") if hit.code == "PRO-08"]
    assert len(hits) == 1


def test_empty_text_has_no_hit() -> None:
    assert find("") == ()
    assert find(" \n ") == ()


def test_every_prohibited_task_has_phrases_in_both_languages() -> None:
    for language in ("en", "cy"):
        mine = {phrase.code for phrase in standard_phrases() if phrase.language == language}
        assert mine == ALL_CODES


def test_welsh_rows_are_marked_as_waiting_for_a_translator() -> None:
    with DATA.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            assert bool(row["check"]) is (row["language"] == "cy")


# --- the language of patterns --------------------------------------------------------------------


def phrases_of(phrase: str, unless: str = "", **sets: str) -> tuple[object, ...]:
    rows = [{"language": "en", "code": f"@{name}", "phrase": text} for name, text in sets.items()]
    rows.append({"language": "en", "code": "PRO-01", "phrase": phrase, "unless": unless})
    return make_phrases(rows)


def found(text: str, phrase: str, unless: str = "", **sets: str) -> list[str]:
    phrases = phrases_of(phrase, unless, **sets)
    return [hit.words for hit in find(text, phrases)]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("pattern", "text", "words"),
    [
        ("wash", "washing", ["washing"]),
        ("=wash", "washing", []),
        ("wash", "whitewash", []),
        ("wash|dry =him", "dry him", ["dry him"]),
        ("wash <2> =him", "wash, and dry, him", ["wash, and dry, him"]),
        ("wash <2> =him", "wash a b c him", []),
        ("wash [2] =him", "wash and him", []),
        ("wash [2] =him", "wash all of him", ["wash all of him"]),
        ("wash =the? =man", "wash man", ["wash man"]),
        ("wash =very* =well", "wash very very well", ["wash very very well"]),
        ("wash !=up", "wash up", []),
        ("wash &=him", "wash him", ["wash"]),
        ("^ wash $", "cook, wash, clean", ["wash"]),
        ("^ wash $", "cook and wash it", []),
        ("wash POSS", "wash the man's", []),
        ("wash =the POSS", "wash the man's cup", ["wash the man's"]),
        ("wash NAME", "please wash Dave", ["wash Dave"]),
        ("wash NAME", "please wash Monday", []),
        ("wash ANY =him", "wash all him", ["wash all him"]),
    ],
)
def test_patterns(pattern: str, text: str, words: list[str]) -> None:
    assert found(text, pattern, **{"break": "and|or"}) == words


def test_what_makes_it_harmless_must_share_a_word_with_the_hit() -> None:
    assert found("wash up", "wash", unless="wash =up") == []
    assert found("wash up and wash him", "wash", unless="wash =up") == ["wash"]
    assert found("never wash", "wash", unless="=never HIT") == []
    assert found("never, wash", "wash", unless="=never HIT") == ["wash"]


def test_sets_may_hold_patterns_and_other_sets() -> None:
    assert found("wash the old man", "wash @who", who="=him; =the =old? man") == ["wash the old man"]


@pytest.mark.parametrize("pattern", ["", "wash @nobody", "wash #", "wash |", "wash <x>", "SHOUT"])
def test_a_pattern_that_cannot_be_read_names_its_row(pattern: str) -> None:
    with pytest.raises(ValueError, match="Row 1 of the phrases"):
        phrases_of(pattern)


def test_a_language_without_rules_is_refused() -> None:
    with pytest.raises(ValueError, match="no rules for the words"):
        make_phrases([{"language": "fr", "code": "PRO-01", "phrase": "laver"}])


def test_forms_of_words() -> None:
    assert {"dress", "dresses", "dressed", "dressing"} <= english_forms("dress")
    assert {"wipe", "wiped", "wiping", "wipes"} <= english_forms("wipe")
    assert {"lift", "lifted", "lifting"} <= english_forms("lift")
    assert {"mop", "mopped", "mopping"} <= english_forms("mop")
    assert {"carry", "carries", "carried", "carrying"} <= english_forms("carry")
    assert {"golchi", "olchi", "ngolchi"} <= welsh_forms("golchi")
    assert {"codi", "godi", "chodi", "nghodi"} <= welsh_forms("codi")
    assert {"bwydo", "fwydo", "mwydo"} <= welsh_forms("bwydo")
    assert {"llaw", "law"} <= welsh_forms("llaw")
    assert {"ymolchi", "hymolchi"} <= welsh_forms("ymolchi")


def test_words_of_a_text() -> None:
    words = [token.word for token in tokens_of("Don't. The man's a'i i'w: gŵn-gwisgo")]
    assert words == [*(".", "do", "not", ".", "the", "man", "a", "ei", "i", "ei", ",", "gwn", "gwisgo", ".")]


@given(st.text())
def test_any_text_can_be_read_and_hits_lie_inside_it(text: str) -> None:
    for token in tokens_of(text):
        assert 0 <= token.start <= token.end <= len(text)
    for hit in find(text):
        assert 0 <= hit.start < hit.end <= len(text)


@given(
    st.sampled_from([sentence for _, sentence in TRUE]),
    st.lists(st.sampled_from(HARMLESS), max_size=3),
    st.integers(0, 3),
)
def test_harmless_sentences_around_it_never_hide_it(sentence: str, others: list[str], where: int) -> None:
    parts = [*others[:where], sentence, *others[where:]]
    assert find("\n\n".join(parts))
