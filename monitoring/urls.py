from django.urls import path

from monitoring import urls_costs, urls_outcomes, urls_pay, urls_quality, urls_reports, urls_self_assessment
from monitoring.views import (
    digests,
    figure,
    figures,
    hand_returns,
    inspections,
    population,
    typed,
)

app_name = "monitoring"
urlpatterns = [
    path("figures/", figures.figures, name="figures"),
    path("inspections/", inspections.at_prison, name="inspections"),
    path("figures/population/", population.population, name="population"),
    path("figures/population/enter/", population.enter, name="enter_population"),
    path("figures/population/file/", population.file, name="population_file"),
    path("figures/population/file/people.csv", population.blank, name="population_template"),
    *urls_quality.urlpatterns,
    path("figures/others/", typed.typed, name="typed"),
    path("figures/others/<str:measure_code>/", typed.give, name="give_figure"),
    path("figures/measures/<str:measure_code>/", figure.figure, name="figure"),
    path("figures/changes/", digests.own, name="digests"),
    path("figures/changes/choice/", digests.own_choice, name="digest_choice"),
    path("figures/changes/<str:token>/", digests.own_digest, name="digest"),
    path("figures/by-hand/", hand_returns.own, name="hand_returns"),
    path("figures/by-hand/<str:quarter_code>/", hand_returns.give_own, name="give_hand_return"),
    *urls_reports.urlpatterns,
    path("figures/<str:month_code>/close/", figures.close, name="close_month"),
    *urls_pay.urlpatterns,
    *urls_costs.urlpatterns,
    *urls_outcomes.urlpatterns,
    *urls_self_assessment.urlpatterns,
]
