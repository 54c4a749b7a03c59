"""What is looked at before a release is asked for, and once more before it is stored. Run in the national role."""

from __future__ import annotations

from datetime import datetime

from buddyscheme.accounts.models import Prison
from buddyscheme.lib.dates import Quarter, Year, london_today
from buddyscheme.lib.errors import NotAllowed
from monitoring.models import Release
from monitoring.queries.release_changes import Change, changes_since
from monitoring.queries.releases import is_replaced
from monitoring.rules.releases import check_can_correct, check_can_publish


def kind_of(period: Quarter | Year) -> Release.Kind:
    """The kind of release that a period has."""
    return Release.Kind.YEAR if isinstance(period, Year) else Release.Kind.QUARTER


def prisons_to_publish(period: Quarter | Year, *, now: datetime) -> list[str]:
    """Codes of the prisons that a first release is about. Raises `NotAllowed` where it may not be published."""
    published = Release.objects.filter(kind=kind_of(period), period=period.code).exists()
    check_can_publish(period, today=london_today(now), published=published)
    there = Prison.objects.filter(switched_on=True, in_scope=True)
    codes = list(there.order_by("code").values_list("code", flat=True))
    if not codes:
        raise NotAllowed("No prison uses the service yet, so there is nothing to publish.")
    return codes


def changes_to_correct(release: Release) -> list[Change]:
    """What a correction would be for. Raises `NotAllowed` where there is nothing, or a later one has replaced it."""
    changes = changes_since(release)
    check_can_correct(newest=not is_replaced(release), changed=bool(changes))
    return changes
