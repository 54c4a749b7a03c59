"""Refusals that a person reads. Their text goes to the screen as it is."""

from __future__ import annotations


class NotAllowed(Exception):
    """A rule says no. `str(error)` is one sentence fit for the screen that says what to do."""

    def __init__(self, sentence: str, *, field: str | None = None) -> None:
        super().__init__(sentence)
        self.field = field


class Stale(NotAllowed):
    """Somebody else changed the record between look and save. Nothing typed is lost."""

    def __init__(self, what: str = "this page") -> None:
        super().__init__(
            f"Somebody else changed {what} while you had it open. What you typed is kept below: "
            "check it against the new version, then save again."
        )
