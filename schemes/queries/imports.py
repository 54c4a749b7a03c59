"""Imports of a prison, their rows, and the check of all rows of a file at once."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db import connection
from django.db.models import Case, IntegerField, Max, Q, QuerySet, Sum, Value, When

from buddyscheme.accounts.models import Prison
from buddyscheme.lib.bulk import many_rows
from schemes.imports.registry import Field, Kind
from schemes.models import ImportColumns, ImportFile, ImportRow

State = ImportRow.State
COLUMN = {"text": "i.understood->>'{0}'", "jsonb": "i.understood->'{0}'"}


def saved_by_kind(prison: Prison) -> dict[str, tuple[int, datetime]]:
    """Of each kind how many rows were saved so far, and when last."""
    saved = ImportFile.objects.for_prison(prison).filter(state=ImportFile.State.SAVED).values("kind")
    rows = saved.annotate(count=Sum("saved"), last=Max("saved_at")).values_list("kind", "count", "last").order_by()
    return {kind: (count, last) for kind, count, last in rows}


def imports_of(prison: Prison, kinds: Iterable[Kind]) -> QuerySet[ImportFile]:
    """Imports of these kinds, newest first, with who brought them."""
    rows: QuerySet[ImportFile] = ImportFile.objects.for_prison(prison).filter(kind__in=[kind.code for kind in kinds])
    return rows.select_related("uploaded_by", "save_asked_by", "prison").order_by("-uploaded_at", "-id")


def at_work() -> QuerySet[ImportFile]:
    """What a worker has to go on with, oldest first. Run in the national role."""
    return ImportFile.objects.filter(state__in=ImportFile.AT_WORK).order_by("id")


def is_free(file: ImportFile) -> bool:
    """Whether no other worker has the file in hand at this moment. Asked before the file is read once more."""
    return ImportFile.objects.select_for_update(skip_locked=True).filter(pk=file.pk).exists()


def to_look_at(file: ImportFile) -> QuerySet[ImportRow]:
    """Rows to mend, by number, and after them those that are left out."""
    rows: QuerySet[ImportRow] = ImportRow.objects.for_prison(file.prison_id).filter(file=file)
    out_last = Case(When(left_out_at__isnull=True, then=Value(0)), default=Value(1), output_field=IntegerField())
    return rows.filter(Q(state=State.BAD) | Q(left_out_at__isnull=False)).order_by(out_last, "number", "id")


def bad_rows(file: ImportFile) -> QuerySet[ImportRow]:
    """Rows that can be neither saved nor passed over."""
    return to_look_at(file).filter(state=State.BAD, left_out_at__isnull=True)


def row_of(file: ImportFile, number: int) -> ImportRow | None:
    """One row by its number in the file."""
    rows: QuerySet[ImportRow] = ImportRow.objects.for_prison(file.prison_id).filter(file=file, number=number)
    return rows.first()


def good_rows(file_id: int) -> list[tuple[int, dict[str, Any]]]:
    """What the good rows say, in the order of the file."""
    rows = ImportRow.objects.filter(file_id=file_id, state=State.GOOD, left_out_at__isnull=True).order_by("number")
    return list(rows.values_list("number", "understood"))


def remembered_columns(prison: Prison, kind: Kind) -> dict[str, str]:
    """Field → heading, as this prison's last file of the kind had them."""
    found = ImportColumns.objects.for_prison(prison).filter(kind=kind.code).first()
    return dict(found.headings) if found is not None else {}


def check_all(file: ImportFile, kind: Kind, today: date) -> None:
    """Mark every row of a file as good, bad or already here. One statement, however many rows there are."""
    params: dict[str, Any] = {"file": file.pk, "prison": file.prison_id, "today": today}
    if kind.facts is not None:
        params |= kind.facts(file.prison, today)
    with many_rows(), connection.cursor() as cursor:
        cursor.execute(_statement(kind), params)


def rows_cte(fields: Iterable[Field], state: str = "") -> str:
    """The rows of a file that are not left out, each field a column of its own."""
    columns = ", ".join(
        f"{COLUMN.get(field.sql, '(i.understood->>{1})::{2}').format(field.name, _quoted(field.name), field.sql)}"
        f' AS "{field.name}"'
        for field in fields
    )
    only = f" AND i.state = '{state}'" if state else ""
    return (
        f"r AS MATERIALIZED (SELECT i.id, i.number, i.said, {columns} FROM schemes_importrow i"
        f" WHERE i.file_id = %(file)s AND i.left_out_at IS NULL{only})"
    )


def _quoted(name: str) -> str:
    return f"'{name}'"


def _statement(kind: Kind) -> str:
    keys = ", ".join(f'"{name}"' for name in kind.key)
    # A field that may stay empty belongs to the key as it is: two empty ones are the same.
    needed = [field.name for field in kind.fields if field.needed and field.name in kind.key]
    whole = " AND ".join(f'"{name}" IS NOT NULL' for name in needed)
    doubles = (
        f"SELECT id, '{kind.key[-1]}', 'Row ' || first || ' says the same already. Leave one of the rows out.'"
        f" FROM (SELECT id, number, first_value(number) OVER (PARTITION BY {keys} ORDER BY number) AS first"
        f" FROM r WHERE {whole}) d WHERE first <> number"
    )
    wrong = "\nUNION ALL\n".join([doubles, *kind.checks])
    return f"""
        WITH {rows_cte(kind.fields)},
        wrong (id, field, says) AS ({wrong}),
        listed AS (
            SELECT id, jsonb_agg(DISTINCT jsonb_build_object('field', field, 'says', says)) AS found
            FROM wrong GROUP BY id
        ),
        already AS (SELECT DISTINCT id FROM ({kind.already}) a),
        outcome AS (
            SELECT i.id, coalesce(l.found, '[]'::jsonb) AS found,
                   CASE WHEN l.found IS NOT NULL OR i.shape <> '[]'::jsonb THEN 'BAD'
                        WHEN a.id IS NOT NULL THEN 'ALREADY' ELSE 'GOOD' END AS state
            FROM schemes_importrow i LEFT JOIN listed l ON l.id = i.id LEFT JOIN already a ON a.id = i.id
            WHERE i.file_id = %(file)s AND i.left_out_at IS NULL
        )
        UPDATE schemes_importrow t SET found = o.found, state = o.state FROM outcome o
        WHERE t.id = o.id AND (t.found, t.state) IS DISTINCT FROM (o.found, o.state::varchar)"""
