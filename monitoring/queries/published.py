"""Earlier releases as the audit of a new one reads them."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from buddyscheme.lib.dates import Quarter, Year, parse_period
from monitoring.disclosure import Protected, Published, State
from monitoring.measures.catalogue import BY_CODE
from monitoring.measures.definition import Measure
from monitoring.models import Release, ReleaseFigure
from monitoring.release_audit import as_published
from monitoring.release_web import NATION, Place


def releases_beside(period: Quarter | Year) -> list[Release]:
    """The releases that share days with this period, in the order in which they were published.

    Others have no count in common with it.
    """
    releases = Release.objects.filter(first_day__lte=period.last, last_day__gte=period.first)
    return list(releases.order_by("published_at", "id"))


def as_audited(there: Sequence[Release]) -> list[Published]:
    """Stored releases as the audit reads them, in the same order.

    A measure that is no longer computed is left out: nothing new joins it.
    """
    figures: dict[int, dict[Measure, dict[Place, Protected]]] = {release.pk: {} for release in there}
    for row in ReleaseFigure.objects.filter(release__in=there, measure__in=BY_CODE):
        place = Place(row.about_id or NATION, row.period, row.breakdown)
        figures[row.release_id].setdefault(BY_CODE[row.measure], {})[place] = _protected(row)
    names = {release.pk: release_name(release) for release in there}
    return [
        as_published(
            names[release.pk],
            figures[release.pk],
            period=release.period,
            months=parts_of(release.period),
            replaces=names.get(release.replaces_id or 0, ""),
        )
        for release in there
    ]


def _protected(row: ReleaseFigure) -> Protected:
    state = State(row.state)
    if state not in (State.VALUE, State.NONE):
        return Protected(state, denominator=row.denominator)
    return Protected(state, row.value or Decimal(0), row.numerator, row.denominator)


def release_name(release: Release) -> str:
    """What sentences call it."""
    return f"the release of {parse_period(release.period)} of {release.published_at:%-d %B %Y at %H:%M}"


def parts_of(code: str) -> list[str]:
    """The periods that add up to this one: months of a quarter, quarters of a year."""
    period = parse_period(code)
    if isinstance(period, Year):
        return [quarter.code for quarter in period.quarters]
    return [month.code for month in period.months] if isinstance(period, Quarter) else []
