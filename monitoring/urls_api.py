from django.urls import path

from monitoring.api import operations as o
from monitoring.views import api, api_pages

app_name = "api"
urlpatterns = [
    path("", api_pages.documentation, name="documentation"),
    path("openapi.json", api.description, name="description"),
    path(o.MEASURES.route, api.measures, name=o.MEASURES.name),
    path(o.RELEASES.route, api.releases, name=o.RELEASES.name),
    path(o.PRISONS.route, api.prisons, name=o.PRISONS.name),
    path(o.FIGURES.route, api.figures, name=o.FIGURES.name),
    path("<path:rest>", api.nothing, name="nothing"),
]
