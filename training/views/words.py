"""Training in words, for tables and tags."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from buddyscheme.lib.dates import london_today
from buddyscheme.lib.fields import day_in_words
from schemes.models import Buddy
from schemes.queries.buddies import IN_DATE
from schemes.rules.take_overs import taken_over_words
from training.models import ClassSession, Module, ModuleResult, Override, RestrictedTask
from training.queries.board import BoardState, Line
from training.rules.results import State

STATE_COLOURS: dict[str, str] = {
    BoardState.LAPSED: "red",
    BoardState.DUE: "yellow",
    BoardState.LAPSING: "orange",
    BoardState.IN_DATE: "green",
}
MODULE_COLOURS: dict[State, str] = {
    State.NOT_TAKEN: "grey",
    State.NOT_YET: "yellow",
    State.IN_DATE: "green",
    State.LAPSING: "orange",
    State.LAPSED: "red",
}
SESSION_COLOURS: dict[str, str] = {
    ClassSession.Status.PLANNED: "blue",
    ClassSession.Status.HELD: "green",
    ClassSession.Status.CANCELLED: "grey",
}


def needed_by(module: Module) -> str:
    """Who needs the module."""
    if module.mandatory:
        return "Every buddy here" if module.local else "Every buddy"
    return "Some tasks"


def refresh_words(months: int | None) -> str:
    """How long a module counts."""
    if months is None:
        return "Does not lapse"
    return f"After {months} {'month' if months == 1 else 'months'}"


def hours_words(hours: Decimal | None) -> str:
    """How long a module takes."""
    return "Not laid down" if hours is None else f"{hours.normalize():f} {'hour' if hours == 1 else 'hours'}"


def parts_words(result: ModuleResult) -> str:
    """The parts of a result, and where it comes from, in one line. Empty where there is nothing to add."""
    said = []
    if result.practical:
        said.append(
            f"Knowledge {result.get_knowledge_display().lower()}, practical {result.get_practical_display().lower()}"
        )
    if result.prior is not None:
        said.append(f"Accepted from {result.prior.place}")
    if result.prior is not None and result.practical == ModuleResult.Part.NOT_YET:
        said.append("Practical part to be shown here")
    return ". ".join(said)


def status_words(buddy: Buddy) -> str:
    """The buddy's status on screen."""
    return buddy.get_status_display()


def taken_over(line: Line, today: date) -> str:
    """The sentence of an approved take-over, with how many modules are still missing; empty without one."""
    waiver = line.stands.take_over
    if waiver is None:
        return "Taken over: waiting for approval." if line.buddy.source == Buddy.Source.TAKE_OVER else ""
    return taken_over_words(
        compact=waiver.lacks_compact and line.stands.compact != IN_DATE,
        modules=waiver.lacks_modules,
        how_many=line.missing,
        good_by=waiver.good_by,
        approved_by=waiver.approved_by,
        today=today,
    )


def day(value: date | None) -> str:
    """A day in words, or a dash."""
    return day_in_words(value) if value else "–"


def decision_rows(found: Override | RestrictedTask) -> list[dict[str, Any]]:
    """Who decided what was asked for, when and why; nothing while it waits."""
    if found.decided_by is None or found.decided_at is None:
        return []
    decided = day_in_words(london_today(found.decided_at))
    return [
        {"key": "Decided by", "value": f"{found.decided_by.name} on {decided}"},
        {"key": "Reason for the decision", "value": found.decision_reason or "None given"},
    ]
