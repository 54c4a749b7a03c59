"""Every component we use prints what govuk-frontend's own examples print, and escapes what it is given."""

import pytest
from django.template import Context, Template
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy

from buddyscheme.lib.govuk import UnsafeAttributesError, nested, render_component

from .fixtures import examples, tree, trusted

USED = [
    "breadcrumbs", "button", "character-count", "checkboxes", "date-input", "details", "error-message", "error-summary",
    "fieldset", "file-upload", "generic-header", "hint", "input", "inset-text", "label", "notification-banner",
    "panel", "password-input", "phase-banner", "radios", "select", "service-navigation", "skip-link", "summary-list",
    "table", "tag", "textarea", "warning-text",
]  # fmt: skip
ATTACK = "<script>alert(1)</script>"


def cases():
    for component in USED:
        for example in examples(component):
            yield pytest.param(component, example, id=f"{component}: {example['name']}")


@pytest.mark.parametrize(("component", "example"), list(cases()))
def test_prints_what_the_example_prints(component, example):
    printed = render_component(component, trusted(example["options"]))

    assert tree(printed) == tree(example["html"])


@pytest.mark.parametrize("name", ["text", "html"])
def test_escapes_text_and_html(name):
    printed = render_component("inset-text", {name: ATTACK})

    assert "<script" not in printed
    assert "&lt;script&gt;" in printed


def test_escapes_words_even_if_marked_safe():
    assert "<script" not in render_component("button", {"text": mark_safe(ATTACK)})


def test_escapes_lazy_html():
    assert "<script" not in render_component("inset-text", {"html": gettext_lazy(ATTACK)})


def test_escapes_inside_lists_and_slots():
    printed = render_component(
        "service-navigation",
        {"serviceName": "x", "navigation": [{"html": ATTACK, "href": "/"}], "slots": {"start": ATTACK}},
    )

    assert "<script" not in printed


def test_escapes_attributes():
    printed = render_component("button", {"text": "x", "attributes": {"data-x": f'"{ATTACK}'}})

    assert "<script" not in printed
    assert 'data-x="&#34;' in printed


def test_refuses_ready_made_attributes():
    with pytest.raises(UnsafeAttributesError):
        render_component("button", {"text": "x", "attributes": " onclick=alert(1)"})


def test_keeps_html_that_a_template_made():
    assert "<em>x</em>" in render_component("inset-text", {"html": mark_safe("<em>x</em>")})


def test_nests_by_two_underscores():
    assert nested({"label__text": "Name", "label__classes": "a", "id": "b"}) == {
        "label": {"text": "Name", "classes": "a"},
        "id": "b",
    }


def test_tag_takes_values_from_the_context():
    printed = Template('{% load govuk %}{% govuk "button" text=words %}').render(Context({"words": ATTACK}))

    assert "<script" not in printed
    assert 'class="govuk-button"' in printed


def test_block_keeps_its_markup_and_escapes_its_values():
    template = Template('{% load govuk %}{% govuk_block "inset-text" %}<b>{{ x }}</b>{% endgovuk_block %}')

    assert f"<b>{'&lt;script&gt;alert(1)&lt;/script&gt;'}</b>" in template.render(Context({"x": ATTACK}))
