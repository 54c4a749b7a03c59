"""The fixed answers about a visit, once for the terminal and for the paper: their numbers, codes and pictures."""

from __future__ import annotations

from referrals.models import Visit

# Why nothing was done, by its number.
REASONS = {str(place): reason for place, reason in enumerate(Visit.Reason.values, start=1)}
REASON_PICTURES = {
    "NOT_UNLOCKED": "locked", "BUDDY_ABSENT": "away", "DECLINED": "declined", "STAFF_REFUSED": "officer",
    "OTHER": "other",
}  # fmt: skip
# Help beside the plan, from a fixed list: the key of its words, and how staff read it. It is no plan, and no free text.
EXTRA = {
    "1": ("MEAL", "Brought a meal or water"),
    "2": ("CELL", "Cleaned or tidied"),
    "3": ("FETCH", "Fetched something"),
    "4": ("WALK", "Went with them somewhere"),
    "5": ("LETTER", "Read or wrote something for them"),
    "6": ("COMPANY", "Kept them company"),
    "7": ("OTHER", "Something else"),
}
EXTRA_PICTURES = {
    "MEAL": "meal", "CELL": "cell", "FETCH": "bag", "WALK": "walk", "LETTER": "letter", "COMPANY": "company",
    "OTHER": "other",
}  # fmt: skip
