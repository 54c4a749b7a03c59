from django.apps import AppConfig
from django.db.models.signals import post_migrate


class ScopeConfig(AppConfig):
    """Which prison's rows a transaction may see; submissions that are answered once."""

    name = "buddyscheme.scope"
    label = "scope"

    def ready(self) -> None:
        from buddyscheme.scope.access import apply_after_migrate

        post_migrate.connect(apply_after_migrate, dispatch_uid="scope.access")
