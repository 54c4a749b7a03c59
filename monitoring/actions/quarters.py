"""Signing a quarter, and opening it again."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from buddyscheme.accounts.actor import Actor
from buddyscheme.accounts.models import Prison
from buddyscheme.audit.events import Event
from buddyscheme.audit.record import record
from buddyscheme.lib.dates import Quarter, london_today
from buddyscheme.scope.transaction import one_at_a_time
from monitoring.models import QuarterSign
from monitoring.queries.costs import newest_returns
from monitoring.queries.data_queries import unanswered_contradictions
from monitoring.queries.figures import opened_on
from monitoring.queries.quarters import closed_in, is_signed, signs_of
from monitoring.rules.quarters import check_can_reopen, check_can_sign

Kind = QuarterSign.Kind


@transaction.atomic
def sign_quarter(*, by: Actor, now: datetime, prison: Prison, quarter: Quarter, note: str = "") -> QuarterSign:
    """The lead says that the quarter is complete and that its figures stand."""
    rows = _locked(prison, quarter)
    check_can_sign(
        quarter,
        today=london_today(now),
        opened_on=opened_on(prison),
        closed=closed_in(prison, quarter).keys(),
        costs_returned=quarter.code in newest_returns(prison, [quarter.code]),
        contradictions=[query.words for query in unanswered_contradictions(prison, [*quarter.months, quarter])],
        signed=is_signed(next(iter(rows), None)),
    )
    sign = _add(by, now, prison, quarter, Kind.SIGNED, note, len(rows))
    record(Event.QUARTER_SIGNED, by=by, prison=prison.code, subject=sign, quarter=quarter.code)
    return sign


@transaction.atomic
def reopen_quarter(*, by: Actor, now: datetime, prison: Prison, quarter: Quarter, reason: str) -> QuarterSign:
    """Something has to change in a signed quarter. It can be signed again; the first signature stays."""
    rows = _locked(prison, quarter)
    check_can_reopen(quarter, signed=is_signed(next(iter(rows), None)), reason=reason)
    sign = _add(by, now, prison, quarter, Kind.REOPENED, reason, len(rows))
    record(Event.QUARTER_REOPENED, by=by, prison=prison.code, subject=sign, quarter=quarter.code)
    return sign


def _locked(prison: Prison, quarter: Quarter) -> list[QuarterSign]:
    one_at_a_time(f"sign:{prison.code}:{quarter.code}")
    return signs_of(prison, quarter)


def _add(by: Actor, now: datetime, prison: Prison, quarter: Quarter, kind: str, words: str, before: int) -> QuarterSign:
    sign: QuarterSign = QuarterSign.objects.create(
        prison=prison,
        period=quarter.code,
        first_day=quarter.first,
        version=before + 1,
        kind=kind,
        words=words.strip(),
        said_at=now,
        said_by=by.user,
    )
    return sign
