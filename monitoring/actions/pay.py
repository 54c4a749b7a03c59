"""Rates, settings, bands and pay periods. Nothing is paid here."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from django.db import transaction

from buddyscheme.accounts.actor import Actor
from buddyscheme.accounts.models import Prison
from buddyscheme.audit.events import Event
from buddyscheme.audit.record import record
from buddyscheme.lib.dates import london_today
from buddyscheme.lib.errors import NotAllowed, Stale
from monitoring.models import PayBand, PayPeriod, PayRate, PaySetting
from monitoring.pay_lines import recount, recount_between
from monitoring.queries import pay as queries
from monitoring.rules import pay as rules
from schemes.models import Buddy


@transaction.atomic
def add_rate(
    *,
    by: Actor,
    now: datetime,
    prison: Prison,
    band: int,
    name: str,
    session_pence: int | None,
    week_pence: int | None,
    valid_from: date,
) -> PayRate:
    """Start a new rate of a band. The rates before it stay as they are; periods from that day on are counted again."""
    _one_at_a_time(prison)
    last = queries.last_rate(prison, band)
    rules.check_rate(
        band=band,
        name=name,
        session_pence=session_pence,
        week_pence=week_pence,
        valid_from=valid_from,
        last_from=last.valid_from if last is not None else None,
        today=london_today(now),
    )
    rate: PayRate = PayRate.objects.create(
        prison=prison,
        band=band,
        name=name.strip(),
        session_pence=session_pence,
        week_pence=week_pence,
        valid_from=valid_from,
        set_at=now,
        set_by=by.user,
    )
    recount_between(prison, valid_from)
    record(Event.PAY_RATE_ADDED, by=by, prison=prison.code, subject=rate, band=band, since=str(valid_from))
    return rate


@transaction.atomic
def change_settings(
    *, by: Actor, now: datetime, prison: Prison, weeks: int, classes_count: bool, reviewed_on: date | None, version: int
) -> PaySetting:
    """How pay is counted from the next period on, and when the rates were last reviewed."""
    _one_at_a_time(prison)
    rules.check_settings(weeks=weeks, reviewed_on=reviewed_on, today=london_today(now))
    setting = queries.setting_of(prison)
    if setting.version != version:
        raise Stale("these settings")
    setting.weeks, setting.classes_count, setting.reviewed_on = weeks, classes_count, reviewed_on
    setting.version += 1
    if setting.pk is None:
        setting.save(force_insert=True)
    else:
        setting.save(update_fields=["weeks", "classes_count", "reviewed_on", "version"])
    record(Event.PAY_SETTINGS_CHANGED, by=by, prison=prison.code, subject=setting, weeks=weeks, classes=classes_count)
    return setting


@transaction.atomic
def start_period(*, by: Actor, now: datetime, prison: Prison, first_day: date) -> PayPeriod:
    """Enter a period that is over, as long as the scheme's periods are, and count what was worked in it."""
    _one_at_a_time(prison)
    setting = queries.setting_of(prison)
    last_day = rules.last_day_of(first_day, setting.weeks)
    rules.check_period(
        first_day,
        setting.weeks,
        today=london_today(now),
        overlapping=queries.overlapping(prison, first_day, last_day),
    )
    period: PayPeriod = PayPeriod.objects.create(
        prison=prison,
        first_day=first_day,
        last_day=last_day,
        classes_count=setting.classes_count,
        started_at=now,
        started_by=by.user,
    )
    recount(period)
    record(Event.PAY_PERIOD_STARTED, by=by, prison=prison.code, subject=period, first=str(first_day))
    return period


@transaction.atomic
def recount_period(*, by: Actor, now: datetime, period: PayPeriod) -> int:
    """Count a period again by hand; returns how many lines changed."""
    changed = recount(period)
    record(Event.PAY_PERIOD_COUNTED, by=by, prison=period.prison_id, subject=period, changed=changed)
    return changed


@transaction.atomic
def set_bands(*, by: Actor, now: datetime, prison: Prison, bands: Mapping[Buddy, int | None]) -> int:
    """Say in which band buddies without a post are paid. Who is left empty stays; returns how many changed."""
    _one_at_a_time(prison)
    known = {buddy.pk: buddy.said_band for buddy in queries.without_post(prison)}
    wrong = [buddy for buddy in bands if buddy.pk not in known]
    if wrong:
        raise NotAllowed(f"{wrong[0].person.full_name} has a post now, which says the band. Open this page again.")
    new = {buddy.pk: band for buddy, band in bands.items() if band is not None and band != known[buddy.pk]}
    if any(not 1 <= band <= rules.BANDS for band in new.values()):
        raise NotAllowed(rules.WHICH_BAND)
    PayBand.objects.bulk_create(
        PayBand(prison=prison, buddy_id=pk, band=band, set_at=now, set_by=by.user) for pk, band in sorted(new.items())
    )
    if new:
        recount_between(prison, london_today(now) - rules.PERIODS_BACK)
        record(Event.PAY_BANDS_SET, by=by, prison=prison.code, buddies=len(new))
    return len(new)


def _one_at_a_time(prison: Prison) -> None:
    """Two who start rates or periods at once wait for each other."""
    Prison.objects.select_for_update(no_key=True).get(pk=prison.pk)
