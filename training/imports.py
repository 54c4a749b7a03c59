"""Buddies who already do the job have a list of their own: each is asked for, and somebody else decides."""

from __future__ import annotations

from buddyscheme.accounts.permissions import Permission
from schemes.imports.registry import Elsewhere, register_elsewhere

register_elsewhere(
    Elsewhere(
        name="Buddies who already do the job",
        lead="their compacts, modules and clearances come with them, and the governor’s delegate decides.",
        url="training:take_over_file",
        template="training:take_over_template",
        order=70,
        needs=Permission.TAKE_OVER_ASK,
    )
)
