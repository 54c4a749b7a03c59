"""Which database role may touch which table and which rows. Applied by the owner after every migrate.

A model with a `prison` key gets row-level security by the list in `app.prisons`. A model may say more with a
class attribute `access = Access(...)`. No policy holds an OR: a second way in is a second role.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.db import connection, models

from buddyscheme.scope.transaction import DatabaseRole

PRISONS = "(SELECT string_to_array(current_setting('app.prisons', true), ','))::text[]"
PERSON = "(SELECT nullif(current_setting('app.person', true), ''))::bigint"
# Who asks on the staff pages; nought in a task or at a terminal, from which nothing is hidden by name.
USER = "(SELECT coalesce(nullif(current_setting('app.user', true), ''), '0'))::bigint"
READ = "SELECT"
ADD = "SELECT, INSERT"
CHANGE = "SELECT, INSERT, UPDATE"
ALL = "SELECT, INSERT, UPDATE, DELETE"


@dataclass(frozen=True)
class Access:
    """What the three roles may do with one table.

    `web` and `national` are lists of SQL privileges ("" for none). `rows` is the policy of the web role; None
    means by the table's own prison, or no row-level security where it has none. `terminal` names the columns
    that a terminal may read and `terminal_rows` the further condition on them.
    """

    web: str = CHANGE
    national: str = READ
    rows: str | None = None
    terminal: tuple[str, ...] = ()
    terminal_rows: str = ""
    extra: tuple[str, ...] = field(default=())


def access_of(model: type[models.Model]) -> Access:
    """The model's own statement, or the default for its kind."""
    stated = getattr(model, "access", None)
    if isinstance(stated, Access):
        return stated
    if hasattr(model, "pgh_tracked_model"):
        # Written by triggers on behalf of either role; no page reads it, and not every history has a prison column.
        return Access(web="INSERT", national="INSERT")
    if getattr(model, "append_only", False):
        return Access(web=ADD, national=ADD)
    if has_prison(model):
        return Access(web=CHANGE, national=READ)
    return Access(web=ALL, national=ALL)


def has_prison(model: type[models.Model]) -> bool:
    """Whether the table carries the prison's code in a column of its own."""
    return any(f.name == "prison" and getattr(f, "column", None) == "prison_id" for f in model._meta.get_fields())


def row_condition(model: type[models.Model]) -> str | None:
    """The SQL condition of the web role's policy, or None for a table that is not split by prison."""
    stated = access_of(model).rows
    if stated is not None:
        return stated or None
    return f"prison_id = ANY ({PRISONS})" if has_prison(model) else None


def statements(model: type[models.Model]) -> list[str]:
    """Idempotent SQL that gives one table its grants and policies."""
    table = f'"{model._meta.db_table}"'
    access = access_of(model)
    sql = [f"REVOKE ALL ON {table} FROM {', '.join(role.value for role in DatabaseRole)}"]
    if access.web:
        sql.append(f"GRANT {access.web} ON {table} TO {DatabaseRole.WEB}")
    if access.national:
        sql.append(f"GRANT {access.national} ON {table} TO {DatabaseRole.NATIONAL}")
    if access.terminal:
        columns = ", ".join(f'"{column}"' for column in access.terminal)
        sql.append(f"GRANT SELECT ({columns}) ON {table} TO {DatabaseRole.TERMINAL}")
    condition = row_condition(model)
    for policy in ("web_rows", "national_rows", "terminal_rows", "web_insert"):
        sql.append(f"DROP POLICY IF EXISTS {policy} ON {table}")
    if condition is None:
        sql.append(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")
        return sql + list(access.extra)
    sql += [
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
        f"CREATE POLICY web_rows ON {table} TO {DatabaseRole.WEB} USING ({condition}) WITH CHECK ({condition})",
        f"CREATE POLICY national_rows ON {table} TO {DatabaseRole.NATIONAL} USING (true) WITH CHECK (true)",
    ]
    if access.terminal:
        narrowed = f"({condition}) AND ({access.terminal_rows})" if access.terminal_rows else condition
        sql.append(f"CREATE POLICY terminal_rows ON {table} FOR SELECT TO {DatabaseRole.TERMINAL} USING ({narrowed})")
    return sql + list(access.extra)


def apply_access() -> None:
    """Give every table of every installed app what its model says."""
    with connection.cursor() as cursor:
        cursor.execute(f"GRANT USAGE ON SCHEMA public TO {', '.join(role.value for role in DatabaseRole)}")
        cursor.execute(f"GRANT SELECT ON django_migrations TO {DatabaseRole.WEB}, {DatabaseRole.NATIONAL}")
        existing = set(connection.introspection.table_names(cursor))
        for model in apps.get_models(include_auto_created=True):
            if model._meta.managed and model._meta.db_table in existing:
                for statement in statements(model):
                    cursor.execute(statement)


def apply_after_migrate(app_config: Any, **kwargs: Any) -> None:
    """`post_migrate` fires once an app; the grants need every table, so the last app's turn does the work."""
    last = [config for config in apps.get_app_configs() if config.models_module is not None][-1]
    if app_config is last:
        apply_access()
