from django.apps import AppConfig


class TrainingConfig(AppConfig):
    """Making and keeping buddies fit for the role."""

    name = "training"

    def ready(self) -> None:
        from training import imports  # noqa: F401 - names its list among those that can be brought
