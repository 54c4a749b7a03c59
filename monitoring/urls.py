from django.urls import path

from monitoring import urls_costs, urls_outcomes, urls_pay, urls_quality, urls_reports, urls_self_assessment
from monitoring.views import figures, inspections, population, typed

app_name = "monitoring"
urlpatterns = [
    path("figures/", figures.month, name="figures"),
    path("inspections/", inspections.at_prison, name="inspections"),
    path("figures/population/", population.population, name="population"),
    path("figures/population/enter/", population.enter, name="enter_population"),
    path("figures/population/file/", population.file, name="population_file"),
    path("figures/population/file/people.csv", population.blank, name="population_template"),
    *urls_quality.urlpatterns,
    path("figures/others/", typed.typed, name="typed"),
    path("figures/others/<str:measure_code>/", typed.give, name="give_figure"),
    path("figures/<str:month_code>/close/", figures.close, name="close_month"),
    *urls_pay.urlpatterns,
    *urls_reports.urlpatterns,
    *urls_costs.urlpatterns,
    *urls_outcomes.urlpatterns,
    *urls_self_assessment.urlpatterns,
]
