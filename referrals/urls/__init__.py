"""Addresses of the referrals app under a prison, one module a part."""

from __future__ import annotations

from referrals.urls import concerns, terminals

app_name = "referrals"
urlpatterns = [
    *terminals.urlpatterns,
    *concerns.urlpatterns,
]
