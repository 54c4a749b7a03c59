"""What kind of data each column of this app holds."""

from __future__ import annotations

from buddyscheme.lib.privacy import Privacy

FIELDS: dict[str, Privacy] = {
    "Figure": Privacy(
        operational=(
            "id",
            "prison",
            "token",
            "created_at",
            "month",
            "measure",
            "breakdown",
            "state",
            "numerator",
            "denominator",
            "value",
            "n",
            "completeness",
            "looked_at_share",
            "definition_version",
            "computed_at",
        ),
    ),
    "MonthClose": Privacy(
        identifying=("closed_by",),
        operational=(
            "id",
            "prison",
            "token",
            "created_at",
            "month",
            "closed_at",
        ),
    ),
    "Release": Privacy(
        identifying=("published_by",),
        special=("note",),
        operational=(
            "id",
            "token",
            "kind",
            "period",
            "first_day",
            "last_day",
            "digest",
            "published_at",
            "replaces",
        ),
    ),
    "ReleaseFigure": Privacy(
        operational=(
            "id",
            "release",
            "about",
            "period",
            "measure",
            "state",
            "numerator",
            "denominator",
            "value",
            "n",
            "completeness",
            "looked_at_share",
            "late_share",
            "sources",
            "definition_version",
        ),
    ),
}
