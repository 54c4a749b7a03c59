"""Planned classes of the busiest prison: held, to mark, full, to come, cancelled; own module; prior learning."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta

from buddyscheme.demo.places import PLACES
from buddyscheme.demo.teller import Teller
from buddyscheme.lib.dates import london_today
from schemes.models import Buddy
from training.actions.catalogue import ModuleWords, add_local_module, set_local_tasks
from training.actions.prior import decide_prior_learning
from training.actions.sessions import book_people, cancel_session, mark_session, plan_session
from training.models import ClassSession, Module
from training.queries.prior import newest_of_module
from training.queries.results import trainable
from training.queries.sessions import people_of
from training.rules.results import Mark

ROOM = "Education block, room 3"


def put_classes(teller: Teller) -> None:
    """On the agenda: what the trainer and the lead did in the last weeks."""

    def ago(days: int, hour: int) -> datetime:
        return teller.at(teller.today - timedelta(days=days), hour)

    def day(ahead: int) -> date:
        return teller.today + timedelta(days=ahead)

    teller.put(ago(35, 11), lambda now: add_own_module(teller, now))
    teller.put(ago(25, 9), lambda now: held(teller, now, "MOD-09", day(-14), people=6))
    teller.put(ago(12, 9), lambda now: plan(teller, now, "MOD-12", day(-1), places=8, people=5))
    teller.put(ago(9, 10), lambda now: accept(teller, now, "MOD-13", 200))
    teller.put(ago(9, 11), lambda now: accept(teller, now, "MOD-12", 90))
    teller.put(ago(8, 10), lambda now: ask_to_retake(teller, now, "MOD-11"))
    teller.put(ago(7, 9), lambda now: plan(teller, now, "MOD-08", day(1), places=4, people=4))
    teller.put(ago(6, 9), lambda now: plan(teller, now, "MOD-13", day(9), places=12, people=3))
    teller.put(ago(5, 9), lambda now: plan(teller, now, f"{teller.prison.pk}-01", day(16), places=6, people=2))
    teller.put(ago(4, 9), lambda now: plan_and_cancel(teller, now, "MOD-11", day(4)))


def add_own_module(teller: Teller, now: datetime) -> None:
    """What this prison teaches beyond the national modules, and which task asks for it here."""
    words = ModuleWords(
        title="Helping people who see or hear little",
        title_cy="Helpu pobl sydd â golwg neu glyw gwan",
        hours=None,
        mandatory=False,
        practical=False,
        refresh_months=24,
        source="Written by the trainer with two residents of B wing",
    )
    module = add_local_module(by=teller.by("LEAD"), now=now, prison=teller.prison, words=words)
    set_local_tasks(by=teller.by("LEAD"), now=now, prison=teller.prison, module=module, tasks=["COM-01"])


def plan(
    teller: Teller, now: datetime, code: str, held_on: date, *, places: int, people: int, without: Sequence[Buddy] = ()
) -> ClassSession:
    """A class with so many people booked; it moves to Monday where it would fall on a weekend."""
    while held_on.weekday() > 4 and held_on > teller.today:
        held_on += timedelta(days=1)
    session = plan_session(
        by=teller.by("TRAINER"),
        now=now,
        prison=teller.prison,
        module=Module.objects.for_prison(teller.prison).get(code=code),
        held_on=held_on,
        starts_at=time(14, 0),
        place=ROOM,
        places=places,
        trainer=teller.staff["TRAINER"],
    )
    chosen = list(
        trainable(teller.prison).filter(status__in=("ACTIVE", "IN_TRAINING"), applied_on__lte=held_on)[:people]
    )
    return book_people(by=teller.by("TRAINER"), now=now, session=session, buddies=chosen, version=session.version)


def held(teller: Teller, now: datetime, code: str, held_on: date, *, people: int) -> None:
    """A class that is marked on the evening of its day."""
    session = plan(teller, now, code, held_on, places=people + 2, people=people)
    teller.put(teller.at(session.held_on, 17), _marking(teller, session))


def _marking(teller: Teller, session: ClassSession) -> Callable[[datetime], object]:
    def happen(now: datetime) -> None:
        open_ones = [buddy for buddy in people_of(session) if buddy.status in ("ACTIVE", "IN_TRAINING", "SUSPENDED")]
        marks = [_mark(session.module, buddy, nth) for nth, buddy in enumerate(open_ones)]
        if marks:
            mark_session(by=teller.by("TRAINER"), now=now, session=session, marks=marks)

    return happen


def _mark(module: Module, buddy: Buddy, nth: int) -> Mark:
    """The third has to practise more, the fifth was not there."""
    if nth == 4:
        return Mark(buddy=buddy, there=False)
    practical = "" if not module.practical else "NOT_YET" if nth == 2 else "PASSED"
    return Mark(buddy=buddy, knowledge="PASSED", practical=practical)


def plan_and_cancel(teller: Teller, now: datetime, code: str, held_on: date) -> None:
    """A class that does not take place."""
    session = plan(teller, now, code, held_on, places=8, people=3)
    later = teller.later(now, 1, 2)
    reason = "The room is needed for an inspection"
    teller.put(later, lambda at: cancel_session(by=teller.by("TRAINER"), now=at, session=session, reason=reason))


def accept(teller: Teller, now: datetime, code: str, days: int) -> None:
    """A module that somebody passed at another prison so many days ago."""
    _decide(teller, now, code, days, accept=True, reason="")


def ask_to_retake(teller: Teller, now: datetime, code: str) -> None:
    """A certificate that does not convince."""
    _decide(teller, now, code, 500, accept=False, reason="The certificate does not say what was assessed")


def _decide(teller: Teller, now: datetime, code: str, days: int, *, accept: bool, reason: str) -> None:
    module = Module.objects.for_prison(teller.prison).get(code=code)
    passed_on = london_today(now) - timedelta(days=days)
    for buddy in trainable(teller.prison).order_by("-id"):
        if newest_of_module(buddy, module) is None:
            decide_prior_learning(
                by=teller.by("LEAD"),
                now=now,
                buddy=buddy,
                module=module,
                place=PLACES[1].name,
                passed_on=passed_on,
                evidence="Certificate seen, and confirmed by e-mail",
                evidence_on=passed_on,
                accept=accept,
                reason=reason,
            )
            return
