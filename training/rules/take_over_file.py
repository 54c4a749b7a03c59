"""When a staged list of buddies to take over may be saved."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from buddyscheme.lib.errors import NotAllowed
from schemes.models import Scheme
from training.take_over_file import Line

# How long an uploaded list is kept before anything is saved from it.
KEPT = timedelta(hours=24)


def check_has_scheme(scheme: Scheme | None) -> None:
    """Somebody is taken over into a scheme that names who clears them."""
    if scheme is None or not scheme.departments:
        raise NotAllowed("Set up the scheme first, with the departments that sign clearance.")


def check_can_save(lines: Sequence[Line], *, leave_out: bool) -> None:
    """At least one good line; bad ones only where the person has said that they are left out."""
    bad = [line for line in lines if line.bad]
    if bad and not leave_out:
        raise NotAllowed(
            "Some lines are not good. Mend them or leave them out, or tick the box to leave out all of them.",
            field="leave_out",
        )
    if not any(line.good for line in lines):
        raise NotAllowed("No line is left to save. Mend a line first, or throw the list away.")
