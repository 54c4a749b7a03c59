"""Filtering the audit."""

from __future__ import annotations

from buddyscheme.audit.events import Event
from buddyscheme.lib.fields import ChoiceField
from buddyscheme.lib.forms import FilterForm


class AuditFilter(FilterForm):
    """By what was done."""

    code = ChoiceField(label="What was done", select=True, choices=[(e.value, e.label.capitalize()) for e in Event])
