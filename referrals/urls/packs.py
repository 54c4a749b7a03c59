"""Addresses of what a buddy takes away, and of buddies' records between prisons."""

from __future__ import annotations

from django.urls import path

from referrals.views import packs, take_away

urlpatterns = [
    path("buddies/<str:token>/take-away/", take_away.take_away, name="take_away"),
    path("buddies/<str:token>/next-prison/", packs.send, name="pack_send"),
    path("buddy-records/", packs.packs, name="packs"),
    path("buddy-records/<str:token>/", packs.pack, name="pack"),
    path("buddy-records/<str:token>/modules/", packs.decide, name="pack_decide"),
    path("buddy-records/<str:token>/record.json", packs.pack_file, name="pack_file"),
]
