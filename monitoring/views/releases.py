"""Published releases: the list, the national page, a prison's page, the file; and publishing."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from buddyscheme.accounts.permissions import Permission
from buddyscheme.accounts.requests import StaffRequest, may, requires
from buddyscheme.audit.record import viewed
from buddyscheme.lib.dates import Month, Quarter, london_today, month_of, parse_period, quarter_of
from buddyscheme.lib.errors import NotAllowed
from buddyscheme.lib.paging import page_of
from buddyscheme.lib.tables import Cell, Row, Table, Tag
from monitoring.actions.releases import publish_release
from monitoring.charts.months import chart_of
from monitoring.charts.prisons import prisons_shown
from monitoring.charts.shown import Shown
from monitoring.forms.releases import LikeForm, PublishForm
from monitoring.measures.catalogue import RELEASED
from monitoring.measures.definition import Measure
from monitoring.measures.visits import DELIVERED
from monitoring.models import Release, ReleaseFigure
from monitoring.queries.releases import by_prison, figures_in, months_until, prisons_in, published, published_codes
from monitoring.queries.wording import newest_words, worded
from monitoring.views.cards import figure_card, under_headings
from monitoring.views.periods import back_from
from monitoring.words import evidence_words

OFFERED_QUARTERS = 8
CHARTED = 24
KEPT = 12
"""National pages that a process keeps drawn: up to two megabytes each."""


@require_safe
@requires(Permission.NATIONAL_RELEASES_VIEW)
def releases(request: StaffRequest) -> HttpResponse:
    """Every release, newest first."""
    page = page_of(published(), request)
    rows = [
        Row(
            text=str(parse_period(release.period)),
            href=reverse("national:release", args=[release.token]),
            hidden="release",
            cells=[Cell(text=f"{release.published_at:%-d %B %Y}"), Cell(text=release.note or "–")],
            tag=Tag(text=release.get_kind_display(), colour="blue"),
        )
        for release in page
    ]
    return render(
        request,
        "components/list_page.html",
        {
            "title": "Releases",
            "lead": "Figures of all prisons, quarter by quarter. Small numbers are hidden, the rest are rounded.",
            "page": page,
            "noun": "releases",
            "table": Table(
                caption="Releases, newest first",
                first="Period",
                columns=["Published", "Note"],
                rows=rows,
                status="Kind",
            ),
            "empty": "Nothing has been published yet.",
            "action_href": reverse("national:publish") if may(request, Permission.NATIONAL_RELEASES_PUBLISH) else "",
            "action_text": "Publish a quarter",
        },
    )


@require_http_methods(["GET", "POST"])
@requires(Permission.NATIONAL_RELEASES_PUBLISH)
def publish(request: StaffRequest) -> HttpResponse:
    """Choose a quarter that has ended and publish it."""
    now = timezone.now()
    offered = _unpublished(back_from(quarter_of(london_today(now)).previous(), OFFERED_QUARTERS))
    form = PublishForm(request.POST or None, offered=offered)
    if request.method == "POST" and form.is_valid():
        quarter = parse_period(form.cleaned_data["quarter"])
        assert isinstance(quarter, Quarter)
        try:
            release = publish_release(by=request.actor, now=now, quarter=quarter, note=form.cleaned_data["note"])
        except NotAllowed as error:
            form.refuse(error)
        else:
            messages.success(request, f"{quarter} is published.")
            return redirect("national:release", release.token)
    form.cancel_url = reverse("national:releases")
    return render(
        request,
        "components/form_page.html",
        {
            "title": "Publish a quarter",
            "form": form,
            "lead": "A release is worked out once from the prisons’ records, protected, and then never changes.",
            "crumbs": [{"text": "Releases", "href": reverse("national:releases")}],
        },
    )


@require_safe
@requires(Permission.NATIONAL_RELEASES_VIEW)
def national(request: StaffRequest, token: str) -> HttpResponse:
    """The national page: each measure for all prisons together, and every prison by name beside the others."""
    release = get_object_or_404(Release, token=token)
    prisons = prisons_in(release)
    like_form = LikeForm(request.GET, kinds={each.kind for each in prisons})
    viewed(by=request.actor, prison="", subject=release)
    return render(
        request,
        "monitoring/release.html",
        {
            "release": release,
            "period": parse_period(release.period),
            "measures": _national_measures(release.token, like_form.answers.get("like", ""), _words_version()),
            "like_form": like_form,
            "prison_links": [{"name": each.name, "href": _prison_url(release, each.code)} for each in prisons],
            "download_url": _download_url(request, release),
            "crumbs": [{"text": "Releases", "href": reverse("national:releases")}],
        },
    )


def _words_version() -> int:
    return max((row.pk for row in newest_words().values()), default=0)


@lru_cache(maxsize=KEPT)
def _national_measures(token: str, like: str, words: int) -> str:
    """The measures of the national page, drawn once and kept by this process: a release never changes.

    `words` is which words of the measures stand on it: an amendment draws it anew.

    It holds nothing of the reader. A prison that is renamed has its new name here from the next start on.
    """
    del words
    release = Release.objects.get(token=token)
    figures, beside, prisons = figures_in(release, about=None), by_prison(release), prisons_in(release)
    months, released = _months_up_to(release), _released(release)
    monthly = months_until(release, about=None, months=months)
    entries = []
    for measure in worded(RELEASED):
        figure = figures.get((measure.code, release.period))
        there = beside.get(measure.code, {})
        beside_others = [(each, there.get(each.code), _prison_url(release, each.code)) for each in prisons]
        entry = {
            "figure": _card(measure, figure, release),
            "chart": _chart(measure, months, monthly, released),
            "prisons": prisons_shown(measure, beside_others, nation=figure, like=like, released=released),
        }
        entries.append((measure, entry))
    return render_to_string("monitoring/release_measures.html", {"sections": under_headings(entries)})


@require_safe
@requires(Permission.NATIONAL_RELEASES_VIEW)
def prison(request: StaffRequest, token: str, about_code: str) -> HttpResponse:
    """One prison's page of a release, in the order of an inspection report."""
    release = get_object_or_404(Release, token=token)
    about = next((each for each in prisons_in(release) if each.code == about_code), None)
    if about is None:
        raise Http404("not in this release")
    figures = figures_in(release, about=about)
    months, released = _months_up_to(release), _released(release)
    monthly = months_until(release, about=about, months=months)
    entries = []
    for measure in worded(RELEASED):
        card = _card(measure, figures.get((measure.code, release.period)), release)
        entries.append((measure, {"figure": card, "chart": _chart(measure, months, monthly, released)}))
    viewed(by=request.actor, prison="", subject=release, about=about.code)
    return render(
        request,
        "monitoring/release_prison.html",
        {
            "release": release,
            "about": about,
            "evidence": evidence_words(figures.get((DELIVERED.code, release.period))),
            "period": parse_period(release.period),
            "sections": under_headings(entries),
            "download_url": _download_url(request, release),
            "crumbs": [
                {"text": "Releases", "href": reverse("national:releases")},
                {"text": str(parse_period(release.period)), "href": reverse("national:release", args=[release.token])},
            ],
        },
    )


def _card(measure: Measure, figure: ReleaseFigure | None, release: Release) -> dict[str, Any]:
    return figure_card(measure, figure, period=str(parse_period(release.period)), missing="Not in this release")


def _chart(
    measure: Measure, months: list[Month], monthly: dict[tuple[str, str], ReleaseFigure], released: str
) -> Shown:
    """The control chart from the first month that was ever published on."""
    first = min((period for _, period in monthly), default=months[-1].code)
    return chart_of(
        measure,
        [(month, monthly.get((measure.code, month.code))) for month in months if month.code >= first],
        released=released,
    )


def _months_up_to(release: Release) -> list[Month]:
    """The months up to the release's last, oldest first."""
    return back_from(month_of(release.last_day), CHARTED)[::-1]


def _released(release: Release) -> str:
    return f"Published on {release.published_at:%-d %B %Y}; counts are rounded to 5, and under 10 they are hidden."


def _unpublished(quarters: list[Quarter]) -> list[Quarter]:
    there = published_codes()
    return [quarter for quarter in quarters if quarter.code not in there]


def _prison_url(release: Release, code: str) -> str:
    return reverse("national:release_prison", args=[release.token, code])


def _download_url(request: HttpRequest, release: Release) -> str:
    if not may(request, Permission.NATIONAL_RELEASES_DOWNLOAD):
        return ""
    return reverse("national:download", args=[release.token])
