"""Constraints that several tables share in shape."""

from __future__ import annotations

from django.db.models import CheckConstraint, Q


def both_or_neither(first: str, second: str, name: str) -> CheckConstraint:
    """A moment and its person are both set or both empty."""
    return CheckConstraint(
        condition=Q(**{f"{first}__isnull": True, f"{second}__isnull": True})
        | Q(**{f"{first}__isnull": False, f"{second}__isnull": False}),
        name=name,
    )
