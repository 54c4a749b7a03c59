from django.urls import path

from monitoring import urls_costs, urls_outcomes, urls_pay
from monitoring.views import figures

app_name = "monitoring"
urlpatterns = [
    path("figures/", figures.month, name="figures"),
    path("figures/<str:month_code>/close/", figures.close, name="close_month"),
    *urls_pay.urlpatterns,
    *urls_costs.urlpatterns,
    *urls_outcomes.urlpatterns,
]
