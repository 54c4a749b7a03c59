"""Addresses of concerns."""

from __future__ import annotations

from django.urls import path

from referrals.views import concerns as views

urlpatterns = [
    path("concerns/", views.concerns, name="concerns"),
    path("concerns/add/", views.concern_add, name="concern_add"),
    path("concerns/sent/", views.concern_sent, name="concern_sent"),
    path("concerns/<str:token>/", views.concern, name="concern"),
    path("concerns/<str:token>/told/", views.concern_told, name="concern_told"),
    path("concerns/<str:token>/close/", views.concern_close, name="concern_close"),
]
