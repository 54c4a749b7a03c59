from django.apps import AppConfig


class SchemesConfig(AppConfig):
    """Where and who - schemes, people, buddies and their recruitment."""

    name = "schemes"

    def ready(self) -> None:
        from schemes.imports import people, alerts, absences, keep_apart, regime  # noqa: F401, I001 - offers them in this order
