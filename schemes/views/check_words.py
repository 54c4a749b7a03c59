"""Interview scores and compacts in words, for a buddy's page and its steps."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.urls import reverse

from buddyscheme.lib.fields import day_in_words
from buddyscheme.lib.rules import why_not
from buddyscheme.lib.tables import Row, Table
from schemes.models import Buddy, CompactFormat, Interview, ScoreSheet
from schemes.queries import interviews as queries
from schemes.queries.compacts import Asked
from schemes.rules.interviews import SCORE_WORDS, SHEETS, check_can_agree


def interview_section(buddy: Buddy, rows: list[dict[str, Any]], interview: Interview | None) -> dict[str, Any]:
    """What the interview's part of a buddy's page shows. Scores only once both are in."""
    given = queries.open_sheets(buddy) if buddy.status == Buddy.Status.INTERVIEW else []
    kept = queries.sheets_of(interview) if interview is not None else []
    return {
        "rows": rows,
        # Once the interview is recorded, its own scores are shown; the next two would be for another interview.
        "scores_words": scores_words(buddy, len(given)) if given or interview is None else "",
        "score_table": score_table(given or kept),
        "criteria": interview.criteria.items if interview is not None and interview.criteria is not None else [],
    }


def scores_words(buddy: Buddy, given: int) -> str:
    """How many of the two scores are in; empty where none are asked for."""
    if buddy.status != Buddy.Status.INTERVIEW or not buddy.scheme.two_scores:
        return ""
    if given == SHEETS:
        return "Both scores are in. Agree the result and record it."
    return f"{given} of {SHEETS} scores are in. They are shown once both are."


def waiting_for_scores(*, two_scores: bool, sheets: Sequence[ScoreSheet]) -> str:
    """Why the agreed result has to wait, or nothing."""
    return why_not(check_can_agree, two_scores=two_scores, sheets=sheets)


def score_table(sheets: Sequence[ScoreSheet]) -> Table | None:
    """Two sheets side by side; nothing before both are in."""
    if len(sheets) < SHEETS:
        return None
    first, second = sheets[0], sheets[1]
    return Table(
        caption="Scores given apart",
        first="Criterion",
        columns=[first.scored_by.name, second.scored_by.name],
        rows=[
            *(
                Row(text=words, cells=[_score(first.scores[place]), _score(second.scores[place])])
                for place, words in enumerate(first.criteria.items)
            ),
            Row(text="Together", cells=[str(sum(first.scores)), str(sum(second.scores))]),
            Row(text="Why", cells=[first.reasons or "–", second.reasons or "–"]),
        ],
    )


def _score(score: int) -> str:
    return f"{score} – {SCORE_WORDS[score]}"


def compact_formats(buddy: Buddy, shown: str) -> list[dict[str, Any]]:
    """The three formats, each to read on the screen and to print."""
    here = reverse("schemes:compact", args=[buddy.prison_id, buddy.token])
    return [
        {
            "text": CompactFormat(code).label,
            "read_href": f"{here}?format={code}",
            "print_href": reverse("schemes:compact_paper", args=[buddy.prison_id, buddy.token, code]),
            "shown": code == shown,
        }
        for code in CompactFormat.values
    ]


def asked_words(asked: Asked | None, today: date) -> str:
    """That a newer version has to be signed, and by when."""
    if asked is None:
        return ""
    day = day_in_words(asked.until)
    if today <= asked.until:
        return f"Version {asked.text.version} of the compact has to be signed by {day}. Until then the older one holds."
    return f"Version {asked.text.version} of the compact should have been signed by {day}. No new match begins."
