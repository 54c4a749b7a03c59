from django.apps import AppConfig


class TrainingConfig(AppConfig):
    """Making and keeping buddies fit for the role."""

    name = "training"
