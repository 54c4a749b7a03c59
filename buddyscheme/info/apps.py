from django.apps import AppConfig


class InfoConfig(AppConfig):
    """Pages about the service: accessibility, privacy, cookies."""

    name = "buddyscheme.info"
    label = "info"
