"""Addresses of self-assessments; joined to those of `monitoring.urls`."""

from __future__ import annotations

from django.urls import path

from monitoring.views import self_assessment, self_evidence

urlpatterns = [
    path("self-assessment/", self_assessment.self_assessments, name="self_assessments"),
    path("self-assessment/actions/", self_evidence.self_actions, name="self_actions"),
    path("self-assessment/actions/<str:token>/close/", self_evidence.close_action, name="close_self_action"),
    path("self-assessment/evidence/<str:token>/file/", self_evidence.evidence_file, name="evidence_file"),
    path("self-assessment/evidence/<str:token>/take-out/", self_evidence.take_out_evidence, name="take_out_evidence"),
    path("self-assessment/<str:quarter_code>/", self_assessment.self_assessment, name="self_assessment"),
    path("self-assessment/<str:quarter_code>/start/", self_assessment.start, name="start_self_assessment"),
    path("self-assessment/<str:quarter_code>/finish/", self_assessment.finish, name="finish_self_assessment"),
    path("self-assessment/<str:quarter_code>/<str:item_code>/", self_assessment.answer, name="answer_item"),
    path(
        "self-assessment/<str:quarter_code>/<str:item_code>/evidence/", self_evidence.add_evidence, name="add_evidence"
    ),
    path(
        "self-assessment/<str:quarter_code>/<str:item_code>/action/", self_evidence.add_action, name="add_self_action"
    ),
]
