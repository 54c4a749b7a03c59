"""Returns by hand, and which prisons run a scheme here and need none."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db.models import Q, QuerySet

from buddyscheme.accounts.models import Prison
from buddyscheme.lib.dates import Quarter
from buddyscheme.scope.transaction import DatabaseRole, scoped
from monitoring.models import HandReturn
from schemes.models import Scheme


class Known(StrEnum):
    """What is known of a prison in a quarter, and from where."""

    RUNS_HERE = "here"
    BY_HAND = "by-hand"
    NOTHING = "nothing"


@dataclass(frozen=True)
class PrisonKnown:
    """One prison in one quarter. `row` is the newest return by hand; it does not count where a scheme runs here."""

    prison: Prison
    known: Known
    row: HandReturn | None = None


def returns_of(prison: Prison) -> QuerySet[HandReturn]:
    """Every version of every quarter of a prison, the newest quarter and version first."""
    rows: QuerySet[HandReturn] = HandReturn.objects.for_prison(prison).select_related("returned_by")
    return rows.order_by("-first_day", "-version")


def newest_of(prison: Prison, quarter: Quarter) -> HandReturn | None:
    """The version that counts, if there is one."""
    return returns_of(prison).filter(period=quarter.code).first()


def _open_in(quarter: Quarter) -> QuerySet[Scheme]:
    """Schemes that were open on some day of the quarter."""
    opened: QuerySet[Scheme] = Scheme.objects.filter(opened_at__lt=quarter.ends_at)
    return opened.filter(Q(closed_at__isnull=True) | Q(closed_at__gt=quarter.starts_at))


def runs_here(prison: Prison, quarter: Quarter) -> bool:
    """Whether the quarter's figures of the prison come from its records."""
    return quarter.code in quarters_run_here(prison, [quarter])


def quarters_run_here(prison: Prison, quarters: list[Quarter]) -> set[str]:
    """The codes of those of these quarters in which a scheme of the prison was open."""
    opened = Scheme.objects.for_prison(prison).filter(opened_at__isnull=False).first()
    if opened is None or opened.opened_at is None:
        return set()
    began, ended = opened.opened_at, opened.closed_at
    return {
        quarter.code for quarter in quarters if began < quarter.ends_at and (ended is None or ended > quarter.starts_at)
    }


def newest_by_prison(quarter: Quarter, *, by: datetime | None = None) -> dict[str, HandReturn]:
    """The version of each prison that counts (of those that had come `by` then), by the prison's code.

    Run in the national role.
    """
    rows = HandReturn.objects.filter(period=quarter.code)
    if by is not None:
        rows = rows.filter(returned_at__lte=by)
    newest = rows.select_related("returned_by").order_by("prison_id", "-version").distinct("prison_id")
    return {row.prison_id: row for row in newest}


def counted_prisons() -> QuerySet[Prison]:
    """The prisons of the national picture, by name: in scope and not closed."""
    return Prison.objects.filter(in_scope=True, closed=False).order_by("name", "code")


def known_in(quarter: Quarter) -> list[PrisonKnown]:
    """Every prison of the national picture and what is known of it. Three questions, on behalf of a national role."""
    with scoped(DatabaseRole.NATIONAL):
        prisons = list(counted_prisons())
        here = set(_open_in(quarter).values_list("prison_id", flat=True))
        rows = newest_by_prison(quarter)
    return [_known(prison, prison.code in here, rows.get(prison.code)) for prison in prisons]


def _known(prison: Prison, here: bool, row: HandReturn | None) -> PrisonKnown:
    if here:
        return PrisonKnown(prison, Known.RUNS_HERE, row)
    return PrisonKnown(prison, Known.NOTHING if row is None else Known.BY_HAND, row)
