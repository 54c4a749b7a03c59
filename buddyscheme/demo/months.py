"""Closed months, the figures, and published releases."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.utils import timezone

from buddyscheme.accounts.actor import Actor
from buddyscheme.accounts.models import Prison, User
from buddyscheme.audit.events import Event
from buddyscheme.audit.record import record
from buddyscheme.demo.teller import Teller
from buddyscheme.lib.dates import (
    Month,
    Quarter,
    london_moment,
    london_today,
    month_of,
    months_between,
    parse_period,
    quarter_of,
)
from buddyscheme.outbox.models import Message
from buddyscheme.outbox.publish import MONTH_CHANGED
from buddyscheme.scope.transaction import DatabaseRole, scoped
from monitoring.actions.months import close_month
from monitoring.actions.releases import publish_release
from monitoring.models import MonthClose
from monitoring.rollups import roll_up, roll_up_around


def close_months(teller: Teller, now: datetime, *, work_out: bool = True) -> None:
    """The lead closes each month in the next one's first days; every month's figures are worked out once.

    Without `work_out` that is left to whoever works out the figures of many prisons.
    """
    this = month_of(teller.today)
    for month in months_between(month_of(teller.opens_on), this):
        if teller.place.returns and month < this:
            when = london_moment(
                month.end + timedelta(days=teller.rng.randint(1, 6)), time(10, teller.rng.randrange(60))
            )
            if when < now and not _left_open(teller, month.next() == this):
                close = close_month if work_out else _close_alone
                close(by=teller.by("LEAD"), now=when, prison=teller.prison, month=month)
                continue
        if work_out:
            roll_up_around(teller.prison.code, month, now=now)


def _close_alone(*, by: Actor, now: datetime, prison: Prison, month: Month) -> None:
    """What `close_month` leaves of itself; figures and the queries about them come at the end."""
    close = MonthClose.objects.create(prison=prison, month=month.first, closed_at=now, closed_by=by.user)
    record(Event.MONTH_CLOSED, by=by, prison=prison.code, subject=close, month=month.code)


def work_out_last(teller: Teller, now: datetime) -> None:
    """This quarter and the one before it, of which the self-assessments speak."""
    this = quarter_of(teller.today)
    for quarter in (this.previous(), this):
        roll_up(teller.prison.code, quarter, now=now)


def newest_message() -> int:
    """The newest message of the outbox, from which on `work_out_anew` goes."""
    with scoped(DatabaseRole.NATIONAL):
        return Message.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def work_out_anew(codes: list[str], after: int, now: datetime) -> None:
    """The running month, and every month that a message since then says has changed, however old.

    What prisons send each other after their months were closed counts as well: a module passed last year and accepted
    today is of last year.
    """
    running = month_of(london_today(now)).code
    with scoped(DatabaseRole.NATIONAL):
        changed = Message.objects.filter(topic=MONTH_CHANGED, pk__gt=after).values_list("prison_code", "payload__month")
        found = {(code, month) for code, month in changed if code in codes} | {(code, running) for code in codes}
    for code, month in sorted(found):
        period = parse_period(month)
        assert isinstance(period, Month)
        roll_up_around(code, period, now=now)


def _left_open(teller: Teller, last_month: bool) -> bool:
    """At the second prison the last month still waits to be closed."""
    return last_month and teller.place.code == "ZAB"


def mark_handled() -> int:
    """What the story has left in the outbox is done: its months are worked out, and days hold what stood on them.

    The handlers themselves act by the clock of the machine, which is not the clock of the story.
    """
    with scoped(DatabaseRole.NATIONAL):
        return Message.objects.filter(handled_at__isnull=True).update(handled_at=timezone.now())


def publish(national_lead: User, today: date, first: date) -> int:
    """The last two full quarters that the story covers."""
    last = quarter_of(today).previous()
    quarters = [quarter for quarter in (last.previous(), last) if quarter.last >= first]
    for quarter in quarters:
        publish_quarter(national_lead, quarter, today)
    return len(quarters)


def publish_quarter(national_lead: User, quarter: Quarter, today: date) -> None:
    """Three weeks after its end, or as soon as may be."""
    when = min(quarter.end + timedelta(days=20), today - timedelta(days=1))
    publish_release(
        by=Actor.staff(national_lead, roles=("NATIONAL_LEAD",)),
        now=london_moment(max(when, quarter.end), time(11, 0)),
        quarter=quarter,
    )
