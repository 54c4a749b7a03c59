from django.apps import AppConfig


class HealthConfig(AppConfig):
    """Whether the process lives, whether it can serve, and how its parts are."""

    name = "buddyscheme.health"
    label = "health"
