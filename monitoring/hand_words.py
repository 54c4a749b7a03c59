"""Returns by hand in words."""

from __future__ import annotations

from buddyscheme.lib.fields import day_in_words, lower_first
from monitoring.by_hand import measure_of
from monitoring.models import HandReturn
from monitoring.models.hand_return import COUNTS

BY_HAND = "by hand"
NOT_RETURNED = "Not returned"
TITLES = {
    "buddies": "Buddies", "trained": "Trained buddies", "paid": "Paid buddies", "helped": "People helped",
    "referred": "People referred", "waiting": "People waiting for a buddy",
    "unmet": "People known to go without personal care",
}  # fmt: skip


def sort_words(row: HandReturn | None) -> str:
    """What sort of scheme there is."""
    return row.get_sort_display() if row is not None and row.sort else NOT_RETURNED


def help_words(row: HandReturn | None) -> str:
    """Whether help is known."""
    return row.get_help_known_display() if row is not None and row.help_known else NOT_RETURNED


def count_words(row: HandReturn | None, name: str) -> str:
    """One number, which may be nought."""
    count = getattr(row, name) if row is not None else None
    return NOT_RETURNED if count is None else f"{count:,}"


def source_words(row: HandReturn) -> str:
    """`Letter, 3 October 2026`."""
    return f"{row.get_source_display()}, {day_in_words(row.source_on)}"


def whole_words(row: HandReturn) -> str:
    """Everything that one version says, a line each, with the measure that a number stands for."""
    lines = [f"Buddy scheme: {lower_first(sort_words(row))}.", f"Help known: {lower_first(help_words(row))}."]
    for name in COUNTS:
        code = measure_of(name, row.sort)
        title = f"{TITLES[name]} ({code})" if code else TITLES[name]
        lines.append(f"{title}: {lower_first(count_words(row, name))}.")
    lines.append(f"From: {source_words(row)}.")
    if row.reason:
        lines.append(f"Why it was corrected: {row.reason}")
    return "\n".join(lines)
