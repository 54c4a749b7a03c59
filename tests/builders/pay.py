"""Rates, periods and amounts of pay, made by the actions that the pages call. Run inside `with at_prison(here):`."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from buddyscheme.accounts.models import Prison, User
from monitoring.actions.pay import add_rate, change_settings, set_bands, start_period
from monitoring.actions.pay_amounts import record_amounts, stage_file
from monitoring.models import PayFile, PayLine, PayPeriod, PayRate, PaySetting
from monitoring.queries.pay import setting_of, without_post
from referrals.actions.staff_work import mark_staff_work
from referrals.models import StaffWorkMark, Visit
from schemes.models import Buddy
from tests.cast import acts

SEPTEMBER = date(2026, 9, 7)


def rate(here: Prison, lead: User, now: datetime, band: int = 4, **fields: Any) -> PayRate:
    """Eighty pence a session since September."""
    values = {"name": "Enhanced", "session_pence": 80, "week_pence": None, "valid_from": SEPTEMBER, **fields}
    return add_rate(by=acts(lead, here), now=now, prison=here, band=band, **values)


def settings(here: Prison, lead: User, now: datetime, **fields: Any) -> PaySetting:
    """How the prison counts pay."""
    values = {"weeks": 1, "classes_count": False, "reviewed_on": None, "version": setting_of(here).version, **fields}
    return change_settings(by=acts(lead, here), now=now, prison=here, **values)


def in_band(buddy: Buddy, lead: User, now: datetime, band: int = 4) -> Buddy:
    """A buddy without a post whose band was said."""
    set_bands(by=acts(lead, buddy.prison), now=now, prison=buddy.prison, bands={buddy: band})
    return buddy


def all_in_band(here: Prison, lead: User, now: datetime, band: int = 4) -> None:
    """Everybody without a post."""
    bands = dict.fromkeys(without_post(here), band)
    set_bands(by=acts(lead, here), now=now, prison=here, bands=bands)


def period(here: Prison, lead: User, now: datetime, first_day: date) -> PayPeriod:
    """A period, worked out."""
    return start_period(by=acts(lead, here), now=now, prison=here, first_day=first_day)


def line_of(found: PayPeriod, buddy: Buddy) -> PayLine:
    """The buddy's line as it is now."""
    return PayLine.objects.select_related("period", "buddy__person").get(period=found, buddy=buddy)


def recorded(found: PayPeriod, lead: User, now: datetime, amounts: dict[Buddy, int | None]) -> PayPeriod:
    """The period with what the pay system recorded, in pence."""
    found.refresh_from_db()
    by_line = {line_of(found, buddy).pk: pence for buddy, pence in amounts.items()}
    return record_amounts(by=acts(lead, found.prison), now=now, period=found, amounts=by_line, version=found.version)


def staged(found: PayPeriod, lead: User, now: datetime, *rows: tuple[int, str, str]) -> PayFile:
    """A file that waits to be confirmed."""
    return stage_file(by=acts(lead, found.prison), now=now, period=found, rows=rows)


def staff_work(visit: Visit, by: User, now: datetime, words: str = "Cleaned the servery") -> StaffWorkMark:
    """A visit marked as work of staff."""
    return mark_staff_work(by=acts(by, visit.prison), now=now, visit=visit, whose="STAFF", words=words)
