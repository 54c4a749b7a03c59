"""Addresses of plans, their tasks and consents, held words and unmet needs."""

from __future__ import annotations

from django.urls import path

from referrals.views import (
    boundary,
    consents,
    equipment,
    plan_prints,
    plan_reviews,
    plan_tasks,
    plan_versions,
    plans,
    unmet_needs,
)

urlpatterns = [
    path("plans/", plans.plans, name="plans"),
    path("plans/<str:token>/", plans.plan, name="plan"),
    path("plans/<str:token>/writing/", plans.plan_edit, name="plan_edit"),
    path("plans/<str:token>/tasks/", plan_tasks.plan_tasks, name="plan_tasks"),
    path("plans/<str:token>/needs/<str:code>/", plan_tasks.plan_need, name="plan_need"),
    path("plans/<str:token>/held-words/", plans.plan_held, name="plan_held"),
    path("plans/<str:token>/start/", plans.plan_activate, name="plan_activate"),
    path("plans/<str:token>/end/", plans.plan_end, name="plan_end"),
    path("plans/<str:token>/paper/", plan_prints.plan_print, name="plan_print"),
    path("plans/<str:token>/shared/", plans.plan_shared, name="plan_shared"),
    path("plans/<str:token>/review/", plan_reviews.plan_review, name="plan_review"),
    path("plans/<str:token>/versions/", plan_versions.plan_versions, name="plan_versions"),
    path("plans/<str:token>/versions/compare/", plan_versions.plan_compare, name="plan_compare"),
    path("plans/<str:token>/versions/<int:number>/", plan_versions.plan_version, name="plan_version"),
    path("plans/<str:token>/emergency/", equipment.evacuation, name="evacuation"),
    path("plans/<str:token>/risks/", equipment.plan_risks, name="plan_risks"),
    path("plans/<str:token>/equipment/", equipment.equipment_add, name="equipment_add"),
    path("equipment/<str:token>/check/", equipment.equipment_check, name="equipment_check"),
    path("equipment/<str:token>/removal/", equipment.equipment_remove, name="equipment_remove"),
    path("plans/<str:token>/consent/<str:scope>/", consents.consent_give, name="consent_give"),
    path("plan-tasks/<str:token>/stop/", plan_tasks.task_stop, name="task_stop"),
    path("consents/<str:token>/withdrawal/", consents.consent_withdraw, name="consent_withdraw"),
    path("people/<str:token>/plans/", plans.person_plans, name="person_plans"),
    path("help/", plan_tasks.helped, name="helped"),
    path("help/<str:token>/", plan_tasks.helped_person, name="helped_person"),
    path("held-words/", boundary.held_texts, name="held_texts"),
    path("held-words/<str:token>/", boundary.held_text, name="held_text"),
    path("unmet-needs/", unmet_needs.unmet_needs, name="unmet_needs"),
    path("unmet-needs/new/", unmet_needs.unmet_need_add, name="unmet_need_add"),
    path("unmet-needs/<str:token>/", unmet_needs.unmet_need, name="unmet_need"),
    path("unmet-needs/<str:token>/put/", unmet_needs.unmet_need_put, name="unmet_need_put"),
    path("unmet-needs/<str:token>/met/", unmet_needs.unmet_need_met, name="unmet_need_met"),
]
