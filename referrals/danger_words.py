"""What staff read about a danger: never a name."""

from __future__ import annotations

from django.utils import timezone
from django.utils.formats import date_format

from referrals.models import DangerCall
from referrals.rules.danger import is_open


def told_words(call: DangerCall) -> str:
    """What it is: "A fall"."""
    return str(call.get_kind_display())


def place_words(call: DangerCall) -> str:
    """Where to go, as far as it is known."""
    if call.told == DangerCall.Told.STAFF:
        return call.place or "Not said"
    return f"Told at “{call.place}”"


def acknowledged_words(call: DangerCall) -> str:
    """Who has it, and since when."""
    if call.acknowledged_by is not None and call.acknowledged_at is not None:
        at = date_format(timezone.localtime(call.acknowledged_at), "j F Y, H:i")
        return f"{call.acknowledged_by.name}, {at}"
    return "Nobody yet" if is_open(call) else "An officer had been told at once"


def banner_words(call: DangerCall) -> str:
    """The sentence on every staff page."""
    at = date_format(timezone.localtime(call.said_at), "j F, H:i")
    return f"{place_words(call)}, {at}. {call.get_told_display()}."
