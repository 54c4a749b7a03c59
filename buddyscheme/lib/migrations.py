"""Migrations of many small steps without building the models anew after each.

Django keeps a picture of all models while it migrates, and rebuilds every related one after each step. Nearly all of
ours are related, so that a bare machine spent minutes on pictures nobody looked at: see docs/adr/0018.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations import CreateModel
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState


class Together(Operation):
    """Steps that need not see each other's work: the state before them all, and the state after them all, will do."""

    def __init__(self, steps: Sequence[Operation]) -> None:
        self.steps = list(steps)

    @property
    def reversible(self) -> bool:  # type: ignore[override]
        """Whether every step is."""
        return all(step.reversible for step in self.steps)

    @property
    def reduces_to_sql(self) -> bool:  # type: ignore[override]
        """Whether every step does."""
        return all(step.reduces_to_sql for step in self.steps)

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Every step, on a state that has no models built: they are built once, when somebody asks for them."""
        state.__dict__.pop("apps", None)
        for step in self.steps:
            step.state_forwards(app_label, state)

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        """Every step in turn."""
        for step in self.steps:
            step.database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        """Every step, the last one first."""
        for step in reversed(self.steps):
            step.database_backwards(app_label, schema_editor, from_state, to_state)

    def describe(self) -> str:
        """As `migrate --plan` shows it."""
        return "; ".join(step.describe() for step in self.steps)


def together(operations: Sequence[Operation]) -> list[Any]:
    """The operations in their order, bundled: new tables by themselves, and what is added to tables by itself.

    A table is made with everything that the state gives it, so that what a later step adds to it must not be in the
    same bundle. Steps that run code or SQL of their own stay alone.
    """
    return [step for alike, steps in groupby(operations, key=_kind) for step in _bundle(alike, list(steps))]


def _kind(operation: Operation) -> str:
    if isinstance(operation, CreateModel):
        return "table"
    return "own" if hasattr(operation, "code") or hasattr(operation, "sql") else "change"


def _bundle(kind: str, steps: list[Operation]) -> list[Operation]:
    return steps if kind == "own" else [Together(steps)]
