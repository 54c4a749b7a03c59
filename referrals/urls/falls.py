"""Addresses of falls."""

from __future__ import annotations

from django.urls import path

from referrals.views import falls

urlpatterns = [
    path("falls/", falls.falls, name="falls"),
    path("falls/add/", falls.fall_add, name="fall_add"),
    path("falls/<str:token>/", falls.fall, name="fall"),
    path("falls/<str:token>/times/", falls.fall_times, name="fall_times"),
]
