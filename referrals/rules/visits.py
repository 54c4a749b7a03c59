"""What may be recorded about a visit, and when."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from buddyscheme.lib.errors import NotAllowed
from buddyscheme.lib.fields import day_in_words
from buddyscheme.lib.rules import twin
from referrals.models import Visit

O = Visit.Outcome  # noqa: E741 - read as a namespace
DAYS_BACK = 14
MOST_MINUTES = 480
CANCELLED = "This visit was cancelled, because it is no longer in the plan. Open today’s list again."
LOGGED = "This visit is already logged. Open it in the list of visits; there you can correct it."


@dataclass(frozen=True, kw_only=True)
class PlannedFact:
    """What the plan held, as far as recording goes."""

    id: int
    person_id: int
    buddy_id: int | None
    day: date
    session: str
    tasks: tuple[str, ...]
    cancelled: bool = False


@dataclass(frozen=True, kw_only=True)
class Report:
    """What somebody says about a visit. `tasks_done` may stay empty where all was done as planned."""

    outcome: str
    minutes: int
    tasks_done: tuple[str, ...] = ()
    reason: str = ""
    said_by: str = ""
    extra_help: str = ""


@dataclass(frozen=True, kw_only=True)
class VisitEntry:
    """One of many visits for `log_visits`. `source` is IMPORT unless the entry says who gave it.

    A TERMINAL entry needs its window, a PAPER entry its slip; all others count as entered by who acts.
    """

    planned_id: int
    outcome: str
    minutes: int
    entered_at: datetime
    tasks_done: tuple[str, ...] = field(default=())
    reason: str = ""
    said_by: str = ""
    extra_help: str = ""
    source: str = Visit.Source.IMPORT.value
    happened_on: date | None = None
    window_id: int | None = None
    slip_id: int | None = None
    buddy_id: int | None = None
    """Who came, where that may not be who was down for it."""

    @property
    def report(self) -> Report:
        """The part that a person would have said."""
        return Report(
            outcome=self.outcome,
            minutes=self.minutes,
            tasks_done=self.tasks_done,
            reason=self.reason,
            said_by=said_by(self.source, self.said_by),
            extra_help=self.extra_help,
        )


def said_by(source: str, said: str) -> str:
    """Who says that a visit did not happen: who is named; else at a terminal and on a slip the buddy, and of what staff
    record they themselves.
    """
    if said:
        return said
    if source in (Visit.Source.TERMINAL, Visit.Source.PAPER):
        return Visit.SaidBy.BUDDY.value
    return Visit.SaidBy.STAFF.value if source == Visit.Source.STAFF else ""


def tidy(report: Report, planned: PlannedFact) -> Report:
    """The report with what goes without saying filled in: all tasks where all was done, none where nothing was."""
    if report.outcome == O.DONE:
        return Report(outcome=O.DONE, minutes=report.minutes, tasks_done=planned.tasks, extra_help=report.extra_help)
    if report.outcome == O.NOT_DONE:
        return Report(outcome=O.NOT_DONE, minutes=0, reason=report.reason, said_by=report.said_by,
                      extra_help=report.extra_help)  # fmt: skip
    done = tuple(code for code in planned.tasks if code in set(report.tasks_done))
    return Report(outcome=report.outcome, minutes=report.minutes, tasks_done=done, extra_help=report.extra_help)


def check_report(report: Report, planned: PlannedFact) -> None:
    """Outcome, minutes, tasks and reason fit together. `report` is as it came, before `tidy`."""
    if report.outcome not in O.values:
        raise NotAllowed("Select what happened.", field="outcome")
    if set(report.tasks_done) - set(planned.tasks):
        raise NotAllowed("Select only tasks that the plan held for this visit.", field="tasks_done")
    if report.outcome == O.NOT_DONE:
        if report.reason not in Visit.Reason.values:
            raise NotAllowed("Select why the visit did not happen.", field="reason")
        if report.said_by and report.said_by not in Visit.SaidBy.values:
            raise NotAllowed("Select who said that the visit did not happen.", field="said_by")
        return
    if report.reason:
        raise NotAllowed(
            "A reason goes only with a visit that did not happen. Take the reason out, or select “Not done”.",
            field="reason",
        )
    if report.outcome == O.PARTLY and not report.tasks_done:
        raise NotAllowed("Select which of the tasks were done.", field="tasks_done")
    if not 1 <= report.minutes <= MOST_MINUTES:
        raise NotAllowed(f"Enter how many minutes the visit took, from 1 to {MOST_MINUTES}.", field="minutes")


def check_can_log(
    planned: PlannedFact, *, happened_on: date, today: date, logged: bool, days_back: int | None = DAYS_BACK
) -> None:
    """A visit that was planned, has taken place, is not too long ago and not yet on record."""
    if logged:
        raise NotAllowed(LOGGED)
    if planned.cancelled:
        raise NotAllowed(CANCELLED)
    if happened_on > today or planned.day > today:
        raise NotAllowed("This visit is still to come. Record it once it has taken place.", field="happened_on")
    if happened_on != planned.day:
        raise NotAllowed(
            f"This visit was planned for {day_in_words(planned.day)}. Choose a visit of the day on which it happened.",
            field="happened_on",
        )
    check_not_too_late(happened_on, today, days_back)


def check_not_too_late(happened_on: date, today: date, days_back: int | None) -> None:
    """Memory and paper are trusted for two weeks."""
    if days_back is not None and happened_on < today - timedelta(days=days_back):
        raise NotAllowed(
            f"Visits can be recorded up to {days_back} days later, back to "
            f"{day_in_words(today - timedelta(days=days_back))}.",
            field="happened_on",
        )


def check_who_came(planned: PlannedFact, report: Report, buddy_id: int | None, matched: Collection[int]) -> None:
    """Help that came was given by a buddy who is, or was, matched to the plan."""
    if report.outcome == O.NOT_DONE:
        return
    if buddy_id is None and not matched:
        raise NotAllowed(
            "Nobody was down for this visit, and no buddy was matched to this person by then. Select “Not done”.",
            field="outcome",
        )
    if buddy_id is None:
        raise NotAllowed(
            "Nobody was down for this visit. Select which buddy came, or select “Not done”.", field="buddy"
        )
    if buddy_id != planned.buddy_id and buddy_id not in matched:
        raise NotAllowed("Select a buddy who is or was matched to this person.", field="buddy")


def check_source(source: str, *, own: bool, window: bool, slip: bool) -> None:
    """Terminal entries come through a window and are one's own; paper has a slip."""
    if source == Visit.Source.TERMINAL and not (own and window):
        raise NotAllowed("This visit is not one of yours. Please speak to staff.")
    if (source == Visit.Source.PAPER) != slip:
        raise NotAllowed("Enter the number of the paper slip.", field="number")


def check_can_correct(visit: Visit, report: Report, *, replaced: bool, correction_reason: str) -> None:
    """The newest version, with a reason, and something that differs."""
    if replaced:
        raise NotAllowed("Somebody has corrected this visit in the meantime. Open the newest version and check it.")
    if not correction_reason.strip():
        raise NotAllowed("Enter why the record is corrected.", field="correction_reason")
    before = (visit.outcome, visit.minutes, tuple(visit.tasks_done), visit.reason, visit.said_by,
              visit.extra_help)  # fmt: skip
    after = (report.outcome, report.minutes, report.tasks_done, report.reason, report.said_by,
             report.extra_help)  # fmt: skip
    if before == after:
        raise NotAllowed("Nothing differs from what is on record. Change what was wrong, or go back.")


can_log = twin(check_can_log)
