"""Addresses of what looks after buddies: standing down with cover, workload, lapses, welfare checks, notes."""

from __future__ import annotations

from django.urls import path

from referrals.views import lapses, match_steps, notes, standing_down, welfare, workload

SUSPENDED, REMOVED, LEFT = {"kind": "SUSPENDED"}, {"kind": "REMOVED"}, {"kind": "LEFT"}

urlpatterns = [
    path("buddies/<str:token>/suspension/", standing_down.stand_down_buddy, SUSPENDED, name="stand_down_suspend"),
    path("buddies/<str:token>/removal/", standing_down.stand_down_buddy, REMOVED, name="stand_down_remove"),
    path("buddies/<str:token>/leaving/", standing_down.stand_down_buddy, LEFT, name="stand_down_leave"),
    path("buddies/<str:token>/return/", standing_down.bring_back_buddy, name="bring_back"),
    path("standing-down/", standing_down.stand_downs, name="stand_downs"),
    path("standing-down/<str:token>/", standing_down.stand_down_page, name="stand_down"),
    path("standing-down/<str:token>/review/", standing_down.review, name="stand_down_review"),
    path("standing-down/<str:token>/appeal/", standing_down.appeal, name="stand_down_appeal"),
    path("standing-down/<str:token>/answer/", standing_down.answer, name="stand_down_answer"),
    path("workload/", workload.workload, name="workload"),
    path("matches/<str:token>/lapse/", lapses.match_lapse, name="match_lapse"),
    path("matches/<str:token>/first/", match_steps.make_first, name="match_first"),
    path("lapsed/", lapses.lapsed, name="lapsed"),
    path("welfare-checks/", welfare.welfare_checks, name="welfare_checks"),
    path("welfare-checks/<str:token>/", welfare.welfare_check, name="welfare_check"),
    path("notes/", notes.notes, name="notes"),
    path("notes/<str:token>/", notes.note, name="note"),
]
