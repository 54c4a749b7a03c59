from django.apps import AppConfig


class ReferralsConfig(AppConfig):
    """The recipient's journey, from referral to visits and concerns."""

    name = "referrals"

    def ready(self) -> None:
        from referrals import guard, handlers, remarks  # noqa: F401 - registers them with the outbox and the pages below
