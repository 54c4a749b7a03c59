"""Matches, opened days and visits, made by the actions that the pages call. Run inside `with at_prison(here):`.

match = active_match(plan, buddy, lead, now)      proposed, both agreed
day_opened(here, day)                             that day's visits as they stand when it begins
visit = visit_of(planned_on(plan, day), lead, now)
plan, buddy, match = helped(here, lead, now)      a plan with its buddy, everything on one wing
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from buddyscheme.accounts.actor import Actor
from buddyscheme.accounts.models import Prison, User, Wing
from buddyscheme.lib.dates import day_bounds, london_today, week_of
from referrals.actions import matches as match_actions
from referrals.actions.days import open_days
from referrals.actions.interim import help_from_today
from referrals.actions.sheets import print_spares, print_week
from referrals.actions.slips import print_slips
from referrals.actions.visits import log_visit
from referrals.models import Match, PaperSheet, PaperSlip, Plan, PlannedVisit, Visit
from schemes.models import Buddy
from tests.builders.buddies import active_buddy
from tests.builders.referrals import MEALS, Task, agreed_plan, referral_of, scheme_open, task_of
from tests.builders.schemes import person_in
from tests.cast import acts, make_wing


def proposed_match(
    plan: Plan, buddy: Buddy, by: User, now: datetime, part: str = "LEAD", why: str = "They know each other."
) -> Match:
    """A match about which nobody has been asked yet. `why` is kept only where another buddy is suggested first."""
    return match_actions.propose_match(by=acts(by, plan.prison), now=now, plan=plan, buddy=buddy, part=part, why=why)


def active_match(plan: Plan, buddy: Buddy, by: User, now: datetime, part: str = "LEAD") -> Match:
    """A match to which both have agreed."""
    match = proposed_match(plan, buddy, by, now, part)
    return match_actions.record_agreement(
        by=acts(by, plan.prison), now=now, match=match, person_agrees=True, buddy_agrees=True
    )


def day_opened(prison: Prison, day: date, now: datetime | None = None) -> int:
    """The day's visits, as what stood when it began. Without `now` the day is over, so nothing of it is missing."""
    moment = now or day_bounds(day)[1] + timedelta(hours=1)
    return open_days(by=Actor.system(), now=moment, prison=prison, days=[day])


def planned_on(plan: Plan, day: date, session: str = "AM") -> PlannedVisit:
    """The plan's visit of that day and session."""
    return PlannedVisit.objects.get(plan=plan, day=day, session=session)


def visit_of(planned: PlannedVisit, by: User, now: datetime, **fields: Any) -> Visit:
    """A visit that staff recorded: done as planned unless `fields` say otherwise."""
    values: dict[str, Any] = {
        "outcome": "DONE",
        "minutes": 0 if fields.get("outcome") == "NOT_DONE" else planned.minutes,
        "tasks_done": list(planned.tasks) if fields.get("outcome", "DONE") == "DONE" else [],
        "source": "STAFF",
        "happened_on": planned.day,
        **fields,
    }
    return log_visit(by=acts(by, planned.prison), now=now, planned=planned, **values)


def slips(here: Prison, by: User, now: datetime, how_many: int = 3) -> list[PaperSlip]:
    """Printed slips."""
    return print_slips(by=acts(by, here), now=now, prison=here, how_many=how_many)


def log_sheet(here: Prison, by: User, now: datetime, buddy: Buddy, weeks_ahead: int = 0) -> PaperSheet:
    """The buddy's log sheet of this week, from today on, or of a later one."""
    monday = week_of(london_today(now)).monday + timedelta(weeks=weeks_ahead)
    print_week(by=acts(by, here), now=now, prison=here, week_starts_on=monday, buddy=buddy)
    return PaperSheet.objects.get(buddy=buddy, week_starts_on=monday, kind="LOG")


def spare_sheet(here: Prison, by: User, now: datetime) -> PaperSheet:
    """A blank log sheet."""
    return print_spares(by=acts(by, here), now=now, prison=here, how_many=1)[0]


def helped(
    here: Prison,
    lead: User,
    now: datetime,
    *,
    wing: Wing | None = None,
    tasks: tuple[Task, ...] = MEALS,
    buddy: Buddy | None = None,
    **plan_fields: Any,
) -> tuple[Plan, Buddy, Match]:
    """Somebody on a wing with an active plan and a first buddy of the same wing."""
    wing = wing or Wing.objects.filter(prison=here).order_by("id").first() or make_wing(here)
    scheme_open(here, lead, now, wing)
    person = person_in(here, lead, now, wing=wing, landing=1, cell=f"{wing.code}1-{here_count(here):02d}")
    plan = agreed_plan(here, lead, now, person=person, tasks=tasks, **plan_fields)
    buddy = buddy or active_buddy(here, lead, now, wing=wing)
    return plan, buddy, active_match(plan, buddy, lead, now)


def here_count(here: Prison) -> int:
    """How many plans the prison has: makes cells differ."""
    return Plan.objects.filter(prison=here).count() + 1


def interim_help(here: Prison, lead: User, now: datetime, buddy: Buddy, *, wing: Wing) -> Plan:
    """Help from today by this buddy, for somebody new on the wing."""
    person = person_in(here, lead, now, wing=wing)
    match = help_from_today(
        by=acts(lead, here), now=now, referral=referral_of(person, lead, now, urgency="URGENT"),
        own_words="I want my dinner hot.", tasks=[task_of("DOM-03")], session="PM", buddy=buddy, person_agrees=True,
        buddy_agrees=True,
    )  # fmt: skip
    return match.plan
