"""Addresses of patterns, and of the burden meter."""

from __future__ import annotations

from django.urls import path

from referrals.views import burden, patterns

urlpatterns = [
    path("patterns/", patterns.patterns, name="patterns"),
    path("patterns/look/", patterns.patterns_look, name="patterns_look"),
    path("patterns/<str:token>/", patterns.pattern, name="pattern"),
    path("burden/", burden.burden, name="burden"),
]
