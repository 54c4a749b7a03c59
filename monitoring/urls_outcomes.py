"""Addresses of outcomes; joined to those of `monitoring.urls`."""

from __future__ import annotations

from django.urls import path

from monitoring.views import outcome_results, outcomes

ASKED = "<str:token>/<str:instrument_code>/<str:point_code>/"
urlpatterns = [
    path("outcomes/", outcomes.outcomes, name="outcomes"),
    path("outcomes/results/", outcome_results.results, name="outcome_results"),
    path("outcomes/settings/", outcome_results.settings, name="outcome_settings"),
    path("outcomes/staff/", outcome_results.staff, name="staff_says"),
    path("outcomes/plans/<str:token>/", outcomes.of_plan, name="outcomes_of_plan"),
    path("outcomes/plans/<str:token>/score/", outcomes.score_plan, name="score_plan"),
    path(f"outcomes/plans/{ASKED}", outcomes.ask_plan, name="ask_plan"),
    path("outcomes/buddies/<str:token>/", outcomes.of_buddy, name="outcomes_of_buddy"),
    path("outcomes/buddies/<str:token>/score/", outcomes.score_buddy, name="score_buddy"),
    path(f"outcomes/buddies/{ASKED}", outcomes.ask_buddy, name="ask_buddy"),
]
