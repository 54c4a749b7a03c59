"""Foreign keys of the largest tables, checked once when all rows are there: row by row takes two fifths of drawing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.management.base import CommandError
from django.db import connection, models, transaction

from referrals.models import PlannedVisit, Visit

LARGEST: tuple[type[models.Model], ...] = (PlannedVisit, Visit)


@contextmanager
def checked_at_the_end() -> Iterator[None]:
    """In this block rows of the largest tables may point to nothing; at its end each must point to something.

    Run by the owner of the database, with nobody else at work in it. The keys are put back first and checked then, so
    that a row that points to nothing leaves them there. Raises `CommandError` where one that there should be is not:
    a process that was killed in the block could not put it back.
    """
    keys = [(model._meta.db_table, *key) for model in LARGEST for key in _foreign_keys(model)]
    _alter([f'ALTER TABLE "{table}" DROP CONSTRAINT "{name}"' for table, name, _ in keys])
    try:
        yield
    finally:
        _alter([f'ALTER TABLE "{table}" ADD CONSTRAINT "{name}" {text} NOT VALID' for table, name, text in keys])
        _alter([f'ALTER TABLE "{table}" VALIDATE CONSTRAINT "{name}"' for table, name, _ in keys])


def _foreign_keys(model: type[models.Model]) -> list[tuple[str, str]]:
    """Name and definition of each."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint"
            " WHERE contype = 'f' AND conrelid = %s::regclass ORDER BY conname",
            [table],
        )
        found = [(str(name), str(text)) for name, text in cursor.fetchall()]
    if len(found) != sum(field.is_relation for field in model._meta.concrete_fields):
        raise CommandError(
            f"The table {table} lacks foreign keys: an earlier run was killed. Drop the database and make it anew."
        )
    return found


def _alter(statements: list[str]) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        # What waits to be checked in a transaction around this one has to be checked before.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for statement in statements:
            cursor.execute(statement)
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
