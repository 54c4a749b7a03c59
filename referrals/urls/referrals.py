"""Addresses of referrals, requests for assessment, and of what people want."""

from __future__ import annotations

from django.urls import path

from referrals.views import (
    assessments,
    capacity,
    interim,
    refer,
    referrals,
    tellings,
    wishes,
)

urlpatterns = [
    path("referrals/", referrals.referrals, name="referrals"),
    path("referrals/new/", refer.refer, name="refer"),
    path("referrals/new/unknown/", refer.refer_unknown, name="refer_unknown"),
    path("referrals/new/questions/", refer.refer_questions, name="refer_questions"),
    path("referrals/new/answers/", refer.refer_answers, name="refer_answers"),
    path("referrals/made/", refer.referrals_made, name="referrals_made"),
    path("referrals/<str:token>/", referrals.referral, name="referral"),
    path("referrals/<str:token>/confirmation/", refer.refer_done, name="refer_done"),
    path("referrals/<str:token>/who/", refer.refer_who, name="refer_who"),
    path("referrals/<str:token>/screening/", referrals.screen, name="screen"),
    path("referrals/<str:token>/help-today/", interim.help_today, name="help_today"),
    path("referrals/<str:token>/wishes/", wishes.wishes, name="wishes"),
    path("referrals/<str:token>/wishes/best-interests/", capacity.wishes_capacity, name="wishes_capacity"),
    path("people/<str:token>/referrals/", referrals.person_referrals, name="person_referrals"),
    path("told/", tellings.tellings, name="tellings"),
    path("told/<str:token>/", tellings.telling, name="telling"),
    path("told/<str:token>/letter/", tellings.telling_letter, name="telling_letter"),
    path("wishes/", wishes.people_to_ask, name="people_to_ask"),
    path("assessments/", assessments.assessments, name="assessments"),
    path("assessments/<str:token>/", assessments.assessment, name="assessment"),
    path("assessments/<str:token>/answer/", assessments.assessment_answer, name="assessment_answer"),
    path("assessments/<str:token>/council-plan/", assessments.assessment_plan, name="assessment_plan"),
    path("assessments/<str:token>/letter/", assessments.assessment_chase, name="assessment_chase"),
    path("letters/<str:token>/", assessments.chase_letter, name="chase_letter"),
]
