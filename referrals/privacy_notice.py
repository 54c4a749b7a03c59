"""What a prisoner is told about the record: the order of the notice, for the terminal and for paper.

Every sentence is a key of the terminal's words, so that it is there in each language, in easy read, and to be heard.
"""

from __future__ import annotations

# First what it is for; then each part: its heading, its picture, and its sentences with their pictures.
OPENING = "priv_why"
NOTICE = (
    (
        "priv_kept",
        (
            ("person", "priv_kept_you"),
            ("together", "priv_kept_help"),
            ("job", "priv_kept_buddy"),
            ("tell", "priv_kept_told"),
            ("clock", "priv_kept_here"),
        ),
    ),
    (
        "priv_seen",
        (
            ("officer", "priv_seen_staff"),
            ("visits", "priv_seen_buddy"),
            ("tell", "priv_seen_told"),
            ("council", "priv_seen_council"),
            ("away", "priv_seen_move"),
            ("figures", "priv_seen_others"),
            ("figures", "priv_seen_research"),
        ),
    ),
    ("priv_never", (("declined", "priv_never_punish"), ("decide", "priv_never_computer"))),
    (
        "priv_ask",
        (
            ("look", "priv_ask_see"),
            ("tick", "priv_ask_right"),
            ("form", "priv_ask_how"),
            ("letter", "priv_ask_complain"),
        ),
    ),
    ("priv_screen", (("leave", "priv_screen_gone"), ("clock", "priv_screen_draft"))),
)
