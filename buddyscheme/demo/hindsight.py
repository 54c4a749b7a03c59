"""Telling of a time that lies further back than prisons read of people who have left.

The database asks its own clock for how long ago somebody left, and that clock is not the story's: whoever left two
years ago would be gone from sight in the middle of their leaving. While the story is told that limit is lifted.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.apps import apps
from django.db import connection

from buddyscheme.scope.access import row_condition
from schemes.models.person import STILL_READ


@contextmanager
def whoever_left() -> Iterator[None]:
    """In this block a prison reads everybody who was ever there. Run by the owner of the database, outside any role."""
    policies = {
        model._meta.db_table: condition
        for model in apps.get_models()
        if STILL_READ in (condition := row_condition(model) or "")
    }
    _set({table: condition.replace(STILL_READ, "true") for table, condition in policies.items()})
    try:
        yield
    finally:
        if not connection.needs_rollback:
            _set(policies)


def _set(policies: dict[str, str]) -> None:
    with connection.cursor() as cursor:
        for table, condition in sorted(policies.items()):
            cursor.execute(f'ALTER POLICY web_rows ON "{table}" USING ({condition}) WITH CHECK ({condition})')
