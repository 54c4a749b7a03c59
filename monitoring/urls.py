from django.urls import path

from monitoring import urls_costs, urls_outcomes, urls_pay, urls_quality
from monitoring.views import figures, typed

app_name = "monitoring"
urlpatterns = [
    path("figures/", figures.month, name="figures"),
    *urls_quality.urlpatterns,
    path("figures/others/", typed.typed, name="typed"),
    path("figures/others/<str:measure_code>/", typed.give, name="give_figure"),
    path("figures/<str:month_code>/close/", figures.close, name="close_month"),
    *urls_pay.urlpatterns,
    *urls_costs.urlpatterns,
    *urls_outcomes.urlpatterns,
]
