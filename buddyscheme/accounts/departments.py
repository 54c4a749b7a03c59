"""Departments that sign clearance, as a membership and a clearance name them.

Five have a code of their own. Any other is one prison's own, and its name is its code.
"""

from __future__ import annotations

import re

DEPARTMENTS: dict[str, str] = {
    "SECURITY": "Security",
    "HEALTHCARE": "Healthcare",
    "SAFER_CUSTODY": "Safer custody",
    "OFFENDER_MANAGEMENT": "Offender management",
    "PROBATION": "Probation",
}
LONGEST_NAME = 20
# A name stands in addresses, so it holds no slash and no question mark.
NAME = re.compile(r"[^\W\d_](?:[\w’'&,. -]*[\w.])?")


def department_name(code: str) -> str:
    """The department's name on screen."""
    return DEPARTMENTS.get(code, code)


def code_of(name: str) -> str:
    """The code of a department that somebody wrote by name: "probation" is PROBATION, "Chaplaincy" is itself."""
    by_name = {known.lower(): code for code, known in DEPARTMENTS.items()}
    return by_name.get(name.lower().replace("_", " "), name)
