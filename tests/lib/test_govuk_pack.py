"""The crispy pack prints fields as govuk-frontend's examples do, and every error link reaches an input."""

import re
from typing import Any

import pytest
from crispy_forms.utils import render_crispy_form
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.safestring import mark_safe

from buddyscheme.lib import controls, fields
from buddyscheme.lib.forms import ConfirmForm, GovukForm

from .fixtures import examples, tree

# What a field of ours can express of each component. An example that uses more is not ours to print.
EXPRESSED = {
    "input": {"label", "hint", "id", "name", "errorMessage", "value", "suffix", "inputmode", "autocomplete"},
    "select": {"label", "hint", "id", "name", "errorMessage", "items"},
    "textarea": {"label", "hint", "id", "name", "errorMessage", "value", "rows"},
    "character-count": {"label", "hint", "id", "name", "errorMessage", "value", "rows", "maxlength"},
    "radios": {"fieldset", "hint", "idPrefix", "name", "errorMessage", "items", "classes"},
    "checkboxes": {"fieldset", "hint", "idPrefix", "name", "errorMessage", "items", "values"},
    "date-input": {"fieldset", "hint", "id", "errorMessage", "items"},
    "file-upload": {"label", "hint", "id", "name", "errorMessage"},
    "password-input": {"label", "hint", "id", "name", "errorMessage", "autocomplete"},
}
INNER = {
    "label": {"text", "isPageHeading", "classes"},
    "hint": {"text"},
    "errorMessage": {"text"},
    "suffix": {"text"},
    "fieldset": {"legend"},
    "legend": {"text", "isPageHeading", "classes"},
    "items": {"value", "text", "hint", "divider", "checked", "selected", "behaviour", "name", "classes"},
}
PLAIN_CLASSES = {"radios": {"", "govuk-radios--inline"}}


def expressed(component: str, options: dict[str, Any]) -> bool:
    if set(options) - EXPRESSED[component]:
        return False
    if component in PLAIN_CLASSES and options.get("classes", "") not in PLAIN_CLASSES[component]:
        return False
    if not all(item and ("text" in item or "divider" in item or "name" in item) for item in options.get("items", [])):
        return False
    if component == "character-count" and "maxlength" not in options:
        return False
    if component == "select" and not all(isinstance(item.get("value"), str) for item in options.get("items", [{}])):
        return False
    if component in ("radios", "checkboxes", "date-input") and "legend" not in options.get("fieldset", {}):
        return False
    return all(_inner(name, value) for name, value in options.items())


def _inner(name: str, value: Any) -> bool:
    if isinstance(value, list):
        return all(isinstance(item, dict) and _inner(name, item) for item in value)
    if not isinstance(value, dict):
        return True
    return not set(value) - INNER.get(name, set()) and all(_inner(key, item) for key, item in value.items())


def cases():
    for component in EXPRESSED:
        for example in examples(component):
            if expressed(component, example["options"]):
                yield pytest.param(component, example, id=f"{component}: {example['name']}")


class Bare(fields.SentenceMixin, forms.CharField):
    """A text field that can be told everything an example tells its component."""


def choices(options: dict[str, Any]) -> list[fields.Choice]:
    offered, divider = [], ""
    for item in options["items"]:
        if "divider" in item:
            divider = item["divider"]
            continue
        offered.append(
            fields.Choice(
                value=str(item.get("value", item["text"])),
                text=item["text"],
                hint=item.get("hint", {}).get("text", ""),
                divider_before=divider,
                exclusive=item.get("behaviour") == "exclusive",
            )
        )
        divider = ""
    return offered


def a_field(component: str, options: dict[str, Any]) -> tuple[forms.Field, Any]:
    """The field that says what the example says, and the value it holds."""
    words = options.get("label") or options["fieldset"]["legend"]
    common = {"label": words["text"], "hint": options.get("hint", {}).get("text", ""), "required": False}
    value: Any = options.get("value")
    field: forms.Field
    if component == "input":
        field = Bare(**common)
        field.suffix = options.get("suffix", {}).get("text", "")
        field.inputmode = options.get("inputmode", "")
        field.autocomplete = options.get("autocomplete", "")
    elif component == "password-input":
        field = Bare(widget=forms.PasswordInput(attrs={"autocomplete": options.get("autocomplete", "")}), **common)
    elif component == "textarea":
        field = Bare(widget=forms.Textarea(attrs={"rows": options.get("rows", 5)}), **common)
    elif component == "character-count":
        field = fields.WordsField(max_length=options["maxlength"], lines=int(options.get("rows", 5)), **common)
    elif component == "file-upload":
        field = fields.FileField(**common)
    elif component == "date-input":
        field = fields.DayField(**common)
    elif component == "select":
        field = fields.ChoiceField(select=True, nothing_chosen=None, choices=choices(options), **common)
        value = next((item["value"] for item in options["items"] if item.get("selected")), None)
    elif component == "radios":
        inline = options.get("classes") == "govuk-radios--inline"
        field = fields.ChoiceField(choices=choices(options), inline=inline, **common)
        value = next((item["value"] for item in options["items"] if item.get("checked")), None)
    else:
        field = fields.MultipleChoiceField(choices=choices(options), **common)
        ticked = [item["value"] for item in options["items"] if item.get("checked")]
        value = ticked or options.get("values")
    field.mark_optional = False
    identity = options.get("id") or options.get("idPrefix")
    if identity:
        field.widget.attrs["id"] = identity
    return field, value


@pytest.mark.parametrize(("component", "example"), list(cases()))
def test_field_prints_what_the_example_prints(component, example):
    options = example["options"]
    field, value = a_field(component, options)
    name = options.get("name") or options["id"]
    words = options.get("label") or options["fieldset"]["legend"]
    form_class = type(
        "Example", (GovukForm,), {name: field, "heading_in_first_field": words.get("isPageHeading", False)}
    )
    if "errorMessage" in options:
        form = form_class({name: value} if value is not None else {}, auto_id="%s")
        form.errors.clear()
        form.add_error(name, options["errorMessage"]["text"])
    else:
        form = form_class(initial={name: value}, auto_id="%s")

    printed = tree(controls.render(form[name]), ignore_sizes=True)

    assert printed == tree(_our_date_parts(component, options, example["html"]), ignore_sizes=True)


def _our_date_parts(component: str, options: dict[str, Any], html: str) -> str:
    """Three boxes carry their field's name, where the examples leave it out; nothing else differs."""
    if component != "date-input":
        return html
    for part in fields.DayWidget.parts:
        html = html.replace(f' name="{part}"', f' name="{options["id"]}-{part}"')
    return html


def test_enough_examples_are_compared():
    compared = [case.values[0] for case in cases()]

    assert set(compared) == set(EXPRESSED)
    assert len(compared) >= 50


class EveryKind(GovukForm):
    number = fields.PrisonNumberField()
    words = fields.WordsField(label="Words", max_length=20, lines=3)
    seen_on = fields.DayField(label="Day")
    at = fields.ClockField(label="Time")
    minutes = fields.MinutesField(label="Minutes")
    wing = fields.ChoiceField(label="Wing", select=True, choices=[("A", "A wing")])
    urgency = fields.ChoiceField(label="How soon?", choices=[("a", "Today"), ("b", "Later")])
    tasks = fields.MultipleChoiceField(label="Tasks", choices=[("a", "Meals"), ("b", "Water")])
    helped = fields.YesNoField(label="Helped?")
    agree = fields.TickField(label="Agreed")
    paper = fields.FileField(label="Paper", endings=(".csv",))
    secret = forms.CharField(label="Password", widget=forms.PasswordInput)
    mail = forms.EmailField(label="E-mail")
    count = forms.IntegerField(label="Count")


def ids(html: str) -> list[str]:
    return re.findall(r'\bid="([^"]+)"', html)


def inputs(html: str) -> set[str]:
    return {found for tag in re.findall(r"<(?:input|select|textarea|button)[^>]*>", html) for found in ids(tag)}


def test_every_error_link_reaches_an_input():
    form = EveryKind({})

    html = render_crispy_form(form)

    assert len(form.error_summary) == 14
    assert {item["href"].lstrip("#") for item in form.error_summary} <= inputs(html)


def test_every_error_link_reaches_an_input_under_a_prefix():
    form = EveryKind({}, prefix="second")

    assert {item["href"].lstrip("#") for item in form.error_summary} <= inputs(render_crispy_form(form))


def test_ids_are_unique_and_every_reference_exists():
    html = render_crispy_form(EveryKind({}))

    assert len(ids(html)) == len(set(ids(html)))
    for attribute in ("aria-describedby", "for", "aria-controls"):
        for found in re.findall(rf'\b{attribute}="([^"]+)"', html):
            assert set(found.split()) <= set(ids(html))


def test_error_about_the_year_links_to_the_year():
    form = EveryKind({"seen_on-day": "1", "seen_on-month": "2", "seen_on-year": "26"})

    assert "#id_seen_on-year" in [item["href"] for item in form.error_summary]
    html = controls.render(form["seen_on"])
    assert html.count("govuk-input--error") == 1


def test_error_of_the_whole_form_links_to_the_first_question():
    form = EveryKind({})
    form.refuse("No room is left.")

    assert form.error_summary[0] == {"text": "No room is left.", "href": "#id_number"}


def test_error_of_a_form_without_questions_links_to_the_button():
    form = GovukForm({})
    form.refuse("No room is left.")

    assert form.error_summary == [{"text": "No room is left.", "href": "#submit"}]
    assert "submit" in inputs(render_crispy_form(form))


def test_label_hint_error_and_value_are_escaped():
    class Attacked(GovukForm):
        words = fields.WordsField(label="<b>l</b>", hint="<b>h</b>", max_length=3)
        pick = fields.ChoiceField(label="<b>p</b>", choices=[("<b>", "<b>c</b>", "<b>ch</b>")])

    form = Attacked({"words": "<b>v</b>", "pick": "<b>x</b>"})
    form.refuse("<b>e</b>", field="words")

    html = render_crispy_form(form)

    assert "<b>" not in html
    assert html.count("&lt;b&gt;") >= 6


def test_text_of_several_lines_comes_back_as_typed():
    form = EveryKind({"words": "one\n  two\n\nthree"})

    html = controls.render(form["words"])

    assert ">one\n  two\n\nthree</textarea>" in html


def test_a_password_is_never_printed_back():
    assert "hunter2" not in controls.render(EveryKind({"secret": "hunter2"})["secret"])


def test_radios_of_plain_django_show_no_empty_answer():
    class Plain(forms.Form):
        pick = forms.ChoiceField(choices=[("", "---"), ("a", "A")], widget=forms.RadioSelect)

    assert controls.render(Plain()["pick"]).count('type="radio"') == 1


def test_groups_of_a_plain_select_are_flattened():
    class Plain(forms.Form):
        pick = forms.ChoiceField(choices=[("Wing", [("a", "A"), ("b", "B")])])

    assert controls.render(Plain()["pick"]).count("<option") == 2


def test_form_prints_its_key_token_and_button():
    class Small(GovukForm):
        submit_label = "Send it"
        warning = True

    form = Small()
    form.cancel_url = "/back/"
    html = render_crispy_form(form, context={"csrf_token": "abc"})

    assert 'name="csrfmiddlewaretoken" value="abc"' in html
    assert 'name="form_key"' in html
    assert "Send it" in html
    assert "govuk-button--warning" in html
    assert 'data-prevent-double-click="true"' in html
    assert 'href="/back/"' in html
    assert "novalidate" in html


@pytest.mark.parametrize("warning", [False, True])
def test_button_without_a_question_says_what_its_page_says_and_is_red_where_it_has_to_be(warning):
    form = ConfirmForm({}, label="Take it back", warning=warning)
    html = render_crispy_form(form)

    assert form.is_valid() and form.count_inputs() == 0
    assert "Take it back" in html
    assert ("govuk-button--warning" in html) == warning


def test_a_form_with_a_file_says_so():
    assert 'enctype="multipart/form-data"' in render_crispy_form(EveryKind())


def test_file_field_takes_a_good_file():
    class Upload(GovukForm):
        paper = fields.FileField(label="Paper", endings=(".csv",), most_megabytes=1)

    good = Upload({}, {"paper": SimpleUploadedFile("a.CSV", b"x")})
    wrong = Upload({}, {"paper": SimpleUploadedFile("a.exe", b"x")})
    large = Upload({}, {"paper": SimpleUploadedFile("a.csv", b"x" * 1_000_001)})

    assert good.is_valid()
    assert wrong.errors["paper"] == ["Choose a file that ends in .csv"]
    assert large.errors["paper"] == ["Choose a file smaller than 1 MB"]


def test_every_error_of_a_field_is_shown_at_the_field():
    form = EveryKind({})
    form.is_valid()
    form.refuse("Second <b>sentence</b>", field="number")

    html = controls.render(form["number"])

    assert "<br>Second &lt;b&gt;sentence&lt;/b&gt;" in html
    assert html.count("govuk-error-message") == 1


def test_hint_of_another_package_keeps_its_link():
    class Foreign(forms.Form):
        password = forms.CharField(help_text=mark_safe('<a href="/reset/">Reset</a>'), widget=forms.PasswordInput)

    assert '<a href="/reset/">Reset</a>' in controls.render(Foreign()["password"])


def test_placeholders_and_silent_cuts_are_left_out():
    class Foreign(forms.Form):
        mail = forms.EmailField(max_length=9, widget=forms.EmailInput(attrs={"placeholder": "you", "autofocus": True}))

    html = controls.render(Foreign()["mail"])

    assert "placeholder" not in html
    assert "maxlength" not in html
    assert "autofocus" in html
