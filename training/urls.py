"""Addresses of training, under `/prisons/<code>/`."""

from django.urls import path

from training.views import (
    board,
    buddies,
    catalogue,
    certificates,
    due,
    marks,
    overrides,
    prior,
    sessions,
    take_over_file,
)

app_name = "training"
urlpatterns = [
    path("training/", board.board, name="board"),
    path("training/modules/", board.modules, name="modules"),
    path("training/modules/<str:module_code>/class/", board.record_class, name="record_class"),
    path("training/catalogue/", catalogue.modules, name="catalogue"),
    path("training/catalogue/add/", catalogue.add, name="add_module"),
    path("training/catalogue/<str:module_code>/", catalogue.module, name="module"),
    path("training/catalogue/<str:module_code>/change/", catalogue.change, name="change_module"),
    path("training/catalogue/<str:module_code>/tasks/", catalogue.tasks, name="module_tasks"),
    path("training/classes/", sessions.sessions, name="sessions"),
    path("training/classes/plan/", sessions.plan, name="plan_session"),
    path("training/classes/<str:token>/", sessions.session, name="session"),
    path("training/classes/<str:token>/change/", sessions.change, name="change_session"),
    path("training/classes/<str:token>/people/", sessions.book, name="book_session"),
    path("training/classes/<str:token>/cancel/", sessions.cancel, name="cancel_session"),
    path("training/classes/<str:token>/marks/", marks.mark, name="mark_session"),
    path("training/classes/<str:token>/file/", marks.file, name="session_file"),
    path("training/classes/<str:token>/file/class.csv", marks.template, name="session_template"),
    path("training/due/", due.due, name="due"),
    path("training/due/print/", due.due_print, name="due_print"),
    path("training/take-overs/", take_over_file.upload, name="take_over_file"),
    path("training/take-overs/list.csv", take_over_file.template, name="take_over_template"),
    path("training/take-overs/<str:token>/", take_over_file.take_over_list, name="take_over_list"),
    path("training/take-overs/<str:token>/lines/<int:number>/", take_over_file.line, name="take_over_line"),
    path("training/take-overs/<str:token>/end/", take_over_file.drop, name="take_over_drop"),
    path("training/<str:token>/", buddies.buddy, name="buddy"),
    path("training/<str:token>/appointment/", buddies.appoint, name="appoint"),
    path("training/<str:token>/elsewhere/", prior.decide, name="prior"),
    path("training/<str:token>/certificate/", certificates.certificate, name="certificate"),
    path("training/<str:token>/override/", overrides.ask, name="ask_override"),
    path("overrides/", overrides.overrides, name="overrides"),
    path("overrides/<str:token>/", overrides.override, name="override"),
]
