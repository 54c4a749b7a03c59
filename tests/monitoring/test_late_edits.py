"""Five hundred late entries, chosen by a seed, and every stored figure still equals a fresh count."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from random import Random
from typing import Any, TypeVar

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import transaction
from django.db.models import QuerySet

from buddyscheme.accounts.actor import Actor
from buddyscheme.accounts.models import Prison, User, Wing
from buddyscheme.lib.dates import Month, Quarter, parse_period
from buddyscheme.lib.errors import NotAllowed
from buddyscheme.outbox.models import Message
from buddyscheme.outbox.publish import MONTH_CHANGED
from buddyscheme.outbox.relay import drain, handle
from buddyscheme.scope.transaction import DatabaseRole, scoped
from monitoring.models import Figure
from monitoring.rollups import roll_up
from referrals.actions.assessments import answer_assessment
from referrals.actions.concerns import act_on_concern, grade_concern, raise_concern
from referrals.actions.days import open_days
from referrals.actions.falls import complete_fall, record_fall
from referrals.actions.informal_help import end_help, record_help
from referrals.actions.matches import end_match
from referrals.actions.moving import make_handover
from referrals.actions.plan_reviews import review_plan
from referrals.actions.referrals import screen_referral
from referrals.actions.unmet_needs import meet_unmet_need
from referrals.actions.visits import correct_visit
from referrals.models import (
    AssessmentRequest,
    Concern,
    Fall,
    InformalHelp,
    Match,
    Plan,
    PlannedVisit,
    Referral,
    UnmetNeed,
    Visit,
)
from schemes.actions.people import change_person, end_custody, move_cell
from schemes.models import Buddy, Custody, Person
from tests.builders.buddies import active_buddy, applied
from tests.builders.referrals import agreed_plan, matched, referral_of, unmet_need
from tests.builders.schemes import person_in
from tests.builders.training import briefing, class_in, marked
from tests.builders.visits import helped, visit_of
from tests.cast import acts, make_wing
from training.actions.results import record_results
from training.actions.supervision import hold_one_to_one, miss_one_to_one
from training.models import Module

pytestmark = [pytest.mark.django_db, pytest.mark.second_database]
NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
SEPTEMBER = datetime(2026, 9, 1, 9, 0, tzinfo=UTC)
DAYS = [date(2026, 9, 2) + timedelta(days=n) for n in range(83)]
TASKS = (("DOM-03", [0, 1, 2, 3, 4, 5, 6], "AM", 10), ("MOB-03", [1, 4], "PM", 30))
EDITS, BATCH = 500, 100
Row = TypeVar("Row")


@pytest.fixture(autouse=True)
def _monday() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


class Late:
    """The prison, and one method for each kind of late entry. Each raises `NotAllowed` where it cannot be made."""

    def __init__(self, here: Prison, elsewhere: Prison, wings: list[Wing], lead: User, seed: int) -> None:
        self.here, self.elsewhere, self.wings, self.lead = here, elsewhere, wings, lead
        self.by, self.random = acts(lead, here), Random(seed)

    # --- choosing

    def day(self, first: date = DAYS[0]) -> date:
        """A day of the three months, no earlier than this."""
        return self.random.choice([day for day in DAYS if day >= first] or [DAYS[-1]])

    def moment(self) -> datetime:
        """A moment of the three months."""
        day = self.day()
        return datetime(day.year, day.month, day.day, self.random.randrange(8, 18), 0, tzinfo=UTC)

    def one(self, rows: QuerySet[Any], **having: Any) -> Any:
        """A row of these, if there is one."""
        found = list(rows.filter(**having).order_by("pk"))
        if not found:
            raise NotAllowed("There is none.")
        return self.random.choice(found)

    def person(self) -> Person:
        """Somebody who is here."""
        stay = self.one(Custody.objects.for_prison(self.here).select_related("person"), ended_at=None)
        found: Person = stay.person
        return found

    def buddy(self) -> Buddy:
        """Somebody in the role."""
        found: Buddy = self.one(Buddy.objects.for_prison(self.here).select_related("person", "prison"), status="ACTIVE")
        return found

    def newcomer(self) -> Person:
        """Somebody who has not been referred."""
        return person_in(self.here, self.lead, SEPTEMBER, wing=self.random.choice(self.wings))

    # --- visits

    def logs_a_late_visit(self) -> None:
        visits = Visit.objects.for_prison(self.here).values("planned")
        planned = self.one(PlannedVisit.objects.for_prison(self.here).exclude(pk__in=visits), cancelled_at=None)
        outcome = self.random.choice(["DONE", "DONE", "PARTLY", "NOT_DONE"])
        more: dict[str, Any] = {"outcome": outcome}
        if outcome == "PARTLY":
            more |= {"minutes": 5, "tasks_done": planned.tasks[:1]}
        if outcome == "NOT_DONE":
            more |= {"reason": self.random.choice(Visit.Reason.values)}
        visit_of(planned, self.lead, NOW, **more)

    def corrects_a_visit(self) -> None:
        visit = self.one(Visit.objects.for_prison(self.here).select_related("planned"), replaced_by=None)
        done = self.random.random() < 0.5
        correct_visit(
            by=self.by, now=NOW, visit=visit, outcome="DONE" if done else "NOT_DONE",
            minutes=self.random.randrange(5, 60) if done else 0, tasks_done=visit.planned.tasks if done else [],
            reason="" if done else self.random.choice(Visit.Reason.values), correction_reason="They told us",
        )  # fmt: skip

    # --- concerns and falls

    def raises_a_concern(self) -> None:
        kind = self.random.choice(Concern.Kind.values)
        raise_concern(
            by=self.by, now=NOW, prison=self.here, kind=kind, words="Said so", happened_on=self.day(), source="STAFF",
            about_person=self.person(), about_buddy=self.buddy() if self.random.random() < 0.5 else None,
        )  # fmt: skip

    def acts_on_a_concern(self) -> None:
        concern = self.one(Concern.objects.for_prison(self.here), status="NEW")
        act_on_concern(by=self.by, now=NOW, concern=concern, words="Spoke to them", version=concern.version)

    def grades_a_concern(self) -> None:
        concern = self.one(Concern.objects.for_prison(self.here), status="NEW")
        severity = self.random.choice(Concern.Severity.values)
        grade_concern(by=self.by, now=NOW, concern=concern, severity=severity, owner=self.lead, version=concern.version)

    def records_a_fall(self) -> None:
        found = self.moment()
        record_fall(
            by=self.by, now=NOW, prison=self.here, person=self.person(), found_at=found,
            alarm_at=found + timedelta(minutes=self.random.randrange(4)), injury="NONE", helped_up="STAFF",
        )  # fmt: skip

    def completes_a_fall(self) -> None:
        fall = self.one(Fall.objects.for_prison(self.here))
        complete_fall(
            by=self.by, now=NOW, fall=fall, staff_at=fall.alarm_at + timedelta(minutes=self.random.randrange(30)),
            healthcare_at=None, no_healthcare=True, up_at=fall.alarm_at + timedelta(minutes=40), injury="NONE",
            helped_up="STAFF", found_by="BUDDY", place="CELL", equipment="", version=fall.version,
        )  # fmt: skip

    # --- needs, plans, people who come and go

    def opens_an_unmet_need(self) -> None:
        task = self.random.choice(["PRO-03", "PRO-07"])
        unmet_need(self.here, self.lead, NOW, person=self.person(), task=task, known_on=self.day())

    def meets_an_unmet_need(self) -> None:
        need = self.one(UnmetNeed.objects.for_prison(self.here), met_on=None, left_on=None)
        meet_unmet_need(
            by=self.by, now=NOW, need=need, met_on=self.day(need.known_on), met_how="A carer comes",
            version=need.version,
        )  # fmt: skip

    def refers_somebody(self) -> None:
        source, urgency = (self.random.choice(values) for values in (["SELF", "PEER", "FAMILY"], ["SOON", "ROUTINE"]))
        person = self.newcomer() if self.random.random() < 0.5 else self.person()
        referral_of(person, self.lead, self.moment(), source=source, urgency=urgency, prison=self.here)

    def screens_a_referral(self) -> None:
        rows = Referral.objects.for_prison(self.here).select_related("prison", "person")
        referral = self.one(rows, status="RECEIVED")
        outcome = self.random.choice(["BUDDY", "COUNCIL", "HEALTHCARE", "BUDDY_AND_COUNCIL", "NONE"])
        screen_referral(
            by=self.by, now=max(referral.referred_at, self.moment()), referral=referral, outcome=outcome,
            version=referral.version, care_asked=False,
            reason="Manages alone" if outcome == "NONE" else "",
        )  # fmt: skip

    def answers_an_assessment(self) -> None:
        asked = self.one(AssessmentRequest.objects.for_prison(self.here), closed_on=None, plan_received_on=None)
        decision = ["ELIGIBLE", "NOT_ELIGIBLE"] if asked.body == "COUNCIL" else ["WILL_HELP", "NO_ACTION"]
        answer_assessment(
            by=self.by, now=NOW, assessment=asked, acknowledged_on=None, visited_on=None,
            decided_on=self.day(asked.asked_on), decision=self.random.choice(decision), answer="Said",
            version=asked.version,
        )  # fmt: skip

    def reviews_a_plan(self) -> None:
        plan = self.one(Plan.objects.for_prison(self.here), status="ACTIVE")
        review_plan(
            by=self.by, now=NOW, plan=plan, states={}, right="RIGHT", other_help="NO",
            next_on=NOW.date() + timedelta(days=self.random.randrange(10, 90)), version=plan.version,
        )  # fmt: skip

    def starts_a_plan(self) -> None:
        agreed_plan(self.here, self.lead, NOW, person=self.newcomer(), tasks=TASKS)

    def matches_a_plan(self) -> None:
        taken = Match.objects.filter(status__in=Match.LIVE).values("plan")
        plan = self.one(Plan.objects.for_prison(self.here).exclude(pk__in=taken), status="ACTIVE")
        matched(self.here, self.lead, plan, self.buddy(), NOW)

    def ends_a_match(self) -> None:
        match = self.one(Match.objects.for_prison(self.here), status="ACTIVE")
        end_match(by=self.by, now=NOW, match=match, reason="They asked")

    def moves_somebody_out(self) -> None:
        rows = Custody.objects.for_prison(self.here).exclude(person__in=Buddy.objects.values("person"))
        reason = self.random.choice(["TRANSFER", "RELEASE", "DEATH"])
        end_custody(
            by=self.by, now=NOW, custody=self.one(rows, ended_at=None), reason=reason, left_at=self.moment(),
            moved_to=self.elsewhere if reason == "TRANSFER" else None,
        )  # fmt: skip

    def makes_a_handover(self) -> None:
        plan = self.one(Plan.objects.for_prison(self.here).select_related("person"), status="ACTIVE")
        make_handover(
            by=self.by, now=NOW, prison=self.here, person=plan.person, council="Testshire", probation="None",
            agrees="YES",
        )  # fmt: skip

    def notes_informal_help(self) -> None:
        record_help(by=self.by, now=NOW, prison=self.here, person=self.person(), how_known="SEEN", kinds=["MEALS"])

    def ends_informal_help(self) -> None:
        entry = self.one(InformalHelp.objects.for_prison(self.here), status="OPEN")
        end_help(by=self.by, now=NOW, entry=entry, reason="A buddy helps now", version=entry.version)

    def corrects_a_person(self) -> None:
        person, choose = self.person(), self.random.choice
        change_person(
            by=self.by, now=NOW, prison=self.here, person=person, version=person.version,
            sex=choose(Person.Sex.values), ethnicity=choose(Person.Ethnicity.values),
            disability=choose(Person.Disability.values), languages=choose([[], ["English"], ["Welsh"], ["Polish"]]),
            born_on=choose([None, date(1950, 5, 1), date(1990, 5, 1)]),
        )  # fmt: skip

    def moves_somebody_to_a_cell(self) -> None:
        stay = self.one(Custody.objects.for_prison(self.here), ended_at=None)
        wing = self.random.choice(self.wings)
        move_cell(
            by=self.by, now=NOW, custody=stay, wing=wing, landing=1, cell=f"{wing.code}1-01", moved_at=self.moment()
        )  # fmt: skip

    # --- buddies

    def records_supervision(self) -> None:
        hold_one_to_one(
            by=self.by, now=NOW, buddy=self.buddy(), held_on=self.day(), themes=["TASKS"], wellbeing_asked=True
        )

    def records_missed_supervision(self) -> None:
        miss_one_to_one(by=self.by, now=NOW, buddy=self.buddy(), missed_on=self.day(), reason="REGIME")

    def records_a_result(self) -> None:
        outcome = self.random.choice(["PASSED", "NOT_YET"])
        record_results(
            by=self.by, now=NOW, prison=self.here, module=self.one(Module.objects.national()),
            assessed_on=self.day(), outcomes=[(self.buddy(), outcome)],
        )  # fmt: skip

    def marks_a_class(self) -> None:
        module = self.one(Module.objects.national())
        marked(class_in(module.pk, self.here, self.lead, self.moment(), people=[self.buddy()]), self.lead, NOW)

    def records_a_briefing(self) -> None:
        briefing(self.random.choice(self.wings), self.lead, self.moment(), briefed=self.random.randrange(1, 20))

    def records_an_application(self) -> None:
        applied(self.here, self.lead, self.moment(), wing=self.wings[0])


KINDS = [
    name
    for name, method in vars(Late).items()
    if callable(method) and name not in ("__init__", "day", "moment", "one", "person", "buddy", "newcomer")
]


@pytest.fixture
def late(here: Prison, elsewhere: Prison, wing: Wing, lead: User, at_prison: Callable[[Prison], Any]) -> Late:
    """A prison with four people and two buddies since September, all days planned and none recorded."""
    with at_prison(here):
        _, buddy, _ = helped(here, lead, SEPTEMBER, wing=wing, tasks=TASKS)
        other = active_buddy(here, lead, SEPTEMBER, wing=wing)
        for each in (buddy, other, other):
            helped(here, lead, SEPTEMBER, wing=wing, tasks=TASKS, buddy=each)
        open_days(by=Actor.system(), now=NOW, prison=here, days=DAYS)
    return Late(here, elsewhere, [wing, make_wing(here, "B")], lead, seed=20261123)


def test_five_hundred_late_entries_leave_no_figure_behind(late: Late, at_prison: Callable[[Prison], Any]) -> None:
    made: Counter[str] = Counter()
    while made.total() < EDITS:
        kind = late.random.choice(KINDS)
        with at_prison(late.here):
            try:
                with transaction.atomic():
                    getattr(late, kind)()
            except NotAllowed:
                continue
        made[kind] += 1
        if made.total() % BATCH == 0:
            with scoped(DatabaseRole.NATIONAL):
                drain()
    assert made.keys() == set(KINDS)
    assert not Message.objects.filter(handled_at=None).exists()
    assert {figure.period for figure in Figure.objects.all()} >= {"2026-09", "2026-10", "2026-11", "2026-Q3", "2026-Q4"}
    errors = StringIO()
    with suppress(CommandError):
        call_command("rollup", prison=late.here.code, verify=True, stdout=StringIO(), stderr=errors)
    assert errors.getvalue() == ""


PERIODS: list[Month | Quarter] = [
    Month(2026, 9), Month(2026, 10), Month(2026, 11), Month(2026, 9).quarter, Month(2026, 10).quarter,
]  # fmt: skip


def _told(here: Prison) -> set[str]:
    """Every period that is worked out anew because of what waits in the outbox."""
    told: set[str] = set()
    for message in Message.objects.filter(topic=MONTH_CHANGED, handled_at=None):
        month = parse_period(message.payload["month"])
        assert isinstance(month, Month)
        for each in (month.previous(), month):
            told |= {each.code, each.quarter.code}
    return told


def test_each_kind_of_late_entry_alone_names_every_month_that_it_changes(
    late: Late, at_prison: Callable[[Prison], Any]
) -> None:
    """What many entries together would hide: the one that forgets a month, which another one names."""
    for kind in [kind for kind in KINDS for _ in range(3)]:
        with at_prison(late.here), suppress(NotAllowed), transaction.atomic():
            getattr(late, kind)()
    with scoped(DatabaseRole.NATIONAL):
        drain()
    forgotten: dict[str, set[str]] = {}
    for kind in KINDS:
        with suppress(NotAllowed), transaction.atomic():
            with at_prison(late.here):
                getattr(late, kind)()
            with scoped(DatabaseRole.NATIONAL):
                while message := Message.objects.exclude(topic=MONTH_CHANGED).filter(handled_at=None).first():
                    handle(message.pk)
                told = _told(late.here)
            changed = {each.code for each in PERIODS if roll_up(late.here.code, each, now=NOW)}
            if changed - told:
                forgotten[kind] = changed - told
            transaction.set_rollback(True)
    assert forgotten == {}
