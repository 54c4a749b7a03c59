"""From a form's field to the component that shows it.

Works for our own fields and for Django's, so that the forms of other packages look the same.
"""

import secrets
from collections.abc import Iterator
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from buddyscheme.lib.fields import Choice, DayField, DayWidget
from buddyscheme.lib.govuk import render_component, render_remembered

Params = dict[str, Any]


def render(field: BoundField) -> SafeString:
    """The field with label, hint and error; a hidden one as its bare input."""
    if field.is_hidden:
        return _hidden(field)
    component, params = describe(field)
    draw = render_remembered if reads_the_same(field) else render_component
    return draw(component, params)


def reads_the_same(field: BoundField) -> bool:
    """Whether the field shows only what the code says (in a filter also the prison's wings and months).

    Not so as soon as something was typed or refused, or the label, the hint or the choices were made for this page:
    they may hold a person's name.
    """
    inner = field.field
    offered = getattr(inner, "offered", None)
    if field.errors or (offered is None and (field.value() or isinstance(inner, forms.ChoiceField))):
        return False
    if getattr(field.form, "offers_people", True):
        coded = getattr(field.form, "base_fields", {}).get(field.name)
        if coded is None or getattr(coded, "offered", None) != offered or coded.help_text != inner.help_text:
            return False
        return bool(inner.label in (coded.label, field.name.replace("_", " ").capitalize()))
    return True


def describe(field: BoundField) -> tuple[str, Params]:
    """The component's name and its parameters."""
    widget = field.field.widget
    build = next((build for kind, build in BUILDERS if isinstance(widget, kind)), _text)
    component, params = build(field)
    return component, {name: value for name, value in params.items() if value not in ("", {})}


def error_list(form: forms.BaseForm) -> list[Params]:
    """Every error with a link that reaches the control it is about, in the order of the page."""
    visible = [field for field in form if not field.is_hidden]
    fallback = error_target(visible[0]) if visible else submit_id(form)
    hidden = [field for field in form if field.is_hidden]
    items = [{"text": text, "href": f"#{fallback}"} for text in form.non_field_errors()]
    items += [{"text": text, "href": f"#{fallback}"} for field in hidden for text in field.errors]
    items += [{"text": text, "href": f"#{error_target(field)}"} for field in visible for text in field.errors]
    return items


def error_target(field: BoundField) -> str:
    """The id of the first input that can mend the field."""
    if isinstance(field.field.widget, DayWidget):
        return f"{_id(field)}-{_wrong_parts(field)[0] if _wrong_parts(field) else 'day'}"
    return _id(field)


def submit_id(form: forms.BaseForm) -> str:
    return f"{form.prefix}-submit" if form.prefix else "submit"


def visible_inputs(form: forms.BaseForm) -> int:
    """How many questions the form asks: a group of radios or the three boxes of a date are one."""
    return sum(1 for field in form if not field.is_hidden)


# Parts that several components share ---------------------------------------------------------------------


def _id(field: BoundField) -> str:
    return str(field.field.widget.attrs.get("id") or field.auto_id or field.html_name)


def label_text(field: BoundField) -> str:
    """The question as the screen asks it, with "(optional)" where it says so."""
    text = str(field.label or "")
    optional = not field.field.required and getattr(field.field, "mark_optional", False)
    if optional and getattr(field.form, "mark_optional", False) and not text.endswith("(optional)"):
        return f"{text} (optional)"
    return text


def _is_heading(field: BoundField) -> bool:
    return getattr(field.form, "heading_field", None) == field.name


def _label(field: BoundField) -> Params:
    heading = _is_heading(field)
    return {
        "text": label_text(field),
        "classes": "govuk-label--l" if heading else "govuk-label--s",
        "isPageHeading": heading,
    }


def _fieldset(field: BoundField) -> Params:
    heading = _is_heading(field)
    return {
        "legend": {
            "text": label_text(field),
            "classes": "govuk-fieldset__legend--l" if heading else "govuk-fieldset__legend--s",
            "isPageHeading": heading,
        }
    }


def _messages(field: BoundField) -> Params:
    params: Params = {}
    if field.help_text:
        # Other packages put links into their hints, marked safe; ours hold words.
        params["hint"] = {"html" if hasattr(field.help_text, "__html__") else "text": field.help_text}
    errors = list(field.errors)
    if len(errors) == 1:
        params["errorMessage"] = {"text": errors[0]}
    elif errors:
        params["errorMessage"] = {"html": format_html_join(SafeString("<br>"), "{}", ((error,) for error in errors))}
    return params


def _value(field: BoundField) -> str:
    value = field.field.widget.format_value(field.value())
    return "" if value is None else str(value)


def _chosen(field: BoundField) -> list[str]:
    value = field.value()
    values = value if isinstance(value, list | tuple | set) else [value]
    return [str(item) for item in values if item is not None]


def _attributes(field: BoundField, *names: str) -> Params:
    """The widget's own attributes that a component has no parameter for."""
    attributes: Params = {}
    for name, value in field.field.widget.attrs.items():
        if name in names and value not in (None, False):
            attributes[name] = {"value": value, "optional": True} if value is True else str(value)
    return attributes


def _choices(field: BoundField) -> list[Choice]:
    offered = getattr(field.field, "offered", None)
    if offered is not None:
        return list(offered)
    return [Choice(value=str(value), text=str(text)) for value, text in _flat(field.field.widget.choices)]


def _flat(choices: Any) -> Iterator[tuple[Any, Any]]:
    for value, text in choices:
        if isinstance(text, list | tuple):
            yield from _flat(text)
        else:
            yield value, text


# One builder for each component ---------------------------------------------------------------------------


def _hidden(field: BoundField) -> SafeString:
    # No id: two forms on one page would both have it, and nothing points at a hidden input.
    value = field.field.widget.format_value(field.value())
    if isinstance(value, list | tuple):
        return format_html_join("", "{}", ((_hidden_input(field.html_name, item),) for item in value))
    return _hidden_input(field.html_name, value)


def _hidden_input(name: str, value: Any) -> SafeString:
    return format_html('<input type="hidden" name="{}" value="{}">', name, "" if value is None else value)


# No placeholder, which vanishes when it is needed, and no maxlength, which cuts pasted text without a word.
INPUT_ATTRIBUTES = ("readonly", "autofocus", "autocapitalize")


def _text(field: BoundField) -> tuple[str, Params]:
    inner, widget = field.field, field.field.widget
    width = getattr(inner, "width", "") or ("" if not isinstance(inner, forms.IntegerField) else "4")
    number = isinstance(inner, forms.IntegerField)
    params: Params = {
        "id": _id(field),
        "name": field.html_name,
        "type": "text" if number else getattr(widget, "input_type", "text"),
        "value": _value(field),
        "label": _label(field),
        "classes": f"govuk-input--width-{width}" if width else "",
        "inputmode": getattr(inner, "inputmode", "") or ("numeric" if number else widget.attrs.get("inputmode", "")),
        "autocomplete": getattr(inner, "autocomplete", "") or widget.attrs.get("autocomplete", ""),
        "attributes": _attributes(field, *INPUT_ATTRIBUTES) if not number else {},
        **_messages(field),
    }
    suffix = getattr(inner, "suffix", "")
    if suffix:
        params["suffix"] = {"text": suffix}
    prefix = getattr(inner, "prefix", "")
    if prefix:
        params["prefix"] = {"text": prefix}
    if isinstance(inner, forms.EmailField):
        params["spellcheck"] = False
    if isinstance(widget, forms.PasswordInput):
        params["value"] = ""
        for unused in ("type", "inputmode", "classes"):
            params.pop(unused)
        return "password-input", params
    return "input", params


def _textarea(field: BoundField) -> tuple[str, Params]:
    limit = getattr(field.field, "limit", None) or getattr(field.field, "max_length", None)
    params: Params = {
        "id": _id(field),
        "name": field.html_name,
        "value": _value(field),
        "rows": getattr(field.field, "lines", None) or field.field.widget.attrs.get("rows", 5),
        "label": _label(field),
        **_messages(field),
    }
    return ("character-count", {**params, "maxlength": limit}) if limit else ("textarea", params)


def _select(field: BoundField) -> tuple[str, Params]:
    chosen = _chosen(field)
    options = [
        {"value": choice.value, "text": choice.text, "selected": choice.value in chosen} for choice in _choices(field)
    ]
    first_line = getattr(field.field, "nothing_chosen", None)
    if first_line is not None and all(option["value"] for option in options):
        # A list that starts on its first answer records that answer for whoever overlooks it.
        options.insert(0, {"value": "", "text": first_line, "selected": not any(chosen)})
    return "select", {
        "id": _id(field),
        "name": field.html_name,
        "items": options,
        "label": _label(field),
        **_messages(field),
    }


def _group(field: BoundField) -> Params:
    chosen = _chosen(field)
    items: list[Params] = []
    for choice in _choices(field):
        if choice.divider_before:
            items.append({"divider": choice.divider_before})
        item: Params = {"value": choice.value, "text": choice.text, "checked": choice.value in chosen}
        if choice.hint:
            item["hint"] = {"text": choice.hint}
        if choice.exclusive:
            item["behaviour"] = "exclusive"
        items.append(item)
    return {
        "idPrefix": _id(field),
        "name": field.html_name,
        "items": items,
        "fieldset": _fieldset(field),
        **_messages(field),
    }


def _radios(field: BoundField) -> tuple[str, Params]:
    params = _group(field)
    if getattr(field.field, "inline", False):
        params["classes"] = "govuk-radios--inline"
    # Django offers "no answer" as an empty radio of its own; the absence of a choice says the same.
    params["items"] = [item for item in params["items"] if "divider" in item or item["value"] != ""]
    return "radios", params


def _checkboxes(field: BoundField) -> tuple[str, Params]:
    return "checkboxes", _group(field)


def _tick(field: BoundField) -> tuple[str, Params]:
    return "checkboxes", {
        "idPrefix": _id(field),
        "name": field.html_name,
        "items": [{"value": "on", "text": label_text(field), "checked": bool(field.value())}],
        **_messages(field),
    }


def _file(field: BoundField) -> tuple[str, Params]:
    endings = getattr(field.field, "endings", ())
    return "file-upload", {
        "id": _id(field),
        "name": field.html_name,
        "label": _label(field),
        "attributes": {"accept": ",".join(endings)} if endings else {},
        **_messages(field),
    }


def _wrong_parts(field: BoundField) -> tuple[str, ...]:
    if not field.errors:
        return ()
    parts = field.field.error_parts if isinstance(field.field, DayField) else ()
    return parts or DayWidget.parts


def _day(field: BoundField) -> tuple[str, Params]:
    widget = field.field.widget
    wrong = _wrong_parts(field)
    values = widget.split(field.value())
    items = [
        {
            "id": f"{_id(field)}-{part}",
            "name": f"{field.html_name}-{part}",
            "label": part.capitalize(),
            **({"value": value} if value else {}),
            "classes": f"govuk-input--width-{4 if part == 'year' else 2}"
            + (" govuk-input--error" if part in wrong else ""),
        }
        for part, value in zip(DayWidget.parts, values, strict=True)
    ]
    return "date-input", {"id": _id(field), "items": items, "fieldset": _fieldset(field), **_messages(field)}


# First match wins, so a class stands before those it inherits from.
BUILDERS: tuple[tuple[type[forms.Widget], Any], ...] = (
    (DayWidget, _day),
    (forms.Textarea, _textarea),
    (forms.CheckboxSelectMultiple, _checkboxes),
    (forms.RadioSelect, _radios),
    (forms.Select, _select),
    (forms.CheckboxInput, _tick),
    (forms.FileInput, _file),
)


def new_form_key() -> str:
    """What tells a second press of the same button from a second form."""
    return secrets.token_urlsafe(16)
