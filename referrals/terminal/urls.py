app_name = "terminal"
urlpatterns: list = []
