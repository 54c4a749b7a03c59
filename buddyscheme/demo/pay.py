"""Pay: rates at each prison, three recorded weeks with a difference explained and one open, and marks of staff work."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from buddyscheme.demo.places import PLACES
from buddyscheme.demo.posts import BAND
from buddyscheme.demo.teller import Teller
from buddyscheme.lib.dates import london_moment, week_of
from monitoring.actions.pay import add_rate, change_settings, set_bands, start_period
from monitoring.actions.pay_amounts import explain, record_amounts
from monitoring.models import PayPeriod
from monitoring.queries.pay import lines_of, to_explain, without_post
from referrals.actions.staff_work import mark_staff_work
from referrals.models import Visit
from referrals.queries.visits import visits_of

# What each band is called and pays: pence a session.
RATES = ((3, "Standard worker", 70), (BAND, "Enhanced worker", 80), (5, "Enhanced worker with responsibility", 95))
WEEKS = 3


def set_rates(teller: Teller, now: datetime) -> None:
    """The rates from the day on which the scheme opens; the busiest prison counts classes too."""
    for band, name, pence in RATES:
        add_rate(
            by=teller.by("LEAD"), now=now, prison=teller.prison, band=band, name=name, session_pence=pence,
            week_pence=None, valid_from=teller.opens_on,
        )  # fmt: skip
    change_settings(
        by=teller.by("LEAD"), now=now, prison=teller.prison, weeks=1,
        classes_count=teller.place.code == PLACES[0].code, reviewed_on=None, version=1,
    )  # fmt: skip


def compare(teller: Teller, until: datetime) -> None:
    """The last three weeks but the newest: each is entered on the Thursday after it."""
    if not teller.place.returns:
        return
    last = week_of(teller.today).monday - timedelta(weeks=1)
    for nth in range(WEEKS):
        monday = last - timedelta(weeks=WEEKS - nth)
        now = london_moment(monday + timedelta(days=10), time(14, 30))
        if monday < teller.opens_on or now >= until:
            continue
        period = start_period(by=teller.by("LEAD"), now=now, prison=teller.prison, first_day=monday)
        if nth == 0:
            _say_bands(teller, now)
        _record(teller, now + timedelta(minutes=10), period, nth)
    _mark_two(teller, until)


def _say_bands(teller: Teller, now: datetime) -> None:
    buddies = list(without_post(teller.prison))
    if buddies:
        set_bands(by=teller.by("LEAD"), now=now, prison=teller.prison, bands=dict.fromkeys(buddies, BAND))


def _record(teller: Teller, now: datetime, period: PayPeriod, nth: int) -> None:
    """In the first week all agrees; in the second one is paid a session less, which is explained; then one is open."""
    lines = list(lines_of(period))
    amounts: dict[int, int | None] = {line.pk: line.expected_pence or 0 for line in lines}
    worked = [line for line in lines if line.expected_pence]
    if worked and nth:
        odd = worked[nth % len(worked)]
        amounts[odd.pk] = (odd.expected_pence or 0) + (-80 if nth == 1 else 160)
        amounts[odd.pk] = max(amounts[odd.pk] or 0, 0)
    if not lines:
        return
    record_amounts(by=teller.by("LEAD"), now=now, period=period, amounts=amounts, version=period.version)
    if nth == 1:
        _explain(teller, now + timedelta(days=1))


def _explain(teller: Teller, now: datetime) -> None:
    for line in to_explain(teller.prison):
        explain(
            by=teller.by("DEPUTY_LEAD"), now=now, line=line, reason="OTHER_PERIOD",
            words="The last session was paid with the week after.", version=line.version,
        )  # fmt: skip


def _mark_two(teller: Teller, until: datetime) -> None:
    """Two visits of last week at which a buddy did what staff should do."""
    last = week_of(teller.today).monday - timedelta(weeks=1)
    made = visits_of(teller.prison).filter(day__range=(last, last + timedelta(days=6)), buddy__isnull=False)
    for visit in made.exclude(outcome=Visit.Outcome.NOT_DONE).order_by("day", "session", "id")[:2]:
        mark_staff_work(
            by=teller.by("LEAD"), now=until - timedelta(hours=14), visit=visit, whose="STAFF",
            words="Cleaned the servery because no orderly was there",
        )  # fmt: skip
