from django.urls import path

from buddyscheme.health import views

app_name = "health"
urlpatterns = [
    path("live", views.live, name="live"),
    path("ready", views.ready, name="ready"),
    path("detail", views.detail, name="detail"),
]
