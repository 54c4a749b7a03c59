from django.apps import AppConfig


class HomeConfig(AppConfig):
    """The home page and the frame around every page. Wiring: may import every app, imported by none."""

    name = "buddyscheme.home"
    label = "home"
