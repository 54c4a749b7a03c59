"""How many rows many lists have, asked of the database at once; and questions that are the same all day, remembered.

Django takes longer to put a question into SQL than PostgreSQL takes to answer it. A lead's home page asks about forty,
and nearly all are the same until the day or the reader changes.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence, Sized
from typing import Any, cast

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

Rows = QuerySet[Any] | Sized
# SQL that counts, with its values; or a count that is known already.
Question = tuple[str, tuple[Any, ...]] | int

MOST = 4000
_remembered: dict[Hashable, Question] = {}


def question(rows: Rows) -> Question:
    """What has to be asked to know how many rows there are."""
    if not isinstance(rows, QuerySet):
        return len(rows)
    try:
        sql, values = _bare(rows).query.sql_with_params()
    except EmptyResultSet:
        return 0
    return f"(SELECT COUNT(*) FROM ({sql}) AS counted)", tuple(values)  # noqa: S608  # nosec B608 - SQL that Django wrote


def remembered(key: Hashable, make: Callable[[], Question]) -> Question:
    """The question under this key, made at most once. Never for a count that is known: that would be an old one."""
    found = _remembered.get(key)
    if found is None:
        found = make()
        if not isinstance(found, int):
            if len(_remembered) >= MOST:
                _remembered.clear()
            _remembered[key] = found
    return found


def answers(questions: Sequence[Question]) -> list[int]:
    """All counts, by one query."""
    counts = [each if isinstance(each, int) else 0 for each in questions]
    asked = [(place, each) for place, each in enumerate(questions) if not isinstance(each, int)]
    if asked:
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT {', '.join(sql for _, (sql, _) in asked)}",
                [value for _, (_, values) in asked for value in values],
            )
            found = cast(tuple[int, ...], cursor.fetchone())
        for (place, _), count in zip(asked, found, strict=True):
            counts[place] = count
    return counts


def _bare(rows: QuerySet[Any]) -> QuerySet[Any]:
    """The same rows without what only showing them needs: order, joined people, columns.

    Grouped rows, and those of several queries put together, stay whole.
    """
    bare = rows.order_by()
    if bare.query.combinator:
        return bare
    return bare if bare.query.group_by else bare.select_related(None).values("pk")
