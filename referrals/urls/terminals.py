"""Addresses of terminals and windows."""

from __future__ import annotations

from django.urls import path

from referrals.views import cards, privacy_notices, terminals, windows

urlpatterns = [
    path("privacy-notice/", privacy_notices.privacy_notice, name="privacy_notice"),
    path("terminals/", terminals.terminals, name="terminals"),
    path("terminals/tries/", terminals.terminal_tries, name="terminal_tries"),
    path("terminals/enrol/", terminals.terminal_enrol, name="terminal_enrol"),
    path("terminals/<str:token>/headset/", terminals.terminal_headset, name="terminal_headset"),
    path("terminals/<str:token>/withdraw/", terminals.terminal_withdraw, name="terminal_withdraw"),
    path("windows/", windows.windows, name="windows"),
    path("windows/<str:token>/", windows.window, name="window"),
    path("windows/<str:token>/open/", windows.window_open, name="window_open"),
    path("windows/<str:token>/close/", windows.window_close, name="window_close"),
    path("windows/<str:token>/entries/<str:entry>/end/", windows.entry_end, name="entry_end"),
    path("windows/<str:token>/cards/<str:scan>/in/", windows.card_confirm, name="card_confirm"),
    path("windows/<str:token>/cards/<str:scan>/out/", windows.card_refuse, name="card_refuse"),
    path("cards/", cards.cards, name="cards"),
    path("cards/add/", cards.card_add, name="card_add"),
    path("cards/<str:token>/paper/", cards.card_paper, name="card_paper"),
    path("cards/<str:token>/withdraw/", cards.card_withdraw, name="card_withdraw"),
]
