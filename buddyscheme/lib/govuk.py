"""GOV.UK components: one function over the macros of govuk-frontend-jinja.

Escaping is not left to the caller. Every value is escaped by the macros, and the parameters that the macros print as
they are (`html`, `titleHtml` and so on) are escaped here first, unless they are already marked safe by Django.

The macros cost milliseconds where there are many choices, so parts that read the same for everybody are remembered by
this process. Nothing that anybody typed, and nobody's name, may come that way: `controls.py` decides.
"""

import json
from collections.abc import Mapping
from functools import cache
from typing import Any

import jinja2
from django.utils.functional import Promise
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString

# Parameters that the macros print unescaped and whose names do not end in "html".
SLOTS = frozenset({"start", "end", "navigationStart", "navigationEnd"})


class UnsafeAttributesError(TypeError):
    """`attributes` was given as ready-made text, which the macros would print unescaped."""


@cache
def _environment() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.PrefixLoader({"govuk_frontend_jinja": jinja2.PackageLoader("govuk_frontend_jinja")}),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )


@cache
def _macro(component: str) -> Any:
    name = "govuk" + "".join(word.capitalize() for word in component.split("-"))
    template = _environment().get_template(f"govuk_frontend_jinja/components/{component}/macro.html")
    return getattr(template.module, name)


def render_component(component: str, params: Mapping[str, Any]) -> SafeString:
    """The HTML of a component, named as in its address on the Design System's site ("date-input")."""
    # The macros have escaped every value by now.
    return SafeString(str(_macro(component)(_made_safe(params))).strip())  # nosec B703


# Component and parameters as JSON → HTML. A parameter's place says whether it is safe, so the text alone is the key.
_remembered: dict[tuple[str, str], SafeString] = {}
MOST_REMEMBERED = 500


def render_remembered(component: str, params: Mapping[str, Any]) -> SafeString:
    """The same HTML, made once: only for parts that hold nobody's words and nobody's name."""
    key = (component, json.dumps(_made_safe(params), default=str))
    found = _remembered.get(key)
    if found is None:
        if len(_remembered) >= MOST_REMEMBERED:
            _remembered.clear()
        found = _remembered[key] = render_component(component, params)
    return found


def nested(flat: Mapping[str, Any]) -> dict[str, Any]:
    """`label__text="Name"` becomes `{"label": {"text": "Name"}}`, so that a template can write nested parameters."""
    tree: dict[str, Any] = {}
    for key, value in flat.items():
        *branches, leaf = key.split("__")
        here = tree
        for branch in branches:
            here = here.setdefault(branch, {})
        here[leaf] = value
    return tree


def _made_safe(value: Any, key: str = "") -> Any:
    if isinstance(value, Mapping):
        return {name: _made_safe(item, str(name)) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_made_safe(item) for item in value]
    if isinstance(value, Promise):
        value = str(value)
    if key == "attributes" and isinstance(value, str):
        raise UnsafeAttributesError("Give `attributes` as a dict of names and values.")
    if value not in (None, False) and (key == "html" or key.endswith("Html") or key in SLOTS):
        return conditional_escape(value)
    # Words are words, even where a template's literal arrives marked as safe.
    return value + "" if isinstance(value, SafeString) else value
