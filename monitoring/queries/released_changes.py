"""What changed in published figures: releases, corrections, and signals of their months. Nothing else leaves."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.urls import reverse

from buddyscheme.accounts.models import Prison
from buddyscheme.lib.dates import Month, Quarter, Year, month_of, parse_period
from buddyscheme.lib.fields import day_in_words
from monitoring.charts.months import fired_last
from monitoring.digests import Entry, from_the_first, months_to
from monitoring.measures.definition import Measure
from monitoring.models import Release
from monitoring.queries.releases import earlier_than, figures_in, months_until
from monitoring.words import figure_words


def released_changes(
    measures: Mapping[str, Measure], prisons: Iterable[str], since: datetime, until: datetime
) -> list[Entry]:
    """What was published from `since` up to, without, `until`, of the nation and of these prisons."""
    about: list[Prison | None] = [None, *Prison.objects.filter(code__in=list(prisons)).order_by("name", "code")]
    releases = Release.objects.filter(published_at__gte=since, published_at__lt=until).select_related("replaces")
    entries = []
    for release in releases.order_by("published_at", "id"):
        entries.append(_published(release))
        for each in about:
            entries += _figures(release, measures, each)
            entries += _signals(release, measures, each)
    return entries


def _published(release: Release) -> Entry:
    what = "A correction was published" if release.replaces is not None else "Published"
    return Entry(
        f"Release of {parse_period(release.period)}",
        f"{what} on {day_in_words(release.published_at.date())}.",
        reverse("national:release", args=[release.token]),
    )


def _address(release: Release, measure: Measure, about: Prison | None) -> str:
    """The page of one figure of a release, of all prisons or of one."""
    if about is None:
        return reverse("national:release_measure", args=[release.token, measure.code])
    return reverse("national:release_figure", args=[release.token, about.code, measure.code])


def _whose(about: Prison | None) -> str:
    return "all prisons" if about is None else about.name


def _before(release: Release) -> Release | None:
    """What its figures are compared with: the release that it corrects, else the newest one of an earlier period."""
    return release.replaces if release.replaces is not None else next(iter(earlier_than(release)), None)


def _figures(release: Release, measures: Mapping[str, Measure], about: Prison | None) -> list[Entry]:
    """Figures of the whole period that are another than in the release before."""
    before = _before(release)
    if before is None:
        return []
    now, then = figures_in(release, about=about), figures_in(before, about=about)
    entries = []
    for measure in measures.values():
        new, old = now.get(measure.code), then.get(measure.code)
        if new is None or old is None:
            continue
        after, was = figure_words(measure, new.state, new.value), figure_words(measure, old.state, old.value)
        if after == was:
            continue
        words = (
            f"Corrected: from {was} to {after}."
            if release.replaces_id
            else f"{after}, after {was} in {parse_period(before.period)}."
        )
        title = f"{measure.title}, {_whose(about)}, {parse_period(release.period)}"
        entries.append(Entry(title, words, _address(release, measure, about)))
    return entries


def _signals(release: Release, measures: Mapping[str, Measure], about: Prison | None) -> list[Entry]:
    """Months of the release in which a rule of a control chart fired."""
    months = months_to(month_of(release.last_day))
    monthly = months_until(release, about=about, months=months, measures=measures)
    entries = []
    for measure in measures.values():
        there = [(month, monthly.get((measure.code, month.code))) for month in months]
        for month in _own_months(release):
            said = fired_last(measure, from_the_first([each for each in there if each[0].first <= month.first]))
            if said:
                title = f"{measure.title}, {_whose(about)}, {month}"
                entries.append(Entry(title, " ".join(said), _address(release, measure, about)))
    return entries


def _own_months(release: Release) -> tuple[Month, ...]:
    period = parse_period(release.period)
    return period.months if isinstance(period, Quarter | Year) else ()
