"""Publishing a quarter or a year, and publishing it again with corrections."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from typing import Any

from django.db import transaction

from buddyscheme.accounts.actor import Actor
from buddyscheme.audit.events import Event
from buddyscheme.audit.record import record
from buddyscheme.lib.dates import Quarter, Year, parse_period
from buddyscheme.scope.transaction import DatabaseRole, one_at_a_time, scoped
from monitoring.measures.definition import Told
from monitoring.models import Release, ReleaseFigure
from monitoring.publishing import Released
from monitoring.queries.published import releases_beside
from monitoring.queries.releases import prisons_in
from monitoring.release_checks import changes_to_correct, kind_of, prisons_to_publish
from monitoring.rules.releases import check_none_between, check_reason
from monitoring.working_out import WorkedOut, worked_out

STORING = "releases"
"""Each release is made safe beside those before it: two at once would not know of each other, whatever their period."""


@transaction.atomic
def publish_release(
    *, by: Actor, now: datetime, quarter: Quarter, note: str = "", ready: WorkedOut | None = None
) -> Release:
    """Work the quarter and its months out from every prison's rows, protect them together, and store them for good.

    Runs in the national role, because it reads across prisons. A quarter is published once. Refused where the figures,
    with those of earlier releases, would give away a number that may not be shown. `ready` is what a worker has worked
    out already, refused where another release of the same days was published since its check; without it all is done
    here, which takes minutes for many prisons.
    """
    return _first(quarter, by=by, now=now, note=note, ready=ready)


@transaction.atomic
def publish_year(*, by: Actor, now: datetime, year: Year, note: str = "", ready: WorkedOut | None = None) -> Release:
    """Work a financial year out from every prison's rows: never from quarters, of which some may be hidden.

    It holds the year alone, and is made safe beside the quarters that are published. Refused as a quarter is.
    """
    return _first(year, by=by, now=now, note=note, ready=ready)


def _first(period: Quarter | Year, *, by: Actor, now: datetime, note: str, ready: WorkedOut | None) -> Release:
    with scoped(DatabaseRole.NATIONAL):
        one_at_a_time(STORING)
        codes = prisons_to_publish(period, now=now)
        ready = ready or worked_out(codes, period, now=now)
        release, figures = _stored(ready, period, by=by, note=note)
        record(Event.RELEASE_PUBLISHED, by=by, subject=release, period=period.code, figures=figures)
    return release


@transaction.atomic
def correct_release(
    *, by: Actor, now: datetime, release: Release, reason: str, ready: WorkedOut | None = None
) -> Release:
    """Publish the same period again, of the same prisons, as their records are now, with the reason.

    The earlier release stays as it was. Refused where nothing in it has changed, where it has been replaced, and
    where the two together would give away a number that may not be shown: the refusal names the pair. `ready` as in
    `publish_release`.
    """
    check_reason(reason)
    with scoped(DatabaseRole.NATIONAL):
        one_at_a_time(STORING)
        changes = changes_to_correct(release)
        period = parse_period(release.period)
        assert isinstance(period, Quarter | Year)
        codes = sorted(each.code for each in prisons_in(release))
        ready = ready or worked_out(codes, period, now=now, replaces=release)
        again, figures = _stored(ready, period, by=by, replaces=release, reason=reason.strip())
        record(
            Event.RELEASE_CORRECTED, by=by, subject=again, period=release.period, figures=figures, changed=len(changes)
        )
    return again


def _stored(
    ready: WorkedOut,
    period: Quarter | Year,
    *,
    by: Actor,
    note: str = "",
    replaces: Release | None = None,
    reason: str = "",
) -> tuple[Release, int]:
    """The release with its figures, and how many figures there are."""
    check_none_between({each.pk for each in releases_beside(period)}, ready.beside)
    release = Release.objects.create(
        kind=kind_of(period),
        period=period.code,
        first_day=period.first,
        last_day=period.last,
        note=note,
        digest=_digest(ready.figures),
        published_at=ready.at,
        published_by=by.user,
        replaces=replaces,
        reason=reason,
        corrected=list(ready.corrected),
    )
    ReleaseFigure.objects.bulk_create([_row(release, figure) for figure in ready.figures])
    return release, len(ready.figures)


def _row(release: Release, released: Released) -> ReleaseFigure:
    figure = released.figure
    return ReleaseFigure(
        release=release,
        about_id=released.place.about or None,
        period=released.place.period,
        measure=released.measure.code,
        breakdown=released.place.breakdown,
        state=figure.state.value,
        value=figure.value,
        numerator=figure.numerator,
        denominator=figure.denominator,
        n=_n(released),
        definition_version=released.measure.version,
        **released.quality,
    )


def _n(released: Released) -> int | None:
    """How many it rests on, as far as that is shown."""
    figure = released.figure
    rests_on = {
        Told.COUNT: figure.value,
        Told.SHARE: figure.denominator,
        Told.MEDIAN: figure.denominator,
        Told.MEAN: figure.denominator,
    }.get(released.measure.told)
    return None if rests_on is None else int(rests_on)


def _digest(figures: list[Released]) -> str:
    """SHA-256 over everything that is published, so that a later change of a stored figure can be shown."""
    rows: list[list[Any]] = [
        [
            one.place.about, one.place.period, one.place.breakdown, one.measure.code,
            one.figure.state.value, str(one.figure.value),
        ]
        for one in figures
    ]  # fmt: skip
    return hashlib.sha256(json.dumps(sorted(rows)).encode()).hexdigest()
