from django.urls import path

from monitoring.views import downloads, own_reports, reports

urlpatterns = [
    path("figures/figures.zip", downloads.figures, name="figures_file"),
    path("figures/reports/", own_reports.reports, name="reports"),
    path("figures/reports/make/", own_reports.ask, name="ask_report"),
    path("figures/reports/<str:token>/", own_reports.report, name="report"),
    path("figures/reports/<str:token>/report.pdf", own_reports.file, name="report_file"),
]
national = [
    path("releases/<str:token>/figures.zip", downloads.release, name="download"),
    path("releases/<str:token>/report/<str:about_code>/", reports.ask, name="ask_report"),
    path("reports/", reports.reports, name="reports"),
    path("reports/<str:token>/", reports.report, name="report"),
    path("reports/<str:token>/report.pdf", reports.file, name="report_file"),
]
