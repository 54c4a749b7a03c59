"""Addresses of what people need, of help that others give already, and of asking people who arrive."""

from __future__ import annotations

from django.urls import path

from referrals.views import informal_help, needs, reception

urlpatterns = [
    path("people/<str:token>/needs/", needs.person_needs, name="person_needs"),
    path("people/<str:token>/needs/add/", needs.need_add, name="need_add"),
    path("people/<str:token>/informal-help/", informal_help.person_informal_help, name="person_informal_help"),
    path("needs/<str:token>/", needs.need, name="need"),
    path("needs/<str:token>/confirmation/", needs.need_confirm, name="need_confirm"),
    path("needs/<str:token>/end/", needs.need_end, name="need_end"),
    path("informal-help/", informal_help.informal_helps, name="informal_helps"),
    path("informal-help/add/", informal_help.informal_help_add, name="informal_help_add"),
    path("informal-help/<str:token>/", informal_help.informal_help, name="informal_help"),
    path("informal-help/<str:token>/facts/", informal_help.informal_help_fill, name="informal_help_fill"),
    path("informal-help/<str:token>/look/", informal_help.informal_help_look, name="informal_help_look"),
    path("informal-help/<str:token>/referral/", informal_help.informal_help_refer, name="informal_help_refer"),
    path("informal-help/<str:token>/application/", informal_help.informal_help_apply, name="informal_help_apply"),
    path("informal-help/<str:token>/concern/", informal_help.informal_help_worry, name="informal_help_worry"),
    path("informal-help/<str:token>/end/", informal_help.informal_help_end, name="informal_help_end"),
    path("reception/", reception.reception, name="reception"),
    path("reception/<str:token>/", reception.reception_ask, name="reception_ask"),
]
