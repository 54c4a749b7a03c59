from django.apps import AppConfig


class OutboxConfig(AppConfig):
    """Things that must happen after a commit."""

    name = "buddyscheme.outbox"
    label = "outbox"
