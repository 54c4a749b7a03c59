"""The start page, and each prison's home. `home` is where a sign-in leads; `home:prison` is one prison's page."""

from __future__ import annotations

from django.urls import include, path

from buddyscheme.home import views

prison_patterns = [
    path("", views.prison, name="prison"),
    path("first-tasks/", views.first_tasks, name="first_tasks"),
]

urlpatterns = [
    path("", views.start, name="home"),
    path("prisons/<str:prison_code>/", include((prison_patterns, "home"))),
]
