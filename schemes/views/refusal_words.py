"""A refusal in words: its tag, and its part of the buddy's page."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from buddyscheme.accounts.permissions import Permission as P
from buddyscheme.accounts.requests import StaffRequest, may
from buddyscheme.lib.dates import london_today
from buddyscheme.lib.fields import day_in_words
from buddyscheme.lib.tables import Tag
from schemes.models import Buddy, Refusal
from schemes.printed_words import ENGLISH, WELSH
from schemes.queries.refusals import refusal_of
from schemes.rules.refusals import is_somebody_else


def tag_of(refusal: Refusal) -> Tag:
    """Where a refusal stands, in a few words."""
    if refusal.outcome == Refusal.Outcome.UPHELD:
        return Tag(text="Appeal upheld", colour="green")
    if refusal.appealed_on is not None:
        return Tag(text="Appeal dismissed", colour="grey") if refusal.outcome else Tag(text="Appeal", colour="yellow")
    return Tag(text="Told", colour="grey") if refusal.told_on else Tag(text="To tell the person", colour="red")


def section(request: StaffRequest, buddy: Buddy) -> dict[str, Any] | None:
    """The part of the buddy's page about the newest refusal; None where there is none."""
    refusal = refusal_of(buddy)
    if refusal is None:
        return None
    tag = tag_of(refusal)
    rows: list[dict[str, Any]] = [
        {"key": "State", "value": tag.text, "tag": tag.colour},
        {"key": "Reason, as the person reads it", "value": refusal.reason},
        {"key": "Declined", "value": _by_on(refusal.declined_by, refusal.declined_at)},
        {"key": "Told", "value": _told(refusal)},
    ]
    if refusal.appealed_on is not None:
        rows += [
            {"key": "Appeal of", "value": day_in_words(refusal.appealed_on)},
            {"key": "What the person says", "value": refusal.appeal_words},
        ]
    if refusal.outcome:
        rows += [
            {"key": "Decision about the appeal", "value": refusal.get_outcome_display()},
            {"key": "Why", "value": refusal.outcome_reason},
            {"key": "Decided", "value": _by_on(refusal.decided_by, refusal.decided_at)},
        ]
    own = refusal.appealed_on is not None and not refusal.outcome and refusal.declined_by_id == request.user.pk
    return {
        "rows": rows,
        "steps": _steps(request, buddy, refusal),
        "note": "You declined this application, so somebody else decides about the appeal." if own else "",
    }


def _steps(request: StaffRequest, buddy: Buddy, refusal: Refusal) -> list[dict[str, str]]:
    offered: list[tuple[str, str, str]] = []
    recruits = may(request, P.BUDDIES_RECRUIT)
    upheld = refusal.outcome == Refusal.Outcome.UPHELD
    waits = refusal.appealed_on is not None and not refusal.outcome
    if waits and may(request, P.APPEAL_DECIDE) and is_somebody_else(refusal, decider_id=request.user.pk):
        offered.append(("Decide about the appeal", "decide_appeal", ""))
    if recruits and refusal.told_on is None and not upheld:
        offered.append(("Record that the person was told", "refusal_told", ""))
    if recruits and refusal.appealed_on is None:
        offered.append(("Record an appeal", "appeal", ""))
    if recruits and not upheld:
        offered.append(("Letter to print, in English", "refusal_letter", f"?lang={ENGLISH}"))
        offered.append(("Letter to print, in Welsh", "refusal_letter", f"?lang={WELSH}"))
    return [
        {"text": text, "href": reverse(f"schemes:{name}", args=[request.prison.code, buddy.token]) + query}
        for text, name, query in offered
    ]


def _by_on(user: Any, moment: Any) -> str:
    return f"{user.name}, {day_in_words(london_today(moment))}" if user is not None else "–"


def _told(refusal: Refusal) -> str:
    if refusal.told_on is None:
        return "Not yet"
    return f"{refusal.get_told_how_display()} by {refusal.told_who}, {day_in_words(refusal.told_on)}"
