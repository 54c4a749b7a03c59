from django.apps import AppConfig


class ReferralsConfig(AppConfig):
    """The recipient's journey, from referral to visits and concerns."""

    name = "referrals"

    def ready(self) -> None:
        from referrals import (  # noqa: F401 - registers them with the outbox and the pages below
            guard,
            handlers,
            remarks,
        )
        from referrals.imports import recipients, visits  # noqa: F401 - offered among the lists that can be brought
