from django.apps import AppConfig


class MonitoringConfig(AppConfig):
    """What it cost and what it did - measures, roll-ups, releases."""

    name = "monitoring"

    def ready(self) -> None:
        from monitoring import handlers, making  # noqa: F401 - registers them with the outbox
