from django.apps import AppConfig


class ReferralsConfig(AppConfig):
    """The recipient's journey, from referral to visits and concerns."""

    name = "referrals"
