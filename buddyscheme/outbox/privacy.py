"""What kind of data each column of this app holds."""

from __future__ import annotations

from buddyscheme.lib.privacy import Privacy

FIELDS: dict[str, Privacy] = {
    "Message": Privacy(
        operational=(
            "id",
            "topic",
            "key",
            "prison_code",
            "payload",
            "created_at",
            "not_before",
            "sent_at",
            "handled_at",
            "attempts",
        ),
    ),
}
