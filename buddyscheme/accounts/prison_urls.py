from django.urls import path

from buddyscheme.accounts.views import audit, staff

app_name = "accounts"
urlpatterns = [
    path("staff/", staff.staff, name="staff"),
    path("staff/give/", staff.give, name="give_role"),
    path("staff/<str:token>/end/", staff.end, name="end_role"),
    path("wings/", staff.wings, name="wings"),
    path("wings/add/", staff.wing_add, name="add_wing"),
    path("audit/", audit.events, name="audit"),
]
