"""Parts of forms that read the same for everybody are drawn once; what somebody typed is never kept."""

import pytest

from buddyscheme.lib import controls, fields, govuk
from buddyscheme.lib.forms import FilterForm, GovukForm


class Asks(GovukForm):
    words = fields.WordsField(label="Your words", max_length=200, hint="Short")
    how = fields.ChoiceField(label="How", choices=[("A", "By foot"), ("B", "By chair")])


class Narrow(FilterForm):
    name = fields.WordsField(label="Name", max_length=60)
    wing = fields.ChoiceField(label="Wing", select=True)


@pytest.fixture(autouse=True)
def _nothing_remembered():
    govuk._remembered.clear()
    yield
    govuk._remembered.clear()


def kept():
    return "".join(html for html in govuk._remembered.values())


def test_the_second_drawing_is_the_first():
    first = [str(controls.render(field)) for field in Asks()]
    again = [str(controls.render(field)) for field in Asks()]

    assert [html for html in first if "form_key" not in html] == [html for html in again if "form_key" not in html]
    assert len(govuk._remembered) == 2
    assert controls.render(Asks()["how"]) == govuk.render_component(*controls.describe(Asks()["how"]))


@pytest.mark.parametrize("form", [
    Asks({"words": "Adams"}), Asks(initial={"words": "Adams"}), Narrow({"name": "Adams"}),
], ids=["posted", "from the record", "searched for"])  # fmt: skip
def test_what_was_typed_is_not_kept(form):
    drawn = "".join(str(controls.render(field)) for field in form)

    assert "Adams" in drawn
    assert "Adams" not in kept()


@pytest.mark.parametrize("what", ["label", "help_text"])
def test_a_question_that_names_somebody_is_not_kept(what):
    form = Asks()
    setattr(form.fields["words"], what, "What did Adams say?")

    assert "Adams" in controls.render(form["words"])
    assert "Adams" not in kept()


def test_choices_made_for_the_page_are_not_kept():
    form = Asks()
    form.fields["how"].offer([("x", "Adams")])

    assert "Adams" in controls.render(form["how"])
    assert "Adams" not in kept()


def test_a_filter_keeps_its_wings_and_shows_another_choice_as_chosen():
    def drawn(chosen):
        form = Narrow({"wing": chosen})
        form.fields["wing"].offer([("A", "A wing"), ("B", "B wing")])
        return str(controls.render(form["wing"]))

    assert drawn("A") != drawn("B")
    assert drawn("A") == drawn("A")
    assert "A wing" in kept()


def test_no_more_is_kept_than_fits(monkeypatch):
    monkeypatch.setattr(govuk, "MOST_REMEMBERED", 3)
    for number in range(10):
        govuk.render_remembered("hint", {"text": str(number)})

    assert len(govuk._remembered) <= 3
