"""What a report is made from, and the reports that somebody asked for. Reads releases, never a prison's own rows."""

from __future__ import annotations

from contextlib import AbstractContextManager
from datetime import date, datetime

from django.db.models import QuerySet

from buddyscheme.accounts.models import Prison, User
from buddyscheme.lib.dates import Month, london_today, month_of, months_between, parse_period
from buddyscheme.scope.transaction import DatabaseRole, Reach, scoped
from monitoring.measures.catalogue import RELEASED
from monitoring.models import Release, ReleaseFigure, ReleaseReport, ReleaseReportFile
from monitoring.queries.wording import worded
from monitoring.reports.rules import JUDGED
from monitoring.reports.structure import Given

CHARTED = 24
"""Months on a control chart."""


# Figures ---------------------------------------------------------------------------------------------------------


def is_in(release: Release, about: Prison) -> bool:
    """Whether the release says something of the prison."""
    return _figures().filter(release=release, about=about).exists()


def releases_about(prison: Prison) -> list[Release]:
    """Releases that say something of the prison, the newest period first."""
    there = _figures().filter(about=prison).values("release_id")
    return list(Release.objects.filter(pk__in=there).order_by("-first_day", "-published_at", "-id"))


def given_of(release: Release, about: Prison, *, now: datetime) -> Given:
    """Everything that the report on one prison is made from, in as many questions whatever the number of prisons."""
    period = parse_period(release.period)
    there = _figures().filter(release=release, period=release.period)
    before = period.previous()
    months, monthly = _months(release, about)
    return Given(
        prison_code=about.code,
        prison_name=about.name,
        prison_words=_kind_words(about),
        period=period,
        published_at=release.published_at,
        note=release.note,
        made_at=now,
        measures=worded(RELEASED),
        own={row.measure: row for row in there.filter(about=about)},
        nation={row.measure: row for row in there.filter(about__isnull=True)},
        others=_by_prison(there),
        before_words=str(before),
        before=_of_period(release, about, before.code),
        months=months,
        monthly=monthly,
        corrects=london_today(release.replaces.published_at) if release.replaces is not None else None,
        correction_reason=release.reason,
        corrected_on=_replaced_on(release),
    )


def _kind_words(prison: Prison) -> str:
    """`training prison, England`."""
    kind = Prison.Kind(prison.kind)
    words = "prison of another kind" if kind is Prison.Kind.OTHER else f"{kind.label[:1].lower()}{kind.label[1:]}"
    return f"{words}, {prison.get_nation_display()}"


def _figures() -> QuerySet[ReleaseFigure]:
    """Figures of whole prisons and of the nation."""
    return ReleaseFigure.objects.filter(breakdown="")


def _by_prison(there: QuerySet[ReleaseFigure]) -> dict[str, dict[str, ReleaseFigure]]:
    """Every prison's figures of what is held against all prisons: measure → prison → figure, its numbers alone."""
    judged = [measure.code for measure in RELEASED if measure.kind in JUDGED]
    rows = there.filter(about__isnull=False, measure__in=judged)
    found: dict[str, dict[str, ReleaseFigure]] = {}
    for row in rows.only("about_id", "measure", "state", "value", "numerator", "denominator"):
        found.setdefault(row.measure, {})[str(row.about_id)] = row
    return found


def _of_period(release: Release, about: Prison, period: str) -> dict[str, ReleaseFigure]:
    """The prison's figures of another period, by measure, as they stood when this release was published."""
    rows = _figures().filter(
        about=about, period=period, release__period=period, release__published_at__lte=release.published_at
    )
    return {row.measure: row for row in rows.order_by("release__published_at", "release_id")}


def _months(release: Release, about: Prison) -> tuple[list[Month], dict[tuple[str, str], ReleaseFigure]]:
    """The months up to the release's last from the first that was published on, at most 24, with their figures.

    Where a month was published twice the newer figure holds; what came later than this release is left out.
    """
    last = month_of(release.last_day)
    first = last
    for _ in range(CHARTED - 1):
        first = first.previous()
    months = list(months_between(first, last))
    rows = _figures().filter(
        about=about,
        period__in=[month.code for month in months],
        release__published_at__lte=release.published_at,
    )
    monthly = {(row.measure, row.period): row for row in rows.order_by("release__published_at", "release_id")}
    begun = min((period for _, period in monthly), default=last.code)
    return [month for month in months if month.code >= begun], monthly


def _replaced_on(release: Release) -> date | None:
    later = Release.objects.filter(replaces=release).order_by("published_at").last()
    return london_today(later.published_at) if later is not None else None


# Reports ---------------------------------------------------------------------------------------------------------


def reports_of(
    user: User, *, now: datetime, about: Prison | None = None, release: Release | None = None
) -> list[ReleaseReport]:
    """Those that somebody asked for, the newest first, without what they say; of one prison, of one release."""
    rows = ReleaseReport.objects.filter(asked_by=user, expires_at__gt=now)
    rows = rows.select_related("release", "about").defer("content")
    if about is not None:
        rows = rows.filter(about=about)
    if release is not None:
        rows = rows.filter(release=release)
    with _own(user):
        return list(rows.order_by("-asked_at", "-id"))


def report_by(token: str, user: User, *, now: datetime, about: Prison | None = None) -> ReleaseReport | None:
    """One of somebody's own by its token, with what it says, or None; none whose days are over."""
    rows = ReleaseReport.objects.filter(asked_by=user, token=token, expires_at__gt=now)
    rows = rows.select_related("release", "about")
    if about is not None:
        rows = rows.filter(about=about)
    with _own(user):
        return rows.first()


def file_of(report: ReleaseReport, user: User) -> bytes | None:
    """The PDF, or None where there is none."""
    with _own(user):
        file = ReleaseReportFile.objects.filter(report=report).first()
    return bytes(file.content) if file is not None else None


def _own(user: User) -> AbstractContextManager[Reach]:
    """The database shows a report to whoever asked for it and to nobody else."""
    return scoped(DatabaseRole.WEB, user_id=user.pk)
