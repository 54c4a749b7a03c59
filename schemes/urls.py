"""Addresses of schemes, people, keep-apart records and buddies, under `/prisons/<code>/`."""

from __future__ import annotations

from django.urls import path

from schemes import urls_buddies, urls_posts
from schemes.views import (
    caps,
    catalogue,
    claims,
    departments,
    interviews,
    keep_apart,
    limits,
    people,
    prompts,
    protected_time,
    regime,
    role_cards,
    schemes,
    supervision,
)

app_name = "schemes"
urlpatterns = [
    path("scheme/", schemes.scheme, name="scheme"),
    path("scheme/start/", schemes.start, name="scheme_start"),
    path("scheme/wings/", schemes.wings, name="scheme_wings"),
    path("scheme/cover/", schemes.cover, name="scheme_cover"),
    path("scheme/tasks/", schemes.tasks, name="scheme_tasks"),
    path("scheme/regime/", schemes.regime, name="scheme_regime"),
    path("scheme/regime/<int:weekday>/", schemes.regime_day, name="scheme_regime_day"),
    path("scheme/falls/", schemes.falls, name="scheme_falls"),
    path("scheme/appeals/", schemes.appeals, name="scheme_appeals"),
    path("scheme/departments/", departments.departments, name="scheme_departments"),
    path("scheme/departments/add/", departments.add, name="scheme_department_add"),
    path("scheme/departments/<str:department>/out/", departments.end, name="scheme_department_end"),
    path("scheme/clearance/", departments.months, name="scheme_clearance"),
    path("scheme/interview/", interviews.criteria, name="scheme_interview"),
    path("what-buddies-may-do/", catalogue.catalogue, name="catalogue"),
    path("scheme/limits/", limits.limits, name="scheme_limits"),
    path("scheme/supervision/", supervision.supervision, name="scheme_supervision"),
    path("scheme/hours/", protected_time.weeks, name="protected_time"),
    path("scheme/hours/<str:monday>/", protected_time.week, name="protected_week"),
    path("scheme/role-cards/", role_cards.cards, name="role_cards"),
    path("scheme/role-cards/<str:token>/<str:audience>/", role_cards.card, name="role_card"),
    path("scheme/caps/", caps.scheme_caps, name="scheme_caps"),
    path("scheme/open/", schemes.open_scheme, name="scheme_open"),
    path("lock-downs/", regime.lock_downs, name="lock_downs"),
    path("lock-downs/record/", regime.record, name="record_lock_down"),
    path("people/", people.people, name="people"),
    path("people/add/", people.add, name="add_person"),
    path("people/<str:token>/", people.person, name="person"),
    path("people/<str:token>/details/", people.details, name="person_details"),
    path("people/<str:token>/cell/", people.cell, name="person_cell"),
    path("people/<str:token>/left/", people.left, name="person_left"),
    path("claims/", claims.claims, name="claims"),
    path("claims/<str:token>/", claims.claim, name="claim"),
    path("prompts/", prompts.prompts, name="prompts"),
    path("prompts/add/", prompts.add, name="add_prompt"),
    path("prompts/<str:token>/", prompts.prompt, name="prompt"),
    path("prompts/<str:token>/national/", prompts.national_words, name="prompt_national"),
    path("keep-apart/", keep_apart.records, name="keep_apart"),
    path("keep-apart/add/", keep_apart.add, name="add_keep_apart"),
    path("keep-apart/<str:token>/end/", keep_apart.end, name="end_keep_apart"),
    *urls_posts.urlpatterns,
    *urls_buddies.urlpatterns,
]
