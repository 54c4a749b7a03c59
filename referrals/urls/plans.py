"""Addresses of plans, their tasks and consents, held words and unmet needs."""

from __future__ import annotations

from django.urls import path

from referrals.views import boundary, capacity, consents, plan_tasks, plans, unmet_needs

urlpatterns = [
    path("plans/", plans.plans, name="plans"),
    path("plans/<str:token>/", plans.plan, name="plan"),
    path("plans/<str:token>/writing/", plans.plan_edit, name="plan_edit"),
    path("plans/<str:token>/tasks/", plan_tasks.plan_tasks, name="plan_tasks"),
    path("plans/<str:token>/needs/<str:code>/", plan_tasks.plan_need, name="plan_need"),
    path("plans/<str:token>/held-words/", plans.plan_held, name="plan_held"),
    path("plans/<str:token>/start/", plans.plan_activate, name="plan_activate"),
    path("plans/<str:token>/end/", plans.plan_end, name="plan_end"),
    path("plans/<str:token>/paper/", plans.plan_print, name="plan_print"),
    path("plans/<str:token>/shared/", plans.plan_shared, name="plan_shared"),
    path("plans/<str:token>/consent/<str:scope>/", consents.consent_give, name="consent_give"),
    path("plans/<str:token>/best-interests/", capacity.plan_capacity, name="plan_capacity"),
    path("best-interests/", capacity.best_interests, name="best_interests"),
    path("best-interests/<str:token>/decides-again/", capacity.capacity_regained, name="capacity_regained"),
    path("best-interests/<str:token>/objection/", capacity.capacity_objected, name="capacity_objected"),
    path("plan-tasks/without-approval/", plan_tasks.without_approval, name="without_approval"),
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
    path("unmet-needs/<str:token>/letter/", unmet_needs.unmet_need_letter, name="unmet_need_letter"),
    path("unmet-need-puts/<str:token>/answer/", unmet_needs.unmet_need_answer, name="unmet_need_answer"),
    path("unmet-need-puts/<str:token>/paper/", unmet_needs.unmet_need_paper, name="unmet_need_paper"),
]
