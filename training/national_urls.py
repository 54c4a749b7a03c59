"""Addresses of the national catalogue, under `/national/`."""

from django.urls import path

from training.views import national

app_name = "national_training"
urlpatterns = [
    path("modules/", national.modules, name="modules"),
    path("modules/add/", national.add, name="add_module"),
    path("modules/<str:module_code>/", national.module, name="module"),
    path("modules/<str:module_code>/change/", national.change, name="change_module"),
]
