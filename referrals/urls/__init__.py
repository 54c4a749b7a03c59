"""Addresses of the recipient's journey, under `/prisons/<code>/`: one module for each part of it."""

from referrals.urls import (
    care,
    concerns,
    danger,
    falls,
    help,
    matches,
    moving,
    packs,
    patterns,
    plans,
    referrals,
    terminals,
    visits,
)

app_name = "referrals"
urlpatterns = [
    *referrals.urlpatterns,
    *plans.urlpatterns,
    *matches.urlpatterns,
    *visits.urlpatterns,
    *terminals.urlpatterns,
    *concerns.urlpatterns,
    *packs.urlpatterns,
    *moving.urlpatterns,
    *falls.urlpatterns,
    *care.urlpatterns,
    *help.urlpatterns,
    *danger.urlpatterns,
    *patterns.urlpatterns,
]
