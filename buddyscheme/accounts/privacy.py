"""What kind of data each column of this app holds."""

from __future__ import annotations

from buddyscheme.lib.privacy import Privacy

FIELDS: dict[str, Privacy] = {
    "Prison": Privacy(
        operational=(
            "code",
            "name",
            "official_name",
            "welsh_name",
            "nation",
            "kind",
            "holds_women",
            "operator",
            "council",
            "council_confidence",
            "region",
            "in_scope",
            "closed",
            "fictional",
            "switched_on",
        ),
    ),
    "LocalDepartment": Privacy(
        identifying=(
            "added_by",
            "ended_by",
        ),
        operational=(
            "id",
            "prison",
            "token",
            "created_at",
            "name",
            "added_at",
            "ended_at",
        ),
    ),
    "Wing": Privacy(
        operational=(
            "id",
            "prison",
            "token",
            "code",
            "name",
            "landings",
            "closed",
        ),
    ),
    "User": Privacy(
        identifying=(
            "password",
            "email",
            "name",
        ),
        operational=(
            "id",
            "last_login",
            "token",
            "is_active",
            "is_demo",
            "joined_at",
            "language",
        ),
    ),
    "Membership": Privacy(
        identifying=("user",),
        operational=(
            "id",
            "prison",
            "token",
            "role",
            "department",
            "starts_on",
            "ends_on",
        ),
    ),
    "Terminal": Privacy(
        identifying=(
            "enrolled_by",
            "withdrawn_by",
        ),
        operational=(
            "id",
            "prison",
            "token",
            "created_at",
            "wing",
            "name",
            "device_hash",
            "enrolled_at",
            "withdrawn_at",
            "has_headset",
        ),
    ),
}
