"""A report as it is kept: plain lists and texts, from which both page and PDF are made."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from typing import Any

from monitoring.reports.structure import Report


def stored_form(report: Report) -> dict[str, Any]:
    """Every part by its name; a picture also has the name of the `template` that draws it."""
    found: dict[str, Any] = _plain(report)
    return found


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        found = {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
        template = getattr(value, "template", None)
        return found if template is None else {**found, "template": template}
    return [_plain(each) for each in value] if isinstance(value, tuple) else value
