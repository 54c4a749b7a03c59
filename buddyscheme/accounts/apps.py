from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Staff accounts, prisons, roles and terminals."""

    name = "buddyscheme.accounts"
    label = "accounts"

    def ready(self) -> None:
        from buddyscheme.accounts import sign_in_events  # noqa: F401 - connects the receivers
