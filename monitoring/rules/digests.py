"""What a reader may choose to be told about."""

from __future__ import annotations

from collections.abc import Collection

from buddyscheme.lib.errors import NotAllowed
from monitoring.digests import HowOften, offered


def check_choice(
    *, how_often: str, measures: Collection[str], prisons: Collection[str], national: bool, known: Collection[str]
) -> None:
    """How often, measures that the reader's place has, and nationally prisons that releases hold (`known`)."""
    if how_often not in HowOften.values:
        raise NotAllowed("Select how often you want to be told.", field="how_often")
    if how_often != HowOften.NEVER and not measures:
        raise NotAllowed("Select at least one figure, or choose never.", field="how_often")
    if not set(measures) <= {measure.code for measure in offered(national=national)}:
        raise NotAllowed("Select figures from the page.", field="how_often")
    if prisons and (not national or not set(prisons) <= set(known)):
        raise NotAllowed("Select prisons from the page.", field="prisons")
