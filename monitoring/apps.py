from django.apps import AppConfig


class MonitoringConfig(AppConfig):
    """What it cost and what it did - measures, roll-ups, releases."""

    name = "monitoring"
