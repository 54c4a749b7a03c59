"""Departments that somebody at a prison may sign for, or be shown something for."""

from __future__ import annotations

from buddyscheme.accounts.departments import DEPARTMENTS
from buddyscheme.accounts.models import LocalDepartment, Prison


def departments_offered(prison: Prison) -> list[str]:
    """Codes of the five that every prison has, and names of the prison's own."""
    own = LocalDepartment.objects.for_prison(prison).filter(ended_at__isnull=True).order_by("name", "id")
    return [*DEPARTMENTS, *own.values_list("name", flat=True)]
