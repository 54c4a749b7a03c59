"""Addresses of data quality and of the signing of a quarter; joined to those of `monitoring.urls`."""

from __future__ import annotations

from django.urls import path

from monitoring.views import data_queries, quality, quarters

urlpatterns = [
    path("figures/quality/", quality.quality, name="quality"),
    path("figures/queries/", data_queries.queries, name="data_queries"),
    path("figures/queries/<str:token>/", data_queries.query, name="data_query"),
    path("figures/queries/<str:token>/answer/", data_queries.answer, name="answer_query"),
    path("figures/queries/<str:token>/close/", data_queries.close, name="close_query"),
    path("figures/quarters/", quarters.quarters, name="quarters"),
    path("figures/quarters/<str:quarter_code>/", quarters.quarter, name="quarter"),
    path("figures/quarters/<str:quarter_code>/sign/", quarters.sign, name="sign_quarter"),
    path("figures/quarters/<str:quarter_code>/open-again/", quarters.reopen, name="reopen_quarter"),
]
