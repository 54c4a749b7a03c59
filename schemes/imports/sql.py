"""Pieces of SQL that the checks of several kinds share. None of them holds anything that a person typed."""

from __future__ import annotations

# People who are held here now, by number.
PEOPLE_HERE = (
    "SELECT p.id, p.prison_number FROM schemes_custody c JOIN schemes_person p ON p.id = c.person_id"
    " WHERE c.prison_id = %(prison)s AND c.ended_at IS NULL"
)


def is_here(field: str) -> str:
    """A check: the person of the number under `field` is held here now."""
    return f"""
        SELECT r.id, '{field}', 'Nobody with this prison number is held here now. Check it, or bring the people first.'
        FROM r LEFT JOIN ({PEOPLE_HERE}) h ON h.prison_number = r.{field}
        WHERE r.{field} IS NOT NULL AND h.id IS NULL"""
