"""The examples that govuk-frontend ships with itself, and a way to compare pages as trees."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from django.test.html import Element, parse_html
from django.utils.safestring import mark_safe

from buddyscheme.lib.govuk import SLOTS

COMPONENTS = Path(__file__).resolve().parents[2] / "node_modules/govuk-frontend/dist/govuk/components"
SIZES = {
    "govuk-label--s", "govuk-label--l", "govuk-label--m", "govuk-label--xl",
    "govuk-fieldset__legend--s", "govuk-fieldset__legend--l", "govuk-fieldset__legend--m", "govuk-fieldset__legend--xl",
}  # fmt: skip


@cache
def examples(component: str) -> list[dict[str, Any]]:
    path = COMPONENTS / component / "fixtures.json"
    assert path.is_file(), "Run script/support/frontend.py first: the examples come with the npm package."
    return list(json.loads(path.read_text(encoding="utf-8"))["fixtures"])


def trusted(value: Any) -> Any:
    """The examples' own HTML, marked as safe the way a template would hand it over."""
    if isinstance(value, dict):
        return {
            name: mark_safe(item) if isinstance(item, str) and _is_markup(name) else trusted(item)
            for name, item in value.items()
        }
    return [trusted(item) for item in value] if isinstance(value, list) else value


def _is_markup(name: str) -> bool:
    return name == "html" or name.endswith("Html") or name in SLOTS


def tree(html: str, *, ignore_sizes: bool = False) -> Element:
    """The page as a tree in which white space and the order of attributes do not count."""
    parsed = parse_html(html)
    if ignore_sizes:
        _strip_sizes(parsed)
    return parsed


def _strip_sizes(element: Element) -> None:
    kept = []
    for name, value in element.attributes:
        if name == "class":
            value = " ".join(word for word in value.split() if word not in SIZES)
            if not value:
                continue
        kept.append((name, value))
    element.attributes = kept
    for child in element.children:
        if isinstance(child, Element):
            _strip_sizes(child)
