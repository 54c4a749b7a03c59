"""What kind of data each column of this app holds."""

from __future__ import annotations

from buddyscheme.lib.privacy import Privacy

FIELDS: dict[str, Privacy] = {
    "Module": Privacy(
        operational=(
            "code",
            "title",
            "mandatory",
            "hours",
            "refresh_months",
            "practical",
            "source",
            "position",
        ),
    ),
    "TaskModule": Privacy(
        operational=(
            "id",
            "task",
            "module",
        ),
    ),
    "ModuleResult": Privacy(
        identifying=(
            "buddy",
            "person",
            "recorded_by",
        ),
        operational=(
            "id",
            "prison",
            "token",
            "created_at",
            "module",
            "outcome",
            "assessed_on",
            "expires_on",
            "recorded_at",
        ),
    ),
}
