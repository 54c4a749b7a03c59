"""Each field cleans what people really type, and says what to do about the rest."""

from datetime import date, time

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from buddyscheme.lib import fields
from buddyscheme.lib.forms import GovukForm


def message(field, value):
    with pytest.raises(ValidationError) as caught:
        field.clean(value)
    return caught.value.messages[0]


@pytest.mark.parametrize("typed", ["Z1234ZA", "z1234za", "  Z1234ZA ", "Z 1234 ZA", "z1234\u00a0za", "\tZ1234ZA\n"])
def test_prison_number_is_trimmed_and_upper_cased(typed):
    assert fields.PrisonNumberField().clean(typed) == "Z1234ZA"


@pytest.mark.parametrize(
    "typed", ["", "1234", "Z1234Z", "Z12345Z", "Z1234ZAB", "Ž1234ZA", "Z１２３４ZA", "Z1234ZA; drop"]
)
def test_prison_number_says_how_it_should_look(typed):
    assert message(fields.PrisonNumberField(), typed) == (
        "Enter a prison number as one letter, four digits and two letters, like A1234BC"
    )


def test_prison_number_may_stay_empty_where_it_is_not_required():
    assert fields.PrisonNumberField(required=False).clean("") == ""


def test_words_are_trimmed_and_brought_to_one_form():
    assert fields.WordsField(max_length=10).clean("  Cafe\u0301 ") == "Caf\u00e9"


def test_words_count_line_ends_once():
    field = fields.WordsField(max_length=5, lines=3)

    assert field.clean("ab\r\ncd") == "ab\ncd"


@pytest.mark.parametrize(("over", "words"), [(1, "1 character:"), (3, "3 characters:")])
def test_words_too_long_say_by_how_much(over, words):
    said = message(fields.WordsField(max_length=5), "x" * (5 + over))

    assert said == f"Shorten the text by {words} there is room for 5"


@pytest.mark.parametrize("hidden", ["\x00", "\x1b", "\u202e", "\u2066", "\u200f", "\x07"])
def test_words_refuse_hidden_characters(hidden):
    assert message(fields.WordsField(max_length=50, lines=2), f"a{hidden}b").startswith("Remove hidden characters")


def test_one_line_refuses_a_second():
    assert message(fields.WordsField(max_length=50), "a\nb").startswith("Remove hidden characters")


@pytest.mark.parametrize("kept", ["Llŷr Ó Briain", "O’Neill-Smith", "王小明", "a\tb\nc", "👍"])
def test_words_keep_real_names_and_lines(kept):
    assert fields.WordsField(max_length=50, lines=2).clean(kept) == kept


@given(st.text(max_size=40))
def test_words_never_let_a_hidden_character_through(typed):
    try:
        cleaned = fields.WordsField(max_length=200, lines=2, required=False).clean(typed)
    except ValidationError:
        return
    assert not set(cleaned) & fields.BIDI
    assert "\x00" not in cleaned


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("09:30", time(9, 30)), ("9:30", time(9, 30)), ("9.30", time(9, 30)), ("09.30", time(9, 30)),
        ("930", time(9, 30)), ("0930", time(9, 30)), (" 23:59 ", time(23, 59)), ("0:00", time(0, 0)),
        ("0000", time(0, 0)), ("17:15:00", time(17, 15)),
    ],
)  # fmt: skip
def test_clock_reads_what_people_write(typed, meant):
    assert fields.ClockField().clean(typed) == meant


@pytest.mark.parametrize("typed", ["24:00", "12:60", "9", "9am", "9:3", "12345", "-1:00", "９:３０x", "noon"])
def test_clock_says_how_a_time_looks(typed):
    assert message(fields.ClockField(), typed) == "Enter a time on the 24-hour clock, like 09:30 or 17:15"


@given(st.times())
def test_clock_reads_back_what_it_prints(moment):
    field = fields.ClockField()

    assert field.clean(field.prepare_value(moment)) == moment.replace(second=0, microsecond=0)


@pytest.mark.parametrize("typed", ["0", "601", "1.5", "ten", "-5", "1e3", "99999999"])
def test_minutes_say_their_limits(typed):
    assert message(fields.MinutesField(), typed) == "Enter whole minutes from 1 to 600, like 15"


def test_minutes_are_a_number():
    assert fields.MinutesField().clean(" 15 ") == 15


def test_number_has_limits_of_its_own():
    field = fields.NumberField(least=0, most=5, unit="places")

    assert field.clean("0") == 0
    assert message(field, "6") == "Enter a whole number from 0 to 5"


# Dates ----------------------------------------------------------------------------------------------------


class Seen(GovukForm):
    seen_on = fields.DayField(label="Date of visit", earliest=date(2026, 1, 1), latest=lambda: date(2026, 11, 23))


def seen(day="", month="", year=""):
    return Seen({"seen_on-day": day, "seen_on-month": month, "seen_on-year": year})


@pytest.mark.parametrize("month", ["3", "03", "mar", "March", "MARCH.", "Mar."])
def test_day_from_three_parts(month):
    form = seen("7", month, "2026")

    assert form.is_valid()
    assert form.cleaned_data["seen_on"] == date(2026, 3, 7)


def test_day_from_one_value():
    form = Seen({"seen_on": "2026-03-07"})

    assert form.is_valid()
    assert form.cleaned_data["seen_on"] == date(2026, 3, 7)


@pytest.mark.parametrize(
    ("parts", "sentence", "link"),
    [
        (("", "", ""), "Enter the date of visit", "day"),
        (("7", "", "2026"), "Date of visit must include a month", "month"),
        (("7", "", ""), "Date of visit must include a month and a year", "month"),
        (("", "3", "2026"), "Date of visit must include a day", "day"),
        (("31", "2", "2026"), "Date of visit must be a real date: check the day and the month", "day"),
        (("x", "y", "2026"), "Date of visit must be a real date: check the day and the month", "day"),
        (("7", "3", "26"), "Date of visit must have a year of four digits, like 2026", "year"),
        (("31", "12", "2025"), "Date of visit must be on or after 1 January 2026", "day"),
        (("24", "11", "2026"), "Date of visit must be on or before 23 November 2026", "day"),
    ],
)
def test_day_says_what_is_wrong_and_where(parts, sentence, link):
    assert seen(*parts).error_summary == [{"text": sentence, "href": f"#id_seen_on-{link}"}]


@pytest.mark.parametrize("typed", ["2026-13-01", "2026-02-30", "tomorrow", "20260307", "0000-01-01"])
def test_day_from_one_value_refuses_nonsense(typed):
    assert not Seen({"seen_on": typed}).is_valid()


def test_day_keeps_what_was_typed():
    form = seen("31", "feb", "2026")
    form.is_valid()

    assert Seen.base_fields["seen_on"].widget.split(form["seen_on"].value()) == ("31", "feb", "2026")


def test_day_may_stay_empty_where_it_is_not_required():
    class Maybe(GovukForm):
        seen_on = fields.DayField(required=False)

    form = Maybe({"seen_on-day": "", "seen_on-month": "", "seen_on-year": ""})

    assert form.is_valid()
    assert form.cleaned_data["seen_on"] is None


def test_one_form_does_not_remember_the_errors_of_another():
    wrong, right = seen("7", "3", "26"), seen("7", "3", "2026")
    assert not wrong.is_valid()
    assert right.is_valid()

    assert wrong.error_summary[0]["href"] == "#id_seen_on-year"


@given(st.dates(min_value=date(1000, 1, 1)))
def test_day_reads_back_what_it_prints(day):
    field = fields.DayField()

    assert field.clean(field.widget.split(day)) == day


# Choices --------------------------------------------------------------------------------------------------


def test_choices_take_pairs_hints_and_choices():
    field = fields.ChoiceField(
        choices=[("a", "A"), ("b", "B", "hint"), fields.Choice(value="c", text="C", divider_before="or")]
    )

    assert field.choices == [("a", "A"), ("b", "B"), ("c", "C")]
    assert [choice.hint for choice in field.offered] == ["", "hint", ""]


def test_choices_can_be_offered_late_without_touching_other_forms():
    class Pick(GovukForm):
        wing = fields.ChoiceField(label="Wing")

    first, second = Pick({"wing": "A"}), Pick({"wing": "A"})
    first.fields["wing"].offer([("A", "A wing")])

    assert first.is_valid()
    assert second.errors["wing"] == ["Select one of the answers on the page"]
    assert second.fields["wing"].offered == []


@pytest.mark.parametrize(("answer", "meant"), [("yes", True), ("no", False)])
def test_yes_and_no(answer, meant):
    assert fields.YesNoField().clean(answer) is meant


def test_no_answer_is_not_no():
    assert fields.YesNoField(required=False).clean("") is None
    assert fields.YesNoField(required=False).clean(None) is None


@pytest.mark.parametrize(("initial", "ticked"), [(True, "yes"), (False, "no"), (None, None)])
def test_yes_or_no_shows_what_it_holds(initial, ticked):
    assert fields.YesNoField().prepare_value(initial) == ticked


def test_missing_sentences_are_made_from_labels():
    class Many(GovukForm):
        wing = fields.ChoiceField(label="Wing", select=True, choices=[("a", "A")])
        soon = fields.ChoiceField(label="How soon?", choices=[("a", "A")])
        name = fields.WordsField(label="Your name", max_length=5)
        asked = fields.YesNoField(label="Was the person asked?")
        told = fields.TickField(label="I told the person")
        said = fields.WordsField(label="What was said", max_length=5, missing="Write what was said")

    assert [item["text"] for item in Many({}).error_summary] == [
        "Select the wing",
        "Select an answer to “How soon?”",
        "Enter your name",
        "Select yes or no for “Was the person asked?”",
        "Tick the box “I told the person”",
        "Write what was said",
    ]
