"""Publishing a quarter or a year, and publishing it again with corrections."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from typing import Any

from django.db import transaction

from buddyscheme.accounts.actor import Actor
from buddyscheme.accounts.models import Prison
from buddyscheme.audit.events import Event
from buddyscheme.audit.record import record
from buddyscheme.lib.dates import Quarter, Year, london_today, parse_period
from buddyscheme.lib.errors import NotAllowed
from buddyscheme.scope.transaction import DatabaseRole, one_at_a_time, scoped
from monitoring.exact import exact_figures, noughts_in
from monitoring.measures.definition import Told
from monitoring.models import Release, ReleaseFigure
from monitoring.publishing import Released, protect_all
from monitoring.queries.published import earlier_releases, parts_of, release_name
from monitoring.queries.release_changes import changes_since
from monitoring.queries.releases import is_replaced, prisons_in
from monitoring.release_audit import made_safe
from monitoring.rules.releases import check_can_correct, check_can_publish, check_reason


@transaction.atomic
def publish_release(*, by: Actor, now: datetime, quarter: Quarter, note: str = "") -> Release:
    """Work the quarter and its months out from every prison's rows, protect them together, and store them for good.

    Runs in the national role, because it reads across prisons. A quarter is published once. Refused where the figures,
    with those of earlier releases, would give away a number that may not be shown.
    """
    return _first(quarter, by=by, now=now, note=note)


@transaction.atomic
def publish_year(*, by: Actor, now: datetime, year: Year, note: str = "") -> Release:
    """Work a financial year out from every prison's rows: never from quarters, of which some may be hidden.

    It holds the year alone, and is made safe beside the quarters that are published. Refused as a quarter is.
    """
    return _first(year, by=by, now=now, note=note)


def _first(period: Quarter | Year, *, by: Actor, now: datetime, note: str) -> Release:
    with scoped(DatabaseRole.NATIONAL):
        one_at_a_time(f"release:{period.code}")
        published = Release.objects.filter(kind=_kind(period), period=period.code).exists()
        check_can_publish(period, today=london_today(now), published=published)
        codes = list(
            Prison.objects.filter(switched_on=True, in_scope=True).order_by("code").values_list("code", flat=True)
        )
        if not codes:
            raise NotAllowed("No prison uses the service yet, so there is nothing to publish.")
        release, figures = _stored(codes, period, by=by, now=now, note=note)
        record(Event.RELEASE_PUBLISHED, by=by, subject=release, period=period.code, figures=figures)
    return release


@transaction.atomic
def correct_release(*, by: Actor, now: datetime, release: Release, reason: str) -> Release:
    """Publish the same period again, of the same prisons, as their records are now, with the reason.

    The earlier release stays as it was. Refused where nothing in it has changed, where it has been replaced, and
    where the two together would give away a number that may not be shown: the refusal names the pair.
    """
    check_reason(reason)
    with scoped(DatabaseRole.NATIONAL):
        one_at_a_time(f"release:{release.period}")
        changes = changes_since(release)
        check_can_correct(newest=not is_replaced(release), changed=bool(changes))
        period = parse_period(release.period)
        assert isinstance(period, Quarter | Year)
        again, figures = _stored(
            sorted(each.code for each in prisons_in(release)),
            period,
            by=by,
            now=now,
            replaces=release,
            reason=reason.strip(),
            corrected=sorted({change.prison.code for change in changes}),
        )
        record(
            Event.RELEASE_CORRECTED, by=by, subject=again, period=release.period, figures=figures, changed=len(changes)
        )
    return again


def _kind(period: Quarter | Year) -> str:
    return Release.Kind.YEAR if isinstance(period, Year) else Release.Kind.QUARTER


def _stored(
    codes: list[str],
    period: Quarter | Year,
    *,
    by: Actor,
    now: datetime,
    note: str = "",
    replaces: Release | None = None,
    reason: str = "",
    corrected: list[str] | None = None,
) -> tuple[Release, int]:
    """The release with its figures, made safe beside all earlier ones; and how many figures there are."""
    figures = made_safe(
        _protected(codes, period, now),
        earlier_releases(period),
        f"the correction of {period}" if replaces else f"the release of {period}",
        period=period.code,
        months=parts_of(period.code),
        replaces=release_name(replaces) if replaces else "",
        corrected=corrected or [],
    )
    release = Release.objects.create(
        kind=_kind(period),
        period=period.code,
        first_day=period.first,
        last_day=period.last,
        note=note,
        digest=_digest(figures),
        published_at=now,
        published_by=by.user,
        replaces=replaces,
        reason=reason,
        corrected=corrected or [],
    )
    ReleaseFigure.objects.bulk_create([_row(release, figure) for figure in figures])
    return release, len(figures)


def _protected(codes: list[str], period: Quarter | Year, now: datetime) -> list[Released]:
    """A quarter's release holds its months; a year's is the year alone."""
    exact = exact_figures(codes, period, now=now)
    months = tuple(month.code for month in period.months) if isinstance(period, Quarter) else ()
    return protect_all(exact, period=period.code, months=months, noughts=noughts_in(exact))


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
