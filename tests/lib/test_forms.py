"""The base form: its key, its version, its refusals, its count; and the filter of a list."""

from datetime import date

import pytest
from crispy_forms.utils import render_crispy_form
from django.http import QueryDict

from buddyscheme.lib import controls, fields
from buddyscheme.lib.errors import NotAllowed, Stale
from buddyscheme.lib.forms import OUT_OF_DATE, FilterForm, GovukForm


class Edit(GovukForm):
    versioned = True

    wing = fields.ChoiceField(label="Wing", choices=[("A", "A wing"), ("B", "B wing")])
    seen_on = fields.DayField(label="Day", required=False)
    tasks = fields.MultipleChoiceField(label="Tasks", required=False, choices=[("a", "A"), ("b", "B")])


def hidden_value(html, name):
    return html.split(f'name="{name}" value="', 1)[1].split('"', 1)[0]


def test_every_form_has_a_key_of_its_own():
    first, second = render_crispy_form(Edit()), render_crispy_form(Edit())

    assert len(hidden_value(first, "form_key")) == 22
    assert hidden_value(first, "form_key") != hidden_value(second, "form_key")


def test_key_stays_when_the_form_comes_back_with_errors():
    html = render_crispy_form(Edit({"form_key": "the-same-key"}))

    assert hidden_value(html, "form_key") == "the-same-key"


def test_a_post_without_key_gets_one_when_it_comes_back():
    assert len(hidden_value(render_crispy_form(Edit({})), "form_key")) == 22


def test_key_has_no_prefix():
    html = render_crispy_form(Edit(prefix="second"))

    assert 'name="form_key"' in html
    assert 'name="second-version"' in html
    assert 'name="second-wing"' in html


def test_form_does_not_name_its_hidden_inputs_twice_on_a_page():
    assert 'id="id_form_key"' not in render_crispy_form(Edit())


def test_version_comes_back_as_a_number():
    form = Edit({"wing": "A", "version": "7"})

    assert form.is_valid()
    assert form.cleaned_data["version"] == 7


@pytest.mark.parametrize("sent", [{}, {"version": ""}, {"version": "x"}])
def test_missing_version_is_said_at_the_top(sent):
    form = Edit({"wing": "A", **sent})

    assert form.error_summary == [{"text": OUT_OF_DATE, "href": "#id_wing"}]


def test_stale_keeps_what_was_typed_and_follows_the_new_version():
    form = Edit(QueryDict("wing=B&version=1&form_key=k"))
    assert form.is_valid()

    form.stale(Stale("this plan"), version=2)

    html = render_crispy_form(form)
    assert hidden_value(html, "version") == "2"
    assert 'value="B" checked' in html
    assert "Somebody else changed this plan" in form.error_summary[0]["text"]


def test_refusal_at_a_field():
    form = Edit({"wing": "A", "version": "1"})
    assert form.is_valid()

    form.refuse("Choose another wing.", field="wing")

    assert not form.is_valid()
    assert form.error_summary == [{"text": "Choose another wing.", "href": "#id_wing"}]


def test_refusal_takes_its_field_from_the_rule():
    form = Edit({"wing": "A", "version": "1"})

    form.refuse(NotAllowed("Choose another wing.", field="wing"))

    assert form.errors["wing"] == ["Choose another wing."]


def test_refusal_about_a_field_that_is_not_here_is_said_at_the_top():
    form = Edit({"wing": "A", "version": "1"})

    form.refuse(NotAllowed("There is no room.", field="capacity"))

    assert form.non_field_errors() == ["There is no room."]


def test_counts_questions_not_boxes():
    assert Edit().count_inputs() == 3
    assert GovukForm().count_inputs() == 0


def test_first_label_can_be_the_heading_of_the_page():
    class One(Edit):
        heading_in_first_field = True

    form = One()

    assert form.heading_field == "wing"
    assert render_crispy_form(form).count("<h1") == 1
    assert Edit().heading_field is None


def test_optional_questions_say_so():
    html = render_crispy_form(Edit())

    assert "Day (optional)" in html
    assert "Tasks (optional)" in html
    assert "Wing (optional)" not in html


def test_a_question_that_may_become_needed_is_not_called_optional():
    class Maybe(GovukForm):
        why = fields.WordsField(label="Why", max_length=9, required=False, mark_optional=False)

    assert "(optional)" not in controls.render(Maybe()["why"])


# Filters --------------------------------------------------------------------------------------------------


class Filter(FilterForm):
    wing = fields.MultipleChoiceField(label="Wing", choices=[("A", "A wing"), ("B", "B wing")])
    since = fields.DayField(label="Date from (earliest)")
    words = fields.WordsField(label="Name", max_length=20)


def test_filter_reads_the_address():
    form = Filter(QueryDict("wing=A&wing=B&since-day=1&since-month=11&since-year=2026&words="))

    assert form.answers == {"wing": ["A", "B"], "since": date(2026, 11, 1)}


def test_empty_filter_chooses_nothing():
    form = Filter(QueryDict(""))

    assert form.answers == {}
    assert form.chosen == []
    assert not form.errors


def test_chosen_filters_can_be_taken_out_one_by_one():
    form = Filter(QueryDict("wing=A&wing=B&since=2026-11-01&page=3"))

    assert form.chosen == [
        {
            "heading": "Wing",
            "items": [
                {"text": "A wing", "query": "wing=B&since=2026-11-01"},
                {"text": "B wing", "query": "wing=A&since=2026-11-01"},
            ],
        },
        {
            "heading": "Date from (earliest)",
            "items": [{"text": "1 November 2026", "query": "wing=A&wing=B"}],
        },
    ]


def test_the_order_of_a_list_is_no_filter_but_stays_when_one_is_taken_out():
    class Ordered(Filter):
        sort = fields.ChoiceField(label="Sort by", select=True, nothing_chosen=None, choices=[("new", "Newest")])

    form = Ordered(QueryDict("wing=A&sort=new"))

    assert form.chosen == [{"heading": "Wing", "items": [{"text": "A wing", "query": "sort=new"}]}]
    assert form.answers["sort"] == "new"


def test_nonsense_in_the_address_is_left_out():
    form = Filter(QueryDict("wing=Q&since=never&words=Sam"))

    assert form.answers == {"words": "Sam"}
    assert len(form.error_summary) == 2


def test_filter_has_no_key_and_calls_nothing_optional():
    html = render_crispy_form(Filter(QueryDict("")))

    assert "form_key" not in html
    assert "(optional)" not in html
