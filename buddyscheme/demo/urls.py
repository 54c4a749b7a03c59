"""A page with nothing in it, against which `script/bench` measures the others. Only in the demonstration."""

from django.urls import path

from buddyscheme.demo import views

app_name = "demo"
urlpatterns = [path("nothing/", views.nothing, name="nothing")]
