from django.urls import path

from buddyscheme.home import views

urlpatterns = [
    path("", views.start, name="home"),
]
