"""The one way into the database: a transaction that has taken a role and a list of prisons.

The login has no rights of its own (NOINHERIT), so a query outside `scoped` fails instead of seeing everything.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from enum import StrEnum

from django.db import connection, transaction


class DatabaseRole(StrEnum):
    """Roles made by `roles.sql`; what each may touch is in `access.py`."""

    WEB = "buddy_web"
    TERMINAL = "buddy_terminal"
    NATIONAL = "buddy_national"


@dataclass(frozen=True)
class Reach:
    """What the running transaction may see: a role, prison codes, and who asks.

    At a terminal that is a person's id, on the staff pages a user's: a few rows are hidden from those named in them.
    """

    role: DatabaseRole
    prisons: tuple[str, ...] = ()
    person_id: int | None = None
    user_id: int | None = None


_reach: ContextVar[Reach | None] = ContextVar("reach", default=None)


def current_reach() -> Reach | None:
    """The reach of the innermost `scoped` block, or None outside."""
    return _reach.get()


SETTINGS = (
    "SELECT set_config('role', %s, true), set_config('app.prisons', %s, true), set_config('app.person', %s, true),"
    " set_config('app.user', %s, true)"
)


def _apply(reach: Reach | None) -> None:
    if reach is None:
        # Only in tests, where the owner's own transaction goes on after the block.
        values = ["none", "", "", ""]
    else:
        person = "" if reach.person_id is None else str(reach.person_id)
        user = "" if reach.user_id is None else str(reach.user_id)
        values = [reach.role.value, ",".join(reach.prisons), person, user]
    with connection.cursor() as cursor:
        cursor.execute(SETTINGS, values)


def one_at_a_time(name: str) -> None:
    """Whoever does the same under this name waits until the running transaction ends. For what has no row to lock."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])


@contextmanager
def scoped(
    role: DatabaseRole, *, prisons: Iterable[str] = (), person_id: int | None = None, user_id: int | None = None
) -> Iterator[Reach]:
    """Run the block in a transaction (or a savepoint of the running one) with this reach, and put the old one back.

    `prisons` are NOMIS codes; row-level security shows the rows of these and no others.
    """
    reach = Reach(role, tuple(sorted(set(prisons))), person_id, user_id)
    nested = connection.in_atomic_block
    before = _reach.get()
    token = _reach.set(reach)
    try:
        with transaction.atomic():
            _apply(reach)
            yield reach
            if nested:
                # An exception rolls the savepoint back, and with it the setting; success has to undo it by hand.
                _apply(before)
    finally:
        _reach.reset(token)


@contextmanager
def at_one_moment(role: DatabaseRole) -> Iterator[Reach]:
    """`scoped`, and everything in the block is read as it stood at one moment, whatever others save meanwhile.

    For reading alone. Within a running transaction nothing can be added to what that one sees.
    """
    outermost = not connection.in_atomic_block
    with transaction.atomic():
        if outermost:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        with scoped(role) as reach:
            yield reach


def narrow(
    *,
    prisons: Iterable[str] = (),
    role: DatabaseRole | None = None,
    person_id: int | None = None,
    user_id: int | None = None,
) -> None:
    """Change the reach of the running `scoped` block once the request's prison is known."""
    before = _reach.get()
    if before is None:
        raise RuntimeError("narrow() needs a running scoped() block")
    reach = Reach(role or before.role, tuple(sorted(set(prisons))), person_id, user_id)
    _reach.set(reach)
    _apply(reach)
