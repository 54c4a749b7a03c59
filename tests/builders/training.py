"""Modules, classes, prior learning, supervision and staff briefings, reached by the actions that pages call."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Any

from buddyscheme.accounts.models import Prison, User, Wing
from buddyscheme.lib.dates import london_today
from schemes.models import Buddy, Person, TakeOverBatch
from tests.builders.buddies import scheme_ready
from tests.builders.schemes import person_in
from tests.cast import acts
from training.actions.briefings import brief_staff
from training.actions.catalogue import ModuleWords, add_local_module
from training.actions.prior import decide_prior_learning
from training.actions.sessions import book_people, mark_session, plan_session
from training.actions.supervision import hold_group_meeting, hold_one_to_one, miss_one_to_one
from training.actions.take_over_file import save_file, stage_file
from training.models import ClassSession, GroupMeeting, Module, PriorLearning, StaffBriefing, Supervision, TakeOverFile
from training.queries.take_over_file import lines_of
from training.rules.results import Mark
from training.take_over_file import seen


def words(**changes: Any) -> ModuleWords:
    """What is said about a module that only some tasks need."""
    values: dict[str, Any] = {
        "title": "Guide dog on the wing", "title_cy": "", "hours": None, "mandatory": False, "practical": False,
        "refresh_months": 12, "source": "Agreed with the local sight loss charity",
    }  # fmt: skip
    return ModuleWords(**{**values, **changes})


def local_module(here: Prison, by: User, now: datetime, **changes: Any) -> Module:
    """A module of this prison."""
    return add_local_module(by=acts(by, here), now=now, prison=here, words=words(**changes))


def class_in(
    code: str,
    here: Prison,
    trainer: User,
    now: datetime,
    *,
    days: int = 0,
    people: Sequence[Buddy] = (),
    places: int = 12,
) -> ClassSession:
    """A class in a module, so many days from today at nine, with these people booked."""
    by = acts(trainer, here)
    session = plan_session(
        by=by, now=now, prison=here, module=Module.objects.get(code=code), places=places, trainer=trainer,
        held_on=london_today(now) + timedelta(days=days), starts_at=time(9), place="Education block, room 3",
    )  # fmt: skip
    if people:
        session = book_people(by=by, now=now, session=session, buddies=people, version=session.version)
    return session


def marked(session: ClassSession, trainer: User, now: datetime, *marks: Mark) -> ClassSession:
    """The class with these marks, or with everybody passed."""
    from training.queries.sessions import people_of

    practical = "PASSED" if session.module.practical else ""
    everybody = [Mark(buddy=buddy, knowledge="PASSED", practical=practical) for buddy in people_of(session)]
    return mark_session(by=acts(trainer, session.prison), now=now, session=session, marks=marks or everybody)


def elsewhere(buddy: Buddy, code: str, by: User, now: datetime, **changes: Any) -> PriorLearning:
    """A module passed at another prison a month ago, and accepted here."""
    day = london_today(now) - timedelta(days=30)
    values: dict[str, Any] = {
        "place": "Otherfield", "passed_on": day, "evidence": "Certificate seen", "evidence_on": day, "accept": True,
    }  # fmt: skip
    return decide_prior_learning(
        by=acts(by, buddy.prison), now=now, buddy=buddy, module=Module.objects.get(code=code), **{**values, **changes}
    )


def one_to_one(
    buddy: Buddy, by: User, now: datetime, *, actions: Sequence[str] = (), themes: Sequence[str] = ("TASKS",)
) -> Supervision:
    """A one-to-one of today."""
    return hold_one_to_one(
        by=acts(by, buddy.prison), now=now, buddy=buddy, held_on=london_today(now), themes=themes,
        wellbeing_asked=True, actions=actions,
    )  # fmt: skip


def missed(buddy: Buddy, by: User, now: datetime, *, reason: str = "REGIME") -> Supervision:
    """A one-to-one that was to be today."""
    day = london_today(now)
    return miss_one_to_one(by=acts(by, buddy.prison), now=now, buddy=buddy, missed_on=day, reason=reason)


def group_meeting(buddies: Sequence[Buddy], by: User, now: datetime) -> GroupMeeting:
    """A meeting of today."""
    prison = buddies[0].prison
    return hold_group_meeting(
        by=acts(by, prison), now=now, prison=prison, held_on=london_today(now), themes=["STAFF"], buddies=buddies
    )


def briefing(wing: Wing, by: User, now: datetime, *, staff: int = 20, briefed: int = 12) -> StaffBriefing:
    """A briefing of today."""
    return brief_staff(
        by=acts(by, wing.prison), now=now, wing=wing, held_on=london_today(now), led_by=by.name, staff=staff,
        briefed=briefed,
    )  # fmt: skip


def line_of(person: Person, **said: str) -> dict[str, str]:
    """A line of a list: in the role for 400 days, no compact, no module."""
    return {
        "Prison number": person.prison_number, "In role since": "19/10/2025", "Compact signed": "no",
        "Modules passed": "none", **said,
    }  # fmt: skip


def take_over_list(
    here: Prison, by: User, now: datetime, people: int = 2, *, lines: Sequence[dict[str, str]] = ()
) -> TakeOverFile:
    """A list that was uploaded and is kept: so many new people, or these lines."""
    scheme_ready(here, by, now)
    said = lines or [line_of(person_in(here, by, now)) for _ in range(people)]
    return stage_file(
        by=acts(by, here), now=now, prison=here, rows=list(enumerate(said, start=2)), reason="Have helped for years",
        good_by=london_today(now) + timedelta(days=90),
    )  # fmt: skip


def taken_over_together(here: Prison, by: User, now: datetime, people: int = 2, **fields: Any) -> TakeOverBatch:
    """Take-overs asked for from one list, waiting for the governor's delegate."""
    file = take_over_list(here, by, now, people, **fields)
    return save_file(by=acts(by, here), now=now, file=file, shown=seen(lines_of(file, london_today(now))))
