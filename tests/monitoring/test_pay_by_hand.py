"""Pay periods worked out by hand: sessions, rates that change in between, weekly amounts, classes, suspended days."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine

from buddyscheme.accounts.models import Prison, User
from buddyscheme.outbox.relay import drain
from buddyscheme.scope.transaction import DatabaseRole, scoped
from monitoring.models import PayLine
from monitoring.pay_sums import Rate, expected_pay, one_session_rate
from monitoring.pay_words import worked
from referrals.actions.visits import correct_visit
from schemes.actions.buddies import reinstate, suspend
from schemes.models import Buddy
from tests.builders import care, pay, training
from tests.builders.referrals import EVERY_DAY
from tests.builders.visits import day_opened, helped, planned_on, visit_of
from tests.cast import acts
from training.rules.results import Mark

pytestmark = pytest.mark.django_db
SEPTEMBER = datetime(2026, 9, 7, 9, 0, tzinfo=UTC)
MONDAY = date(2026, 11, 9)
TWICE = (("DOM-03", EVERY_DAY, "AM", 10), ("DOM-05", EVERY_DAY, "PM", 20))


@pytest.fixture(autouse=True)
def _monday(now: datetime) -> Any:
    with time_machine.travel(now, tick=False):
        yield


class Week:
    """The week from Monday 9 November, at a prison where band 4 pays 80 pence a session and £2.00 a week.

    Mornings of Monday to Friday and the afternoons of Monday and Tuesday are done: 7 sessions. From Thursday on
    a session is worth 90 pence. Wednesday's afternoon did not happen.
    By hand: 5 × 80p (Monday and Tuesday twice, Wednesday) + 2 × 90p (Thursday, Friday) + £2.00 = £7.80.
    """

    def __init__(self, here: Prison, lead: User, now: datetime) -> None:
        self.plan, self.buddy, _ = helped(here, lead, SEPTEMBER, tasks=TWICE)
        for n in range(7):
            day_opened(here, MONDAY + timedelta(days=n))
        for n in range(5):
            visit_of(planned_on(self.plan, MONDAY + timedelta(days=n)), lead, now)
        for n in range(2):
            visit_of(planned_on(self.plan, MONDAY + timedelta(days=n), "PM"), lead, now)
        self.not_done = visit_of(
            planned_on(self.plan, MONDAY + timedelta(days=2), "PM"), lead, now, outcome="NOT_DONE",
            reason="NOT_UNLOCKED",
        )  # fmt: skip
        pay.rate(here, lead, now, session_pence=80, week_pence=200)
        pay.rate(here, lead, now, session_pence=90, week_pence=200, valid_from=MONDAY + timedelta(days=3))
        pay.in_band(self.buddy, lead, now)


@pytest.fixture
def week(here: Prison, lead: User, now: datetime, at_prison: Callable[[Prison], Any]) -> Week:
    with at_prison(here):
        return Week(here, lead, now)


def line(here: Prison, lead: User, now: datetime, buddy: Buddy, first_day: date = MONDAY) -> PayLine:
    return pay.line_of(pay.period(here, lead, now, first_day), buddy)


def test_a_week_is_what_a_person_would_count(
    week: Week, here: Prison, lead: User, now: datetime, at_prison: Callable[[Prison], Any]
) -> None:
    with at_prison(here):
        found = line(here, lead, now, week.buddy)
    assert (found.sessions, found.expected_pence, found.band) == (7, 780, 4)
    assert found.session_pence is None, "two rates held in this week"


def test_a_correction_is_counted_by_itself(
    week: Week, here: Prison, lead: User, now: datetime, at_prison: Callable[[Prison], Any]
) -> None:
    with at_prison(here):
        found = line(here, lead, now, week.buddy)
        correct_visit(
            by=acts(lead, here), now=now, visit=week.not_done, outcome="DONE", minutes=20, tasks_done=["DOM-05"],
            correction_reason="It did happen",
        )  # fmt: skip
    with scoped(DatabaseRole.NATIONAL):
        drain()
    found.refresh_from_db()
    assert (found.sessions, found.expected_pence, found.version) == (8, 860, 2)


def test_four_weeks_pay_the_weekly_amount_for_each_week_with_a_session(
    week: Week, here: Prison, lead: User, now: datetime, at_prison: Callable[[Prison], Any]
) -> None:
    earlier = MONDAY - timedelta(days=21)
    with at_prison(here):
        day_opened(here, earlier)
        visit_of(planned_on(week.plan, earlier), lead, now - timedelta(days=30))
        pay.settings(here, lead, now, weeks=4)
        found = line(here, lead, now, week.buddy, earlier)
    # £7.80 of the one week, 80p and £2.00 of the other; nothing for two weeks without a session.
    assert (found.sessions, found.expected_pence) == (8, 780 + 280)


def test_classes_count_where_the_scheme_says_so_and_a_half_day_counts_once(
    week: Week, here: Prison, lead: User, trainer: User, now: datetime, at_prison: Callable[[Prison], Any]
) -> None:
    with at_prison(here):
        for days in (-14, -8):  # Monday the 9th, a morning with a visit; Sunday the 15th, without one.
            session = training.class_in("T01", here, trainer, now, days=days, people=[week.buddy])
            training.marked(session, trainer, now)
        away = training.class_in("T02", here, trainer, now, days=-9, people=[week.buddy])
        training.marked(away, trainer, now, Mark(buddy=week.buddy, there=False))
        pay.settings(here, lead, now, classes_count=True)
        found = line(here, lead, now, week.buddy)
    assert (found.sessions, found.class_sessions, found.expected_pence) == (8, 1, 780 + 90)


def test_classes_do_not_count_where_the_scheme_does_not_say_so(
    week: Week, here: Prison, lead: User, trainer: User, now: datetime, at_prison: Callable[[Prison], Any]
) -> None:
    with at_prison(here):
        session = training.class_in("T01", here, trainer, now, days=-8, people=[week.buddy])
        training.marked(session, trainer, now)
        found = line(here, lead, now, week.buddy)
    assert (found.sessions, found.expected_pence) == (7, 780)


def test_suspended_days_are_marked(
    week: Week, here: Prison, lead: User, now: datetime, at_prison: Callable[[Prison], Any]
) -> None:
    by = acts(lead, here)
    with at_prison(here):
        buddy = Buddy.objects.get(pk=week.buddy.pk)
        suspend(by=by, now=datetime(2026, 11, 13, 15, 0, tzinfo=UTC), buddy=buddy, reason="Under investigation")
        buddy.refresh_from_db()
        reinstate(by=by, now=datetime(2026, 11, 16, 9, 0, tzinfo=UTC), buddy=buddy, reason="Nothing was found")
        found = line(here, lead, now, week.buddy)
    # Friday, Saturday, Sunday. Whether with pay or without was not said.
    assert (found.suspended_days, found.unpaid_days) == (3, 0)


@pytest.mark.parametrize(("paid", "days", "words"), [(False, 3, ", without pay"), (True, 0, "")])
def test_a_suspension_says_whether_it_is_without_pay(
    paid: bool,
    days: int,
    words: str,
    week: Week,
    here: Prison,
    lead: User,
    now: datetime,
    at_prison: Callable[..., Any],
) -> None:
    friday, sunday = datetime(2026, 11, 13, 15, 0, tzinfo=UTC), datetime(2026, 11, 15, 9, 0, tzinfo=UTC)
    with at_prison(here):
        care.suspended(Buddy.objects.get(pk=week.buddy.pk), lead, friday, paid=paid)
        reinstate(by=acts(lead, here), now=sunday, buddy=week.buddy, reason="Nothing was found")
        found = line(here, lead, now, week.buddy)
    assert (found.suspended_days, found.unpaid_days) == (3, days)
    assert worked(found) == f"Suspended on 3 days{words}"


def test_without_a_band_nothing_is_made_up(
    here: Prison, lead: User, now: datetime, at_prison: Callable[[Prison], Any]
) -> None:
    with at_prison(here):
        plan, buddy, _ = helped(here, lead, SEPTEMBER, tasks=TWICE)
        day_opened(here, MONDAY)
        visit_of(planned_on(plan, MONDAY), lead, now)
        found = line(here, lead, now, buddy)
        assert (found.sessions, found.band, found.expected_pence) == (1, None, None)
        pay.rate(here, lead, now)
        pay.in_band(buddy, lead, now)
        found.refresh_from_db()
    assert (found.band, found.expected_pence) == (4, 80)


def test_an_old_period_keeps_its_band_once_it_is_recorded(
    week: Week, here: Prison, lead: User, now: datetime, at_prison: Callable[[Prison], Any]
) -> None:
    with at_prison(here):
        pay.rate(here, lead, now, band=5, session_pence=500)
        found = pay.period(here, lead, now, MONDAY)
        pay.recorded(found, lead, now, {week.buddy: 780})
        pay.in_band(week.buddy, lead, now, band=5)
        kept = pay.line_of(found, week.buddy)
    assert (kept.band, kept.expected_pence, kept.state) == (4, 780, "AGREES")


RATES = [
    Rate(valid_from=date(2026, 11, 2), session_pence=80, week_pence=None),
    Rate(valid_from=date(2026, 11, 12), session_pence=90, week_pence=300),
]


def test_a_day_before_the_first_rate_has_no_worth() -> None:
    assert expected_pay({date(2026, 11, 1): {"AM"}}, RATES).pence is None
    assert expected_pay({date(2026, 11, 1): set()}, RATES).pence == 0
    assert expected_pay({date(2026, 11, 2): {"AM", "EV"}}, RATES).pence == 160


def test_the_weekly_amount_is_that_of_the_first_day_worked() -> None:
    both = {date(2026, 11, 11): {"AM"}, date(2026, 11, 13): {"AM"}}
    assert expected_pay(both, RATES).pence == 80 + 90
    later = {date(2026, 11, 13): {"AM"}, date(2026, 11, 16): {"AM"}}
    assert expected_pay(later, RATES).pence == 90 + 300 + 90 + 300


def test_one_rate_of_a_period_is_known_only_where_it_is_one() -> None:
    assert one_session_rate(RATES, date(2026, 11, 2), date(2026, 11, 8)) == 80
    assert one_session_rate(RATES, date(2026, 11, 9), date(2026, 11, 15)) is None
    assert one_session_rate(RATES, date(2026, 11, 1), date(2026, 11, 1)) is None
