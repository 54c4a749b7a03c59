"""What kind of data each column of this app holds."""

from __future__ import annotations

from buddyscheme.lib.privacy import Privacy

FIELDS: dict[str, Privacy] = {
    "AuditEvent": Privacy(
        identifying=(
            "actor_id",
            "subject_id",
            "person_id",
        ),
        operational=(
            "id",
            "at",
            "code",
            "actor_kind",
            "actor_roles",
            "prison_code",
            "subject_type",
            "terminal_id",
            "window_id",
            "request_id",
            "details",
        ),
    ),
    "Seal": Privacy(
        operational=(
            "id",
            "event_id",
            "prison_code",
            "sequence",
            "previous_hash",
            "hash",
            "sealed_at",
        ),
    ),
}
