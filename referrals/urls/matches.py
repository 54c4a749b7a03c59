"""Addresses of matches."""

from __future__ import annotations

from django.urls import path

from referrals.views import again, match_steps, matches, suggestions

FIRST, SECOND = {"part": "LEAD"}, {"part": "SECOND"}

urlpatterns = [
    path("plans/<str:token>/match/", suggestions.suggestions, FIRST, name="suggestions"),
    path("plans/<str:token>/match/<str:buddy_token>/", suggestions.suitability, FIRST, name="suitability"),
    path("plans/<str:token>/asked-for/", suggestions.asked_for, name="asked_for"),
    path("plans/<str:token>/second/", suggestions.suggestions, SECOND, name="second_suggestions"),
    path("plans/<str:token>/second/<str:buddy_token>/", suggestions.suitability, SECOND, name="second_suitability"),
    path("matches/", matches.matches, name="matches"),
    path("matches/waiting/", matches.waiting, name="matches_waiting"),
    path("matches/stopped/", again.stopped, name="matches_stopped"),
    path("matches/<str:token>/", matches.match, name="match"),
    path("matches/<str:token>/answers/", match_steps.agreement, name="match_agreement"),
    path("matches/<str:token>/pause/", match_steps.pause, name="match_pause"),
    path("matches/<str:token>/resume/", match_steps.resume, name="match_resume"),
    path("matches/<str:token>/end/", match_steps.end, name="match_end"),
]
