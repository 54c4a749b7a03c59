"""Addresses of training, under `/prisons/<code>/`."""

from django.urls import path

from training.views import board, buddies

app_name = "training"
urlpatterns = [
    path("training/", board.board, name="board"),
    path("training/modules/", board.modules, name="modules"),
    path("training/modules/<str:module_code>/class/", board.record_class, name="record_class"),
    path("training/<str:token>/", buddies.buddy, name="buddy"),
    path("training/<str:token>/appointment/", buddies.appoint, name="appoint"),
]
