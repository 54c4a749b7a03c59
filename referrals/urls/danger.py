"""Addresses of danger that was told, of what buddies are told in person, and of what people say about their help."""

from __future__ import annotations

from django.urls import path

from referrals.views import danger, news, own_wishes

urlpatterns = [
    path("danger/", danger.danger, name="danger"),
    path("danger/<str:token>/", danger.danger_call, name="danger_call"),
    path("news/", news.news, name="news"),
    path("news/<str:token>/", news.news_told, name="news_told"),
    path("said/", own_wishes.own_wishes, name="own_wishes"),
    path("said/<str:token>/", own_wishes.own_wish, name="own_wish"),
]
