"""Addresses of concerns."""

from __future__ import annotations

from django.urls import path

from referrals.views import concern_access as access
from referrals.views import concern_steps as steps
from referrals.views import concerns as views
from referrals.views import concerns_raised as raised
from referrals.views import receivers

urlpatterns = [
    path("concerns/", views.concerns, name="concerns"),
    path("concerns/add/", views.concern_add, name="concern_add"),
    path("concerns/sent/", views.concern_sent, name="concern_sent"),
    path("concerns/raised/", raised.concerns_raised, name="concerns_raised"),
    path("concerns/receivers/", receivers.receivers, name="receivers"),
    path("concerns/receivers/deputy/", receivers.deputy, name="receiver_deputy"),
    path("concerns/receivers/leave/", receivers.leave, name="receiver_leave"),
    path("concerns/receivers/leave/<str:token>/", receivers.leave_cancel, name="receiver_leave_cancel"),
    path("concerns/hand-ons/<str:token>/", steps.hand_on, name="hand_on"),
    path("concerns/hand-ons/<str:token>/answer/", steps.hand_on_answer, name="hand_on_answer"),
    path("concerns/<str:token>/", views.concern, name="concern"),
    path("concerns/<str:token>/grade/", steps.grade, name="concern_grade"),
    path("concerns/<str:token>/hand-on/", steps.concern_hand_on, name="concern_hand_on"),
    path("concerns/<str:token>/step-in/", steps.step_in, name="concern_step_in"),
    path("concerns/<str:token>/access/", access.access, name="concern_access"),
    path("concerns/<str:token>/access/give/", access.give, name="concern_access_give"),
    path("concerns/<str:token>/access/name/", access.name, name="concern_name"),
    path("concerns/<str:token>/access/<str:reader_token>/end/", access.end, name="concern_access_end"),
    path("concerns/<str:token>/told/", views.concern_told, name="concern_told"),
    path("concerns/<str:token>/close/", views.concern_close, name="concern_close"),
]
