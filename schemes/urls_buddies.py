"""Addresses of buddies, clearance and take-overs; joined to those of `schemes.urls`."""

from django.urls import path

from schemes.views import buddies, buddy_steps, caps, clearance, compacts, interviews, take_overs

urlpatterns = [
    path("buddies/", buddies.buddies, name="buddies"),
    path("buddies/application/", buddies.apply, name="apply"),
    path("buddies/take-over/", take_overs.ask, name="ask_take_over"),
    path("buddies/<str:token>/", buddies.buddy, name="buddy"),
    path("buddies/<str:token>/checks/", buddy_steps.ask_for_checks, name="ask_for_checks"),
    path("buddies/<str:token>/renewal/", buddy_steps.ask_again, name="ask_again"),
    path("buddies/<str:token>/clearance/<str:department>/", clearance.paper, name="paper"),
    path("buddies/<str:token>/interview/", buddy_steps.interview, name="interview"),
    path("buddies/<str:token>/approval/", buddy_steps.approve, name="approve"),
    path("buddies/<str:token>/offer/", buddy_steps.offer, name="offer"),
    path("buddies/<str:token>/compact/", buddy_steps.compact, name="compact"),
    path("buddies/<str:token>/refusal/", buddy_steps.decline, name="decline"),
    path("buddies/<str:token>/withdrawal/", buddy_steps.withdraw, name="withdraw"),
    path("buddies/<str:token>/compact/paper/<str:format>/", compacts.paper, name="compact_paper"),
    path("buddies/<str:token>/scores/", interviews.score, name="score"),
    path("compacts/", compacts.to_sign_again, name="compacts"),
    path("interviews/", interviews.interviews, name="interviews"),
    path("buddies/<str:token>/caps/", caps.buddy_caps, name="buddy_caps"),
    path("clearances/", clearance.clearances, name="clearances"),
    path("clearances/renewals/", clearance.to_renew, name="renewals"),
    path("clearances/<str:token>/", clearance.clearance, name="clearance"),
    path("take-overs/", take_overs.take_overs, name="take_overs"),
    path("take-overs/together/<str:token>/", take_overs.take_over_batch, name="take_over_batch"),
    path("take-overs/<str:token>/", take_overs.take_over, name="take_over"),
]
