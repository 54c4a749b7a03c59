from django.apps import AppConfig


class SchemesConfig(AppConfig):
    """Where and who - schemes, people, buddies and their recruitment."""

    name = "schemes"

    def ready(self) -> None:
        from schemes.imports import absences, alerts, keep_apart, left, people, regime, weekly  # noqa: F401 - offered among the lists
