"""Saving a year of visits by two statements, where one action a row would take an hour."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import connection, transaction

from buddyscheme.accounts.actor import Actor
from buddyscheme.accounts.models import Prison
from buddyscheme.audit.events import Event
from buddyscheme.audit.record import record_many
from buddyscheme.lib.bulk import many_rows
from buddyscheme.lib.errors import NotAllowed
from buddyscheme.outbox.publish import month_changed

DIFFER = "Somebody recorded one of these visits in the meantime, so nothing is saved. Look at the rows again."


@transaction.atomic
def insert_visits(
    *,
    by: Actor,
    now: datetime,
    prison: Prison,
    statements: Sequence[str],
    params: Mapping[str, Any],
    months: Sequence[date],
) -> int:
    """Run the statements, each of which must write as many rows as the one before it; gives how many.

    What they insert was checked by `schemes.queries.imports.check_all` in this transaction. Constraints, triggers and
    row-level security hold as for any insert. The months are recomputed.
    """
    written: list[int] = []
    with many_rows(), connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement, params)
            written.append(cursor.rowcount)
    if len(set(written)) != 1:
        raise NotAllowed(DIFFER)
    record_many(Event.VISITS_LOGGED, by=by, prison=prison.code, visits=written[0], source="IMPORT")
    month_changed(prison.code, months)
    return written[0]
