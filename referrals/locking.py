"""Rows that one change at a time may begin from: each locked in one way, wherever it is changed."""

from __future__ import annotations

from buddyscheme.accounts.actor import Actor
from referrals.models import Concern
from referrals.rules.concerns import check_not_named


def lock_concern(concern: Concern, *, by: Actor) -> Concern:
    """The concern as it stands now; refused to whoever is named in it."""
    found: Concern = Concern.objects.select_for_update(of=("self",)).select_related("window").get(pk=concern.pk)
    if by.kind == "staff":
        check_not_named(found, by.id)
    return found
