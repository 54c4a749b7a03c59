"""A plan in words, line by line, and two versions of it compared. Pure: facts in, words out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from buddyscheme.lib.dates import WEEKDAYS
from referrals.models import Equipment, EvacuationPlan, Plan, PlanGoal, PlanTask
from referrals.rules.equipment import name_of

# The parts of a version, in the order of the page.
PARTS: dict[str, str] = {
    "kind": "Kind of plan",
    "own_words": "In the person’s own words",
    "goals": "What the help should achieve",
    "tasks": "Tasks",
    "safety": "The buddy must know",
    "equipment": "Equipment",
    "evacuation": "Leaving in an emergency",
    "review": "Next review",
    "falls": "At risk of falling",
    "notes": "Notes for staff",
}
STAFF_ONLY = frozenset({"falls", "notes"})

# A list of [key, words] for each part; the key says which line of the other version it is to be compared with.
Body = Mapping[str, Sequence[Sequence[str]]]


def days_in_words(weekdays: Sequence[int]) -> str:
    """Such as "Every day", "Monday to Friday" or "Monday and Thursday"."""
    days = sorted(set(weekdays))
    if len(days) == 7:
        return "Every day"
    if len(days) > 2 and days == list(range(days[0], days[-1] + 1)):
        return f"{WEEKDAYS[days[0]]} to {WEEKDAYS[days[-1]]}"
    names = [WEEKDAYS[day] for day in days]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def day(value: date | None) -> str:
    """A full date, or nothing."""
    return f"{value.day} {value:%B %Y}" if value is not None else ""


def when_of(task: PlanTask) -> str:
    """On which days and in which part of the day."""
    return f"{days_in_words(task.weekdays)}, {task.get_session_display().lower()}"


def goal_line(goal: PlanGoal) -> str:
    """The goal, with what the last review said of it."""
    return f"{goal.words} ({goal.get_state_display().lower()})" if goal.state else goal.words


def task_line(task: PlanTask) -> str:
    """A task with when, how long and by whom."""
    parts = [f"{task.task.name}: {when_of(task)}", f"{task.minutes} minutes", task.get_done_by_display().lower()]
    return ", ".join(parts) + (f". {task.note}" if task.note else "")


def equipment_line(thing: Equipment) -> str:
    """What it is, whose, and the dates of its checks."""
    return f"{name_of(thing.kind, thing.what)}. {'. '.join(equipment_details(thing))}"


def equipment_details(thing: Equipment) -> list[str]:
    """Whose it is, and the dates of its checks."""
    checked = f"Last checked on {day(thing.checked_on)}" if thing.checked_on else "No check recorded"
    due = [f"Next check due on {day(thing.next_check_on)}"] if thing.next_check_on else []
    return [f"Belongs to {thing.get_owner_display().lower()}", checked, *due]


def evacuation_line(found: EvacuationPlan | None) -> str:
    """How the person leaves in an emergency."""
    if found is None:
        return "Not asked yet"
    if not found.needs_help:
        return "Needs no help to leave in an emergency"
    if not found.is_written:
        return "Needs help to leave in an emergency. How is not written down yet"
    staff = "1 member of staff" if found.staff == 1 else f"{found.staff} members of staff"
    with_what = f" Equipment: {found.equipment}." if found.equipment else ""
    how = found.how.rstrip(". ")
    return f"{how}. {staff}. Waits at: {found.waits_at}.{with_what} Review on {day(found.review_on)}"


def kind_line(plan: Plan) -> str:
    """Interim help with its last day, or the full plan."""
    return f"Interim help until {day(plan.interim_until)}" if plan.is_interim else "Full plan"


@dataclass(frozen=True)
class Change:
    """One line that differs. `what` is Added, Removed or Changed."""

    part: str
    what: str
    before: str = ""
    after: str = ""


def compare(older: Body, newer: Body) -> list[Change]:
    """What differs between two versions, in the order of the page."""
    return [change for part in PARTS for change in _changes(PARTS[part], older.get(part, ()), newer.get(part, ()))]


def _changes(part: str, older: Iterable[Sequence[str]], newer: Iterable[Sequence[str]]) -> Iterable[Change]:
    before = {line[0]: line[1] for line in older}
    after = {line[0]: line[1] for line in newer}
    for key, words in before.items():
        if key not in after:
            yield Change(part, "Removed", before=words)
        elif after[key] != words:
            yield Change(part, "Changed", before=words, after=after[key])
    for key, words in after.items():
        if key not in before:
            yield Change(part, "Added", after=words)
