"""Drawing prisons from told ones in bulk: one statement for each table, whatever the number of rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import Any

import pgtrigger
from django.db import connection, models, transaction
from psycopg2.extras import execute_values  # type: ignore[import-untyped]

from buddyscheme.accounts.actor import Actor
from buddyscheme.accounts.models import Membership, Prison, User
from buddyscheme.audit.events import Event
from buddyscheme.audit.record import record
from buddyscheme.demo.drawn import columns, tables
from buddyscheme.demo.drawn.counts import count_people
from buddyscheme.demo.drawn.people import Someone, drawn_people, people_of
from buddyscheme.demo.drawn.places import Drawn
from buddyscheme.lib.bulk import many_rows
from schemes.models import Person, Scheme

TOGETHER = 8
"""How many prisons are drawn in one transaction."""
DRAWN_PRISON = """
    CREATE TEMPORARY TABLE drawn_prison (
        nth int, code text, name text, told text, welsh bool, shift bigint, seed text, letters text, share float8,
        opened_at timestamptz, ends_at timestamptz, slow int, recorded float8, done float8, late float8, looked float8,
        supervised float8, followed float8, closed float8, cost numeric, silent_from date
    ) ON COMMIT DROP"""
DRAWN_PERSON = """
    CREATE TEMPORARY TABLE drawn_person (
        drawn int, person_id bigint, key text, since timestamptz, number text, first_name text, last_name text,
        born_on date, sex text, ethnicity text, disability text
    ) ON COMMIT DROP"""


def draw(drawn: Sequence[Drawn], *, seed: int, until: datetime) -> int:
    """Draw these prisons, some at a time; each time is a transaction. Returns how many rows they have.

    Run by the owner of the database, before anything is sent between prisons. Keys are those of the told prison moved
    on by a step of their own, so that two processes may draw at the same time; `mend_counters` comes after both.
    """
    step, people = _step(), {}
    for each in drawn:
        if each.template.code not in people:
            people[each.template.code] = people_of(each.template.code)
    rows = 0
    for some in _in_parts(drawn, TOGETHER):
        # A buddy who was suspended in the middle of a match is in one that could not begin today.
        with pgtrigger.ignore("referrals.Match:buddy_is_active"), transaction.atomic(), many_rows():
            rows += _draw(some, people, step=step, seed=seed, until=until)
    return rows


def _in_parts(drawn: Iterable[Drawn], size: int) -> Iterator[list[Drawn]]:
    left = iter(drawn)
    while some := list(islice(left, size)):
        yield some


def _draw(drawn: Sequence[Drawn], people: dict[str, list[Someone]], *, step: int, seed: int, until: datetime) -> int:
    Prison.objects.bulk_create([_prison(each) for each in drawn])
    with connection.cursor() as cursor:
        _say_who(cursor, drawn, people, step=step, seed=seed, until=until)
        rows = 0
        for model in tables.drawn_models():
            cursor.execute(statement(model))
            rows += cursor.rowcount
    for each in drawn:
        count_people(each, until)
        record(Event.PRISON_DRAWN, by=Actor.system(), prison=each.code, told=each.template.code)
    return rows


def _say_who(
    cursor: Any, drawn: Sequence[Drawn], people: dict[str, list[Someone]], *, step: int, seed: int, until: datetime
) -> None:
    """Fill the two tables that every statement reads: which prisons, and who is there."""
    opened = dict(Scheme.objects.values_list("prison_id", "opened_at"))
    prisons, persons = [], []
    for each in drawn:
        there, told, ways = (
            drawn_people(each, people[each.template.code], seed=seed, today=until.date()),
            each.template,
            each.ways,
        )
        persons += there
        prisons.append((
            each.nth, each.code, each.name, told.code, each.nation == "WALES" or told.nation != "WALES",
            step * (each.nth + 1), f"{seed}:{each.code}", each.letters, len(there) / len(people[told.code]),
            opened.get(told.code), until, ways.slow, ways.recorded, ways.done, ways.late, ways.looked, ways.supervised,
            ways.followed, ways.closed, ways.cost, ways.silent_from,
        ))  # fmt: skip
    for make, table, rows in ((DRAWN_PRISON, "drawn_prison", prisons), (DRAWN_PERSON, "drawn_person", persons)):
        cursor.execute(f"DROP TABLE IF EXISTS pg_temp.{table}")
        cursor.execute(make)
        execute_values(cursor.cursor, f"INSERT INTO {table} VALUES %s", rows, page_size=2000)
        cursor.execute(f"ANALYZE {table}")


def _prison(drawn: Drawn) -> Prison:
    return Prison(
        code=drawn.code,
        name=drawn.name,
        official_name=f"{drawn.name} (fictional)",
        welsh_name=drawn.welsh_name,
        nation=drawn.nation,
        kind=drawn.kind,
        holds_women=drawn.women,
        council=drawn.council,
        council_confidence="high",
        region=drawn.region,
        fictional=True,
        switched_on=True,
    )


def statement(model: type[models.Model]) -> str:
    """The rows of a table at the told prisons, as they are at the drawn ones."""
    fields = [field for field in model._meta.concrete_fields if not field.generated]
    names = ", ".join(f'"{field.column}"' for field in fields)
    values = ", ".join(columns.value_of(model, field) for field in fields)
    return (
        f'INSERT INTO "{model._meta.db_table}" ({names}) SELECT {values} FROM "{model._meta.db_table}" o'
        f" {_joined(model)} WHERE {' AND '.join(_conditions(model))}"
    )


def _joined(model: type[models.Model]) -> str:
    """The drawn prisons, and where a row is about a person, who that is there."""
    if model is Person:
        return "JOIN drawn_person p ON p.person_id = o.id JOIN drawn_prison c ON c.nth = p.drawn"
    if model is User:
        return (
            f"JOIN (SELECT DISTINCT user_id, prison_id FROM {Membership._meta.db_table}) m ON m.user_id = o.id"
            " JOIN drawn_prison c ON c.told = m.prison_id"
        )
    joined = "JOIN drawn_prison c ON c.told = o.prison_id"
    column = tables.person_column(model)
    if column is not None:
        joined += f' JOIN drawn_person p ON p.drawn = c.nth AND p.person_id = o."{column}"'
    return f"{joined} {tables.BY_WAY_OF.get(model._meta.label, '')}"


def _conditions(model: type[models.Model]) -> Iterator[str]:
    """Only rows of which everything that they point to is there."""
    yield f"({tables.KEPT.get(model._meta.label, 'true')})"
    for field in tables.national_keys(model):
        table, key = field.related_model._meta.db_table, field.target_field.column
        own = f'SELECT 1 FROM "{table}" n WHERE n."{key}" = o."{field.column}" AND n.prison_id IS NOT NULL'
        yield f"NOT EXISTS ({own})"
    for field in tables.thinning_keys(model):
        target = f'SELECT 1 FROM "{field.related_model._meta.db_table}" n WHERE n.id = o."{field.column}" + c.shift'
        yield f'(o."{field.column}" IS NULL OR EXISTS ({target}))' if field.null else f"EXISTS ({target})"


def _counters() -> list[tuple[str, str]]:
    """Tables that are drawn, each with the name of the counter of its keys."""
    names = [model._meta.db_table for model in tables.drawn_models()]
    with connection.cursor() as cursor:
        cursor.execute("SELECT t, pg_get_serial_sequence(quote_ident(t), 'id') FROM unnest(%s) t", [names])
        return [(table, counter) for table, counter in cursor.fetchall()]


def _step() -> int:
    """By how much keys are moved on from one prison to the next: more than any key there is. Drawing moves no counter,
    so it is the same for whoever draws until `mend_counters`."""
    with connection.cursor() as cursor:
        each = [f"SELECT last_value FROM {counter}" for _, counter in _counters()]  # nosec B608 - the catalogue's own names
        cursor.execute(" UNION ALL ".join(each))
        highest = max(row[0] for row in cursor.fetchall())
    return int(10 ** len(str(highest)))


def mend_counters() -> None:
    """New keys go on after the drawn ones."""
    with connection.cursor() as cursor:
        for table, counter in _counters():
            sql = f'SELECT setval(%s, max(id)) FROM "{table}" HAVING max(id) IS NOT NULL'  # nosec B608 - a table of ours
            cursor.execute(sql, [counter])
