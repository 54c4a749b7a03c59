"""What kind of data each column of this app holds."""

from __future__ import annotations

from buddyscheme.lib.privacy import Privacy

FIELDS: dict[str, Privacy] = {
    "Submission": Privacy(
        identifying=("actor",),
        operational=(
            "id",
            "key",
            "path",
            "location",
            "at",
        ),
    ),
}
