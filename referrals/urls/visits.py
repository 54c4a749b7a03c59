"""Addresses of today's list, visits, paper slips and the week."""

from __future__ import annotations

from django.urls import path

from referrals.views import changes, movements, schedule, slips, staff_work, today, visit_steps, visits, weekly, weeks

urlpatterns = [
    path("meeting/", weekly.weekly_sheet, name="weekly_sheet"),
    path("today/", today.unlock_list, name="unlock_list"),
    path("today/paper/", today.unlock_list_print, name="unlock_list_print"),
    path("today/movements/", movements.movement_slips, name="movement_slips"),
    path("schedule/", schedule.schedule, name="schedule"),
    path("schedule/paper/", schedule.schedule_print, name="schedule_print"),
    path("schedule/nobody/", schedule.nobody_comes, name="nobody_comes"),
    path("schedule/nobody/<str:token>/<str:day>/<str:session>/", schedule.cover_give, name="cover_give"),
    path("schedule/cover/<str:token>/end/", schedule.cover_end, name="cover_end"),
    path("plans/<str:token>/some-days/", schedule.slot_except, name="slot_except"),
    path("some-days/<str:token>/end/", schedule.slot_exception_end, name="slot_exception_end"),
    path("today/changes/", changes.changes, name="changes"),
    path("today/changes/paper/", changes.changes_print, name="changes_print"),
    path("today/changes/<str:what>/<str:token>/", changes.change, name="change"),
    path("today/<str:token>/staff/<str:code>/", today.staff_tick, name="staff_tick"),
    path("visits/", visits.visits, name="visits"),
    path("visits/missing/", visits.visits_missing, name="visits_missing"),
    path("visits/week/", weeks.weeks, name="week"),
    path("visits/week/<str:wing_code>/<str:monday>/", weeks.week_of_wing, name="week_of_wing"),
    path("visits/slips/", slips.slips, name="slips"),
    path("visits/slips/paper/<int:first>/<int:last>/", slips.slips_print, name="slips_print"),
    path("visits/slips/key/", slips.slip_key, name="slip_key"),
    path("visits/slips/key/<str:token>/<str:day>/", slips.slip_choose, name="slip_choose"),
    path("visits/slips/key/<str:token>/visit/<str:planned>/", slips.slip_visit, name="slip_visit"),
    path("visits/planned/<str:token>/", visit_steps.visit_add, name="visit_add"),
    path("visits/<str:token>/", visits.visit, name="visit"),
    path("visits/<str:token>/correction/", visit_steps.visit_correct, name="visit_correct"),
    path("visits/<str:token>/ask/", visit_steps.visit_ask, name="visit_ask"),
    path("visits/<str:token>/asked/", visit_steps.visit_asked, name="visit_asked"),
    path("visits/<str:token>/staff-work/", staff_work.staff_work, name="visit_staff_work"),
]
