"""Addresses of schemes, people, keep-apart records and buddies, under `/prisons/<code>/`."""

app_name = "schemes"
urlpatterns: list = []
