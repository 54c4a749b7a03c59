from django.urls import path

from monitoring.views import (
    api_keys,
    data_queries,
    extracts,
    inspections,
    measures,
    prices,
    releases,
    restricted,
    returns,
)
from referrals.views import patterns
from schemes.views import alerts, compacts

app_name = "national"
urlpatterns = [
    path("releases/", releases.releases, name="releases"),
    path("releases/publish/", releases.publish, name="publish"),
    path("releases/<str:token>/", releases.national, name="release"),
    path("releases/<str:token>/figures.csv", releases.download, name="download"),
    path("releases/<str:token>/prisons/<str:about_code>/", releases.prison, name="release_prison"),
    path("restricted-tasks/", restricted.restricted, name="restricted"),
    path("returns/", returns.returns, name="returns"),
    path("inspections/", inspections.inspections, name="inspections"),
    path("inspections/open/", inspections.open_one, name="open_inspection"),
    path("inspections/<str:token>/", inspections.on_site, name="on_site"),
    path("inspections/<str:token>/cases/", inspections.cases, name="on_site_cases"),
    path("inspections/<str:token>/end/", inspections.end, name="end_inspection"),
    path("measures/", measures.measures, name="measures"),
    path("measures/<str:measure_code>/", measures.measure, name="measure"),
    path("measures/<str:measure_code>/words/", measures.amend, name="amend_measure"),
    path("data-queries/", data_queries.by_prison, name="data_queries"),
    path("data-queries/ask/", data_queries.ask, name="ask_prison"),
    path("extracts/", extracts.extracts, name="extracts"),
    path("extracts/ask/", extracts.ask, name="ask_extract"),
    path("extracts/<str:token>/", extracts.extract, name="extract"),
    path("extracts/<str:token>/decide/", extracts.decide, name="decide_extract"),
    path("extracts/<str:token>/extract.zip", extracts.download, name="download_extract"),
    path("keys/", api_keys.keys, name="api_keys"),
    path("keys/make/", api_keys.make, name="make_api_key"),
    path("keys/<str:token>/", api_keys.key, name="api_key"),
    path("keys/<str:token>/revoke/", api_keys.revoke, name="revoke_api_key"),
    path("prices/", prices.prices, name="prices"),
    path("prices/add/", prices.add, name="add_price"),
    path("alerts/", alerts.national_meanings, name="alerts"),
    path("alerts/<str:kind_code>/", alerts.national_meaning, name="alert"),
    path("patterns/", patterns.national_rules, name="patterns"),
    path("patterns/<str:rule_code>/", patterns.national_rule, name="pattern_rule"),
    path("compact/", compacts.compacts, name="compacts"),
    path("compact/publish/", compacts.publish, name="compact_publish"),
    path("compact/<int:version>/", compacts.compact, name="compact"),
]
