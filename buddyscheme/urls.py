"""Every address. Wiring only."""

from django.conf import settings
from django.urls import include, path

urlpatterns = [
    path("health/", include("buddyscheme.health.urls")),
    path("about/", include("buddyscheme.info.urls")),
    path("account/", include("buddyscheme.accounts.urls")),
    path("terminal/", include("referrals.terminal.urls")),
    path("", include("buddyscheme.home.urls")),
    path("prisons/<str:prison_code>/", include("buddyscheme.accounts.prison_urls")),
    path("prisons/<str:prison_code>/", include("schemes.urls")),
    path("prisons/<str:prison_code>/", include("training.urls")),
    path("prisons/<str:prison_code>/", include("referrals.urls")),
    path("prisons/<str:prison_code>/", include("monitoring.urls")),
    path("national/", include("monitoring.national_urls")),
    path("national/", include("training.national_urls")),
    path("api/v1/", include("monitoring.urls_api")),
]

if settings.DEMO:
    urlpatterns.append(path("prisons/<str:prison_code>/", include("buddyscheme.demo.urls")))

handler400 = "buddyscheme.info.views.bad_request"
handler403 = "buddyscheme.info.views.forbidden"
handler404 = "buddyscheme.info.views.not_found"
handler500 = "buddyscheme.info.views.server_error"
