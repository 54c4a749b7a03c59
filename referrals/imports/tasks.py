"""Tasks of the catalogue, for the lists that name them by code."""

from __future__ import annotations

from datetime import date
from typing import Any

from buddyscheme.accounts.models import Prison
from schemes.models import TaskKind
from schemes.queries.schemes import allowed_tasks, scheme_of

CODES = "Codes of tasks that this scheme allows"


def task_facts(prison: Prison, today: date) -> dict[str, Any]:
    """The codes that this prison's scheme allows."""
    return {"allowed": [kind.code for kind in _allowed(prison, today)]}


def task_words(prison: Prison, today: date) -> list[tuple[str, str]]:
    """The same with their names, for the guide."""
    return [(kind.code, kind.name) for kind in _allowed(prison, today)]


def _allowed(prison: Prison, today: date) -> list[TaskKind]:
    scheme = scheme_of(prison)
    return allowed_tasks(scheme, today) if scheme is not None else []
