"""One prison-month of referrals, waits, visits, moves, falls and concerns, every figure worked out by hand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError, call_command

from buddyscheme.accounts.models import Prison, User, Wing
from buddyscheme.lib.dates import Month, Quarter, parse_period
from buddyscheme.outbox.models import Message
from buddyscheme.outbox.publish import MONTH_CHANGED
from buddyscheme.outbox.relay import drain, handle
from buddyscheme.scope.transaction import DatabaseRole, scoped
from monitoring.models import Figure
from monitoring.rollups import roll_up
from referrals.actions.assessments import answer_assessment
from referrals.actions.concerns import act_on_concern, raise_concern
from referrals.actions.falls import complete_fall, record_fall
from referrals.actions.informal_help import end_help
from referrals.actions.matches import end_match
from referrals.actions.moving import make_handover
from referrals.actions.plan_reviews import review_plan
from referrals.actions.unmet_needs import meet_unmet_need
from referrals.models import Concern, Plan
from schemes.actions.people import end_custody
from schemes.models import Person
from schemes.queries.people import custody_of
from tests.builders.referrals import (
    agreed_plan,
    helped_informally,
    matched,
    put_to,
    referral_of,
    screened,
    unmet_need,
)
from tests.builders.schemes import person_in
from tests.builders.visits import day_opened, helped, planned_on, visit_of
from tests.cast import acts

pytestmark = [pytest.mark.django_db, pytest.mark.second_database]
NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
SEPTEMBER = datetime(2026, 9, 7, 9, 0, tzinfo=UTC)
OCTOBER, QUARTER, NOVEMBER = parse_period("2026-10"), parse_period("2026-Q4"), parse_period("2026-11")
assert isinstance(OCTOBER, Month) and isinstance(QUARTER, Quarter)
EVERY_MORNING = (("DOM-03", [0, 1, 2, 3, 4, 5, 6], "AM", 10), ("SOC-01", [0, 1, 2, 3, 4, 5, 6], "AM", 20))
# On no day that is opened here.
WEDNESDAYS = (("DOM-03", [2], "AM", 10),)


def at(day: int, hour: int = 12, minute: int = 0, month: int = 10) -> datetime:
    """A moment of October 2026, in UTC."""
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


def eighth(value: Decimal | str | int) -> Decimal:
    """As a figure is stored."""
    return Decimal(value).quantize(Decimal("0.00000001"))


@pytest.fixture(autouse=True)
def _monday() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


class World:
    """The prison, and the people whom a test asks for again."""

    def __init__(self, here: Prison, elsewhere: Prison, wing: Wing, lead: User) -> None:
        self.here, self.elsewhere, self.wing, self.lead = here, elsewhere, wing, lead
        self.by = acts(lead, here)

    def somebody(self, now: datetime = SEPTEMBER) -> Person:
        """A person on the wing."""
        return person_in(self.here, self.lead, now, wing=self.wing)

    def plan(self, now: datetime, **fields: Any) -> Plan:
        """An active plan of a new person, referred at that moment."""
        fields = {"person": self.somebody(now), "tasks": WEDNESDAYS, **fields}
        return agreed_plan(self.here, self.lead, now, **fields)

    def leaves(self, person: Person, now: datetime, **fields: Any) -> None:
        """The person is off the list, and what follows has happened by the clock of that moment."""
        custody = custody_of(self.here, person)
        assert custody is not None
        with time_machine.travel(now, tick=False):
            end_custody(by=self.by, now=now, custody=custody, **fields)
            with scoped(DatabaseRole.NATIONAL):
                while message := Message.objects.exclude(topic=MONTH_CHANGED).filter(handled_at=None).first():
                    handle(message.pk)

    def worry(self, kind: Concern.Kind, now: datetime, **fields: Any) -> Concern:
        """A concern that staff raise on the day it happened."""
        return raise_concern(
            by=self.by, now=now, prison=self.here, kind=kind, words="Said so.", happened_on=now.date(),
            source="STAFF", **fields,
        )  # fmt: skip

    def acted(self, concern: Concern, now: datetime) -> None:
        """Somebody acts on it."""
        concern.refresh_from_db()
        act_on_concern(by=self.by, now=now, concern=concern, words="Spoke to both.", version=concern.version)

    def fell(self, person: Person, found: datetime, alarm: datetime, staff: datetime, up: datetime | None) -> None:
        """A fall with its times."""
        fall = record_fall(
            by=self.by, now=staff, prison=self.here, person=person, found_at=found, alarm_at=alarm, injury="NONE",
            helped_up="STAFF",
        )  # fmt: skip
        complete_fall(
            by=self.by, now=NOW, fall=fall, staff_at=staff, healthcare_at=None, no_healthcare=True, up_at=up,
            injury="NONE", helped_up="STAFF", found_by="BUDDY", place="CELL", equipment="", version=fall.version,
        )  # fmt: skip


@pytest.fixture
def october(
    here: Prison, elsewhere: Prison, wing: Wing, lead: User, at_prison: Callable[[Prison], Any]
) -> dict[str, Figure]:
    """October at a prison where Ada is helped every morning since September. Each step says what it adds."""
    w = World(here, elsewhere, wing, lead)
    with at_prison(here):
        ada, buddy, _ = helped(here, lead, SEPTEMBER, wing=wing, tasks=EVERY_MORNING, review_on=date(2026, 10, 12))
        _visits(ada, lead, here)
        # Referred in September, so that only their leaving counts in October.
        moved, moved_late, released = (w.plan(SEPTEMBER) for _ in range(3))
        # Nobody helps them yet, and each was referred in October.
        in_time = w.plan(at(1), review_on=date(2026, 10, 20))
        late = w.plan(at(2), outcome="BUDDY_AND_COUNCIL")
        waits = w.plan(at(15))
        matched(here, lead, in_time, buddy, at(6))
        help_of_late = matched(here, lead, late, buddy, at(20))
        end_match(by=w.by, now=at(25), match=help_of_late, reason="The buddy asked.")
        _referrals(w)
        _concerns(w, in_time.person, waits.person, buddy)
        _needs(w, ada)
        w.fell(ada.person, at(12, 9), at(12, 9, 1), at(12, 9, 6), at(12, 9, 20))
        w.fell(w.somebody(), at(13, 8), at(13, 8), at(13, 8, 10), None)
        helped_informally(here, lead, at(3), w.somebody())
        ended = helped_informally(here, lead, at(5), w.somebody())
        end_help(by=w.by, now=at(20), entry=ended, reason="A buddy helps now.", version=ended.version)
        w.leaves(moved.person, at(16), reason="TRANSFER", moved_to=elsewhere)
        w.leaves(moved_late.person, at(19), reason="TRANSFER", moved_to=elsewhere, left_at=at(17))
        make_handover(
            by=w.by, now=at(21), prison=here, person=released.person, council="Testshire", probation="None",
            agrees="YES",
        )  # fmt: skip
        w.leaves(released.person, at(22), reason="RELEASE")
        with scoped(DatabaseRole.NATIONAL):
            drain()
    return {figure.measure: figure for figure in Figure.objects.filter(period="2026-10", breakdown="")}


def _visits(ada: Plan, lead: User, here: Prison) -> None:
    """Five planned: two done (30 minutes each), one partly (12), one not unlocked, one without a record."""
    for day in range(1, 6):
        day_opened(here, date(2026, 10, day))
    for day in (1, 2):
        visit_of(planned_on(ada, date(2026, 10, day)), lead, at(day, 18))
    visit_of(planned_on(ada, date(2026, 10, 3)), lead, at(3, 18), outcome="PARTLY", minutes=12, tasks_done=["DOM-03"])
    visit_of(planned_on(ada, date(2026, 10, 4)), lead, at(4, 18), outcome="NOT_DONE", reason="NOT_UNLOCKED")


def _referrals(w: World) -> None:
    """Five more: not progressed after 3 days, left after 5, open since the 30th with a repeat, to the council alone."""
    nothing = referral_of(w.somebody(), w.lead, at(5), source="SELF", urgency="ROUTINE")
    screened(nothing, w.lead, at(8), outcome="NONE", reason="Manages alone.")
    leaver = w.somebody()
    referral_of(leaver, w.lead, at(7), source="PEER", urgency="URGENT")
    w.leaves(leaver, at(12), reason="RELEASE")
    still = w.somebody()
    referral_of(still, w.lead, at(30), source="FAMILY", urgency="ROUTINE")
    referral_of(still, w.lead, at(31))
    council = put_to("COUNCIL", w.here, w.lead, at(9), w.somebody())
    answer_assessment(
        by=w.by, now=at(23), assessment=council, acknowledged_on=None, visited_on=None, decided_on=date(2026, 10, 23),
        decision="ELIGIBLE", answer="Help twice a day.", version=council.version,
    )  # fmt: skip


def _concerns(w: World, helped_since_6: Person, not_helped: Person, buddy: Any) -> None:
    """Seven besides the two falls: acted on in time, never, in time, late; not due in October; a wish to talk."""
    w.acted(w.worry(Concern.Kind.WORRY, at(3), about_person=helped_since_6), at(5))
    w.worry(Concern.Kind.BULLYING, at(4), about_buddy=buddy)
    w.acted(w.worry(Concern.Kind.SELF_HARM, at(10), about_person=helped_since_6), at(10, 15))
    w.acted(w.worry(Concern.Kind.ASSAULT, at(20), about_person=not_helped), at(21))
    w.worry(Concern.Kind.ASKED_TO_OVERSTEP, at(30), about_buddy=buddy)
    w.worry(Concern.Kind.TALK_TO_STAFF, at(6))


def _needs(w: World, ada: Plan) -> None:
    """Ada goes unwashed from the 5th to the 19th, and was asked on the 10th; somebody else until a release."""
    need = unmet_need(w.here, w.lead, at(5), person=ada.person)
    ada.refresh_from_db()
    review_plan(
        by=w.by, now=at(10), plan=ada, states={}, right="RIGHT", other_help="NO", next_on=date(2027, 1, 10),
        version=ada.version,
    )  # fmt: skip
    meet_unmet_need(
        by=w.by, now=at(20), need=need, met_on=date(2026, 10, 20), met_how="A carer comes.", version=need.version
    )
    unwashed = w.somebody()
    unmet_need(w.here, w.lead, at(2), person=unwashed)
    w.leaves(unwashed, at(26), reason="RELEASE")


EXPECTED: dict[str, Decimal | str | int] = {
    # Ada and the one helped since the 6th; with the one helped from the 20th to the 25th.
    "OP-04a": 2,
    "OP-04b": 3,
    # 30 + 30 + 12 minutes.
    "OP-06a": Decimal(72) / 60,
    # Meals usually take 15 minutes and company 30: a third and two thirds of the two whole visits.
    "OP-06b": Decimal(10 + 10 + 12) / 60,
    "OP-06c": 0,
    "OP-06d": 0,
    "OP-06e": Decimal(20 + 20) / 60,
    "OP-06f": 0,
    "OP-06g": 0,
    "OP-06h": 0,
    "OP-06i": 0,
    "OP-06j": 0,
    "OP-07": Decimal(3) / 5,
    "OP-08a": 1,
    "OP-08b": 0,
    "OP-08c": 0,
    "OP-08d": 0,
    "OP-08e": 0,
    "OP-08f": 20,
    # Three plans of October, five of `_referrals`.
    "OP-09a": 8,
    "OP-09b": 1,
    "OP-09c": 1,
    "OP-09d": 5,
    "OP-09e": 0,
    "OP-09f": 0,
    "OP-09g": 1,
    "OP-09h": 0,
    "OP-09i": 1,
    "OP-09j": 5,
    "OP-09k": 2,
    # Of seven without the repeat one after 5 days; another after 18.
    "OP-10a": Decimal(1) / 7,
    # 0 other, 3 other, 5 supported, 5 other, 15 open, 18 supported, 30 open: four of five still wait after 5 days, and
    # half of them after 18.
    "OP-10b": 18,
    # The late one's on the 2nd and the one of the 9th, which was decided after 14 days: half.
    "OP-11a": 2,
    "OP-11b": 1,
    "OP-11c": 1,
    "OP-11d": 14,
    "OP-11e": 0,
    "OP-11f": 0,
    "OP-11g": 0,
    "OP-11h": "NOT_YET_DUE",
    # Since the 15th and since the 25th: 16 and 6 days.
    "OP-13a": 2,
    "OP-13b": 11,
    "OP-22": Decimal(1000) / (Decimal(72) / 60),
    "OP-23a": 4,
    "OP-23b": 0,
    "OP-23c": 0,
    "OP-23d": 1,
    "OP-23e": 0,
    "OP-23f": 1,
    "OP-23g": 1,
    "OP-23h": 0,
    "OP-23i": 1,
    "OP-23j": 2,
    "OP-23k": 1,
    "OP-24a": 2,
    # 5 and 10 minutes; 20.
    "OP-24b": Decimal("7.5"),
    "OP-24c": 20,
    # One of two records went on the day.
    "OP-27": Decimal(1) / 2,
    # One of the two releases with a plan or an unmet need; the third had neither.
    "OP-28": Decimal(1) / 2,
    # Ada's two days early; the one of the 20th was not held.
    "OP-29": Decimal(1) / 2,
    "OP-32": 1,
    # 31 days, 6th to 31st, 20th to 25th.
    "OU-12a": Decimal(1000) / (31 + 26 + 6),
    "OU-12b": Decimal(1000) / (31 + 26 + 6),
    # 5th to 19th, 2nd to 25th.
    "BS-01": 15 + 24,
    # In time, never, in time, late, and two falls never.
    "BS-03": Decimal(2) / 6,
}


def test_every_figure_of_the_journey_is_what_a_person_would_count(october: dict[str, Figure]) -> None:
    counted = {code: october[code].state if october[code].value is None else october[code].value for code in EXPECTED}
    assert counted == {code: value if isinstance(value, str) else eighth(value) for code, value in EXPECTED.items()}


def test_figures_of_a_quarter_are_counted_the_same_way(october: dict[str, Figure]) -> None:
    quarter = {figure.measure: figure for figure in Figure.objects.filter(period="2026-Q4", breakdown="")}
    assert (quarter["OP-12"].numerator, quarter["OP-12"].denominator) == (1, 1)
    assert (quarter["OU-13"].numerator, quarter["OU-13"].denominator) == (1, 1)
    assert {"OP-12", "OU-13"}.isdisjoint(october)


@pytest.mark.parametrize("period", ["2026-10", "2026-Q4"])
def test_a_fresh_count_of_the_journey_agrees(october: dict[str, Figure], here: Prison, period: str) -> None:
    out = StringIO()
    call_command("rollup", prison=here.code, month=period, verify=True, stdout=out)
    assert "every figure equals a fresh count" in out.getvalue()


@pytest.mark.parametrize(
    "code", ["OP-06b", "OP-10a", "OP-10b", "OP-11d", "OP-13b", "OP-24b", "OP-29", "OU-12a", "BS-03"]
)
def test_a_planted_wrong_figure_of_the_journey_is_found(october: dict[str, Figure], here: Prison, code: str) -> None:
    Figure.objects.filter(pk=october[code].pk).update(value=77, state="VALUE")
    errors = StringIO()
    with pytest.raises(CommandError, match="1 figures differ"):
        call_command("rollup", prison=here.code, month="2026-10", verify=True, stderr=errors)
    assert code in errors.getvalue()


def test_whoever_has_not_waited_long_counts_for_as_long_as_they_waited(
    here: Prison, wing: Wing, lead: User, at_prison: Callable[[Prison], Any]
) -> None:
    """On 23 November: helped after 5 days, and waiting for 3 and for 13 days. After 5 days two were left to be seen."""
    w = World(here, here, wing, lead)
    with at_prison(here):
        _, buddy, _ = helped(here, lead, SEPTEMBER, wing=wing, tasks=WEDNESDAYS)
        plan = w.plan(at(3, month=11))
        matched(here, lead, plan, buddy, at(8, month=11))
        w.plan(at(10, month=11))
        w.plan(at(20, month=11))
    assert isinstance(NOVEMBER, Month)
    roll_up(here.code, NOVEMBER, now=NOW)
    share, wait = (Figure.objects.get(period="2026-11", measure=code, breakdown="") for code in ("OP-10a", "OP-10b"))
    assert (share.numerator, share.denominator, share.value) == (1, 3, Decimal("0.5"))
    assert (wait.numerator, wait.n, wait.value) == (1, 3, 5)
    call_command("rollup", prison=here.code, month="2026-11", verify=True, stdout=StringIO())


def test_a_typical_wait_that_half_never_reached_is_no_number(
    here: Prison, wing: Wing, lead: User, at_prison: Callable[[Prison], Any]
) -> None:
    w = World(here, here, wing, lead)
    with at_prison(here):
        w.plan(at(3))
    assert isinstance(OCTOBER, Month)
    roll_up(here.code, OCTOBER, now=NOW)
    wait = Figure.objects.get(period="2026-10", measure="OP-10b", breakdown="")
    assert (wait.state, wait.value) == ("NOT_REACHED", None)
