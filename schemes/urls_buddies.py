"""Addresses of buddies, clearance and take-overs; joined to those of `schemes.urls`."""

from django.urls import path

from schemes.views import buddies, buddy_steps, clearance, take_overs

urlpatterns = [
    path("buddies/", buddies.buddies, name="buddies"),
    path("buddies/application/", buddies.apply, name="apply"),
    path("buddies/take-over/", take_overs.ask, name="ask_take_over"),
    path("buddies/<str:token>/", buddies.buddy, name="buddy"),
    path("buddies/<str:token>/checks/", buddy_steps.ask_for_checks, name="ask_for_checks"),
    path("buddies/<str:token>/renewal/", buddy_steps.ask_again, name="ask_again"),
    path("buddies/<str:token>/clearance/<str:department>/", clearance.paper, name="paper"),
    path("buddies/<str:token>/interview/", buddy_steps.interview, name="interview"),
    path("buddies/<str:token>/offer/", buddy_steps.offer, name="offer"),
    path("buddies/<str:token>/compact/", buddy_steps.compact, name="compact"),
    path("buddies/<str:token>/refusal/", buddy_steps.decline, name="decline"),
    path("buddies/<str:token>/withdrawal/", buddy_steps.withdraw, name="withdraw"),
    path("buddies/<str:token>/suspension/", buddy_steps.suspend, name="suspend"),
    path("buddies/<str:token>/return/", buddy_steps.reinstate, name="reinstate"),
    path("buddies/<str:token>/leaving/", buddy_steps.leave, name="leave"),
    path("clearances/", clearance.clearances, name="clearances"),
    path("clearances/<str:token>/", clearance.clearance, name="clearance"),
    path("take-overs/", take_overs.take_overs, name="take_overs"),
    path("take-overs/<str:token>/", take_overs.take_over, name="take_over"),
]
