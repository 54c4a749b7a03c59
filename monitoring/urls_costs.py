"""Addresses of costs; joined to those of `monitoring.urls`."""

from __future__ import annotations

from django.urls import path

from monitoring.views import costs

urlpatterns = [
    path("costs/", costs.costs, name="costs"),
    path("costs/<str:quarter_code>/", costs.quarter, name="cost_quarter"),
    path("costs/<str:quarter_code>/return/", costs.give, name="return_costs"),
]
