from django.apps import AppConfig


class SchemesConfig(AppConfig):
    """Where and who - schemes, people, buddies and their recruitment."""

    name = "schemes"
