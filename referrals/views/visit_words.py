"""Visits in words: tags, who recorded them, what was done."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.http import Http404

from buddyscheme.lib.tables import Tag
from referrals.models import PaperSlip, Visit
from referrals.views.words import day, moment

OUTCOME_COLOURS: dict[str, str] = {
    Visit.Outcome.DONE: "green",
    Visit.Outcome.PARTLY: "yellow",
    Visit.Outcome.NOT_DONE: "red",
}


def outcome_tag(outcome: str) -> Tag:
    """What came of a visit as a tag; grey words where nothing is recorded."""
    if not outcome:
        return Tag(text="Not recorded", colour="grey")
    return Tag(text=str(Visit.Outcome(outcome).label), colour=OUTCOME_COLOURS[outcome])


def what_happened(visit: Visit) -> str:
    """Outcome with its reason or its minutes."""
    if visit.outcome == Visit.Outcome.NOT_DONE:
        return f"{visit.get_outcome_display()}: {visit.get_reason_display().lower()}"
    return f"{visit.get_outcome_display()}, {visit.minutes} minutes"


def when(visit_day: date, session: str) -> str:
    """Day and session."""
    return f"{day(visit_day)}, {session.lower()}"


def recorded(visit: Visit) -> str:
    """Who recorded a version, how, and when."""
    name = visit.entered_by.name if visit.entered_by is not None else ""
    slip = f" {_paper(visit.slip)}" if visit.slip is not None else ""
    how = f"{visit.get_source_display()}{slip}"
    late = ", entered on a later day" if visit.late and visit.replaces_id is None else ""
    return f"{how}{f', {name}' if name else ''}, {moment(visit.entered_at)}{late}"


def _paper(slip: PaperSlip) -> str:
    """Which paper it stands on: a slip by its number, a sheet by its reference and the row."""
    return f"{slip.sheet.reference}, row {slip.place}" if slip.sheet is not None else f"slip {slip.number}"


def tasks_text(codes: list[str], names: Mapping[str, str]) -> str:
    """Tasks in words, one a line."""
    return "\n".join(names.get(code, code) for code in codes)


def day_or_404(text: str) -> date:
    """A day of an address."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Http404("no such day") from None
