from django.apps import AppConfig


class LibConfig(AppConfig):
    """Home of the GOV.UK template tags; no models."""

    name = "buddyscheme.lib"
    label = "lib"
