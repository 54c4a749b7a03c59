"""`{% load govuk %}`: GOV.UK components, form fields and small helpers for templates."""

from collections.abc import Mapping
from typing import Any

from django import template
from django.forms import BoundField
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from buddyscheme.lib import controls
from buddyscheme.lib.govuk import nested, render_component
from buddyscheme.lib.references import split_at_references

register = template.Library()


@register.simple_tag
def govuk(component: str, params: Mapping[str, Any] | None = None, **kwargs: Any) -> SafeString:
    """A component: `{% govuk "button" text="Save" %}`, `{% govuk "tag" text=label classes=colour_class %}`.

    Nested parameters by two underscores (`label__text="Name"`) or as a dict from the context.
    """
    return render_component(component, {**(params or {}), **nested(kwargs)})


@register.simple_block_tag
def govuk_block(content: SafeString, component: str, **kwargs: Any) -> SafeString:
    """A component around a piece of template: `{% govuk_block "details" summaryText="More" %}…{% endgovuk_block %}`."""
    return render_component(component, {**nested(kwargs), "html": content})


@register.simple_tag
def govuk_field(field: BoundField) -> SafeString:
    """One form field with its label, hint and error."""
    return controls.render(field)


@register.simple_tag
def govuk_errors(*forms: Any) -> SafeString:
    """The error summary of one or more forms, or nothing."""
    items = [item for form in forms if form for item in controls.error_list(form)]
    if not items:
        return SafeString("")
    return render_component("error-summary", {"titleText": "There is a problem", "errorList": items})


@register.filter
def has_errors(form: Any) -> bool:
    """Whether a bound form, or nothing at all, holds errors. Says no to anything that is not a form."""
    return bool(getattr(form, "errors", None)) if getattr(form, "is_bound", False) else False


@register.filter
def unbroken(sentence: Any) -> SafeString:
    """A sentence of ours in which no reference, such as A-VC2TP2, breaks at its hyphen."""
    whole = '<span class="app-nowrap">{}</span>'
    pieces = enumerate(split_at_references(str(sentence)))
    return format_html_join("", "{}", ((format_html(whole, piece) if n % 2 else piece,) for n, piece in pieces))


@register.filter
def lookup(mapping: Any, key: Any) -> Any:
    """`{{ colours|lookup:status }}`: the value, or an empty string."""
    return mapping.get(key, "") if isinstance(mapping, Mapping) else ""


@register.simple_tag
def address_with(request: HttpRequest, **changes: Any) -> str:
    """This page's address with some query parameters changed; an empty value takes the parameter out."""
    query = request.GET.copy()
    for name, value in changes.items():
        if value in (None, ""):
            query.pop(name, None)
        else:
            query[name] = str(value)
    return f"{request.path}?{query.urlencode()}" if query else request.path


@register.simple_tag
def form_key() -> SafeString:
    """A hidden idempotency key, for a post that is a button and no form of ours."""
    return format_html('<input type="hidden" name="form_key" value="{}">', controls.new_form_key())
