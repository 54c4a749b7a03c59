"""Giving a figure that the system cannot work out."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from buddyscheme.accounts.actor import Actor
from buddyscheme.accounts.models import Prison
from buddyscheme.audit.events import Event
from buddyscheme.audit.record import record
from buddyscheme.lib.dates import Quarter, Year, london_today
from buddyscheme.scope.transaction import one_at_a_time
from monitoring.measures.definition import Measure
from monitoring.models import TypedFigure
from monitoring.rules.typed import check_typed


@transaction.atomic
def give_figure(
    *,
    by: Actor,
    now: datetime,
    prison: Prison,
    measure: Measure,
    period: Quarter | Year,
    value: Decimal | None,
    source: str,
    fact_on: date | None = None,
) -> TypedFigure:
    """One figure of one period with its source. What was given before stays and is followed by this."""
    check_typed(measure=measure, period=period, value=value, fact_on=fact_on, source=source, today=london_today(now))
    one_at_a_time(f"typed:{prison.code}:{measure.code}:{period.code}")
    before = TypedFigure.objects.for_prison(prison).filter(measure=measure.code, period=period.code).count()
    row: TypedFigure = TypedFigure.objects.create(
        prison=prison,
        period=period.code,
        first_day=period.first,
        measure=measure.code,
        value=value,
        fact_on=fact_on,
        source=source.strip(),
        version=before + 1,
        entered_at=now,
        entered_by=by.user,
    )
    record(Event.FIGURE_GIVEN, by=by, prison=prison.code, subject=row, measure=measure.code, period=period.code)
    return row
