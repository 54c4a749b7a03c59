"""Addresses of the terminal. They hold random tokens, and nothing that says who or what."""

from __future__ import annotations

from django.urls import path

from referrals.terminal.views import cover, help_wanted, inside, jobs, own_help, privacy, sound, start

app_name = "terminal"
urlpatterns = [
    path("", start.start, name="start"),
    path("enter/", start.enter, name="enter"),
    path("continue/", start.take_up, name="take_up"),
    path("code/", start.show_code, name="code"),
    path("card/", start.with_card, name="card"),
    path("leave/", start.leave, name="leave"),
    path("here/", start.still_here, name="here"),
    path("look/<str:what>/", start.look, name="look"),
    path("languages/", start.languages, name="languages"),
    path("say/<str:value>/", sound.say, name="say"),
    path("privacy/", privacy.privacy, name="privacy"),
    path("enrol/<str:value>/", start.enrol, name="enrol"),
    path("hide/", cover.hide, name="hide"),
    path("hide/back/", cover.come_back, name="come_back"),
    path("keep/", cover.keep, name="keep"),
    path("draft/", cover.draft, name="draft"),
    path("home/", inside.home, name="home"),
    path("read/", inside.notices_read, name="notices_read"),
    path("visits/", inside.visits, name="visits"),
    path("visit/<str:token>/", inside.visit, name="visit"),
    path("thanks/", inside.thanks, name="thanks"),
    path("ask/", help_wanted.own_requests, name="own_requests"),
    path("ask/new/", help_wanted.ask, name="ask"),
    path("ask/thanks/", help_wanted.thanks, name="ask_thanks"),
    path("ask/going/", own_help.going, name="going"),
    path("ask/change/", own_help.change, name="own_change"),
    path("ask/said/", own_help.thanks, name="own_thanks"),
    path("job/", inside.job, name="job"),
    path("jobs/", jobs.jobs, name="jobs"),
    path("jobs/back/", jobs.take_back, name="take_back"),
    path("jobs/<str:token>/", jobs.vacancy, name="vacancy"),
]
