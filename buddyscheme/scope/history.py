"""History of rows by database trigger: whatever changes them, the change is kept, append-only."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import pghistory
from django.db import models

M = TypeVar("M", bound=type[models.Model])


def tracked() -> Callable[[M], M]:
    """Keep every version of a model's rows in `<Model>Event`. Who did it stands in the audit, not here."""
    decorate: Callable[[M], M] = pghistory.track(obj_field=None, context_field=None, append_only=True)
    return decorate
