"""Who acts: a member of staff, a person at a terminal, a program with a key, or the system itself for timed work."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from buddyscheme.accounts.models import User


@dataclass(frozen=True)
class Actor:
    """What every action takes as `by=`.

    `kind` is `staff`, `person`, `program` or `system`; `id` is the id of a User, of a Person or of a program's key.
    At a terminal the window says which officer opened it.
    """

    kind: str
    id: int | None
    roles: tuple[str, ...] = ()
    terminal_id: int | None = None
    window_id: int | None = None
    # The signing account; None only for a person at a terminal and for the system, which sign nothing.
    user: Any = field(default=None, compare=False)

    @classmethod
    def staff(cls, user: User, *, roles: tuple[str, ...] = ()) -> Actor:
        """A signed-in member of staff with the roles held where they act."""
        return cls("staff", user.pk, roles, user=user)

    @classmethod
    def at_terminal(cls, *, person_id: int, terminal_id: int, window_id: int) -> Actor:
        """A buddy or a recipient in a supervised window."""
        return cls("person", person_id, (), terminal_id, window_id)

    @classmethod
    def officer_of(cls, window: Any) -> Actor:
        """The officer who opened this window, and answers for what is done in it by nobody that is known."""
        return cls("staff", window.opened_by_id, (), window.terminal_id, window.pk)

    @classmethod
    def program(cls, key_id: int) -> Actor:
        """A program that reads with its key. Who made the key stands in the audit of its making."""
        return cls("program", key_id)

    @classmethod
    def system(cls) -> Actor:
        """Timed work. Never used for what a person did."""
        return cls("system", None)
