"""How complete and timely one prison's records of a month are, from the rows themselves."""

from __future__ import annotations

from datetime import date, datetime

from buddyscheme.accounts.models import Prison
from buddyscheme.lib.dates import Month, london_today
from buddyscheme.scope.transaction import DatabaseRole, scoped
from monitoring.measures.facts import Facts
from monitoring.measures.leadership import COMPLETE
from monitoring.quality import Completeness, Timeliness, timeliness
from monitoring.rollups import span_of
from referrals.models import Visit

# The first of these is the details together; the others are the fields one by one.
FIELDS = COMPLETE[1:]


def fields_of(prison: Prison, month: Month, *, now: datetime) -> list[Completeness]:
    """Each field with what was due and answered, counted now by the measures' own definitions."""
    span = span_of(prison.code, month, now=now)
    if span is None:
        return [Completeness(_name(measure.title), 0, 0) for measure in FIELDS]
    found = []
    with scoped(DatabaseRole.NATIONAL):
        facts = Facts(span)
        for measure in FIELDS:
            assert measure.compute is not None
            parts = measure.compute(facts)
            due, answered = (int(parts.denominator or 0), int(parts.numerator)) if parts is not None else (0, 0)
            found.append(Completeness(_name(measure.title), due, answered))
    return found


def _name(title: str) -> str:
    return title.removeprefix("Details of people complete: ").capitalize()


def timeliness_of(prison: Prison, month: Month) -> Timeliness:
    """Visits of the month by the days from the visit to its first entry. Later corrections do not count."""
    rows = Visit.objects.for_prison(prison).filter(replaces__isnull=True, day__gte=month.first, day__lte=month.last)
    return timeliness([_days(day, entered_at) for day, entered_at in rows.values_list("day", "entered_at")])


def _days(day: date, entered_at: datetime) -> int:
    # The shift may end after midnight; a clock that was wrong is no lateness either.
    return max((london_today(entered_at) - day).days, 0)
