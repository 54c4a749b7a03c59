"""Training in words, for tables and tags."""

from __future__ import annotations

from datetime import date

from buddyscheme.lib.fields import day_in_words
from schemes.models import Buddy
from schemes.queries.buddies import IN_DATE
from schemes.rules.take_overs import taken_over_words
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
