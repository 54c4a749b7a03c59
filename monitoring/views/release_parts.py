"""What the pages of a release share: its figures as cards and charts, and the release that it is held against."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse

from buddyscheme.accounts.models import Prison
from buddyscheme.accounts.permissions import Permission
from buddyscheme.accounts.requests import may
from buddyscheme.lib.dates import Month, month_of, parse_period
from monitoring.charts.change import Change, change_of
from monitoring.charts.months import chart_of
from monitoring.charts.shown import Shown
from monitoring.forms.releases import BesideForm
from monitoring.measures.catalogue import RELEASED
from monitoring.measures.definition import Every, Measure
from monitoring.models import Release, ReleaseFigure
from monitoring.queries.releases import earlier_than, figures_in, months_until
from monitoring.queries.wording import worded_one
from monitoring.views.cards import figure_card
from monitoring.views.periods import back_from
from monitoring.words import SOURCE_WORDS, figure_words, percent, protection_words

CHARTED = 24
NOT_HERE = "Not in this release"


def release_or_404(token: str) -> Release:
    """The release of an address."""
    return get_object_or_404(Release, token=token)


def released_or_404(code: str) -> Measure:
    """A measure that releases hold, in its amended words."""
    found = next((measure for measure in RELEASED if measure.code == code), None)
    if found is None:
        raise Http404("not in a release")
    return worded_one(found)


def crumbs_of(release: Release, *more: tuple[str, str]) -> list[dict[str, str]]:
    """The way here: the list, the release, and what is between."""
    return [
        {"text": "Releases", "href": reverse("national:releases")},
        {"text": str(parse_period(release.period)), "href": reverse("national:release", args=[release.token])},
        *({"text": text, "href": href} for text, href in more),
    ]


def prison_url(release: Release, code: str) -> str:
    """A prison's page of a release."""
    return reverse("national:release_prison", args=[release.token, code])


def measure_url(release: Release, measure: str) -> str:
    """A measure's page of a release."""
    return reverse("national:release_measure", args=[release.token, measure])


def figure_url(release: Release, code: str, measure: str) -> str:
    """The page of one figure: a prison's of a measure."""
    return reverse("national:release_figure", args=[release.token, code, measure])


def download_url(request: HttpRequest, release: Release) -> str:
    """Where its file is, for those who may have it."""
    if not may(request, Permission.NATIONAL_RELEASES_DOWNLOAD):
        return ""
    return reverse("national:download", args=[release.token])


def card_of(measure: Measure, figure: ReleaseFigure | None, release: Release) -> dict[str, Any]:
    """The figure as its page shows it, without the definition, which stands below."""
    card = figure_card(measure, figure, period=str(parse_period(release.period)), missing=NOT_HERE)
    return card | {"definition": ""}


def words_of(measure: Measure, figure: ReleaseFigure | None) -> str:
    """The figure alone."""
    return NOT_HERE if figure is None else figure_words(measure, figure.state, figure.value)


def months_chart(measure: Measure, release: Release, about: Prison | None) -> Shown | None:
    """The control chart of a measure from the first month that was ever published on; None for what has no months."""
    if measure.every is not Every.MONTH:
        return None
    months: list[Month] = back_from(month_of(release.last_day), CHARTED)[::-1]
    there = months_until(release, about=about, months=months, measures=[measure.code])
    first = min((period for _, period in there), default=months[-1].code)
    shown = [(month, there.get((measure.code, month.code))) for month in months if month.code >= first]
    return chart_of(measure, shown, released=released_words(release, measure))


def released_words(release: Release, measure: Measure | None = None) -> str:
    """When it was published and how its figures, or those of one measure, are protected."""
    protected = protection_words(measure) if measure is not None else "small numbers are hidden and others rounded"
    return f"Published on {release.published_at:%-d %B %Y}; {protected}."


def beside_of(
    request: HttpRequest, release: Release, measure: Measure, about: Prison | None, kinds: set[str] | None = None
) -> tuple[BesideForm, Change | None]:
    """The form of the page, and the change since the earlier release that it names, if it names one."""
    earlier = {each.token: each for each in earlier_than(release)}
    form = BesideForm(
        request.GET,
        earlier=[(token, str(parse_period(each.period))) for token, each in earlier.items()],
        kinds=kinds,
    )
    other = earlier.get(form.answers.get("beside", ""))
    if other is None:
        return form, None
    sides = [
        (str(parse_period(each.period)), figures_in(each, about=about).get(measure.code)) for each in (other, release)
    ]
    return form, change_of(measure, *sides)


def evidence_rows(figure: ReleaseFigure | None, release: Release) -> list[dict[str, str]]:
    """What stands behind a figure, without rows, names or staff."""
    if figure is None:
        return []
    sources = ", ".join(f"{percent(Decimal(share))} {SOURCE_WORDS[each]}" for each, share in figure.sources.items())
    rows = {
        "Recorded": "" if figure.completeness is None else f"{percent(figure.completeness)} of planned visits",
        "Looked at by staff": ""
        if figure.looked_at_share is None
        else f"{percent(figure.looked_at_share)} of the visits recorded",
        "Who entered the visits": sources,
        "Entered on a later day": "" if figure.late_share is None else f"{percent(figure.late_share)} of the visits",
        "Definition": f"Number {figure.definition_version}",
        "Published": f"{release.published_at:%-d %B %Y}",
    }
    return [{"key": key, "value": value} for key, value in rows.items() if value]
