from django.apps import AppConfig


class DemoConfig(AppConfig):
    """The synthetic prisons. Never installed in production."""

    name = "buddyscheme.demo"
    label = "demo"
