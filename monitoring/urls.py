from django.urls import path

from monitoring.views import figures

app_name = "monitoring"
urlpatterns = [
    path("figures/", figures.month, name="figures"),
    path("figures/<str:month_code>/close/", figures.close, name="close_month"),
]
